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
from faktura.core.books.listeners import Called, Listener, Outgoing, Teller
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.sendings import KsefSending
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
    """What an event is called here, what is told of it, and of which documents."""

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

NAMES: Mapping[str, Mapping[str, EventName | None]] = {
    "invoice": {
        **{sentence.name: event for event, sentence in SENTENCES.items()},
        # What a task comes to is asked for, and no event of the books.
        "async_invoice_creation_success": None,
        "async_invoice_creation_error": None,
    }
}


def call(event: Event) -> Called | None:
    sentence = SENTENCES.get(event.name)
    if sentence is None or not isinstance(event.record, Invoice) or not sentence.is_told(event.record):
        return None
    return Called(sentence.name, SCOPE)


def write(books: Books, event: Event, listener: Listener, now: dt.datetime) -> str:
    """The whole message, the same however often it is written.

    Raises:
        LookupError: nobody is told of such an event.

    """
    sentence, invoice = SENTENCES[event.name], msgspec.convert(event.record, Invoice)
    about = f"{listener.id} {sentence.name} {invoice.uuid} {now.isoformat()}"
    message = {
        "event": {
            "name": sentence.name,
            "uuid": str(uuid5(NAMESPACE_OID, about)),
            "created_at": show_instant(now),
            "retry_counter": 0,
        },
        "resource": sentence.resource(books, invoice, now),
    }
    return encode(message).decode()


def send(body: str, secret: str, attempt: int) -> Outgoing:
    """Signed as it is sent, with how often it was sent before."""
    counted = body.replace('"retry_counter":0', f'"retry_counter":{attempt - 1}', 1).encode()
    headers = {"User-Agent": USER_AGENT}
    if secret:
        headers[SIGNATURE] = hmac.new(secret.encode(), counted, hashlib.sha256).hexdigest()
    return Outgoing(counted, headers)


TELLER = Teller("inFakt API v3", "/infakt/api/v3", NAMES, call, write, send, signs=True)
