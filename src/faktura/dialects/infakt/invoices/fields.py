"""Documents (6.2, 7.2, 9.2, 10.2) field by field: every kind has some of these, in its own order."""

from typing import Any

import msgspec

from faktura.core.contacts import tax_digits
from faktura.core.documents.lines import made_ahead
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.sharing import ShareLink
from faktura.core.ksef.sendings import KsefSending
from faktura.core.money.words_for_money import in_polish
from faktura.dialects.infakt.door.values import (
    BOOLEAN,
    CURRENCY,
    DATE,
    INSTANT,
    INTEGER,
    MONEY,
    NEVER_NULL,
    PAYMENT_METHOD,
    PAYMENT_METHODS,
    TEXT,
    show_grosze,
)
from faktura.dialects.infakt.entries import codes, ids
from faktura.dialects.infakt.invoices.lines import SERVICE, VAT_DATE
from faktura.dialects.infakt.invoices.parts import PARTIES, PREVIOUS_ADVANCE, TERMS, UNIT
from faktura.dialects.infakt.invoices.terms import BASIC_SALE
from faktura.dialects.infakt.ksef.status import ksef_data
from faktura.dialects.infakt.reference import TRANSACTION_KIND_ID, VAT_EXEMPTION_ID, DocumentMarking
from faktura.wire.fields import Field, Kind, Shape, Unreadable, list_of, read_only
from faktura.wire.values import choice, read_text


class View(msgspec.Struct, frozen=True):
    """What is told of a document beyond its record: its way to KSeF, of an invoice how it is shared and paid."""

    sending: KsefSending | None = None
    share_link: ShareLink | None = None
    address: str | None = None
    payment_address: str | None = None
    takes_payments: bool = False


KINDS = {
    "invoice": "vat",
    "proforma": "proforma",
    "correction": "correction",
    "tax_document": "advance",
    "final_invoice": "final",
    "margin_invoice": "margin",
}
"""By kind of the core."""

REASONS = {"mistake": "Błąd rachunkowy lub inna oczywista omyłka", "other": "Inne: np. zwrot, rabat"}

MARGIN_KINDS = {
    "second_hand_goods": "Procedura marży – towary używane",
    "travel_agencies": "Procedura marży dla biur podróży",
    "works_of_art": "Procedura marży – dzieła sztuki",
    "collectables_and_antiques": "Procedura marży – przedmioty kolekcjonerskie i antyki",
}
"""By symbol, in the order of their ids from 1."""

SALE_DATES = {
    "sale_date": "sale",
    "service_date": "service",
    "cargo_date": "goods",
    "continuous_service_end_on": "continuous_service",
}


def _read_kind(value: Any) -> str:
    """A word that is no kind of this resource is for the resource to judge."""
    text = read_text(value)
    return next((core for core, spelled in KINDS.items() if spelled == text), text)


def _read_status(value: Any) -> str | None:
    """`print` is an older word (D4)."""
    text = read_text(value)
    if text and text not in {"draft", "sent", "printed", "print", "paid"}:
        raise Unreadable("not_in_list")
    return "printed" if text == "print" else text or None


def _read_sale_date_kind(value: Any) -> str | None:
    """`continuous_date_end_on` is an older word (D10)."""
    kind: str | None = _SALE_DATE.read("continuous_service_end_on" if value == "continuous_date_end_on" else value)
    return kind


def _read_margin_kind(value: Any) -> str | None:
    """The symbol, or the name that is shown for it."""
    text = read_text(value)
    found = next((symbol for symbol, name in MARGIN_KINDS.items() if text in {symbol, name}), None)
    if text and found is None:
        raise Unreadable("not_in_list")
    return found


def _read_reason(value: Any) -> str | None:
    """The symbol, or the sentence that is shown for it."""
    text = read_text(value)
    found = next((symbol for symbol, sentence in REASONS.items() if text in {symbol, sentence}), None)
    if text and found is None:
        raise Unreadable("not_in_list")
    return found


def _read_markings(value: Any) -> tuple[str, ...]:
    """Ids of 27.6, as numbers or texts (D11)."""
    if not isinstance(value, list):
        raise Unreadable("malformed")
    known = {str(entry_id): code for entry_id, code in codes(DocumentMarking).items()}
    found = dict.fromkeys(map(read_text, value))
    if not known.keys() >= found.keys():
        raise Unreadable("not_in_list")
    return tuple(known[entry_id] for entry_id in found)


def _show_markings(found: tuple[str, ...]) -> list[str]:
    return [str(ids(DocumentMarking)[code]) for code in found]


def _company_name(invoice: Invoice, _view: Any) -> str | None:
    """A person without a firm is called by their own name inside, and has no firm's name here."""
    own = invoice.buyer_activity_kind == "private_person" and invoice.buyer_name == person_of(invoice)
    return None if own else invoice.buyer_name


def person_of(invoice: Invoice) -> str:
    return " ".join(filter(None, (invoice.buyer_first_name, invoice.buyer_last_name)))


def _seller_signature(invoice: Invoice, _view: Any) -> str:
    """The owner's, unless it was said otherwise, or that there is none."""
    return (invoice.seller.contact_name or "") if invoice.seller_signature is None else invoice.seller_signature


def _payment_method(invoice: Invoice, _view: Any) -> Any:
    """One that the other documents of an account may have is none of those listed."""
    shown = PAYMENT_METHOD.show(invoice.payment_method) if PAYMENT_METHOD.show else invoice.payment_method
    return shown if shown in PAYMENT_METHODS else "other"


def _paid_date(invoice: Invoice, _view: Any) -> str | None:
    """What advances paid is a draft without a day, until somebody says that it is paid (9.2, 10.2)."""
    return invoice.paid_on.isoformat() if invoice.stage == "paid" and invoice.paid_on is not None else None


def _extensions(_invoice: Invoice, view: View | None) -> dict[str, Any]:
    link = view.share_link if view else None
    return {
        "payments": {
            "link": view.payment_address if view else None,
            "available": view is not None and view.takes_payments,
        },
        "shares": {
            "link": view.address if view else None,
            "available": True,
            "valid_until": link.valid_until.isoformat() if link else None,
        },
    }


def _always(value: Any) -> Any:
    return lambda _invoice, _view: value


KIND = Kind({"type": "string", "enum": [*KINDS.values()]}, _read_kind, KINDS.__getitem__)
STATUS = Kind({"type": "string", "enum": ["draft", "sent", "printed", "paid"]}, _read_status)
_SALE_DATE = choice(*SALE_DATES, core=SALE_DATES)
SALE_DATE_KIND = msgspec.structs.replace(_SALE_DATE, read=_read_sale_date_kind)
REASON = Kind({"type": "string", "enum": ["", *REASONS.values()]}, _read_reason, REASONS.__getitem__, absent="")
MARGIN_KIND = Kind({"type": "string", "enum": [*MARGIN_KINDS.values()]}, _read_margin_kind, MARGIN_KINDS.__getitem__)
MARKINGS = Kind({"type": "array", "items": {"type": "string"}}, _read_markings, _show_markings)
SALES_KIND = Kind(TEXT.schema, TEXT.read, absent=BASIC_SALE)
EMPTY_DATE = Kind({"type": "string", "anyOf": [{"format": "date"}, {"const": ""}]}, DATE.read, DATE.show, absent="")
SALE_TYPE = choice("service", "merchandise", absent="")
ADVANCES = list_of(PREVIOUS_ADVANCE)
OBJECT = Kind({"type": "object"}, read_text)
OBJECTS = Kind({"type": "array", "items": {"type": "object"}}, read_text)

_COMMON: tuple[Field, ...] = (
    read_only("id", INTEGER, nullable=False),
    read_only("uuid", TEXT, nullable=False),
    read_only("parent_id", INTEGER, "related_id"),
    Field("number", TEXT, nullable=False),
    Field("currency", CURRENCY, nullable=False),
    Field("paid_price", MONEY, "paid_amount", nullable=False),
    Field("notes", TEXT, "note"),
    read_only("kind", KIND, nullable=False),
    Field("payment_method", PAYMENT_METHOD, nullable=False, showing=_payment_method),
    Field("split_payment_available", BOOLEAN, "split_payment", access="write"),
    Field("split_payment", BOOLEAN, nullable=False),
    Field("split_payment_type", choice("required", "optional"), "split_payment_kind"),
    Field("recipient_signature", NEVER_NULL, "buyer_signature", nullable=False),
    Field("seller_signature", TEXT, nullable=False, showing=_seller_signature),
    Field("invoice_date", DATE, "issued_on", nullable=False),
    Field("sale_date", DATE, "taxable_on"),
    Field("vat_date_value", VAT_DATE, "vat_date_kind", nullable=False),
    Field("continuous_service_start_on", DATE, "service_from"),
    Field("continuous_service_end_on", DATE, "service_until"),
    Field("occasional_sale", BOOLEAN, nullable=False),
    Field("status", STATUS, "stage", nullable=False),
    Field("payment_date", DATE, "due_on", nullable=False),
    Field("paid_date", DATE, "paid_on", showing=_paid_date),
    read_only("net_price", MONEY, "net_total", nullable=False),
    read_only("tax_price", MONEY, "vat_total", nullable=False),
    read_only("gross_price", MONEY, "gross_total", nullable=False),
    read_only("left_to_pay", MONEY, nullable=False),
    Field("client_id", INTEGER, "contact_id", nullable=False),
    read_only("client_uuid", TEXT, "buyer_uuid"),
    Field("client_company_name", TEXT, "buyer_name", showing=_company_name),
    Field("client_first_name", TEXT, "buyer_first_name"),
    Field("client_last_name", TEXT, "buyer_last_name"),
    Field(
        "client_business_activity_kind",
        choice("private_person", "self_employed", "other_business"),
        "buyer_activity_kind",
    ),
    Field("client_street", TEXT, "buyer_street"),
    Field("client_street_number", TEXT, "buyer_street_number"),
    Field("client_flat_number", TEXT, "buyer_flat_number"),
    Field("client_city", TEXT, "buyer_city"),
    Field("client_post_code", TEXT, "buyer_postcode"),
    Field("client_tax_code", TEXT, "buyer_vat_no"),
    Field("client_country", NEVER_NULL, "buyer_country", nullable=False),
    Field("client_email", TEXT, access="write"),
    Field("client_phone", TEXT, access="write"),
    Field("client_days_to_payment", INTEGER, "buyer_due_days"),
    Field("client_notes", TEXT, "buyer_note"),
    Field("check_duplicate_number", BOOLEAN, access="write"),
    Field("bank_account", NEVER_NULL, nullable=False),
    Field("bank_name", NEVER_NULL, nullable=False),
    Field("swift", NEVER_NULL, "bic", nullable=False),
    Field("bank_id", INTEGER, "bank_account_id"),
    Field("vat_exemption_reason", VAT_EXEMPTION_ID, "vat_exemption"),
    Field("sale_type", SALE_TYPE, "sale_kind", nullable=False),
    Field("invoice_date_kind", SALE_DATE_KIND, "sale_date_kind", nullable=False),
    Field("document_markings_ids", MARKINGS, "document_markings", nullable=False),
    Field("transaction_kind_id", TRANSACTION_KIND_ID, "transaction_kind"),
    Field("bdo_code", TEXT),
    Field("receipt_number", TEXT),
    Field("not_income", BOOLEAN, nullable=False),
    Field("vat_exchange_date_kind", choice("vat", "pit"), "exchange_date_kind"),
    Field("sales_kind", SALES_KIND),
    read_only("amount_in_words", TEXT, nullable=False, showing=lambda i, _: in_polish(i.gross_total, i.currency)),
    Field("building_service", BOOLEAN, nullable=False),
    read_only("created_at", INSTANT, nullable=False),
    read_only("reconciliation_id", INTEGER, showing=_always(None)),
    Field("services", list_of(SERVICE, given=True, made=made_ahead), "lines", nullable=False, required=True),
    Field("transaction_terms", TERMS),
    Field("third_party_addresses", PARTIES, "third_parties", nullable=False),
    Field("local_government_recipient_address", UNIT, "recipient_unit"),
    Field("local_government_seller_address", UNIT, "seller_unit"),
    read_only("related_documents", OBJECTS, nullable=False, showing=_always([])),
    read_only("ksef_number", TEXT),
    read_only("extensions", OBJECT, nullable=False, showing=_extensions),
    read_only("ksef_data", OBJECT, showing=ksef_data),
)

_OF_CORRECTIONS: tuple[Field, ...] = (
    Field("corrected_invoice_number", TEXT, "corrected_number", nullable=False),
    Field("corrected_invoice_date", DATE, "corrected_on"),
    Field("corrected_invoice_uuid", TEXT, "corrected_uuid"),
    read_only("corrected_invoice_gross_price", MONEY, "corrected_gross_total"),
    Field("confirmation", BOOLEAN, "correction_confirmed", nullable=False),
    Field("confirmation_date", EMPTY_DATE, "correction_confirmed_on", nullable=False),
    Field("correction_reason", REASON, nullable=False),
    read_only("correction_reason_symbol", choice(*REASONS), showing=lambda invoice, _: invoice.correction_reason),
    Field("check_correction_obligation", BOOLEAN, "correction_obliging", nullable=False),
    Field("sale_date_before_correction", DATE, "sale_date_before"),
    Field("continuous_service_start_on_before_correction", DATE, "service_from_before"),
    Field("continuous_service_end_on_before_correction", DATE, "service_until_before"),
)

_OF_ADVANCES: tuple[Field, ...] = (
    Field(
        "advance_price",
        MONEY,
        "advance_amount",
        nullable=False,
        required=True,
        showing=lambda i, _: show_grosze(i.gross_total if i.advance_amount is None else i.advance_amount),
    ),
    Field("advance_date", DATE, "taxable_on"),
    Field("previous_advance_id", INTEGER),
    read_only("previous_advances", ADVANCES, nullable=False),
    # The final invoice that settles the chain took in nothing.
    read_only(
        "next_advances",
        ADVANCES,
        nullable=False,
        showing=lambda i, _: [PREVIOUS_ADVANCE.show(link, None) for link in i.next_advances if link.amount],
    ),
    read_only("parent_invoice_data", OBJECT, showing=_always(None)),
    read_only("exchange_rates_data", OBJECT, showing=_always(None)),
)

_OF_MARGINS: tuple[Field, ...] = (
    Field("margin_kind", MARGIN_KIND, nullable=False, required=True),
    read_only("margin_kind_symbol", choice(*MARGIN_KINDS), "margin_kind", nullable=False),
    read_only(
        "margin_kind_id",
        INTEGER,
        nullable=False,
        showing=lambda invoice, _: [*MARGIN_KINDS].index(invoice.margin_kind) + 1,
    ),
    read_only("margin_amount_price", MONEY, "margin_total", nullable=False),
)

FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        *_COMMON,
        *_OF_CORRECTIONS,
        *_OF_ADVANCES,
        *_OF_MARGINS,
    )
}

INHERITED_SERVICES = Field("services", list_of(SERVICE, given=True, made=made_ahead), "lines", nullable=False)
"""May be left out where an advance before has them."""

CLEAN_CLIENT_NIP = Field(
    "clean_client_nip", Kind(TEXT.schema, lambda value: tax_digits(read_text(value))), "buyer_tax_digits"
)

DETAILS = frozenset(
    {
        *("local_government_recipient_address", "local_government_seller_address", "related_documents"),
        *("extensions", "ksef_data"),
    }
)
"""What lists leave out."""


OF_SOME = frozenset(
    {
        *("parent_id", "paid_price", "sale_date", "vat_date_value", "continuous_service_start_on"),
        *("continuous_service_end_on", "occasional_sale", "client_days_to_payment", "client_notes", "bank_id"),
        *("building_service", "reconciliation_id", "local_government_seller_address", "related_documents"),
        "extensions",
    }
)
"""Common fields that some kinds have and others have not: each kind names its own."""


def fields(*names: str, **others: Field) -> tuple[Field, ...]:
    """The fields of these names, in this order; some of a kind's own take the place of the usual ones.

    A common field that is not `OF_SOME` is every kind's: one that is not named follows the one before it in `_COMMON`.
    """
    listed = list(names)
    last = 0
    for field in _COMMON:
        if field.name in listed:
            last = listed.index(field.name) + 1
        elif field.name not in OF_SOME:
            listed.insert(last, field.name)
            last += 1
    return tuple(others.get(name, FIELDS[name]) for name in listed)


def only(*names: str, **others: Field) -> tuple[Field, ...]:
    """The fields of these names and none besides, for a kind that lacks some of every other kind's."""
    return tuple(others.get(name, FIELDS[name]) for name in names)


def read_alone(name: str) -> Field:
    """The field where it cannot be sent."""
    return msgspec.structs.replace(FIELDS[name], access="read")


def listed(shape: Shape[Invoice, Any], besides: frozenset[str]) -> Shape[Invoice, Any]:
    """The document as lists tell it, which leave out something `besides` of some kinds."""
    kept = tuple(field for field in shape.fields if field.name not in DETAILS | besides)
    return Shape(f"listed_{shape.name}", shape.record, kept)
