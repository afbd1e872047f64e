"""The record of a generator: a template from which documents are made."""

from decimal import Decimal

from faktura.core.documents.record import ZERO, Draft
from faktura.store.records import index, record


# Lists show the newest first: each index has the id behind what it finds, so that nothing is sorted.
@record(
    "generators",
    index("account_id", "id", covers=("version",)),
    index("account_id", "contact_id", "id", covers=("version",)),
    index("account_id", "created_at"),
    index("account_id", "updated_at"),
    paged=False,
    refers={"contact_id": "contacts", "number_format_id": "number_formats"},
    remembers={"bank_account_id": "bank_accounts"},
)
class Generator(Draft):
    """Terms and lines for a customer, from which documents are made.

    Its terms are settled when it is made; what is None of notes, number format and bank account is the usual one on
    the day of issue. Seller, buyer and, unless it was given, the exchange rate are those of that day as well: the
    totals are what the document would come to on the day when the generator was changed last.
    """

    name: str = ""
    contact_id: int = 0
    proforma: bool = False
    number_format_id: int | None = None
    taxed_at_end_of_last_month: bool = False
    net_total: Decimal = ZERO
    gross_total: Decimal = ZERO
    rounding: Decimal = ZERO
    native_net_total: Decimal | None = None
    native_gross_total: Decimal | None = None
