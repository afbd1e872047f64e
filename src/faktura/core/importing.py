"""Contacts that come in a table: each row is added, or changes the contact that it is about, or says what is wrong."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, add_contact, change_contact, find_contact
from faktura.core.errors import Given, Invalid, LimitReached, Problem, Refusal

Result = Literal["added", "changed", "same", "refused", "limit"]

KNOWN_BY = ("custom_id", "registration_no")
"""What a row and a contact may have in common so that the row is about that contact."""


class Row(NamedTuple):
    """The result of the row of that number; `problems` are by attribute."""

    number: int
    name: str
    result: Result
    problems: dict[str, list[Problem]] = {}  # noqa: RUF012 (never written to)


class OnlyTried(Refusal):
    """The rows were tried and nothing of them is to be kept; `rows` say what the result of each would be."""

    def __init__(self, rows: list[Row]) -> None:
        super().__init__(f"{len(rows)} rows tried")
        self.rows = rows


def import_contacts(books: Books, given: Iterable[Given]) -> list[Row]:
    """Add or change a contact for each row; a row that is refused changes nothing, the others are done."""
    known = _Known(books)
    return [_taken_in(books, known, number, row) for number, row in enumerate(given, 1)]


def try_import(books: Books, given: Iterable[Given]) -> None:
    """Do the same and undo it.

    Raises:
        OnlyTried: always, which takes the transaction back.

    """
    raise OnlyTried(import_contacts(books, given))


class _Known:
    """Contacts by what they are known by, those that came in rows before among them."""

    def __init__(self, books: Books) -> None:
        self._by: dict[tuple[str, str], list[int]] = defaultdict(list)
        for contact in books.all(Contact):
            self.remember(contact)

    def remember(self, contact: Contact) -> None:
        for attribute in KNOWN_BY:
            value = getattr(contact, attribute)
            if value and contact.id not in (ids := self._by[attribute, value]):
                ids.append(contact.id)

    def about(self, row: Given) -> int | None:
        """The id of the contact that a row is about; where several have its number, none is."""
        found = (self._by.get((attribute, row.get(attribute) or ""), []) for attribute in KNOWN_BY)
        return next((ids[0] for ids in found if len(ids) == 1), None)


def _taken_in(books: Books, known: _Known, number: int, row: Given) -> Row:
    name, contact_id = str(row.get("name") or ""), known.about(row)
    try:
        if contact_id is None:
            known.remember(add_contact(books, row))
            return Row(number, name, "added")
        old = find_contact(books, contact_id)
        kept = change_contact(books, contact_id, row)
    except Invalid as invalid:
        return Row(number, name, "refused", invalid.problems)
    except LimitReached:
        return Row(number, name, "limit")
    known.remember(kept)
    return Row(number, name or kept.name, "same" if kept.version == old.version else "changed")
