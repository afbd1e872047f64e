"""What an invoice that machines can read says of itself, whatever its format; readers of each format fill it."""

import datetime as dt
from decimal import Decimal
from typing import Literal

import msgspec

from faktura.core.vat_treatment import VatTreatment

Format = Literal["isdoc", "ubl", "cii", "fa3"]

Sort = Literal["invoice", "credit_note", "debit_note", "proforma", "tax_document"]

Doubt = Literal[
    "older_version",
    "breaks_schema",
    "sums_differ",
    "unknown_rate",
    "no_currency",
    "not_for_us",
    "signature_not_verified",
    "file_left_out",
]

TO_BE_CHECKED: frozenset[Doubt] = frozenset({"sums_differ", "unknown_rate", "no_currency", "not_for_us"})
"""With these a person looks at the paper before it is entered."""

ZERO = Decimal(0)


class Warned(msgspec.Struct, frozen=True):
    """Something about the file that whoever enters it must know; `detail` is for people, in no language of ours."""

    doubt: Doubt
    detail: str = ""


class Named(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whoever sells or buys. The country is an ISO code of two letters, or empty where the file has none."""

    name: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    registration_no: str = ""
    vat_no: str = ""
    local_vat_no: str = ""
    email: str = ""
    phone: str = ""
    electronic_scheme: str = ""
    electronic_address: str = ""


class ToldLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something bought; `net` is of the whole line, after its discounts, and `unit_price` is without VAT."""

    name: str
    quantity: Decimal = Decimal(1)
    unit: str = ""
    unit_price: Decimal
    net: Decimal
    vat_rate: Decimal = ZERO
    treatment: VatTreatment = "taxed"
    code: str = ""
    gtin: str = ""


class ToldRate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a rate comes to. Of what was taxed on an advance before, nothing is in it."""

    vat_rate: Decimal = ZERO
    treatment: VatTreatment = "taxed"
    net: Decimal
    vat: Decimal = ZERO


class ReceivedInvoice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What its file tells, never computed again; the amounts of a credit note are negative, as an expense has them.

    All of them are in its currency. `version` is the format's own. `rates` win over `lines`: where they differ, a line
    for the rounding of that rate is added. `prepaid` was paid before and is not taxed yet, `payable` is what is left.
    `corrected` and `advances` are numbers of other papers.
    """

    format: Format
    version: str = ""
    sort: Sort = "invoice"
    number: str = ""
    uuid: str = ""
    supplier: Named = Named()
    buyer: Named = Named()
    issued_on: dt.date | None = None
    taxable_on: dt.date | None = None
    due_on: dt.date | None = None
    currency: str = ""
    exchange_rate: Decimal | None = None
    lines: tuple[ToldLine, ...] = ()
    rates: tuple[ToldRate, ...] = ()
    rounding: Decimal = ZERO
    prepaid: Decimal = ZERO
    payable: Decimal = ZERO
    payment_method: str = ""
    bank_account: str = ""
    iban: str = ""
    bic: str = ""
    variable_symbol: str = ""
    order_number: str = ""
    note: str = ""
    corrected: tuple[str, ...] = ()
    advances: tuple[str, ...] = ()
    warnings: tuple[Warned, ...] = ()

    @property
    def total(self) -> Decimal:
        """With VAT and rounding, before anything was paid."""
        return sum((rate.net + rate.vat for rate in self.rates), self.rounding)

    @property
    def is_to_be_checked(self) -> bool:
        return any(warned.doubt in TO_BE_CHECKED for warned in self.warnings)


class Enclosed(msgspec.Struct, frozen=True):
    """A file that came inside of another: an attachment of an e-invoice, or the picture of one."""

    filename: str
    media_type: str
    content: bytes
