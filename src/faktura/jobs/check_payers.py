"""Whether the Czech payers that an account deals with are to be relied on, a hundred at a time."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.registries.payers import MOST, note_payer, numbers_of, payers_dealt_with
from faktura.jobs import Effect, Errand, doubling, nothing_more

LANE = "outside"
DELAYS = doubling(dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(hours=12))


def go_out(errand: Errand, after: int = 0) -> Effect:
    registries = errand.reach.registries
    home, contacts = errand.read(lambda books: _dealt_with(books, after))
    if registries is None or not registries.has("crpdph") or not contacts:
        return nothing_more
    numbers = numbers_of(contacts, home)
    answers = registries.ask_all("crpdph", list(numbers.values()))

    def write_down(books: Books) -> None:
        for contact_id, number in numbers.items():
            if number in answers:
                note_payer(books, contact_id, answers[number])
        if len(contacts) == MOST:
            books.later("check_payers", contacts[-1].id)

    return write_down


def _dealt_with(books: Books, after: int) -> tuple[str, list[Contact]]:
    return books.account.country, [] if books.account.blocked else payers_dealt_with(books, after)
