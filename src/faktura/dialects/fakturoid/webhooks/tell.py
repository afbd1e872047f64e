"""What programs are told of an event (2.18.2): the record as the API shows it at that moment, and what came with it."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from faktura.core.books.books import Books
from faktura.core.books.history import DocumentEvent, Event, EventName, named_event
from faktura.core.books.listeners import Called, Listener, Teller
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.values import show_moment
from faktura.dialects.fakturoid.expenses.fields import EXPENSE, EXPENSE_PAYMENT
from faktura.dialects.fakturoid.expenses.inbox_files import INBOX_FILE
from faktura.dialects.fakturoid.generators.fields import GENERATOR, RECURRING_GENERATOR
from faktura.dialects.fakturoid.inventory.items import INVENTORY_ITEM
from faktura.dialects.fakturoid.inventory.moves import INVENTORY_MOVE
from faktura.dialects.fakturoid.invoices.fields import INVOICE
from faktura.dialects.fakturoid.invoices.parts import PAYMENT
from faktura.dialects.fakturoid.parts.payments import Paid
from faktura.dialects.fakturoid.subjects import SUBJECT
from faktura.dialects.fakturoid.webhooks.names import BY_NOUN
from faktura.wire.fields import Shape
from faktura.wire.rendered import encode

Beside = Callable[[Event, View], dict[str, Any]]
"""The extra keys of a body."""


class Noun(NamedTuple):
    """How a record is shown, and what one must be let into to hear of it."""

    shape: Shape[Any, View]
    scope: str = ""


class Sentence(NamedTuple):
    """What an event is called here."""

    name: str
    noun: Noun
    beside: Beside | None = None


def call(event: Event) -> Called | None:
    sentence = _sentence(event)
    return None if sentence is None else Called(sentence.name, sentence.noun.scope)


def write(books: Books, event: Event, listener: Listener, now: dt.datetime) -> str:
    """The whole message.

    Raises:
        LookupError: nobody is told of such an event.

    """
    sentence = _sentence(event)
    if sentence is None:
        raise LookupError(event.name)
    shape, view = sentence.noun.shape, View(listener.api_root, listener.web_root, books.account)
    beside = {} if sentence.beside is None else sentence.beside(event, view)
    message = {
        "webhook_id": listener.id,
        "event_name": sentence.name,
        "created_at": show_moment(now),
        "body": {shape.name: shape.show(event.record, view)} | beside,
    }
    return encode(message).decode()


def _sentence(event: Event) -> Sentence | None:
    return (OF_RECURRING if getattr(event.record, "recurring", False) else SENTENCES).get(event.name)


def _payment(shape: Shape[Paid, View]) -> Beside:
    """The payment that came in; one that is only said to be paid has none."""

    def show(event: Event, view: View) -> dict[str, Any]:
        came = _payments(event)[1]
        return {"payment": shape.show(Paid(came[-1], event.record), view) if came else None}  # type: ignore[arg-type]

    return show


def _issued(event: Event, view: View) -> dict[str, Any]:
    return {"invoice": INVOICE.show(event.made, view)}  # type: ignore[arg-type]


def _item(event: Event, view: View) -> dict[str, Any]:
    return {"inventory_item": INVENTORY_ITEM.show(event.made, view)}  # type: ignore[arg-type]


def _entered(event: Event, view: View) -> dict[str, Any]:
    return {"expense": EXPENSE.show(event.made, view)}  # type: ignore[arg-type]


def _payments_gone(shape: Shape[Paid, View]) -> Beside:
    def show(event: Event, view: View) -> dict[str, Any]:
        gone = _payments(event)[0]
        return {"payments": [shape.show(Paid(payment, event.record), view) for payment in gone]}  # type: ignore[arg-type]

    return show


def _payments(event: Event) -> tuple[Any, Any]:
    """Those that were there before and are not now, and the reverse."""
    return (event.details or {}).get("payments", ((), ()))


_SUBJECT = Noun(SUBJECT)
_INVOICE = Noun(INVOICE, "invoices")
_EXPENSE = Noun(EXPENSE, "expenses")
_INBOX_FILE = Noun(INBOX_FILE, "expenses")
_GENERATOR = Noun(GENERATOR, "invoices")
_RECURRING = Noun(RECURRING_GENERATOR, "invoices")
_ITEM = Noun(INVENTORY_ITEM)
_MOVE = Noun(INVENTORY_MOVE)


def _of_document(noun: Noun, payment: Shape[Paid, View], begun: EventName) -> dict[EventName, Sentence]:
    """What happens to documents of both sorts."""
    name = noun.shape.name
    told: dict[DocumentEvent, tuple[str, Beside | None]] = {
        "changed": ("updated", None),
        "overdue": ("overdue", None),
        "deleted": ("removed", None),
        "paid": ("paid", _payment(payment)),
        "payment_added": ("payment_added", _payment(payment)),
        "payment_removed": ("payment_removed", _payments_gone(payment)),
        "locked": ("locked", None),
        "unlocked": ("unlocked", None),
    }
    sentences = {begun: Sentence(f"{name}_created", noun)}
    for ours, (theirs, beside) in told.items():
        sentences[named_event(name, ours)] = Sentence(f"{name}_{theirs}", noun, beside)
    return sentences


SENTENCES: Mapping[EventName, Sentence] = {
    "contact_added": Sentence("subject_created", _SUBJECT),
    "contact_changed": Sentence("subject_updated", _SUBJECT),
    "contact_deleted": Sentence("subject_removed", _SUBJECT),
    **_of_document(_INVOICE, PAYMENT, "invoice_issued"),
    **_of_document(_EXPENSE, EXPENSE_PAYMENT, "expense_entered"),
    "product_added": Sentence("inventory_item_created", _ITEM),
    "product_changed": Sentence("inventory_item_updated", _ITEM),
    "product_deleted": Sentence("inventory_item_removed", _ITEM),
    "product_archived": Sentence("inventory_item_archived", _ITEM),
    "product_unarchived": Sentence("inventory_item_unarchived", _ITEM),
    "stock_move_added": Sentence("inventory_move_created", _MOVE, _item),
    "stock_move_changed": Sentence("inventory_move_updated", _MOVE, _item),
    "stock_move_deleted": Sentence("inventory_move_removed", _MOVE, _item),
    "scan_added": Sentence("inbox_file_created", _INBOX_FILE),
    "scan_asked_to_be_read": Sentence("inbox_file_updated", _INBOX_FILE),
    "scan_changed": Sentence("inbox_file_updated", _INBOX_FILE),
    "scan_read": Sentence("inbox_file_ocr_processed", _INBOX_FILE),
    "scan_reading_failed": Sentence("inbox_file_ocr_processing_failed", _INBOX_FILE),
    "scan_reading_refused": Sentence("inbox_file_ocr_processing_rejected", _INBOX_FILE),
    "scan_entered": Sentence("inbox_file_removed", _INBOX_FILE, _entered),
    "scan_deleted": Sentence("inbox_file_removed", _INBOX_FILE),
    "generator_added": Sentence("generator_created", _GENERATOR),
    "generator_changed": Sentence("generator_updated", _GENERATOR),
    "generator_deleted": Sentence("generator_removed", _GENERATOR),
    "invoice_sent": Sentence("invoice_sent", _INVOICE),
    # No e-mail went out (2.6.2).
    "invoice_marked_as_sent": Sentence("invoice_updated", _INVOICE),
    "invoice_cancelled": Sentence("invoice_cancelled", _INVOICE),
    "invoice_cancellation_removed": Sentence("invoice_cancellation_removed", _INVOICE),
    "invoice_uncollectible": Sentence("invoice_uncollectible", _INVOICE),
    "invoice_uncollectible_removed": Sentence("invoice_uncollectible_removed", _INVOICE),
}
"""By event of the core; of what has no name here nobody is told."""

OF_RECURRING: Mapping[EventName, Sentence] = {
    "generator_added": Sentence("recurring_generator_created", _RECURRING),
    "generator_changed": Sentence("recurring_generator_updated", _RECURRING),
    "generator_activated": Sentence("recurring_generator_updated", _RECURRING),
    "generator_skipped": Sentence("recurring_generator_updated", _RECURRING),
    "generator_paused": Sentence("recurring_generator_paused", _RECURRING),
    "generator_deleted": Sentence("recurring_generator_removed", _RECURRING),
    "generator_issued": Sentence("recurring_generator_invoice_created", _RECURRING, _issued),
    "generator_run": Sentence("recurring_generator_invoice_created", _RECURRING, _issued),
}
"""The same of generators that issue by themselves."""


def _event_called(name: str) -> EventName | None:
    every = (*OF_RECURRING.items(), *SENTENCES.items())
    return next((event for event, sentence in every if sentence.name == name), None)


NAMES: Mapping[str, Mapping[str, EventName | None]] = {
    noun: {f"{noun}_{happened}": _event_called(f"{noun}_{happened}") for happened in happenings}
    for noun, happenings in BY_NOUN.items()
}
"""By noun, all that one may subscribe to, with what it is here."""

TELLER = Teller("Fakturoid API v3", "/fakturoid/api/v3", NAMES, call, write)
