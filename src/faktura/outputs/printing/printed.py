"""A document as it is printed: plain values, from whatever business they come."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import msgspec

Kind = Literal[
    "invoice",
    "vat_invoice",
    "margin_invoice",
    "proforma",
    "correction",
    "vat_correction",
    "tax_document",
    "final_invoice",
    "vat_final_invoice",
]
"""What the title says. Those that begin with `vat` are tax documents, which only a payer of VAT issues."""

Copy = Literal["", "original", "copy", "duplicate"]

Copies = Literal[
    "regular",
    "double_regular",
    "original",
    "copy",
    "duplicate",
    "original_copy",
    "original_duplicate",
    "copy_duplicate",
]

COPIES: Mapping[Copies, tuple[Copy, ...]] = {
    "regular": ("",),
    "double_regular": ("", ""),
    "original": ("original",),
    "copy": ("copy",),
    "duplicate": ("duplicate",),
    "original_copy": ("original", "copy"),
    "original_duplicate": ("original", "duplicate"),
    "copy_duplicate": ("copy", "duplicate"),
}
"""How often the document stands in the file, and what each of them says that it is."""

ZERO = Decimal(0)
ONE = Decimal(1)


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody named on a document; the address is lines as on an envelope, `country` a code that picks labels.

    `role` is printed above a third party, in its own words. `facts` are further labels and values, `remark` whatever
    else is to be said.
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


class PrintedLine(msgspec.Struct, frozen=True, kw_only=True):
    """Something sold, with the rate as it is to be read ("21 %", "zw.").

    Prices and amounts are without VAT but for `gross`. `detail` is small print below the name. Of a correction that
    tells what was and what is, a line is `before` or `after`.
    """

    name: str
    quantity: Decimal | None = ONE
    unit: str = ""
    unit_price: Decimal = ZERO
    discount: Decimal = ZERO
    vat_rate: str = ""
    net: Decimal = ZERO
    vat: Decimal = ZERO
    gross: Decimal = ZERO
    detail: str = ""
    state: Literal["", "before", "after"] = ""


class RateSum(msgspec.Struct, frozen=True, kw_only=True):
    """What the lines of one rate come to; `native` amounts are in the currency that taxes are paid in."""

    vat_rate: str
    net: Decimal
    vat: Decimal
    gross: Decimal
    native_net: Decimal | None = None
    native_vat: Decimal | None = None


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid before, and on which document; the amount is positive."""

    number: str
    amount: Decimal
    paid_on: dt.date | None = None
    vat_rate: str = ""
    net: Decimal | None = None
    vat: Decimal | None = None


class Code(msgspec.Struct, frozen=True):
    """A QR code with what stands below it."""

    payload: str
    caption: str = ""


class PrintedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that stands on paper, whose words and forms of numbers follow from the language.

    Languages are those of `labels`; another is printed in English, "pe" is Polish with English. `payment_method` is a
    name that `labels` knows, or free text. With `taxed` false no VAT stands on it. Amounts are of `currency`; where
    taxes are paid in `native_currency`, the sums of rates say so at `exchange_rate`. `remaining` is what is still to be
    paid, negative where money goes back. `logo` is PNG, JPEG, GIF, WebP or SVG. `printed_at` stands in the file's
    properties; where it is not told, the day of issue does.
    """

    kind: Kind
    number: str
    seller: Party
    buyer: Party
    issued_on: dt.date
    copies: Copies = "regular"
    duplicated_on: dt.date | None = None
    language: str = "cs"
    currency: str = "CZK"
    taxed: bool = True
    delivery: Party | None = None
    third_parties: tuple[Party, ...] = ()
    taxable_on: dt.date | None = None
    sold_on: dt.date | None = None
    received_on: dt.date | None = None
    service_from: dt.date | None = None
    service_until: dt.date | None = None
    due_on: dt.date | None = None
    paid_on: dt.date | None = None
    payment_method: str = ""
    bank_name: str = ""
    bank_account: str = ""
    iban: str = ""
    bic: str = ""
    variable_symbol: str = ""
    order_number: str = ""
    corrected_number: str = ""
    corrected_on: dt.date | None = None
    correction_reason: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[PrintedLine, ...] = ()
    rate_sums: tuple[RateSum, ...] = ()
    native_currency: str = ""
    exchange_rate: Decimal | None = None
    advances: tuple[Advance, ...] = ()
    net_total: Decimal = ZERO
    vat_total: Decimal = ZERO
    rounding: Decimal = ZERO
    total: Decimal = ZERO
    paid: Decimal = ZERO
    remaining: Decimal = ZERO
    total_in_words: str = ""
    do_not_pay: bool = False
    cancelled: bool = False
    reverse_charge: bool = False
    split_payment: bool = False
    note: str = ""
    legal_notes: tuple[str, ...] = ()
    closing_note: str = ""
    footer: str = ""
    seller_signature: str = ""
    buyer_signature: str = ""
    codes: tuple[Code, ...] = ()
    logo: bytes | None = None
    printed_at: dt.datetime | None = None
