"""A person sees who and what they let in, and puts it out."""

import re

import pytest
from flask import Flask

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.people.access import consents_of, keys_of
from faktura.core.people.api_keys import add_api_key, holder_of_key
from faktura.core.people.applications import Application, grant_access, register_application
from faktura.core.people.hashes import secret_fits, secret_hash
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


def test_the_pages_are_linked_from_every_page(owner: Browser) -> None:
    for path in ("/me/accounts", "/applecorp/subjects"):
        page = owner.get(path).text
        assert 'href="/me/keys"' in page
        assert 'href="/me/applications"' in page


def test_what_was_consented_to_is_shown_and_ended(
    owner: Browser, service: Service, firm: Firm, shop_token: str
) -> None:
    page = owner.get("/me/applications").text
    assert "Shop &lt;b&gt;Plug-in&lt;/b&gt;" in page

    ended = owner.post(f"/me/applications/consents/{shop_id(service, firm)}/end")
    assert (ended.status_code, ended.location) == (303, "/me/applications")
    assert "You let no application act for you." in owner.get("/me/applications").text
    assert not stands(service, shop_token)
    happened = in_office(service, lambda office: Books(office.tx, firm.account, None, office.now).all(Happening))
    assert [(h.name, h.way) for h in happened][-1] == ("consent_ended", "browser")


def test_a_program_of_ones_own_is_shown_and_ended(owner: Browser, service: Service, firm: Firm) -> None:
    assert "<strong>tests</strong>" in owner.get("/me/applications").text
    assert "Delete tests" in owner.get("/me/applications/1/end").text
    assert stands(service, firm.token)

    assert owner.post("/me/applications/1/end").status_code == 303
    assert "<strong>tests</strong>" not in owner.get("/me/applications").text
    assert not stands(service, firm.token)


def test_a_key_is_shown_and_ended(owner: Browser, service: Service, firm: Firm) -> None:
    key = in_office(service, lambda office: add_api_key(office, firm.account, firm.user, "sklep", ()))
    assert "<strong>sklep</strong>" in owner.get("/me/keys").text

    [found] = in_office(service, lambda office: keys_of(office, firm.user))
    assert "End the key sklep" in owner.get(f"/me/keys/{found.api_key.id}/end").text
    assert owner.post(f"/me/keys/{found.api_key.id}/end").status_code == 303
    assert "<strong>sklep</strong>" not in owner.get("/me/keys").text
    assert in_office(service, lambda office: holder_of_key(office, key)) is None


def test_a_browser_is_signed_out_from_another_one(app: Flask, owner: Browser, firm: Firm) -> None:
    phone = Browser(app)
    phone.sign_in(firm.user.email)
    page = owner.get("/me/sessions").text
    assert page.count("This browser") == 1
    assert page.count('action="/me/sessions/') == 3

    assert owner.post("/me/sessions/2/end").status_code == 303
    assert phone.get("/me/accounts").status_code == 302
    assert owner.get("/me/accounts").status_code == 200


def test_every_browser_but_this_one_is_signed_out_together(app: Flask, owner: Browser, firm: Firm) -> None:
    others = [Browser(app) for _ in range(2)]
    for other in others:
        other.sign_in(firm.user.email)
    owner.get("/me/sessions")

    assert owner.post("/me/sessions/end").location == "/me/sessions"
    assert [other.get("/me/accounts").status_code for other in others] == [302, 302]
    alone = owner.get("/me/sessions")
    assert alone.status_code == 200
    assert "Sign out everywhere else" not in alone.text


def test_a_person_ends_only_what_is_theirs(
    app: Flask, owner: Browser, service: Service, database: Database, firm: Firm, shop_token: str
) -> None:
    key = in_office(service, lambda office: add_api_key(office, firm.account, firm.user, "sklep", ()))
    shop = shop_id(service, firm)
    stranger = Browser(app)
    stranger.sign_in(open_firm(database, service.clock, "pearcorp").user.email)
    assert "Shop" not in stranger.get("/me/applications").text
    assert "sklep" not in stranger.get("/me/keys").text

    own = ("applications/1/end", f"applications/{shop}/end", "applications/1/secret", "keys/1/end", "keys/99999/end")
    for path in own:
        assert stranger.get(f"/me/{path}").status_code == 404
    for path in (*own, f"applications/consents/{shop}/end", "sessions/1/end"):
        assert stranger.post(f"/me/{path}").status_code == 404
    assert owner.get("/me/accounts").status_code == 200
    assert stands(service, shop_token)
    assert stands(service, firm.token)
    assert in_office(service, lambda office: holder_of_key(office, key)) is not None


def test_the_form_of_another_site_ends_nothing(owner: Browser, service: Service, firm: Firm, shop_token: str) -> None:
    consent = f"applications/consents/{shop_id(service, firm)}/end"
    for path in (consent, "applications/1/end", "applications/1/secret", "sessions/1/end", "sessions/end"):
        assert owner.post_bare(f"/me/{path}").status_code == 400
    for path in (consent, "sessions/1/end", "sessions/end"):
        assert owner.get(f"/me/{path}").status_code == 405
    assert stands(service, shop_token)


def told(page: str) -> list[str]:
    """What a page shows once: ids and secrets."""
    return re.findall(r'<code id="[^"]*">([^<]+)</code>', page)


def test_a_key_is_made_told_once_and_opens_what_was_asked_for(owner: Browser, service: Service, firm: Firm) -> None:
    service.key_rights = {"write": ("api:read", "api:write"), "read": ("api:read",)}
    owner.get("/me/keys/new")
    made = owner.post("/me/keys/new", name="sklep", account="applecorp", rights="read")
    [key] = told(made.text)
    holder = in_office(service, lambda office: holder_of_key(office, key))

    assert made.status_code == 200
    assert holder is not None
    assert (holder.user_id, holder.account_id, holder.scopes) == (firm.user.id, firm.account.id, ("api:read",))
    page = owner.get("/me/keys").text
    assert "<strong>sklep</strong>" in page
    assert "only to read" in page
    assert key not in page


def test_a_form_that_is_sent_twice_makes_one_key(owner: Browser, service: Service, firm: Firm) -> None:
    service.key_rights = {"write": ("api:read", "api:write"), "read": ("api:read",)}
    owner.get("/me/keys/new")
    fields = owner.hidden | {"name": "sklep", "account": "applecorp", "rights": "write"}
    first, second = (told(owner.post_bare("/me/keys/new", **fields).text) for _ in range(2))

    assert first == second != []
    assert len(in_office(service, lambda office: keys_of(office, firm.user))) == 1


@pytest.mark.parametrize(
    ("name", "account", "rights", "status"),
    [(" ", "applecorp", "write", 422), ("sklep", "applecorp", "everything", 422), ("sklep", "pearcorp", "write", 422)],
)
def test_a_key_without_a_name_or_to_a_foreign_account_is_not_made(
    owner: Browser, service: Service, database: Database, firm: Firm, name: str, account: str, rights: str, status: int
) -> None:
    service.key_rights = {"write": ("api:write",), "read": ()}
    open_firm(database, service.clock, "pearcorp")
    owner.get("/me/keys/new")
    refused = owner.post("/me/keys/new", name=name, account=account, rights=rights)

    assert refused.status_code == status
    assert f'value="{name}"' in refused.text
    assert in_office(service, lambda office: keys_of(office, firm.user)) == []


def test_an_application_is_registered_once_and_told_once(owner: Browser, service: Service) -> None:
    owner.get("/me/applications/new")
    uris = "https://shop.example/cb\r\nhttp://127.0.0.1/cb"
    fields = owner.hidden | {"name": "E-shop", "redirect_uris": uris}
    first, second = (owner.post_bare("/me/applications/new", **fields) for _ in range(2))
    client_id, secret = told(first.text)
    found = in_office(service, lambda office: office.find(Application, client_id=client_id))

    assert told(second.text) == [client_id, secret]
    assert found.redirect_uris == ("https://shop.example/cb", "http://127.0.0.1/cb")
    assert (found.kind, secret_fits(found.secret_hash, secret)) == ("integration", True)
    page = owner.get("/me/applications").text
    assert client_id in page
    assert "https://shop.example/cb" in page
    assert secret not in page
    assert page.count("<strong>E-shop</strong>") == 1


@pytest.mark.parametrize(
    ("name", "uris"), [("", ""), ("E-shop", "javascript:alert(1)"), ("E-shop", "http://shop.example")]
)
def test_an_application_is_refused_at_its_field_with_what_was_typed(owner: Browser, name: str, uris: str) -> None:
    owner.get("/me/applications/new")
    refused = owner.post("/me/applications/new", name=name, redirect_uris=uris)

    assert refused.status_code == 422
    assert f'value="{name}"' in refused.text
    assert uris in refused.text
    assert "E-shop" not in owner.get("/me/applications").text


def test_another_secret_is_told_once_and_the_old_one_opens_nothing(
    owner: Browser, service: Service, firm: Firm
) -> None:
    assert "Another secret of tests" in owner.get("/me/applications/1/secret").text
    client_id, secret = told(owner.post("/me/applications/1/secret").text)
    renewed = in_office(service, lambda office: office.find(Application, id=1))

    assert client_id == firm.client_id
    assert secret_fits(renewed.secret_hash, secret)
    assert renewed.secret_hash != secret_hash(firm.client_secret)
    assert not stands(service, firm.token)
