"""What is done with documents of every kind (2): found, shown, issued now or later, changed, paid, numbered."""

import datetime as dt
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from faktura.core.bank_accounts import spellings_of
from faktura.core.books.books import Books
from faktura.core.books.tasks import Task
from faktura.core.documents.checks import Rules
from faktura.core.documents.numbering import Numbered, next_number
from faktura.core.documents.products import same_products
from faktura.core.documents.record import CORRECTIONS, DocumentKind
from faktura.core.errors import Given, Invalid, NotFound, Problem
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.find import find_invoice, find_invoice_by_uuid
from faktura.core.invoices.follow_up import call_paid
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.related import named_original
from faktura.core.ksef.connection import active_connection
from faktura.core.ksef.sendings import latest_sending
from faktura.dialects.infakt.async_tasks import Work
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import Call, given_in
from faktura.dialects.infakt.door.searching import Listing
from faktura.dialects.infakt.door.values import BOOLEAN, CURRENCIES, DATE
from faktura.dialects.infakt.entries import codes
from faktura.dialects.infakt.invoices.fields import CLEAN_CLIENT_NIP, View, listed
from faktura.dialects.infakt.invoices.lines import LIFTED
from faktura.dialects.infakt.invoices.parts import settle_parties
from faktura.dialects.infakt.invoices.terms import (
    complete_name,
    refuse,
    settle_buyer,
    settle_defaults,
    settle_exchange,
    settle_payment,
    settle_payment_again,
)
from faktura.dialects.infakt.reference import VatExemption, chosen
from faktura.outputs.e_invoices.ksef import send
from faktura.outputs.printing.printed import Copies
from faktura.store.queries import Condition, Order
from faktura.wire.conditional import etag
from faktura.wire.endpoints import Answer, Parameter
from faktura.wire.fields import Kind, Shape, Unreadable
from faktura.wire.rendered import encode
from faktura.wire.requests import read_id

NEWEST_FIRST = (Order("issued_on", descending=True), Order("id", descending=True))
"""Both ways told, so that one index is read backwards."""

DATE_ASKED = Parameter("date", DATE, "A day in the month that is asked about; today where it is left out")
PAID_DATE = Parameter("paid_date", DATE, "When it was paid: today where it is left out, not before the invoice date")
ALLOW_CORRECTION = Parameter("allow_correction", BOOLEAN, "Accepted: nothing booked needs to be corrected here")

PAYING = (PAID_DATE, ALLOW_CORRECTION)


Capability = Literal["change", "pay", "pay_later", "print", "mail", "account", "ksef"]
"""What section 2 has a row for; the endpoints of "ksef" lie in `ksef/`, those of all others in `capabilities.py`."""

EVERYWHERE: frozenset[Capability] = frozenset({"change", "pay", "print", "mail", "ksef"})
"""What every kind that is issued can do."""


def view_of(call: Call, invoice: Invoice) -> View:
    """What was sent is looked up only where the document says that there is something."""
    return View(latest_sending(call.books, invoice.id) if invoice.ksef is not None else None)


class Resource(msgspec.Struct, frozen=True, eq=False):
    """What stands under one path: documents of one kind, or of two.

    `prepare` adds the rules of the kind to what is given, for a new document or, with the old one, for a change;
    `view` is what the shape is shown with. `numbered` is the word for it in answers about the next number.
    `can` says what may be done with one besides listing, reading, creating and deleting. `starts` are the statuses
    that a new one may be given, besides draft (D4). `unlisted` is what lists leave out besides. Where a client does not
    choose what a print says that it is, it is `printed_as` that.
    """

    path: str
    shape: Shape[Invoice, Any]
    kinds: tuple[DocumentKind, ...]
    numbered: str | None
    prepare: Callable[[Books, Given, Invoice | None], None]
    can: frozenset[Capability]
    starts: frozenset[str] = frozenset()
    view: Callable[[Call, Invoice], View] = view_of
    unlisted: frozenset[str] = frozenset()
    printed_as: Copies | None = None

    @property
    def name(self) -> str:
        return self.shape.name

    def listing(self) -> Listing:
        only = (Condition("kind", "in", self.kinds),)
        return Listing(
            listed(self.shape, self.unlisted),
            NEWEST_FIRST,
            (CLEAN_CLIENT_NIP,),
            only,
            (("bank_account", spellings_of),),
        )


def found(call: Call, resource: Resource) -> Invoice:
    """The document that the path names, by uuid or by id (D7).

    Raises:
        NotFound: there is none of this kind.

    """
    text = call.ids["uuid"]
    invoice = find_invoice(call.books, read_id(text)) if text.isdecimal() else find_invoice_by_uuid(call.books, text)
    if invoice.kind not in resource.kinds:
        raise NotFound(Invoice.table_name)
    return invoice


def shown(call: Call, resource: Resource, invoice: Invoice, status: int = 200) -> Answer:
    """The document, or the part of it that `fields` asks for; its tag goes with what the view adds, links above all."""
    shape, view = call.part(resource.shape), resource.view(call, invoice)

    def show() -> Answer:
        told = encode(shape.show(invoice, view))
        return Answer(status, told, headers=(("ETag", etag(invoice.version, zlib.crc32(told))),))

    return Answer(status, show=show)


def issue(books: Books, parameters: Mapping[str, Any], resource: Resource) -> Invoice:
    """Issue a document, as a request or as a task; one that shall go to KSeF and cannot is not issued."""
    goes_to_ksef = flag(parameters, "send_to_ksef")
    if goes_to_ksef:
        active_connection(books)
    given = given_in(parameters, resource.shape)
    rules = _rules(given)
    resource.prepare(books, given, None)
    _start(books, given, parameters[resource.name].get("status"), resource)
    _lift(given)
    settle_parties(books, given, None)
    advance = _advance_before(books, given)
    contact = settle_buyer(books, given, advance)
    original = _corrected(books, given)
    settle_defaults(books, given, advance or original)
    if original is not None and given.get("lines"):
        given["lines"] = same_products(given["lines"], original.lines)
    settle_payment(books, given, contact)
    _check_lines(books, given, None)
    _check_paid_date(given, given.get("issued_on") or books.today)
    invoice = issue_invoice(books, given, rules)
    if not goes_to_ksef:
        return invoice
    send(books, invoice.id)
    return find_invoice(books, invoice.id)


def change(books: Books, old: Invoice, parameters: Mapping[str, Any], resource: Resource) -> Invoice:
    """Change what is sent of a document; a null leaves alone what a document cannot be without."""
    given = given_in(parameters, resource.shape)
    rules = _rules(given)
    for name in ("kind", "stage", "client_email", "client_phone"):
        given.pop(name, None)
        given.unread.pop(name, None)
    for name in _NEVER_NULL & given.keys():
        if given[name] is None:
            del given[name]
    resource.prepare(books, given, old)
    _lift(given)
    settle_parties(books, given, old)
    complete_name(given, old)
    settle_exchange(books, given, old)
    settle_payment_again(books, given, old)
    if given.get("lines") == [] and not old.lines:
        del given["lines"]
    if "lines" in given:
        _check_lines(books, given, old)
        given["all_lines"] = given.pop("lines")
    if "due_on" not in given and given.get("issued_on", old.issued_on) <= old.due_on:
        given["due_on"] = old.due_on
    _check_paid_date(given, given.get("issued_on", old.issued_on))
    return change_invoice(books, old.id, given, rules)


def pay(books: Books, invoice: Invoice, parameters: Mapping[str, Any], wrapper: str) -> Invoice:
    """Mark a document as paid; parameters come bare or wrapped (6.1)."""
    wrapped = (parameters.get(name) for name in ("invoice", wrapper))
    sent = {**parameters, **{n: v for inside in wrapped if isinstance(inside, Mapping) for n, v in inside.items()}}
    flag(sent, ALLOW_CORRECTION.name)
    paid_on = day(sent, PAID_DATE.name)
    if paid_on is not None and paid_on < invoice.issued_on:
        raise Invalid({PAID_DATE.name: [Problem("before_issue")]})
    return call_paid(books, invoice.id, paid_on)


def flag(parameters: Mapping[str, Any], name: str) -> bool:
    return bool(_read(parameters, name, BOOLEAN))


def day(parameters: Mapping[str, Any], name: str) -> dt.date | None:
    found_day: dt.date | None = _read(parameters, name, DATE)
    return found_day


def _read(parameters: Mapping[str, Any], name: str, kind: Kind) -> Any:
    value = parameters.get(name)
    try:
        return None if value is None or value == "" else kind.read(value)
    except Unreadable:
        raise errors.wrong_value(name) from None


def _rules(given: Given) -> Rules:
    return Rules(
        number_may_repeat=not given.pop("check_duplicate_number", False),
        old_currencies=frozenset(CURRENCIES),
    )


def _start(books: Books, given: Given, sent: Any, resource: Resource) -> None:
    """A new document is a draft unless it may be something else, and says so; a draft that asks to be paid is not."""
    status = given.pop("stage", None)
    if status not in resource.starts:
        if sent == "paid":
            given.pop("paid_on", None)
        return
    if status == "paid" and given.get("paid_on") is None:
        refuse(given, "paid_on", "blank")
    if status in {"printed", "sent"}:
        given[f"{status}_at"] = books.now


def _lift(given: Given) -> None:
    """What lines told formerly belongs to the document (6.3)."""
    for line in given.get("lines") or ():
        for name, attribute in LIFTED.items():
            if line.get(name) is not None and attribute not in given:
                given[attribute] = line[name]


def _advance_before(books: Books, given: Given) -> Invoice | None:
    advance_id = given.get("previous_advance_id")
    return None if advance_id is None else books.look_up(Invoice, id=advance_id)


def _corrected(books: Books, given: Given) -> Invoice | None:
    if given.get("kind") not in CORRECTIONS:
        return None
    names = given.get("corrected_uuid"), given.get("corrected_number")
    return named_original(books, None, *names, given.get("contact_id"))


def _check_lines(books: Books, given: Given, old: Invoice | None) -> None:
    """Every line has a VAT symbol (live: two keys tell that it has none); an exemption has its reason (6.2).

    What has a margin has no symbol (8.2).
    """
    lines = given.get("lines") or ()
    if not lines and (old is not None or not _may_be_without_lines(given)) and "lines" not in given.unread:
        refuse(given, "lines", "blank")
    kind = given["kind"] if old is None else old.kind
    for line in lines:
        has_margin = kind == "margin_invoice" or line.get("margin") is not None or "margin" in line.unread
        if not has_margin and "vat_treatment" not in line and "tax_symbol" not in line.unread:
            refuse(given, "services.gross", "blank")
            refuse(given, "value.tax_values", "blank")
    if any(line.get("vat_treatment") == "exempt" for line in lines):
        _settle_exemption(books, given, old)


def _may_be_without_lines(given: Given) -> bool:
    """Those of an advance are inherited; a correction of dates has none."""
    return given.get("previous_advance_id") is not None or any(given.get(name) for name in DATES_BEFORE)


def _settle_exemption(books: Books, given: Given, old: Invoice | None) -> None:
    reason = given.get("vat_exemption", old.vat_exemption if old else None)
    usual = min(chosen(books, VatExemption), default=None)
    if reason is None and usual is not None:
        given["vat_exemption"] = codes(VatExemption)[usual]
    elif reason is None:
        refuse(given, "vat_exemption", "blank")


def _check_paid_date(given: Given, issued_on: dt.date) -> None:
    paid_on = given.get("paid_on")
    if paid_on is not None and paid_on < issued_on:
        refuse(given, "paid_on", "before_issue")


DATES_BEFORE = ("sale_date_before", "service_from_before", "service_until_before")

_NEVER_NULL = frozenset(
    {
        *("taxable_on", "payment_method", "paid_amount", "lines", "contact_id", "exchange_date_kind"),
        *("advance_amount", "third_parties", "sale_date_kind", "vat_date_kind", "currency"),
        *("number", "issued_on", "due_on", "document_markings", "corrected_number", "margin_kind"),
    }
)


def tell_next_number(call: Call, kind: Numbered, spelled: str | None) -> Answer:
    """It is not taken; what kind it is of, some kinds do not say."""
    asked = day(call.parameters, DATE_ASKED.name) or call.books.today
    number = next_number(call.books, kind, asked)
    named = {} if spelled is None else {"invoice_kind": spelled}
    return Answer(200, encode({"next_number": number, "invoice_date": asked.isoformat()} | named))


def creation(resource: Resource) -> Work:
    def create(books: Books, task: Task) -> str:
        return issue(books, task.parameters, resource).uuid

    return Work("create_invoice", resource.name, resource.shape, create)


def paying(resource: Resource) -> Work:
    def mark(books: Books, task: Task) -> str:
        invoice = find_invoice_by_uuid(books, task.subject or "")
        return pay(books, invoice, task.parameters, resource.name).uuid

    return Work("mark_as_paid", resource.name, resource.shape, mark)
