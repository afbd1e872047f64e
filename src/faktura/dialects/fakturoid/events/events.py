"""Events (2.16): the history, as far as the contract has words for it."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import msgspec

from faktura.core.books.books import Books
from faktura.core.books.feed import Sought, last_happenings
from faktura.core.books.history import DELETIONS, EventName, Happening
from faktura.core.books.office import Office
from faktura.core.contacts import Contact
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message
from faktura.core.people.users import User
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.paging import PAGE, PAGE_LENGTH, SINCE, offset_of
from faktura.dialects.fakturoid.door.values import MOMENT, TEXT
from faktura.dialects.fakturoid.events.names import CHANGES, GENERATED, PAID, TOLD, name_of, params_of_change
from faktura.dialects.fakturoid.parts.related import (
    CALLED,
    PARAMS,
    RECURRING,
    RELATED_OBJECTS,
    Key,
    Params,
    called,
    kind_of,
    records_named,
    shown_related,
)
from faktura.dialects.fakturoid.parts.seeking import SUBJECT_ID
from faktura.outputs.words.words import events_in
from faktura.store.queries import Condition, Order, Selection
from faktura.wire.endpoints import Answer, Endpoint
from faktura.wire.fields import Kind, Shape, read_only

NOBODY = "faktura"
"""Whose name stands where no person did it."""


class Told(NamedTuple):
    """An event with what it tells of: who did it, what of, by which letter, and the document that came of it.

    A record that is gone is None, and `was` what it was when it was deleted.
    """

    happening: Happening
    user: User | None
    record: Any
    was: Mapping[str, Any]
    letter: Message | None
    made: Invoice | None
    language: str


def _name(told: Told, _view: None) -> str:
    of_proforma = getattr(told.record, "kind", told.was.get("kind")) == "proforma"
    return name_of(told.happening, of_proforma=of_proforma, thanked=told.letter is not None)


def _text(told: Told, _view: None) -> str:
    happening = told.happening
    said, called = events_in(told.language)[happening.name], _called(told)
    return f"{said}: {called}" if called else said


def _called(told: Told) -> str:
    """What it is about: a record that is gone is called as it was."""
    happening = told.happening
    if told.record is not None:
        return called(told.record)
    name = next((name for cls, name in CALLED.items() if cls.table_name == happening.kind), "")
    return str(happening.number or told.was.get(name) or "")


def _related(told: Told, _view: None) -> list[Any]:
    happening = told.happening
    if happening.name.startswith("scan_"):
        return []
    kind = RECURRING if told.was.get("recurring") else kind_of(happening.kind, told.record)
    made = () if told.made is None else ((Invoice.table_name, told.made.id),)
    return shown_related((*made, (kind, happening.record_id), (Contact.table_name, happening.contact_id)))


def _user(told: Told, _view: None) -> dict[str, Any]:
    user = told.user
    if user is None:
        return {"id": None, "full_name": NOBODY, "avatar": None}
    return {"id": user.id, "full_name": user.full_name, "avatar": user.avatar_url}


def _params(told: Told, _view: None) -> Params:
    happening, letter = told.happening, told.letter
    if happening.name in CHANGES:
        return params_of_change(happening)
    params: Params = {}
    if happening.name == "scan_added":
        params = {"filename": _filename(happening)}
    if happening.name in PAID:
        params = {"date": (happening.details or {}).get("paid_on", (None, None))[1]}
    if letter is not None:
        params |= {"email": letter.recipient, "email_copy": letter.copy}
        params |= {"email_subject": letter.subject, "email_body": letter.body}
    return {**params, "marked": "false"} if happening.name == "invoice_sent" else params


def _filename(happening: Happening) -> str:
    [file] = (happening.details or {})["attachments"][1]
    return str(file["filename"])


USER = Kind(
    {
        "type": "object",
        "properties": {
            "id": {"type": ["integer", "null"]},
            "full_name": {"type": "string"},
            "avatar": {"type": ["string", "null"]},
        },
    },
    lambda _value: None,
)

EVENT: Shape[Told, None] = Shape(
    "event",
    Told,
    (
        read_only("name", TEXT, nullable=False, showing=_name),
        read_only("created_at", MOMENT, "happening.created_at", nullable=False),
        read_only("text", TEXT, nullable=False, showing=_text),
        read_only("related_objects", RELATED_OBJECTS, nullable=False, showing=_related),
        read_only("user", USER, nullable=False, showing=_user),
        read_only("params", PARAMS, nullable=False, showing=_params),
    ),
)


def list_events(call: Call) -> Answer:
    return _page(call, TOLD)


def list_paid(call: Call) -> Answer:
    return _page(call, PAID)


def _page(call: Call, names: tuple[EventName, ...]) -> Answer:
    """Of documents only those that the caller is let into."""
    scopes = getattr(call.caller, "scopes", ())
    closed = tuple(f"{noun}_" for noun, scope in _SCOPES.items() if scope not in scopes)
    open_to = tuple(name for name in names if not name.startswith(closed))
    sought = Sought(open_to, call.query.get("since"), call.query.get("subject_id"))
    happened = last_happenings(call.books, sought, PAGE_LENGTH, offset_of(call.query))
    told = _told(call.books, happened, call.language)
    return Answer(200, msgspec.json.encode([EVENT.show(one, None) for one in told]))


def _told(books: Books, happened: list[Happening], language: str) -> list[Told]:
    office = Office(books.tx, books.now)
    users = {user_id: office.look_up(User, id=user_id) for user_id in {h.user_id for h in happened if h.user_id}}
    keys = {(h.kind, h.record_id) for h in happened}
    records = records_named(books, keys)
    gone = _gone(books, keys - records.keys())
    named = {h.id: h.letter_id for h in happened if h.letter_id} | _thanks_for(books, happened)
    letters = {one.id: one for one in books.some(Message, sorted(set(named.values())))}
    made = _generated(books, happened)

    def told(h: Happening) -> Told:
        letter, key = letters.get(named.get(h.id, 0)), (h.kind, h.record_id)
        user = users.get(h.user_id or 0)
        return Told(h, user, records.get(key), gone.get(key, {}), letter, made.get(h.id), language)

    return [told(h) for h in happened]


def _gone(books: Books, keys: Collection[Key]) -> dict[Key, Mapping[str, Any]]:
    """Of records that were deleted, what they were then."""
    found: dict[Key, Mapping[str, Any]] = {}
    for kind in sorted({kind for kind, _ in keys} & {cls.table_name for cls in CALLED}):
        ids = tuple(sorted(record_id for one, record_id in keys if one == kind))
        of_them = Condition("kind", "eq", kind), Condition("record_id", "in", ids), Condition("name", "in", DELETIONS)
        for deletion in books.all(Happening, Selection(of_them)):
            found[kind, deletion.record_id] = deletion.snapshot or {}
    return found


def _generated(books: Books, happened: list[Happening]) -> dict[int, Invoice]:
    """By event of a generator that issued, the document, as long as it is there."""
    numbers = {h.id: (h.record_id, (h.details or {}).get("number", ("", ""))[1]) for h in happened if _generates(h)}
    if not numbers:
        return {}
    named = Condition("number", "in", tuple(sorted({number for _, number in numbers.values()})))
    found = {(one.generator_id, one.number): one for one in books.all(Invoice, Selection((named,)))}
    return {happening_id: found[key] for happening_id, key in numbers.items() if key in found}


def _generates(happening: Happening) -> bool:
    return happening.name in GENERATED


def _thanks_for(books: Books, happened: list[Happening]) -> dict[int, int]:
    """By event of an invoice that was paid, the letter that thanked for it."""
    ids = tuple(sorted({h.record_id for h in happened if h.name == "invoice_paid"}))
    if not ids:
        return {}
    conditions = (
        Condition("kind", "eq", Invoice.table_name),
        Condition("record_id", "in", ids),
        Condition("name", "in", ("invoice_paid", "invoice_thanked")),
    )
    thanks: dict[int, int] = {}
    paid: dict[int, int] = {}
    for one in books.all(Happening, Selection(conditions, order=(Order("id"),))):
        if one.letter_id is None:
            paid[one.record_id] = one.id
        elif one.record_id in paid:
            thanks[paid[one.record_id]] = one.letter_id
    return thanks


_SCOPES = {"invoice": "invoices", "expense": "expenses", "scan": "expenses", "generator": "invoices"}
"""By noun, what must be open to whoever sees its events."""


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/accounts/{slug}/events.json",
        serve=list_events,
        about="List what happened",
        parameters=(SINCE, SUBJECT_ID, PAGE),
        answers={200: [EVENT]},
    ),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/events/paid.json",
        serve=list_paid,
        about="List what was paid",
        parameters=(SINCE, SUBJECT_ID, PAGE),
        answers={200: [EVENT]},
    ),
)
