"""The record of a document that is issued to a buyer."""

import datetime as dt
from decimal import Decimal
from typing import ClassVar, Literal

from faktura.core.codes import ActivityKind
from faktura.core.documents.record import (
    CORRECTIONS,
    MAY_BE_GONE,
    SHOWN_IDS,
    ZERO,
    Direction,
    Document,
    DocumentKind,
    FollowUp,
    leads_of,
)
from faktura.core.documents.third_parties import LocalUnit, ThirdParty, TransactionTerms
from faktura.core.ksef.mark import KsefMark
from faktura.core.texts import Paragraphs
from faktura.store.comparing import Condition
from faktura.store.kept_sums import KeptSums
from faktura.store.records import index, record, unique

MarginKind = Literal["second_hand_goods", "travel_agencies", "works_of_art", "collectables_and_antiques"]
"""Margin schemes (articles 306 and 311 of directive 2006/112/EC)."""

OssService = Literal["electronic", "broadcasting", "telecommunications", "real_estate"]

OWED = Condition("left_to_pay", "gt", ZERO)

STANDING = Condition("cancelled_at", "null", value=True)

_OF_CONTACT = ("version", "kind", "status", "due_on", "paid_on", "currency", "net_total", "gross_total", "left_to_pay")
"""What the page of a contact adds up and sorts by, however many documents they have."""

_SUMMED = ("currency", "net_total", "gross_total", "left_to_pay", "native_gross_total", "native_currency")
"""What lists add up: it stands in indexes so that a sum of many documents does not read them."""

_CHOSEN_BY = ("version", "kind", "status", "currency", "left_to_pay", "issued_on")
_SORTED_BY = ("version", "issued_on", "number", "id", "buyer_name", "gross_total")
"""What stands in indexes so that a list is chosen and sorted from them, and the documents of one page are read."""


@record(
    "invoices",
    unique("account_id", "uuid"),
    unique("account_id", "number_format_id", "period", "counter"),
    index(
        *("account_id", "issued_on", "number", "id", "kind", "version"),
        covers=(*_SUMMED, "cancelled_at", "status", "due_on", "taxable_on", "buyer_name"),
    ),
    index("account_id", "number", "id", covers=(*_CHOSEN_BY, "due_on")),
    index("account_id", "buyer_name", "number", "id", covers=(*_CHOSEN_BY, "due_on")),
    index("account_id", "due_on", "number", "id", covers=_CHOSEN_BY),
    index("account_id", "gross_total", "number", "id", covers=(*_CHOSEN_BY, "net_total", "due_on", "buyer_name")),
    index("account_id", "variable_symbol"),
    index("account_id", "contact_id", "issued_on", "number", "id", covers=_OF_CONTACT),
    index("account_id", "custom_id", where_set="custom_id"),
    index("account_id", "generator_id", "issued_on", "number", "id", where_set="generator_id"),
    index("account_id", "buyer_tax_digits", where_set="buyer_tax_digits"),
    index(
        *("account_id", "status", "issued_on", "number", "id"),
        covers=("version", "kind", "due_on", "left_to_pay", "currency", "contact_id", "buyer_name", "gross_total"),
    ),
    index(
        *("account_id", "kind", "issued_on", "number", "id"),
        covers=("version", "status", "due_on", "buyer_name", "gross_total"),
    ),
    index("account_id", "stage", "issued_on", "number", "id", covers=("version", "kind")),
    index("account_id", "paid_on", covers=("kind", "status", "left_to_pay", "currency", "due_on", *_SORTED_BY)),
    index("account_id", "ksef_number", where_set="ksef_number"),
    index("account_id", "created_at"),
    index("account_id", "updated_at"),
    index("token", over_all_accounts="a public link names no account"),
    searched=("number", "variable_symbol", "buyer_name", "note", "private_note", "footer_note", "line_texts"),
    paged=False,
    refers={"contact_id": "contacts", **leads_of("invoices")},
    remembers={**MAY_BE_GONE, "generator_id": "generators"},
    copied=SHOWN_IDS,
    sums=KeptSums(
        of=("net_total", "gross_total", "left_to_pay", "native_gross_total"),
        by=("kind", "status", "currency", "native_currency"),
        days=("issued_on", "taxable_on", "due_on", "paid_on"),
        told=(OWED, STANDING),
    ),
)
class Invoice(Document):
    """A document that was issued to a buyer, who is who it was on the day of issue.

    A correction is `correction_obliging` where it is to be checked that the buyer agreed to pay less.
    `reminded_at` and `last_reminded_at` are of letters that say it is late, `due_date_reminded_at` of one before that.
    `buyer_due_days` and `buyer_note` are what was said of a buyer on this document alone.
    `vat_exemption`, `document_markings`, `transaction_kind` and the `gtu` of lines are codes of the lists of Polish
    law; an exemption that is none of them has words for the firm alone. `margin_kind` is the scheme of a margin
    invoice, and of what corrects one. What was sold to a consumer of another country under the one-stop shop names
    that as `buyer_country`, and up to two pieces of evidence of it as `supply_place` and `supply_place_secondary`.
    `ksef` says how far it has come on its way to KSeF, which knows what it accepted by `ksef_number`.
    """

    noun = "invoice"
    found_by: ClassVar[tuple[str, ...]] = (
        *("buyer_registration_no", "buyer_vat_no", "buyer_city", "gross_total", "tag_lines", "ksef_number"),
    )

    kind: DocumentKind = "invoice"
    contact_id: int = 0
    buyer_name: str = ""
    buyer_uuid: str | None = None
    buyer_email: str | None = None
    buyer_phone: str | None = None
    buyer_contact_name: str | None = None
    buyer_custom_id: str | None = None
    buyer_activity_kind: ActivityKind | None = None
    buyer_first_name: str | None = None
    buyer_last_name: str | None = None
    buyer_street: str | None = None
    buyer_street_number: str | None = None
    buyer_flat_number: str | None = None
    buyer_city: str | None = None
    buyer_postcode: str | None = None
    buyer_country: str | None = None
    buyer_registration_no: str | None = None
    buyer_vat_no: str | None = None
    buyer_tax_digits: str | None = None
    buyer_local_vat_no: str | None = None
    buyer_electronic_scheme: str | None = None
    buyer_electronic_address: str | None = None
    buyer_reference: str | None = None
    has_delivery_address: bool = False
    delivery_name: str | None = None
    delivery_street: str | None = None
    delivery_city: str | None = None
    delivery_postcode: str | None = None
    delivery_country: str | None = None
    buyer_due_days: int | None = None
    buyer_note: Paragraphs | None = None
    reminded_at: dt.datetime | None = None
    last_reminded_at: dt.datetime | None = None
    due_date_reminded_at: dt.datetime | None = None
    reminders_off: bool = False
    seen_on: dt.date | None = None
    follow_up: FollowUp | None = None
    generator_id: int | None = None
    corrected_number: str | None = None
    corrected_on: dt.date | None = None
    corrected_uuid: str | None = None
    corrected_gross_total: Decimal | None = None
    correction_reason: Literal["mistake", "other"] | None = None
    correction_confirmed: bool = False
    correction_confirmed_on: dt.date | None = None
    correction_obliging: bool = False
    sale_date_before: dt.date | None = None
    service_from_before: dt.date | None = None
    service_until_before: dt.date | None = None
    split_payment: bool = False
    split_payment_kind: Literal["required", "optional"] | None = None
    buyer_signature: str | None = None
    seller_signature: str | None = None
    vat_date_kind: Literal["issue", "sale", "payment"] = "sale"
    occasional_sale: bool = False
    vat_exemption: str | None = None
    sale_kind: Literal["service", "merchandise"] | None = None
    sales_kind: str | None = None
    building_service: bool = False
    document_markings: tuple[str, ...] = ()
    transaction_kind: str | None = None
    bdo_code: str | None = None
    receipt_number: str | None = None
    not_income: bool = False
    exchange_date_kind: Literal["vat", "pit"] | None = None
    margin_kind: MarginKind | None = None
    oss_service: OssService | None = None
    supply_place: str | None = None
    supply_place_secondary: str | None = None
    transaction_terms: TransactionTerms | None = None
    third_parties: tuple[ThirdParty, ...] = ()
    recipient_unit: LocalUnit | None = None
    seller_unit: LocalUnit | None = None
    ksef_number: str | None = None
    ksef: KsefMark | None = None

    @property
    def goods(self) -> Direction | None:
        """What is sold goes out, what is corrected comes back; of an advance only money is moved (2.13)."""
        if self.cancelled_at is not None or self.kind in {"proforma", "tax_document"}:
            return None
        return "in" if self.kind in CORRECTIONS else "out"

    @property
    def taxed_on(self) -> dt.date:
        """The day that its VAT is said to follow; that of a payment which is still to come is not known."""
        if self.vat_date_kind == "issue":
            return self.issued_on
        if self.vat_date_kind == "payment":
            return self.paid_on or self.issued_on
        return super().taxed_on
