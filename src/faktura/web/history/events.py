"""An event as people read it: who did what to which record, and what that changed."""

from collections.abc import Iterable
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.people.users import User
from faktura.web.history.changes import Change, Kept, changes_of, kept_of
from faktura.web.history.records import NAMED_BY, called, page_of


class Done(NamedTuple):
    """Something that happened, and by whose hand; nobody's is the program's or the customer's.

    `subject` is what the record is called, or was while it was there; `address` leads to its page as long as it is.
    """

    happening: Happening
    by: str | None
    changes: list[Change]
    kept: list[Kept]
    subject: str = ""
    address: str = ""


def done_in(books: Books, happened: Iterable[Happening]) -> list[Done]:
    """The events with the names of who did them and of what they are about."""
    happened = list(happened)
    names = _people(books, happened)
    subjects = called(books, [(h.kind, h.record_id) for h in happened])

    def done(h: Happening) -> Done:
        subject = subjects.get((h.kind, h.record_id))
        address = "" if subject is None else page_of(books.account.slug, h.kind, h.record_id)
        return Done(h, names.get(h.user_id or 0), changes_of(h), kept_of(h), subject or _gone(h), address)

    return [done(h) for h in happened]


def _people(books: Books, happened: list[Happening]) -> dict[int, str]:
    office = Office(books.tx, books.now)
    ids = {h.user_id for h in happened if h.user_id is not None}
    found = {user_id: office.look_up(User, id=user_id) for user_id in ids}
    return {user_id: user.full_name for user_id, user in found.items() if user is not None}


def _gone(happening: Happening) -> str:
    return str((happening.snapshot or {}).get(NAMED_BY.get(happening.kind, "name"), ""))
