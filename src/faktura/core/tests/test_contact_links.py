"""Links by which a customer sees all of their documents: made, opened, ended."""

import datetime as dt

import pytest

from faktura.core.books.history import Happening
from faktura.core.contact_links import (
    ContactLink,
    end_contact_link,
    links_of_contact,
    make_contact_link,
    mark_link_opened,
    opened_by_secret,
)
from faktura.core.contacts import add_contact, delete_contact
from faktura.core.errors import Given, NotFound
from faktura.core.merging import merge_contacts
from faktura.core.tests.conftest import NOON, Firm, a_firm
from faktura.store.chance import SYSTEM
from faktura.store.database import Database


def made(firm: Firm, contact_id: int | None = None) -> tuple[str, ContactLink]:
    secret = SYSTEM.letters("contact_links", 32)
    return secret, firm.do(make_contact_link, contact_id or firm.contact.id, secret)


def events(firm: Firm) -> list[str]:
    found = firm.do(lambda books: books.all(Happening))
    return [happening.name for happening in found if happening.name.startswith("contact_link")]


def test_a_secret_opens_the_contact_it_was_made_for_until_it_is_ended(firm: Firm) -> None:
    secret, link = made(firm)
    assert firm.do(opened_by_secret, secret) == (link, firm.contact)

    firm.do(end_contact_link, firm.contact.id, link.id)
    with pytest.raises(NotFound):
        firm.do(opened_by_secret, secret)
    assert firm.do(links_of_contact, firm.contact.id) == []
    assert events(firm) == ["contact_link_made", "contact_link_ended"]


def test_the_secret_itself_is_kept_nowhere(firm: Firm) -> None:
    secret, link = made(firm)

    assert len(secret) >= 40
    assert secret not in str(link)
    assert secret not in str(firm.do(lambda books: books.all(Happening)))


def test_a_link_made_twice_by_the_same_secret_is_one(firm: Firm) -> None:
    secret, link = made(firm)

    assert firm.do(make_contact_link, firm.contact.id, secret) == link
    assert firm.do(links_of_contact, firm.contact.id) == [link]
    assert events(firm) == ["contact_link_made"]


def test_a_secret_opens_nothing_of_another_account(firm: Firm, database: Database) -> None:
    secret, link = made(firm)
    other = a_firm(database, "pearcorp")

    for verb, arguments in (
        (opened_by_secret, (secret,)),
        (end_contact_link, (firm.contact.id, link.id)),
        (make_contact_link, (firm.contact.id, SYSTEM.letters("contact_links", 32))),
    ):
        with pytest.raises(NotFound):
            other.do(verb, *arguments)


def test_a_link_is_ended_on_the_page_of_its_own_contact_alone(firm: Firm) -> None:
    _, link = made(firm)
    other = firm.do(add_contact, Given({"name": "Jiná firma"}))

    with pytest.raises(NotFound):
        firm.do(end_contact_link, other.id, link.id)


def test_every_day_it_is_opened_is_written_down_and_the_first_time_is_history(firm: Firm) -> None:
    _, link = made(firm)
    link = firm.do(mark_link_opened, link)
    assert firm.do(mark_link_opened, link).version == link.version
    firm.clock.stand_at(NOON + dt.timedelta(days=3))

    assert firm.do(mark_link_opened, link).opened_on == dt.date(2026, 11, 24)
    assert events(firm) == ["contact_link_made", "contact_link_opened"]


def test_two_contacts_that_are_one_keep_the_links_of_both(firm: Firm) -> None:
    other = firm.do(add_contact, Given({"name": "Odběratel"}))
    secrets = [made(firm)[0], made(firm, other.id)[0]]
    firm.do(merge_contacts, firm.contact.id, other.id, Given({}))

    assert [firm.do(opened_by_secret, secret)[1].id for secret in secrets] == [firm.contact.id] * 2


def test_links_end_with_their_contact(firm: Firm) -> None:
    secret, _ = made(firm)
    firm.do(delete_contact, firm.contact.id)

    with pytest.raises(NotFound):
        firm.do(opened_by_secret, secret)
