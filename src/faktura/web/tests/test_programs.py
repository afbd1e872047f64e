"""What an owner sees of the programs that get into the account."""

import datetime as dt

import pytest
from flask import Flask

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.people.access import give_consent
from faktura.core.people.api_keys import add_api_key
from faktura.core.people.applications import register_application
from faktura.core.people.credentials import Credential
from faktura.core.people.users import User, let_in
from faktura.store.database import Database
from faktura.web.tests.conftest import Browser, in_books, in_office
from faktura.wire.request_log import Asked
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

PAGE = "/applecorp/settings/integrations"
NOON = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)


@pytest.fixture
def shop(service: Service, firm: Firm) -> int:
    """The id of the integration Shop, which acts for the owner."""

    def work(office: Office) -> int:
        addresses = ("https://shop.example/cb",)
        application, _, _ = register_application(office, firm.user, "Shop", "integration", addresses)
        give_consent(office, firm.user, application)
        return application.id

    return in_office(service, work)


def test_the_page_says_whose_each_is_and_when_it_was_used(
    owner: Browser, service: Service, firm: Firm, shop: int
) -> None:
    in_office(service, lambda office: add_api_key(office, firm.account, firm.user, "sklep", ()))
    service.last_uses.see(Credential("key", 1), NOON)
    page = owner.get(PAGE).text

    for words in ("sklep", "Shop", "tests", "Jan Novák", "last used 11/28/26", "not used yet"):
        assert words in page
    assert owner.get(f"{PAGE}/1/{shop}/shut-out").status_code == 200
    assert owner.post(f"{PAGE}/1/{shop}/shut-out").location == PAGE
    assert "Let in again" in owner.get(PAGE).text
    assert owner.post(f"{PAGE}/1/{shop}/let-in").location == PAGE
    assert "Let in again" not in owner.get(PAGE).text


def test_the_browser_at_hand_was_used_last_just_now(owner: Browser) -> None:
    page = owner.get("/me/sessions").text

    assert page.count("last used") == 1
    assert "not used yet" not in page


def test_only_owners_see_programs_and_requests(
    app: Flask, service: Service, database: Database, firm: Firm, shop: int
) -> None:
    other = open_firm(database, service.clock, "pearcorp").user
    writer = Browser(app)
    writer.sign_in(other.email)
    paths = (PAGE, "/applecorp/settings/requests", f"{PAGE}/1/{shop}/shut-out")
    assert {writer.get(path).status_code for path in paths} == {404}
    in_books(service, firm, lambda books: let_in(books, again(books, other), "write"))

    assert {writer.get(path).status_code for path in paths} == {403}
    writer.get("/me")
    assert writer.post(f"{PAGE}/1/{shop}/shut-out").status_code == 403


def again(books: Books, user: User) -> User:
    """The person as they are now."""
    return Office(books.tx, books.now).find(User, id=user.id)


def test_requests_are_shown_by_fifty_without_what_is_secret(owner: Browser, service: Service, firm: Firm) -> None:
    assert "No program asked for anything yet." in owner.get("/applecorp/settings/requests").text
    for n in range(120):
        asked = Asked("GET", "/api/v3", f"/clients/{n}.json", 404 if n < 10 else 200, "<b>sklep</b>")
        service.requests.add(firm.account.id, NOON, 0.4, asked)
    service.requests.add(firm.account.id + 1, NOON, 0.4, Asked("GET", "", "/of/another", 200, "cizí"))
    first = owner.get("/applecorp/settings/requests").text

    assert "&lt;b&gt;sklep" in first
    assert "cizí" not in first
    assert (first.count("GET /api"), "/clients/119.json" in first, "&lt; 1" in first) == (50, True, True)
    assert len(first) < 40_000
    last = owner.get("/applecorp/settings/requests?from=100").text
    assert last.count("GET /api") == 20
    assert owner.get("/applecorp/settings/requests?refused=yes").text.count("GET /api") == 10
    for odd in ("999999", "-1", "x", "%C2%B2"):
        assert owner.get(f"/applecorp/settings/requests?from={odd}").status_code == 200
