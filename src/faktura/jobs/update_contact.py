"""Contacts that follow the registry of their country are changed to what that says: one, or as many as go in a call."""

import datetime as dt

import msgspec

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.registries.facts import Said
from faktura.core.registries.following import is_followed, update_from_registry
from faktura.core.registries.numbers import FirmNumber, firm_number
from faktura.jobs import Effect, Errand, doubling, nothing_more
from faktura.outside.registries.firms import in_country

LANE = "outside"
DELAYS = doubling(dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1))


def go_out(errand: Errand, *contact_ids: int) -> Effect:
    """Those of one country; an answer counts that came after they were changed last, by whomever."""
    followed = errand.read(lambda books: _followed(books, contact_ids))
    if errand.reach.registries is None or not followed:
        return nothing_more
    registry = in_country(errand.reach.registries, followed[0][1].country)
    if registry is None:
        return nothing_more
    since = max(contact.updated_at for contact, _ in followed)
    answers = registry.answers([named.number for _, named in followed], since)

    def write_down(books: Books) -> None:
        for contact, named in followed:
            answer = answers.get(named.number)
            if answer is not None and answer.state == "found":
                update_from_registry(books, contact, msgspec.convert(answer.said, Said))

    return write_down


def _followed(books: Books, contact_ids: tuple[int, ...]) -> list[tuple[Contact, FirmNumber]]:
    found = [] if books.account.blocked else books.some(Contact, list(contact_ids))
    asked = [contact for contact in found if is_followed(books, contact)]
    numbers = [(contact, firm_number(contact, books.account.country)) for contact in asked]
    return [(contact, named) for contact, named in numbers if named is not None]
