"""What all papers share: the draft of one, the document that has a number, and their parts (EN 16931 as a model)."""

import datetime as dt
from decimal import Decimal
from typing import ClassVar, Literal

import msgspec

from faktura.core.catalogue import ArticleNumberType
from faktura.core.codes import DocumentLanguage
from faktura.core.people.accounts import VatMode
from faktura.core.texts import Paragraphs
from faktura.core.vat_treatment import VatTreatment
from faktura.store.records import Tenant

DocumentKind = Literal[
    "invoice",
    "proforma",
    "correction",
    "tax_document",
    "final_invoice",
    "margin_invoice",
    "oss_invoice",
    "oss_correction",
]
Status = Literal["open", "sent", "overdue", "paid", "cancelled", "uncollectible"]
Stage = Literal["draft", "printed", "sent", "paid"]
Basis = Literal["unit", "net_unit", "net", "gross"]
PriceMode = Literal["without_vat", "from_total_with_vat"]
Tally = Literal["by_rate", "by_line"]
FollowUp = Literal["final_invoice_paid", "final_invoice", "tax_document", "none"]
PaymentMethod = Literal[
    "bank",
    "cash",
    "cod",
    "card",
    "paypal",
    "custom",
    "barter",
    "check",
    "bill_of_sale",
    "compensation",
    "accredited",
    "instalment_sale",
    "payu",
    "tpay",
    "przelewy24",
    "dotpay",
    "other",
]

CORRECTIONS = frozenset({"correction", "oss_correction"})
"""The kinds that correct others."""

UNDER_OSS = frozenset({"oss_invoice", "oss_correction"})
"""The kinds that charge VAT of the country of consumption (title XII, chapter 6 of directive 2006/112/EC)."""

Direction = Literal["in", "out"]
"""Into stock, or out of it."""

ZERO = Decimal(0)
ONE = Decimal(1)


class Stocked(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a line says of its product that is counted, as that was called then, and the move that the line made."""

    sku: str | None = None
    article_number_type: ArticleNumberType | None = None
    article_number: str | None = None
    move_id: int | None = None


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing sold (BG-25).

    `entered` is the price as it was given, and `basis` says of what: of one unit (net or gross as the document's price
    mode says), of one unit without VAT whatever the mode says, of the whole line without VAT, or of the whole line with
    VAT. The rest of the prices follows from it.
    Rate and discount are in percent. On a correction that tells what was before and what is after, two lines are a
    `group`, and `after` is true of the second. What is sold under a margin scheme has a `purchase_price`, of the whole
    line like its `margin`, which is the gross price less that; `margin_vat` is the VAT inside the margin, which is for
    the books alone: the line itself has no rate and no VAT. That of travel and goods that leave the EU is at 0 %
    (`margin_zero_rated`). What is charged beside the price of the units, freight
    above all, is `additional`, without VAT: the net price has it, and that of a unit has not. `product_id` is what
    it was made of, which may be gone since, and `item_code` the firm's number of that; a line of what was not counted
    then has nothing `stocked`, and moves nothing later.
    """

    id: int
    name: Paragraphs
    entered: Decimal
    basis: Basis = "unit"
    quantity: Decimal = ONE
    unit: str = ""
    vat_rate: Decimal = ZERO
    vat_treatment: VatTreatment = "taxed"
    discount: Decimal = ZERO
    unit_price_before_discount: Decimal | None = None
    unit_net_price: Decimal = ZERO
    unit_gross_price: Decimal = ZERO
    net: Decimal = ZERO
    vat: Decimal = ZERO
    gross: Decimal = ZERO
    native_net: Decimal | None = None
    native_vat: Decimal | None = None
    pkwiu: str | None = None
    cn: str | None = None
    pkob: str | None = None
    gtin: str | None = None
    gtu: str | None = None
    lump_sum_rate: Decimal | None = None
    group: int | None = None
    after: bool | None = None
    purchase_price: Decimal | None = None
    margin_zero_rated: bool = False
    additional: Decimal = ZERO
    margin: Decimal = ZERO
    margin_vat: Decimal = ZERO
    product_id: int | None = None
    item_code: str | None = None
    stocked: Stocked | None = None


class VatSum(msgspec.Struct, frozen=True):
    """What the lines of one rate and treatment come to (BG-23); `gross` is net and VAT together."""

    vat_rate: Decimal
    vat_treatment: VatTreatment
    net: Decimal
    vat: Decimal
    native_net: Decimal | None
    native_vat: Decimal | None

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


class Payment(msgspec.Struct, frozen=True):
    """Money that came in for a document; `tax_document_id` is the tax document issued over it."""

    id: int
    paid_on: dt.date
    amount: Decimal
    native_amount: Decimal
    variable_symbol: str | None
    bank_account_id: int | None
    created_at: dt.datetime
    updated_at: dt.datetime
    tax_document_id: int | None = None


class TaxedPart(msgspec.Struct, frozen=True):
    """What of an advance has one rate of VAT, and what it was worth when it was taxed."""

    vat_rate: Decimal
    net: Decimal
    vat: Decimal
    native_net: Decimal | None
    native_vat: Decimal | None


class Deduction(msgspec.Struct, frozen=True):
    """What a tax document took in before, by rate, and a final invoice deducts; amounts are positive."""

    document_id: int
    number: str
    variable_symbol: str | None
    paid_on: dt.date | None
    vat_rate: Decimal
    net: Decimal
    vat: Decimal
    native_net: Decimal | None = None
    native_vat: Decimal | None = None


class AdvanceLink(msgspec.Struct, frozen=True):
    """Another document of a chain of advances, and the advance that it took in; `parts` of one that went before."""

    document_id: int
    uuid: str
    number: str
    issued_on: dt.date
    amount: Decimal
    parts: tuple[TaxedPart, ...] = ()


class AttachedFile(msgspec.Struct, frozen=True):
    """A file beside a document; its bytes, of which there are `size`, are an Attachment record with this id."""

    id: int
    filename: str
    content_type: str
    size: int = 0


class Seller(msgspec.Struct, frozen=True):
    """Who sells (BG-4), as the account was on the day of issue; `contact_name` is its owner.

    `register_note` says where the firm stands in a register of firms.

    With `selfbilling` it is the customer who issues the document, in the name of whoever sells.
    """

    name: str
    vat_mode: VatMode = "vat_payer"
    street: str | None = None
    city: str | None = None
    postcode: str | None = None
    country: str = "CZ"
    registration_no: str | None = None
    vat_no: str | None = None
    local_vat_no: str | None = None
    contact_name: str | None = None
    phone: str | None = None
    email: str | None = None
    register_note: str | None = None
    electronic_scheme: str | None = None
    electronic_address: str | None = None
    selfbilling: bool = False


class Draft(Tenant):
    """Terms and lines of a paper that has no number and no seller yet.

    `exchange_rate_given` is true of a rate that somebody said, or that of a corrected document: no date changes it.
    `tally` says whether VAT is computed from the sum of each rate or added up from the lines. `tag_lines` and
    `line_texts` are tags and lines as they are searched.
    """

    custom_id: str | None = None
    language: DocumentLanguage = "cs"
    due_days: int = 0
    note: Paragraphs | None = None
    footer_note: Paragraphs | None = None
    private_note: Paragraphs | None = None
    order_number: str | None = None
    tags: tuple[str, ...] = ()
    tag_lines: str = ""
    payment_method: PaymentMethod = "bank"
    custom_payment_method: str | None = None
    bank_account_id: int | None = None
    bank_account: str | None = None
    bank_name: str | None = None
    iban: str | None = None
    bic: str | None = None
    iban_visibility: Literal["automatically", "always"] = "automatically"
    hide_bank_account: bool | None = None
    paypal: bool = False
    gopay: bool = False
    show_paid_note: bool = False
    currency: str = "CZK"
    exchange_rate: Decimal | None = None
    exchange_rate_given: bool = False
    price_mode: PriceMode = "without_vat"
    tally: Tally = "by_rate"
    round_total: bool = False
    reverse_charge: bool = False
    supply_code: str | None = None
    oss: Literal["disabled", "service", "goods"] = "disabled"
    lines: tuple[Line, ...] = ()
    line_texts: str = ""


class Document(Draft):
    """A paper with a number, by a seller; the defaults of what names it stand until it is given.

    `counter` and `period` are its place in the series of its number format; a number given from outside that does not
    fit has none. The seller is who it was on the day of issue. `taxable_on` is the date of the supply or, for
    an advance, of its receipt. `status` is what its life has come to and `stage` what became of its paper; both follow
    from dates and are written by one function, but what advances paid has the stage `paid` only once that was said.
    Amounts are of the document's currency, those called native of `native_currency`, in which the books were kept on
    the day of issue, and None while no exchange rate is known. `gross_total` includes `rounding`; `deducted` is what
    was paid by proformas and advances before, `remaining_amount` is the rest; `paid_amount` came in for this document
    itself. `margin_total` and `margin_vat_total` are what its lines have of a margin.
    `advance_amount` is what an advance took in of the order that its lines describe. From `corrected_id` to
    `related_id`, and in `deductions` and `*_advances`, stands what its links say (`showing_links.py`).
    """

    noun: ClassVar[str]
    """What the history calls it: invoice_paid, invoice_changed."""

    is_bought: ClassVar[bool] = False
    """Whether what its lines say was bought, and not sold."""

    kind: str = "invoice"
    number: str = ""
    uuid: str = ""
    token: str = ""
    seller: Seller = Seller("")
    native_currency: str = "CZK"
    status: Status = "open"
    stage: Stage = "draft"
    number_format_id: int | None = None
    period: str | None = None
    counter: int | None = None
    variable_symbol: str | None = None
    issued_on: dt.date = dt.date.min
    taxable_on: dt.date | None = None
    due_on: dt.date = dt.date.min
    sale_date_kind: Literal["sale", "service", "goods", "continuous_service"] = "sale"
    service_from: dt.date | None = None
    service_until: dt.date | None = None
    sent_at: dt.datetime | None = None
    printed_at: dt.datetime | None = None
    paid_on: dt.date | None = None
    cancelled_at: dt.datetime | None = None
    uncollectible_at: dt.datetime | None = None
    locked_at: dt.datetime | None = None
    net_total: Decimal = ZERO
    vat_total: Decimal = ZERO
    gross_total: Decimal = ZERO
    rounding: Decimal = ZERO
    native_net_total: Decimal | None = None
    native_gross_total: Decimal | None = None
    deducted: Decimal = ZERO
    remaining_amount: Decimal = ZERO
    native_remaining_amount: Decimal | None = None
    paid_amount: Decimal = ZERO
    left_to_pay: Decimal = ZERO
    advance_amount: Decimal | None = None
    vat_sums: tuple[VatSum, ...] = ()
    margin_total: Decimal = ZERO
    margin_vat_total: Decimal = ZERO
    corrected_id: int | None = None
    correction_id: int | None = None
    related_id: int | None = None
    previous_advance_id: int | None = None
    payments: tuple[Payment, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    previous_advances: tuple[AdvanceLink, ...] = ()
    next_advances: tuple[AdvanceLink, ...] = ()
    attachments: tuple[AttachedFile, ...] = ()

    @property
    def taxed_on(self) -> dt.date:
        """The day on which its tax becomes due."""
        if self.sale_date_kind == "continuous_service" and self.service_until is not None:
            return self.service_until
        return self.taxable_on or self.issued_on

    @property
    def goods(self) -> Direction | None:
        """Whether the goods of its lines come in or go out; None where it moves none."""
        return None

    @property
    def vat_mode(self) -> VatMode:
        """Of whoever decides whether VAT is counted on it: the seller."""
        return self.seller.vat_mode

    def settle(self) -> None:
        """Write down what lists of this sort are chosen by besides its status, and follows from it."""


def leads_of(table: str) -> dict[str, str]:
    """Where the ids in every document lead; what links show of others is of the same sort, whose table is given."""
    ends = (*SHOWN_IDS, "payments.tax_document_id", "deductions.document_id")
    chains = ("previous_advances.document_id", "next_advances.document_id")
    own = {"number_format_id": "number_formats", "attachments.id": "attachments"}
    return dict.fromkeys((*ends, *chains), table) | own


SHOWN_IDS = ("corrected_id", "correction_id", "related_id", "previous_advance_id")
"""Ids that show what links say."""

MAY_BE_GONE = {
    "bank_account_id": "bank_accounts",
    "payments.bank_account_id": "bank_accounts",
    "lines.product_id": "products",
}
"""Where ids in every document lead that may be gone."""
