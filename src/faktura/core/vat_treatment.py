"""Whether VAT is charged on what is sold, or why not; printing processes import it, and nothing that keeps books."""

from typing import Literal

VatTreatment = Literal["taxed", "exempt", "not_subject", "reverse_charge", "margin"]
