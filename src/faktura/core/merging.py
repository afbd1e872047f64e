"""Two contacts that are one: everything that names the other names the kept one, and the other goes."""

from collections.abc import Iterator

from faktura.core.books.books import Books
from faktura.core.books.history import Event, named_event
from faktura.core.contacts import Contact, change_contact, delete_contact, find_contact
from faktura.core.documents.record import Document
from faktura.core.errors import Given, Invalid, Problem
from faktura.store.pointers import is_inside, pointers_of
from faktura.store.records import RECORDS, Tenant


def merge_contacts(books: Books, kept_id: int, gone_id: int, given: Given) -> Contact:
    """The kept contact, with the given values; documents say of their buyer what they said when they were issued.

    Raises:
        NotFound: there is no such contact.
        Invalid: both are one already, or a value breaks a rule.

    """
    kept, gone = find_contact(books, kept_id), find_contact(books, gone_id)
    if kept.id == gone.id:
        raise Invalid({"gone_id": [Problem("not_together")]})
    for cls, attribute in _naming(Contact):
        for some in books.redirect(cls, attribute, gone.id, kept.id):
            if issubclass(cls, Document):
                one = books.find(cls, some[0][0])
                books.note_alike(Event(named_event(cls.noun, "changed"), one, {attribute: (gone.id, kept.id)}), some)
    delete_contact(books, gone.id)
    books.note_event(Event("contact_merged", kept, {"name": (gone.name, kept.name)}))
    return change_contact(books, kept.id, given)


def _naming(named: type[Tenant]) -> Iterator[tuple[type[Tenant], str]]:
    """Every sort of record that refers to such a record or remembers it, and by which attribute."""
    for cls in RECORDS.values():
        if issubclass(cls, Tenant):
            for pointer in pointers_of(cls):
                if pointer.leads == named.table_name and not is_inside(cls, pointer):
                    yield cls, pointer.attribute
