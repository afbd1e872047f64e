"""Two contacts that are one: everything that names the other names the kept one, and the other goes."""

from collections.abc import Iterator

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences, named_event
from faktura.core.contacts import Contact, change_contact, delete_contact, find_contact
from faktura.core.documents.record import Document
from faktura.core.errors import Given, Invalid, Problem
from faktura.store.pointers import is_inside, pointers_of
from faktura.store.queries import Condition, Selection
from faktura.store.records import RECORDS, Tenant, changed


def merge_contacts(books: Books, kept_id: int, gone_id: int, given: Given) -> Contact:
    """The kept contact, with the given values; documents say of their buyer what they said when they were issued.

    Raises:
        NotFound: there is no such contact.
        Invalid: both are one already, or a value breaks a rule.

    """
    kept, gone = find_contact(books, kept_id), find_contact(books, gone_id)
    if kept.id == gone.id:
        raise Invalid({"gone_id": [Problem("not_together")]})
    for attribute, record in _naming(books, gone):
        new = books.change(record, changed(record, **{attribute: kept.id}))
        if isinstance(new, Document):
            books.note_event(Event(named_event(new.noun, "changed"), new, differences(record, new)))
    delete_contact(books, gone.id)
    books.note_event(Event("contact_merged", kept, {"name": (gone.name, kept.name)}))
    return change_contact(books, kept.id, given)


def _naming(books: Books, contact: Contact) -> Iterator[tuple[str, Tenant]]:
    """Every record that refers to the contact or remembers it, and by which attribute."""
    for cls in RECORDS.values():
        if not issubclass(cls, Tenant):
            continue
        for pointer in pointers_of(cls):
            if pointer.leads == Contact.table_name and not is_inside(cls, pointer):
                named = Selection((Condition(pointer.attribute, "eq", contact.id),))
                yield from ((pointer.attribute, record) for record in books.all(cls, named))
