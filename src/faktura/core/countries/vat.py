"""Who charges VAT, and in which countries it is one tax."""

from faktura.core.people.accounts import VatMode

EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)


def charges_vat(vat_mode: VatMode, *, reverse_charge: bool) -> bool:
    """Whether VAT is added at all: a payer's, unless the customer owes it.

    An identified person charges none on sales at home (§ 6g to 6l of the Czech VAT act); what it declares for
    purchases from abroad is no matter of its invoices.
    """
    return vat_mode == "vat_payer" and not reverse_charge
