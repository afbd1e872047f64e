"""People join an account by a link, do more or less in it, leave it, and set another password by a link."""

import re

import pytest
from flask import Flask

from faktura.core.books.office import Office
from faktura.core.people.own_password import PasswordReset, ask_for_reset, secret_to_mail
from faktura.core.people.users import Member, User, join, members_of
from faktura.store.database import Database
from faktura.web.tests.conftest import Browser, in_books, in_office
from faktura.wire.service import Service
from tests.firm import PASSWORD, Firm, open_firm

USERS = "/applecorp/settings/users"
EVA = {"full_name": "Eva Malá", "password": "modrá kola jedou lesem", "language": "en"}


def members(service: Service, firm: Firm) -> list[Member]:
    return in_books(service, firm, lambda books: members_of(books, 10, 0))


def invite(owner: Browser, email: str = "eva@firma.example", permission: str = "write") -> str:
    """The path of the link that the owner is shown."""
    owner.get(f"{USERS}/invite")
    shown = owner.post(f"{USERS}/invite", email=email, permission=permission, language="cs")
    assert shown.status_code == 200
    link = re.search(r"<code>http://faktura\.example(/invite/[\w-]+)</code>", shown.text)
    assert link is not None
    return link[1]


@pytest.fixture
def second(app: Flask, service: Service, database: Database, firm: Firm) -> Firm:
    """Somebody with a firm of their own who writes in this one, too."""
    other = open_firm(database, service.clock, "pearcorp", language="en")
    in_books(
        service, firm, lambda books: join(books, Office(books.tx, books.now).find(User, id=other.user.id), "write")
    )
    assert app is not None
    return other


def test_somebody_new_joins_by_the_link_and_is_signed_in(
    app: Flask, owner: Browser, service: Service, firm: Firm
) -> None:
    link = invite(owner)
    assert "eva@firma.example" in owner.get(USERS).text
    eva = Browser(app)
    assert "Join Applecorp" in eva.get(link, **{"Accept-Language": "en"}).text
    weak = eva.post(link, **(EVA | {"password": "eva"}))
    assert (weak.status_code, 'value="Eva Malá"' in weak.text) == (422, True)
    assert len(members(service, firm)) == 1

    assert eva.post(link, **EVA).location == "/applecorp"
    assert eva.get("/applecorp").status_code == 200
    assert [(m.user.full_name, m.membership.permission) for m in members(service, firm)][1:] == [("Eva Malá", "write")]
    assert Browser(app).get(link).status_code == 404
    assert eva.get(f"{USERS}/invite").status_code == 403


def test_somebody_known_has_to_be_signed_in_as_the_one_invited(
    app: Flask, owner: Browser, service: Service, firm: Firm, database: Database
) -> None:
    other = open_firm(database, service.clock, "pearcorp", language="en")
    link = invite(owner, other.user.email)
    stranger = Browser(app)
    assert f'href="/sign-in?next={link}"' in stranger.get(link).text
    assert stranger.post(link, **EVA).status_code == 403
    assert "You are signed in as" in owner.get(link).text
    assert owner.post(link).status_code == 403

    stranger.sign_in(other.user.email)
    stranger.get(link)
    assert stranger.post(link).location == "/applecorp"
    assert len(members(service, firm)) == 2


def test_an_invitation_is_refused_at_its_field_and_withdrawn(
    owner: Browser, app: Flask, service: Service, firm: Firm
) -> None:
    owner.get(f"{USERS}/invite")
    for wrong, words in (
        ({"email": "nobody"}, "This is no e-mail address."),
        ({"email": firm.user.email}, "This is used already."),
        ({"permission": "king"}, "Choose one from the list."),
    ):
        given = {"email": "eva@firma.example", "permission": "read", "language": "cs"} | wrong
        refused = owner.post(f"{USERS}/invite", **given)
        assert (refused.status_code, words in refused.text) == (422, True)
    link = invite(owner)
    owner.get(f"{USERS}/invitations/1/withdraw")
    assert owner.post(f"{USERS}/invitations/1/withdraw").location == USERS
    assert Browser(app).get(link).status_code == 404
    assert len(members(service, firm)) == 1


def test_rights_are_changed_and_a_member_is_removed(owner: Browser, service: Service, firm: Firm, second: Firm) -> None:
    path = f"{USERS}/{second.user.id}"
    assert 'value="write" selected' in owner.get(path).text
    assert owner.post(path, permission="read", invoices="yes").location == USERS
    kept = members(service, firm)[1].membership
    assert (kept.permission, kept.scopes) == ("read", ("invoices",))

    owner.get(f"{path}/remove")
    assert owner.post(f"{path}/remove").location == USERS
    assert len(members(service, firm)) == 1
    assert owner.get(path).status_code == 404


def test_the_last_owner_can_neither_leave_nor_become_less(owner: Browser, service: Service, firm: Firm) -> None:
    path = f"{USERS}/{firm.user.id}"
    owner.get(f"{path}/remove")
    left = owner.post(f"{path}/remove")
    assert (left.status_code, "The last owner of an account stays." in left.text) == (409, True)
    owner.get(path)
    assert owner.post(path, permission="write", invoices="yes").status_code == 409
    assert members(service, firm)[0].membership.permission == "owner"


def test_a_member_leaves_and_sends_nobody_away(app: Flask, service: Service, firm: Firm, second: Firm) -> None:
    member = Browser(app)
    member.sign_in(second.user.email)
    member.get(USERS)
    for path in (f"{USERS}/{firm.user.id}", f"{USERS}/{firm.user.id}/remove", f"{USERS}/{second.user.id}"):
        assert member.get(path).status_code == 403
        assert member.post(path, permission="owner").status_code == 403
    member.get(f"{USERS}/{second.user.id}/remove")
    assert member.post(f"{USERS}/{second.user.id}/remove").location == "/"
    assert [m.user.id for m in members(service, firm)] == [firm.user.id]


def test_a_forgotten_password_is_asked_for_without_saying_who_is_here(
    browser: Browser, service: Service, firm: Firm
) -> None:
    assert 'href="/reset"' in browser.get("/sign-in").text
    for email, letters in (("nobody@firma.example", 0), (firm.user.email, 1)):
        browser.get("/reset")
        assert browser.post("/reset", email=email).location == "/sign-in"
        assert "If somebody has this address here" in browser.get("/sign-in").text
        found = in_office(service, lambda office: office.look_up(PasswordReset, user_id=firm.user.id))
        assert int(found is not None) == letters
    service.sends_mail = False
    assert "No e-mail goes out from this server." in browser.get("/reset").text


def test_another_password_is_set_by_the_link_once(app: Flask, service: Service, firm: Firm) -> None:
    def work(office: Office) -> str:
        ask_for_reset(office, firm.user.email, "")
        return secret_to_mail(office, 1)[1]

    link = f"/reset/{in_office(service, work)}"
    forgetful = Browser(app)
    assert firm.user.email in forgetful.get(link).text
    assert forgetful.post(link, password="short").status_code == 422
    assert forgetful.post(link, password=EVA["password"]).location == "/sign-in"
    assert Browser(app).get(link).status_code == 404
    assert forgetful.sign_in(firm.user.email, PASSWORD).status_code == 422
    assert forgetful.sign_in(firm.user.email, EVA["password"]).status_code == 303
    assert Browser(app).get("/reset/guessed").status_code == 404
