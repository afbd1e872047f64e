"""A person sees who and what they let in, and puts it out."""

import pytest
from flask import Flask

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.people.access import consents_of, keys_of
from faktura.core.people.api_keys import add_api_key, holder_of_key
from faktura.core.people.applications import grant_access, register_application
from faktura.core.people.tokens import issue_access_token, user_with_token
from faktura.store.database import Database
from faktura.web.tests.conftest import Browser, in_office
from faktura.wire.service import Service
from tests.firm import Firm, open_firm


@pytest.fixture
def shop_token(service: Service, firm: Firm) -> str:
    """An access token of the integration Shop, to which the firm's owner consented."""

    def work(office: Office) -> str:
        addresses = ("https://shop.example/cb",)
        shop, _, _ = register_application(office, firm.user, "Shop <b>Plug-in</b>", "integration", addresses)
        return issue_access_token(office, grant_access(office, shop, firm.user.id))

    return in_office(service, work)


def stands(service: Service, token: str) -> bool:
    return in_office(service, lambda office: user_with_token(office, token)) is not None


def shop_id(service: Service, firm: Firm) -> int:
    return in_office(service, lambda office: consents_of(office, firm.user)[0].application.id)


def test_the_page_is_linked_from_every_page_and_from_the_consent(owner: Browser) -> None:
    assert 'href="/access"' in owner.get("/me/accounts").text
    assert 'href="/access"' in owner.get("/applecorp/subjects").text


def test_what_was_consented_to_is_shown_and_ended(
    owner: Browser, service: Service, firm: Firm, shop_token: str
) -> None:
    page = owner.get("/access").text
    assert "Shop &lt;b&gt;Plug-in&lt;/b&gt;" in page

    ended = owner.post(f"/access/consents/{shop_id(service, firm)}/end")
    assert (ended.status_code, ended.location) == (303, "/access")
    assert "Shop" not in owner.get("/access").text
    assert not stands(service, shop_token)
    happened = in_office(service, lambda office: Books(office.tx, firm.account, None, office.now).all(Happening))
    assert [(h.name, h.way) for h in happened][-1] == ("consent_ended", "browser")


def test_a_program_of_ones_own_is_shown_and_ended(owner: Browser, service: Service, firm: Firm) -> None:
    assert "<strong>tests</strong>" in owner.get("/access").text
    assert stands(service, firm.token)

    assert owner.post("/access/applications/1/end").status_code == 303
    assert "<strong>tests</strong>" not in owner.get("/access").text
    assert not stands(service, firm.token)


def test_a_key_is_shown_and_ended(owner: Browser, service: Service, firm: Firm) -> None:
    key = in_office(service, lambda office: add_api_key(office, firm.account, firm.user, "sklep", ()))
    assert "<strong>sklep</strong>" in owner.get("/access").text

    [found] = in_office(service, lambda office: keys_of(office, firm.user))
    assert owner.post(f"/access/keys/{found.api_key.id}/end").status_code == 303
    assert "<strong>sklep</strong>" not in owner.get("/access").text
    assert in_office(service, lambda office: holder_of_key(office, key)) is None


def test_a_browser_is_signed_out_from_another_one(app: Flask, owner: Browser, firm: Firm) -> None:
    phone = Browser(app)
    phone.sign_in(firm.user.email)
    page = owner.get("/access").text
    assert page.count("This browser") == 1
    assert page.count('action="/access/sessions/') == 3

    assert owner.post("/access/sessions/2/end").status_code == 303
    assert phone.get("/me/accounts").status_code == 302
    assert owner.get("/me/accounts").status_code == 200


def test_every_browser_but_this_one_is_signed_out_together(app: Flask, owner: Browser, firm: Firm) -> None:
    others = [Browser(app) for _ in range(2)]
    for other in others:
        other.sign_in(firm.user.email)
    owner.get("/access")

    assert owner.post("/access/sessions/end").location == "/access"
    assert [other.get("/me/accounts").status_code for other in others] == [302, 302]
    alone = owner.get("/access")
    assert alone.status_code == 200
    assert "Sign out everywhere else" not in alone.text


def test_a_person_ends_only_what_is_theirs(
    app: Flask, owner: Browser, service: Service, database: Database, firm: Firm, shop_token: str
) -> None:
    key = in_office(service, lambda office: add_api_key(office, firm.account, firm.user, "sklep", ()))
    shop = shop_id(service, firm)
    stranger = Browser(app)
    stranger.sign_in(open_firm(database, service.clock, "pearcorp").user.email)
    page = stranger.get("/access").text
    assert "Shop" not in page
    assert "sklep" not in page

    for path in (f"consents/{shop}", "applications/1", f"applications/{shop}", "keys/1", "sessions/1", "keys/99999"):
        assert stranger.post(f"/access/{path}/end").status_code == 404
    assert owner.get("/me/accounts").status_code == 200
    assert stands(service, shop_token)
    assert stands(service, firm.token)
    assert in_office(service, lambda office: holder_of_key(office, key)) is not None


def test_the_form_of_another_site_ends_nothing(owner: Browser, service: Service, firm: Firm, shop_token: str) -> None:
    for path in (f"consents/{shop_id(service, firm)}/end", "applications/1/end", "sessions/1/end", "sessions/end"):
        assert owner.post_bare(f"/access/{path}").status_code == 400
        assert owner.get(f"/access/{path}").status_code == 405
    assert stands(service, shop_token)
