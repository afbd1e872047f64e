"""What a document says: plain values, in no language and no format."""

import datetime as dt
import enum
import functools
from decimal import Decimal
from typing import Annotated, Literal, get_type_hints

import msgspec

from faktura.core.vat_treatment import VatTreatment

Title = Literal[
    "invoice",
    "vat_invoice",
    "margin_invoice",
    "proforma",
    "correction",
    "vat_correction",
    "tax_document",
    "final_invoice",
    "vat_final_invoice",
    "oss_invoice",
    "oss_correction",
    "internal_invoice",
    "fiscal_report",
    "internal_evidence",
    "daily_revenue",
]
"""Those that begin with `vat` are tax documents, which who pays no VAT does not issue."""

ZERO = Decimal(0)
ONE = Decimal(1)


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody named on a document; the address is lines as on an envelope.

    `role` stands above a third party, in its own words. `facts` are further labels and values, `remark` whatever else
    is to be said.
    """

    name: str
    address: tuple[str, ...] = ()
    country: str = ""
    registration_no: str = ""
    vat_no: str = ""
    local_vat_no: str = ""
    role: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    remark: str = ""


class SoldLine(msgspec.Struct, frozen=True, kw_only=True):
    """Something sold. Prices and amounts are without VAT but for `gross`, and `detail` is small print below the name.

    Of a correction that says what was and what is, a line is `before` or `after`.
    """

    name: str
    quantity: Decimal | None = ONE
    unit: str = ""
    unit_price: Decimal = ZERO
    discount: Decimal = ZERO
    vat_rate: Decimal = ZERO
    vat_treatment: VatTreatment = "taxed"
    net: Decimal = ZERO
    vat: Decimal = ZERO
    gross: Decimal = ZERO
    detail: str = ""
    state: Literal["", "before", "after"] = ""


class RateSum(msgspec.Struct, frozen=True, kw_only=True):
    """What one rate comes to; `native` amounts, in the currency of the books, are None while no rate of it is known."""

    vat_rate: Decimal
    vat_treatment: VatTreatment = "taxed"
    net: Decimal
    vat: Decimal
    native_net: Decimal | None = None
    native_vat: Decimal | None = None

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid before, and on which document; amounts are positive.

    It is split `by_rate` where VAT was paid of it; a proforma says nothing to a tax office.
    """

    number: str
    amount: Decimal
    paid_on: dt.date | None = None
    variable_symbol: str = ""
    by_rate: tuple[RateSum, ...] = ()


class Code(msgspec.Struct, frozen=True):
    """A QR code with what stands below it."""

    payload: str
    caption: str = ""


class Mark(enum.Enum):
    """What is said of a fact where it is declared.

    A `TAKEN` one is the document's attribute of the same name. The others say in which list it stands, in the order
    of the facts, under a label of its name.
    """

    TAKEN = enum.auto()
    FACT = enum.auto()
    PAYMENT = enum.auto()
    SIGNATURE = enum.auto()


class Picture(msgspec.Struct, frozen=True):
    """A PNG or a JPEG, small enough to stand in a page."""

    media_type: str
    content: bytes


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a document says, whoever spells it.

    With `taxed` false no VAT stands on it. `taxable_on` is the day of a supply, `received_on` that of a receipt.
    `payment_method` is a name that the word files know, or free text. Amounts are of `currency`; where the books are
    kept in another one, `native_currency` says which, and the sums of rates have both at `exchange_rate`. On an advance
    invoice the lines are the order, `received` is the advance by rate, and `total` the order's. `advances` are those of
    other documents, and `rest` what remains by rate where VAT was paid of them. `to_pay` is what is still owed, nothing
    where the document is paid or cancelled, and negative where money goes back. `changed_at` stands in a file's
    properties. `consumed_in` is the country whose VAT is charged under the one-stop shop, `margin_kind` the scheme
    under which all was sold, `exempt_under` the provision by which no VAT is charged, as the law calls it. The address
    `payment_link` asks for all that is left to pay. By `codes` it is paid, and by those of `verification`, which are
    addresses, seen to be genuine. `logo` and `colour`, as #rrggbb, are those that the seller has now.
    """

    title: Title
    number: Annotated[str, Mark.TAKEN]
    seller: Party
    buyer: Party | None
    issued_on: Annotated[dt.date, Mark.TAKEN, Mark.FACT]
    language: Annotated[str, Mark.TAKEN] = "cs"
    currency: Annotated[str, Mark.TAKEN] = "CZK"
    taxed: bool = True
    untaxed_seller: bool = False
    delivery: Party | None = None
    third_parties: tuple[Party, ...] = ()
    taxable_on: Annotated[dt.date | None, Mark.FACT] = None
    received_on: Annotated[dt.date | None, Mark.FACT] = None
    service_from: Annotated[dt.date | None, Mark.TAKEN, Mark.FACT] = None
    service_until: Annotated[dt.date | None, Mark.TAKEN] = None
    due_on: Annotated[dt.date | None, Mark.TAKEN, Mark.FACT] = None
    paid_on: Annotated[dt.date | None, Mark.TAKEN, Mark.FACT] = None
    order_number: Annotated[str, Mark.TAKEN, Mark.FACT] = ""
    receipt_number: Annotated[str, Mark.TAKEN, Mark.FACT] = ""
    corrected_number: Annotated[str, Mark.FACT] = ""
    corrected_on: dt.date | None = None
    correction_reason: Annotated[str, Mark.FACT] = ""
    ksef_number: Annotated[str, Mark.TAKEN, Mark.FACT] = ""
    payment_method: Annotated[str, Mark.PAYMENT] = ""
    bank_name: Annotated[str, Mark.PAYMENT] = ""
    bank_account: Annotated[str, Mark.PAYMENT] = ""
    iban: Annotated[str, Mark.PAYMENT] = ""
    bic: Annotated[str, Mark.PAYMENT] = ""
    variable_symbol: Annotated[str, Mark.PAYMENT] = ""
    payment_link: str = ""
    lines: tuple[SoldLine, ...] = ()
    rate_sums: tuple[RateSum, ...] = ()
    received: tuple[RateSum, ...] = ()
    advances: tuple[Advance, ...] = ()
    rest: tuple[RateSum, ...] = ()
    native_currency: str = ""
    exchange_rate: Decimal | None = None
    net_total: Annotated[Decimal, Mark.TAKEN] = ZERO
    vat_total: Annotated[Decimal, Mark.TAKEN] = ZERO
    rounding: Annotated[Decimal, Mark.TAKEN] = ZERO
    total: Decimal = ZERO
    paid: Decimal = ZERO
    to_pay: Decimal = ZERO
    total_in_words: str = ""
    do_not_pay: bool = False
    cancelled: bool = False
    selfbilling: bool = False
    reverse_charge: bool = False
    split_payment: Annotated[bool, Mark.TAKEN] = False
    note: Annotated[str, Mark.TAKEN] = ""
    exempt_under: str = ""
    consumed_in: str = ""
    margin_kind: Annotated[str, Mark.TAKEN] = ""
    footer: str = ""
    seller_signature: Annotated[str, Mark.TAKEN, Mark.SIGNATURE] = ""
    buyer_signature: Annotated[str, Mark.TAKEN, Mark.SIGNATURE] = ""
    codes: tuple[Code, ...] = ()
    verification: tuple[Code, ...] = ()
    logo: Picture | None = None
    colour: str = ""
    changed_at: dt.datetime | None = None


@functools.cache
def marked(mark: Mark) -> tuple[str, ...]:
    """The names of the facts of which it is said, in their order."""
    hints = get_type_hints(Facts, include_extras=True)
    return tuple(name for name, hint in hints.items() if mark in getattr(hint, "__metadata__", ()))
