"""What programs are told of an event (29): one envelope for all, signed with a secret that both know."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

import msgspec

from faktura.core.books.books import Books
from faktura.core.books.history import Event, EventName
from faktura.core.books.listeners import Called, Listener, Outgoing, Teller, Terms
from faktura.core.books.tasks import Task
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.sendings import KsefSending
from faktura.dialects.infakt.async_tasks import shown_ended
from faktura.dialects.infakt.door.door import NAME
from faktura.dialects.infakt.door.values import BOOLEAN, show_instant
from faktura.dialects.infakt.invoices.fields import View
from faktura.dialects.infakt.invoices.invoices import INVOICE, RESOURCE
from faktura.dialects.infakt.ksef.status import PROGRESS, Progress, progress_of
from faktura.store.queries import Condition, Order, Selection
from faktura.wire.fields import Shape, read_only
from faktura.wire.rendered import encode

SIGNATURE = "X-Infakt-Signature"
USER_AGENT = "Infakt-Webhooks/2"

SCOPE = "invoices"

Resource = Callable[[Books, Invoice, dt.datetime], dict[str, Any]]


class Sentence(NamedTuple):
    """What an event of a document is called here, what is told of it, and of which documents."""

    name: str
    resource: Resource
    is_told: Callable[[Invoice], bool]


NESTED = frozenset(
    {
        *("services", "transaction_terms", "third_party_addresses", "related_documents", "extensions", "ksef_data"),
        *("local_government_recipient_address", "local_government_seller_address", "created_at"),
    }
)
"""What a flat invoice is without."""

FLAT: Shape[Invoice, View | None] = Shape(
    "flat_invoice",
    Invoice,
    (
        *(field for field in INVOICE.fields if field.access != "write" and field.name not in NESTED),
        read_only("check_duplicate_number", BOOLEAN, nullable=False, showing=lambda _invoice, _view: True),
    ),
)


def _flat(_books: Books, invoice: Invoice, _at: dt.datetime) -> dict[str, Any]:
    return FLAT.show(invoice, None)


def _progress(books: Books, invoice: Invoice, at: dt.datetime) -> dict[str, Any]:
    """Of the attempt that ended then, whatever was tried since."""
    chosen = Condition("invoice_id", "eq", invoice.id), Condition("finished_at", "lteq", at)
    ended = books.some_in_order(KsefSending, Selection(chosen, order=(Order("id", descending=True),)), 1)
    progress = progress_of(invoice, ended[0]) if ended else Progress(invoice.uuid, invoice.kind, None, at)
    return PROGRESS.show(progress, None)


def _is_invoice(invoice: Invoice) -> bool:
    return invoice.kind in RESOURCE.kinds


SENTENCES: Mapping[EventName, Sentence] = {
    "invoice_issued": Sentence("draft_invoice_created", _flat, lambda i: _is_invoice(i) and i.stage == "draft"),
    "invoice_deleted": Sentence("invoice_deleted", _flat, _is_invoice),
    "invoice_paid": Sentence("invoice_paid", _flat, _is_invoice),
    "invoice_accepted_by_ksef": Sentence("send_to_ksef_success", _progress, lambda _: True),
    "invoice_refused_by_ksef": Sentence("send_to_ksef_error", _progress, lambda _: True),
}

OF_TASKS: Mapping[tuple[EventName, str], str] = {
    ("task_done", "create_invoice"): "async_invoice_creation_success",
    ("task_refused", "create_invoice"): "async_invoice_creation_error",
    ("task_done", "mark_as_paid"): "invoice_marked_as_paid_via_async_api",
    ("task_refused", "mark_as_paid"): "invoice_marking_as_paid_error_via_async_api",
}
"""By what became of a task, and its action."""

NAMES: Mapping[str, Mapping[str, EventName | None]] = {
    "invoice": {
        **{sentence.name: event for event, sentence in SENTENCES.items()},
        **{name: event for (event, _action), name in OF_TASKS.items()},
    }
}


def call(event: Event) -> Called | None:
    if isinstance(event.record, Task):
        name = OF_TASKS.get((event.name, event.record.action)) if event.record.door == NAME else None
        return Called(name, SCOPE) if name else None
    sentence = SENTENCES.get(event.name)
    if sentence is None or not isinstance(event.record, Invoice) or not sentence.is_told(event.record):
        return None
    return Called(sentence.name, SCOPE)


def write(books: Books, event: Event, listener: Listener, now: dt.datetime) -> str:
    """The whole message, the same however often it is written.

    Raises:
        LookupError: nobody is told of such an event.

    """
    told = _told_of_task(event.record) if isinstance(event.record, Task) else _told(books, event, now)
    about = f"{listener.id} {told.name} {told.uuid} {now.isoformat()}"
    message = {
        "event": {
            "name": told.name,
            "uuid": str(uuid5(NAMESPACE_OID, about)),
            "created_at": show_instant(now),
            "retry_counter": 0,
        },
        "resource": {"uuid": told.uuid} if listener.discreet else told.resource,
    }
    return encode(message).decode()


class Told(NamedTuple):
    """An event by its name, and what it is about."""

    name: str
    uuid: str
    resource: Mapping[str, Any]


def _told(books: Books, event: Event, now: dt.datetime) -> Told:
    sentence, invoice = SENTENCES[event.name], msgspec.convert(event.record, Invoice)
    return Told(sentence.name, invoice.uuid, sentence.resource(books, invoice, now))


def _told_of_task(task: Task) -> Told:
    """One that failed says that it has no document."""
    event: EventName = "task_refused" if task.state == "refused" else "task_done"
    without = {"invoice_uuid": None} if task.state == "refused" else {}
    return Told(OF_TASKS[event, task.action], task.reference, without | shown_ended(task))


def send(body: str, secret: str, attempt: int) -> Outgoing:
    """Signed as it is sent, with how often it was sent before."""
    counted = body.replace('"retry_counter":0', f'"retry_counter":{attempt - 1}', 1).encode()
    headers = {"User-Agent": USER_AGENT}
    if secret:
        headers[SIGNATURE] = hmac.new(secret.encode(), counted, hashlib.sha256).hexdigest()
    return Outgoing(counted, headers)


def ask(code: str) -> str:
    """What an address is to answer before it is told anything."""
    return encode({"verification_code": code}).decode()


TERMS = Terms("inFakt", ask, frozenset({"200", "201"}), mail_after=6, off_after=10)

TELLER = Teller(
    "inFakt API v3", "/infakt/api/v3", NAMES, call, write, send, signs=True, may_be_discreet=True, terms=TERMS
)
