"""Whoever and whatever is put out opens nothing any more."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import pytest

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.errors import NotFound
from faktura.core.people.access import (
    add_application,
    add_key,
    applications_of,
    consents_of,
    end_application,
    end_consent,
    end_key,
    end_session,
    end_sessions,
    give_consent,
    keys_of,
    remove_member,
    renew_secret,
    sessions_of,
)
from faktura.core.people.api_keys import ApiKey, add_api_key, holder_of_key
from faktura.core.people.applications import Application, Grant, grant_access, register_application
from faktura.core.people.hashes import secret_fits, secret_hash
from faktura.core.people.sign_in import Session, admit, signed_in
from faktura.core.people.tokens import (
    Token,
    forget_expired,
    issue_access_token,
    issue_refresh_token,
    standing_token,
    user_with_token,
    visitor_with_token,
)
from faktura.core.people.users import User, change_password, join, let_in
from faktura.store.database import Database
from tests.firm import Firm, open_firm

T = TypeVar("T")


class Credentials(NamedTuple):
    """One of each kind, of a firm's owner."""

    session: str
    access: str
    refresh: str
    key: str
    own: str
    """An access token of the owner's own application."""

    shop: Application


class House:
    """A firm whose owner let in a browser, an integration, a key and a program of their own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.firm = open_firm(database, Clock())
        self.known = self.do(self._let_in)

    def do(self, work: Callable[[Office], T]) -> T:
        return self.database.write(lambda tx: work(Office(tx, Clock().now())))

    def owner(self, office: Office) -> User:
        return office.find(User, id=self.firm.user.id)

    def opening(self) -> set[str]:
        """Which of the credentials open the account or lead to what does."""

        def work(office: Office) -> set[str]:
            known, slug = self.known, self.firm.account.slug
            found = {
                "session": signed_in(office, known.session),
                "access": _visits(office, known.access, slug),
                "refresh": standing_token(office, known.refresh, "refresh"),
                "key": holder_of_key(office, known.key),
                "own": _visits(office, known.own, slug),
            }
            return {name for name, one in found.items() if one is not None}

        return self.do(work)

    def history(self) -> list[str]:
        def work(office: Office) -> list[str]:
            return [one.name for one in Books(office.tx, self.firm.account, None, office.now).all(Happening)]

        return self.do(work)

    def _let_in(self, office: Office) -> Credentials:
        user, account = self.firm.user, self.firm.account
        shop, _, _ = register_application(office, user, "Shop", "integration", ("https://shop.example/cb",))
        grant = grant_access(office, shop, user.id)
        return Credentials(
            session=admit(office, user, []),
            access=issue_access_token(office, grant),
            refresh=issue_refresh_token(office, grant),
            key=add_api_key(office, account, user, "sklep", ()),
            own=self.firm.token,
            shop=shop,
        )


def _visits(office: Office, token: str, slug: str) -> object:
    try:
        return visitor_with_token(office, token, slug)
    except NotFound:
        return None


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


EVERYTHING = {"session", "access", "refresh", "key", "own"}


def test_before_anything_ends_everything_opens(house: House) -> None:
    assert house.opening() == EVERYTHING


def test_another_password_ends_sessions_and_whatever_was_consented_to(house: House) -> None:
    house.do(lambda office: change_password(office, house.owner(office), "another hash"))

    assert house.opening() == {"key"}


def test_what_was_given_while_the_password_changed_ends_with_it(house: House) -> None:
    """As if both had been written by transactions that did not see each other."""

    def give(office: Office) -> tuple[str, str]:
        grant = office.add(Grant, application_id=house.known.shop.id, user_id=house.firm.user.id, password_version=1)
        return admit(office, house.firm.user, []), issue_access_token(office, grant)

    house.do(lambda office: change_password(office, house.owner(office), "another hash"))
    session, token = house.do(give)

    assert house.do(lambda office: signed_in(office, session)) is None
    assert house.do(lambda office: user_with_token(office, token)) is None
    assert house.do(lambda office: visitor_with_token(office, token, house.firm.account.slug)) is None


def test_a_program_of_ones_own_gets_in_again_after_another_password(house: House) -> None:
    from_before = house.do(lambda office: applications_of(office, house.owner(office))[0])
    house.do(lambda office: change_password(office, house.owner(office), "another hash"))

    def again(office: Office) -> object:
        token = issue_access_token(office, grant_access(office, from_before, house.firm.user.id))
        return visitor_with_token(office, token, house.firm.account.slug)

    assert house.do(again) is not None


def test_whoever_leaves_an_account_opens_it_no_longer_nor_do_their_keys(house: House) -> None:
    house.do(lambda office: remove_member(office, house.owner(office), house.firm.account.slug))

    assert house.opening() == {"session", "refresh"}
    assert house.do(house.owner).default_account_id is None
    assert {"member_left", "api_key_ended"} <= set(house.history())
    with pytest.raises(NotFound):
        house.do(lambda office: remove_member(office, house.owner(office), house.firm.account.slug))


def test_a_key_that_ended_with_a_membership_stays_ended_when_the_person_comes_back(house: House) -> None:
    house.do(lambda office: remove_member(office, house.owner(office), house.firm.account.slug))

    def come_back(office: Office) -> None:
        let_in(Books(office.tx, house.firm.account, None, office.now), house.owner(office), "owner")

    house.do(come_back)
    assert house.opening() == {"session", "refresh", "access", "own"}
    assert "member_joined" in house.history()


def test_a_key_that_was_made_while_its_user_left_opens_nothing(house: House, database: Database) -> None:
    other = open_firm(database, Clock(), "pearcorp")
    key = house.do(lambda office: add_api_key(office, other.account, house.firm.user, "late", ()))

    assert house.do(lambda office: holder_of_key(office, key)) is None


def test_whoever_leaves_one_account_keeps_the_others(house: House, database: Database) -> None:
    other = open_firm(database, Clock(), "pearcorp")

    def work(office: Office) -> User:
        join(Books(office.tx, other.account, None, office.now), house.owner(office), "read")
        remove_member(office, house.owner(office), house.firm.account.slug)
        return house.owner(office)

    assert house.do(work).default_account_id == other.account.id


def test_the_end_of_a_consent_ends_its_tokens_and_nothing_else(house: House) -> None:
    house.do(lambda office: grant_access(office, house.known.shop, house.firm.user.id))
    [consent] = house.do(lambda office: consents_of(office, house.owner(office)))
    assert (consent.application, len(consent.grants)) == (house.known.shop, 2)
    house.do(lambda office: end_consent(office, house.owner(office), house.known.shop.id))

    assert house.opening() == {"session", "key", "own"}
    assert house.do(lambda office: consents_of(office, house.owner(office))) == []
    assert "consent_ended" in house.history()
    with pytest.raises(NotFound):
        house.do(lambda office: end_consent(office, house.owner(office), house.known.shop.id))


def test_the_end_of_an_application_ends_its_tokens_and_nothing_else(house: House) -> None:
    house.do(lambda office: end_application(office, house.known.shop))

    assert house.opening() == {"session", "key", "own"}
    assert "application_ended" in house.history()


def test_a_token_that_was_given_while_its_application_ended_opens_nothing(house: House) -> None:
    def give(office: Office) -> str:
        grant = grant_access(office, house.known.shop, house.firm.user.id)
        office.tx.remove(house.known.shop)
        return issue_access_token(office, grant)

    token = house.do(give)
    assert house.do(lambda office: user_with_token(office, token)) is None
    assert house.do(lambda office: visitor_with_token(office, token, house.firm.account.slug)) is None


def test_another_secret_ends_access_tokens_and_keeps_consents(house: House) -> None:
    secret = house.do(lambda office: renew_secret(office, house.known.shop))

    assert house.opening() == EVERYTHING - {"access"}
    renewed = house.do(lambda office: office.find(Application, id=house.known.shop.id))
    assert secret_fits(renewed.secret_hash, secret)


def test_the_end_of_a_key_ends_it_alone(house: House) -> None:
    [key] = house.do(lambda office: keys_of(office, house.owner(office)))
    house.do(lambda office: end_key(office, key.api_key))

    assert house.opening() == EVERYTHING - {"key"}
    assert house.do(lambda office: office.look_up(ApiKey, hash=secret_hash(house.known.key))) is None
    assert "api_key_ended" in house.history()


def test_sessions_end_one_by_one_or_all_but_this_one(house: House, database: Database) -> None:
    stranger = open_firm(database, Clock(), "pearcorp").user
    others = [house.do(lambda office: admit(office, house.firm.user, [])) for _ in range(3)]
    newest = house.do(lambda office: sessions_of(office, house.owner(office)))[0]
    assert newest.hash == secret_hash(others[2])
    with pytest.raises(NotFound):
        house.do(lambda office: end_session(office, stranger, newest.id))

    house.do(lambda office: end_session(office, house.owner(office), newest.id))
    assert house.do(lambda office: signed_in(office, others[2])) is None
    assert house.do(lambda office: end_sessions(office, house.owner(office), but=house.known.session)) == 2
    assert house.opening() == EVERYTHING
    assert house.do(lambda office: end_sessions(office, house.owner(office))) == 1
    assert house.do(lambda office: office.look_up(Session, hash=secret_hash(house.known.session))) is None


def test_what_stands_no_longer_is_forgotten_and_nothing_else(house: House) -> None:
    assert house.do(forget_expired) == 0
    assert house.opening() == EVERYTHING

    house.do(lambda office: change_password(office, house.owner(office), "another hash"))
    assert house.do(forget_expired) == 3
    for kind, secret in ((Token, house.known.refresh), (Token, house.firm.token)):
        assert house.do(lambda office, k=kind, s=secret: office.look_up(k, hash=secret_hash(s))) is None  # type: ignore[misc]


def test_a_stranger_ends_nothing_of_a_person(house: House, database: Database) -> None:
    stranger: Firm = open_firm(database, Clock(), "pearcorp")

    with pytest.raises(NotFound):
        house.do(lambda office: end_consent(office, stranger.user, house.known.shop.id))
    with pytest.raises(NotFound):
        house.do(lambda office: remove_member(office, stranger.user, house.firm.account.slug))
    assert house.opening() == EVERYTHING


def test_whatever_is_let_in_is_in_the_history_of_the_account(house: House) -> None:
    def let_in_more(office: Office) -> None:
        owner = house.owner(office)
        add_application(office, owner, "e-shop", ())
        add_key(office, owner, house.firm.account.slug, "sklep", ())
        give_consent(office, owner, house.known.shop)
        renew_secret(office, house.known.shop)
        let_in(Books(office.tx, house.firm.account, None, office.now), owner, "write")
        change_password(office, owner, "another hash")

    house.do(let_in_more)
    assert house.history() == [
        *("application_added", "api_key_added", "consent_given", "application_secret_renewed"),
        *("member_changed", "password_changed"),
    ]
