"""Todos (2.17): what needs a person, in the contract's words as far as it has some."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.errors import NotAllowed
from faktura.core.todos import Todo, TodoName, find_todo, todos_seen, toggle
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.paging import PAGE, PAGE_LENGTH, SINCE, filters_of, offset_of
from faktura.dialects.fakturoid.door.values import INTEGER, MOMENT, TEXT
from faktura.dialects.fakturoid.parts.related import (
    PARAMS,
    RELATED_OBJECTS,
    Key,
    Params,
    called,
    kind_of,
    records_named,
    shown_related,
)
from faktura.outputs.words.words import todos_in
from faktura.store.queries import Selection
from faktura.wire.endpoints import Answer, Endpoint
from faktura.wire.fields import Shape, read_only

NAMES: Mapping[TodoName, str] = {
    "letter_undelivered": "email_bounced",
    "invoice_overdue": "invoice_overdue",
    # The contract knows that there is one (2.9, remind_due_date), and no name for it.
    "expense_due": "expense_due",
    "contact_unreliable": "subject_unreliable_vat_payer",
    "contact_reliable": "subject_reliable_vat_payer",
    "generator_failed": "generator_failed",
    "generator_finished": "generator_finished",
    "webhook_failed": "webhook_failed",
    # As with an expense: the contract has items that are low, and no todo for them.
    "product_low": "inventory_item_low_quantity",
    # The contract has no look at VAT numbers of other countries.
    "buyer_vat_no_invalid": "invoice_invalid_vat_number",
    # Nor does it check e-invoices.
    "e_invoice_faulty": "invoice_faulty_e_invoice",
    # Nor does it know KSeF.
    "ksef_disconnected": "ksef_disconnected",
    "ksef_certificate_ends": "ksef_certificate_ends",
    "ksef_not_connected": "ksef_not_connected",
    "ksef_refused": "invoice_refused_by_ksef",
    "ksef_failed": "invoice_not_sent_to_ksef",
    "ksef_overdue": "invoice_late_for_ksef",
}

NAMING: Mapping[TodoName, str] = {"webhook_failed": "webhook_id", "product_low": "inventory_item_id"}
"""What has no type among related objects is named by a parameter."""


class Told(NamedTuple):
    """A todo with the record that it is about, in the language of who asks."""

    todo: Todo
    record: Any
    language: str


def _text(told: Told, _view: None) -> str:
    said, name = todos_in(told.language)[told.todo.name], called(told.record)
    return f"{said}: {name}" if name else said


def _related(told: Told, _view: None) -> list[Any]:
    todo, record = told.todo, told.record
    keys = (kind_of(todo.kind, record), todo.record_id), (Contact.table_name, getattr(record, "contact_id", None))
    return shown_related(keys)


def _params(told: Told, _view: None) -> Params:
    todo = told.todo
    if todo.name == "letter_undelivered":
        return {**todo.params, "inactive": "false"}
    named = NAMING.get(todo.name)
    return {named: str(todo.record_id)} if named else {}


TODO: Shape[Told, None] = Shape(
    "todo",
    Told,
    (
        read_only("id", INTEGER, "todo.id", nullable=False),
        read_only("name", TEXT, nullable=False, showing=lambda told, _: NAMES[told.todo.name]),
        read_only("created_at", MOMENT, "todo.created_at", nullable=False),
        read_only("completed_at", MOMENT, "todo.done_at"),
        read_only("text", TEXT, nullable=False, showing=_text),
        read_only("related_objects", RELATED_OBJECTS, nullable=False, showing=_related),
        read_only("params", PARAMS, nullable=False, showing=_params),
    ),
)


def list_todos(call: Call) -> Answer:
    """Those alone that are about what the caller is let into."""
    seen = todos_seen(_scopes(call))
    chosen = Selection((*seen.conditions, *filters_of(call.query)), order=seen.order)
    found = call.books.some_in_order(Todo, chosen, PAGE_LENGTH, offset_of(call.query))
    return Answer(200, msgspec.json.encode([TODO.show(told, None) for told in _told(call.books, found, call.language)]))


def toggle_completion(call: Call) -> Answer:
    """Have it done, or to do again.

    Raises:
        NotFound: there is no such todo.
        NotAllowed: the caller is not let into what it is about.

    """
    scope = find_todo(call.books, call.id).scope
    if scope is not None and scope not in _scopes(call):
        raise NotAllowed(scope)
    [told] = _told(call.books, [toggle(call.books, call.id)], call.language)
    return Answer(200, msgspec.json.encode(TODO.show(told, None)))


def _scopes(call: Call) -> Any:
    return getattr(call.caller, "scopes", ())


def _told(books: Books, found: Iterable[Todo], language: str) -> list[Told]:
    found = list(found)
    keys: list[Key] = [(todo.kind, todo.record_id) for todo in found]
    records = records_named(books, keys)
    return [Told(todo, records.get(key), language) for todo, key in zip(found, keys, strict=True)]


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/accounts/{slug}/todos.json",
        serve=list_todos,
        about="List what is to be done, and what was",
        parameters=(SINCE, PAGE),
        answers={200: [TODO]},
    ),
    Endpoint(
        method="POST",
        path="/accounts/{slug}/todos/{id}/toggle_completion.json",
        serve=toggle_completion,
        about="Complete a todo, or have it to do again",
        answers={200: TODO},
    ),
)
