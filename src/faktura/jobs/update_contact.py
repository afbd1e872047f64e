"""A contact that follows the registry of its country is changed to what that says."""

import datetime as dt

import msgspec

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.registries.facts import Said
from faktura.core.registries.following import is_followed, update_from_registry
from faktura.core.registries.numbers import firm_number
from faktura.jobs import Effect, Errand, doubling, nothing_more
from faktura.outside.registries.firms import in_country

LANE = "outside"
DELAYS = doubling(dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1))


def go_out(errand: Errand, contact_id: int) -> Effect:
    home, contact = errand.read(lambda books: _followed(books, contact_id))
    named = None if contact is None else firm_number(contact, home)
    if errand.reach.registries is None or contact is None or named is None:
        return nothing_more
    registry = in_country(errand.reach.registries, named.country)
    answer = None if registry is None else registry.answer(named.number)
    if answer is None or answer.state != "found":
        return nothing_more
    said = msgspec.convert(answer.said, Said)
    return lambda books: update_from_registry(books, contact, said)


def _followed(books: Books, contact_id: int) -> tuple[str, Contact | None]:
    contact = books.look_up(Contact, id=contact_id)
    asks = contact is not None and not books.account.blocked and is_followed(books, contact)
    return books.account.country, contact if asks else None
