"""A door that tells of a few events, for tests of what is none of a dialect's."""

import datetime as dt
import json
from collections.abc import Mapping

from faktura.core.books.books import Books
from faktura.core.books.history import Event, EventName
from faktura.core.books.listeners import Called, Listener, Teller

NAMES: Mapping[str, Mapping[str, EventName | None]] = {
    "invoice": {"invoice_created": "invoice_issued", "invoice_restored": None},
    "subject": {"subject_created": "contact_added", "subject_removed": "contact_deleted"},
}

SCOPES = {"invoice_issued": "invoices"}


def call(event: Event) -> Called | None:
    names = {ours: theirs for of_noun in NAMES.values() for theirs, ours in of_noun.items()}
    return Called(names[event.name], SCOPES.get(event.name, "")) if event.name in names else None


def write(books: Books, event: Event, listener: Listener, now: dt.datetime) -> str:
    about = {"account": books.account.slug, "id": event.record.id, "version": event.record.version}
    return json.dumps({"to": listener.id, "event_name": event.name, "at": f"{now:%H:%M}", "about": about})


DOOR = Teller("A door", "/door", NAMES, call, write)
