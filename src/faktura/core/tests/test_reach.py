"""Which programs get into an account, when they were used last, and how its owner puts them out of it alone."""

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

import pytest

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.errors import NotFound
from faktura.core.people.access import consents_of, give_consent, keys_of
from faktura.core.people.api_keys import add_api_key, holder_of_key
from faktura.core.people.applications import Application, register_application
from faktura.core.people.credentials import Credential
from faktura.core.people.last_used import last_uses_of_applications, write_last_uses
from faktura.core.people.reach import end_key_to, keys_to, let_in_again, programs_of_members, shut_out
from faktura.core.people.tokens import issue_access_token, visitor_with_token
from faktura.core.people.users import User, join
from faktura.store.database import Database
from tests.firm import Firm, open_firm

T = TypeVar("T")

NOON = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)


class House:
    """A firm and its owner, who is a member of another firm as well and lets Shop act for them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.firm, self.other = (open_firm(database, Clock(), slug) for slug in ("applecorp", "pearcorp"))
        self.shop, self.token = self.office(self._let_in)

    def office(self, work: Callable[[Office], T]) -> T:
        return self.database.write(lambda tx: work(Office(tx, NOON)))

    def books(self, work: Callable[[Books], T], firm: Firm | None = None) -> T:
        of = firm or self.firm
        return self.database.write(lambda tx: work(Books(tx, of.account, of.user.id, NOON)))

    def opens(self, slug: str) -> bool:
        try:
            return self.office(lambda office: visitor_with_token(office, self.token, slug)) is not None
        except NotFound:
            return False

    def _let_in(self, office: Office) -> tuple[Application, str]:
        owner = office.find(User, id=self.firm.user.id)
        join(Books(office.tx, self.other.account, None, NOON), owner, "read")
        addresses = ("https://shop.example/cb",)
        shop, _, _ = register_application(office, self.other.user, "Shop", "integration", addresses)
        return shop, issue_access_token(office, give_consent(office, self.firm.user, shop))


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def names(house: House, firm: Firm) -> set[tuple[str, str, bool]]:
    found = house.books(programs_of_members, firm)
    return {(one.application.name, one.user.email, one.is_shut_out) for one in found}


def test_an_account_shows_what_acts_for_its_members(house: House) -> None:
    house.office(lambda office: add_api_key(office, house.firm.account, house.firm.user, "sklep", ()))

    mine, others = house.firm.user.email, house.other.user.email
    assert names(house, house.firm) == {("tests", mine, False), ("Shop", mine, False)}
    assert names(house, house.other) == {("tests", mine, False), ("Shop", mine, False), ("tests", others, False)}
    assert [(key.api_key.name, key.user.email) for key in house.books(keys_to)] == [("sklep", mine)]
    assert house.books(keys_to, house.other) == []


def test_an_owner_shuts_an_application_out_of_the_account_alone_and_lets_it_in_again(house: House) -> None:
    assert house.opens("applecorp")
    house.books(lambda books: shut_out(books, house.firm.user.id, house.shop.id))

    assert not house.opens("applecorp")
    assert house.opens("pearcorp")
    assert ("Shop", house.firm.user.email, True) in names(house, house.firm)
    assert house.office(lambda office: consents_of(office, house.firm.user)) != []
    house.books(lambda books: let_in_again(books, house.firm.user.id, house.shop.id))
    assert house.opens("applecorp")
    told = [(one.name, one.details) for one in house.books(lambda books: books.all(Happening))][-2:]
    assert [name for name, _ in told] == ["member_changed", "member_changed"]
    assert ["Shop" in str(details) for _, details in told] == [True, True]


def test_an_owner_ends_the_keys_of_the_account_and_no_others(house: House) -> None:
    key = house.office(lambda office: add_api_key(office, house.firm.account, house.firm.user, "sklep", ()))
    [own] = house.office(lambda office: keys_of(office, house.firm.user))

    with pytest.raises(NotFound):
        house.books(lambda books: end_key_to(books, own.api_key.id), house.other)
    assert house.office(lambda office: holder_of_key(office, key)) is not None
    house.books(lambda books: end_key_to(books, own.api_key.id))
    assert house.office(lambda office: holder_of_key(office, key)) is None


def test_nobody_shuts_out_what_does_not_act_for_a_member(house: House) -> None:
    for user_id, application_id in ((house.other.user.id, house.shop.id), (house.firm.user.id, 999)):
        for verb in (shut_out, let_in_again):
            with pytest.raises(NotFound):
                house.books(lambda books, v=verb, u=user_id, a=application_id: v(books, u, a))  # type: ignore[misc]


def test_a_use_is_written_without_another_version_of_what_opens_doors(house: House) -> None:
    house.office(lambda office: add_api_key(office, house.firm.account, house.firm.user, "sklep", ()))
    [consent] = house.office(lambda office: consents_of(office, house.firm.user))
    [before] = house.office(lambda office: keys_of(office, house.firm.user))
    generation = house.database.generation
    uses = {Credential("grant", consent.grants[0].id): NOON, Credential("key", before.api_key.id): NOON}
    house.office(lambda office: write_last_uses(office, uses))

    [key] = house.office(lambda office: keys_of(office, house.firm.user))
    assert (key.api_key.used_at, key.api_key.version) == (NOON, before.api_key.version)
    assert house.office(lambda office: consents_of(office, house.firm.user))[0].used_at == NOON
    assert house.office(lambda office: last_uses_of_applications(office, house.other.user)) == {house.shop.id: NOON}
    assert house.office(lambda office: last_uses_of_applications(office, house.firm.user)) == {}
    assert house.database.generation == generation
