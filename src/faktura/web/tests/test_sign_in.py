"""Signing in and out."""

import datetime as dt
import logging
import re
import threading
from functools import partial
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from flask import Flask

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.sign_in import begin_attempt
from faktura.core.people.users import User, change_password, join
from faktura.store.database import Database
from faktura.web import application
from faktura.web.door.known_browsers import known_browser
from faktura.web.tests.conftest import HOST, Browser, in_books, in_office, issue
from faktura.wire.service import Service
from tests.firm import PASSWORD, Firm, open_firm


def plain(page: str, email: str) -> str:
    """A page without what differs between any two."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page).replace(email, "")


def another_password(service: Service, firm: Firm) -> User:
    return in_office(service, lambda o: change_password(o, o.find(User, id=firm.user.id), "another hash"))


def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(browser: Browser, firm: Firm) -> None:
    asked = browser.get("/applecorp/subjects?query=Nov%C3%A1k&page=2")

    assert asked.status_code == 302
    where = urlsplit(asked.location)
    assert where.path == "/sign-in"
    assert parse_qs(where.query) == {"next": ["/applecorp/subjects?query=Nov%C3%A1k&page=2"]}
    browser.get(asked.location)
    back = browser.post("/sign-in", email=firm.user.email, password=PASSWORD)
    assert (back.status_code, back.location) == (303, "/applecorp/subjects?query=Nov%C3%A1k&page=2")
    assert browser.get(back.location).status_code == 200


def test_the_first_page_shows_the_accounts_of_whoever_signed_in(owner: Browser) -> None:
    page = owner.get("/me/accounts")

    assert page.status_code == 200
    assert "Applecorp s.r.o." in page.text
    assert "Jan Novák" in page.text


def test_whoever_has_one_account_begins_in_it_and_whoever_has_several_chooses(
    owner: Browser, service: Service, firm: Firm, database: Database, clock: Clock
) -> None:
    assert owner.get("/").location == "/applecorp"

    issue(service, firm)
    second = open_firm(database, clock, "pearcorp")
    in_books(
        service, second, lambda books: join(books, Office(books.tx, books.now).find(User, id=firm.user.id), "read")
    )
    assert owner.get("/").location == "/me/accounts"
    choice = owner.get("/me/accounts").text
    for account in (firm.account, second.account):
        assert f'<strong><a href="/{account.slug}">{account.name}</a></strong>' in choice
    assert re.findall(r"<span>To be paid <strong>([^<]*)<", choice) == ["CZK\u00a0121.00", "CZK\u00a00.00"]
    page = owner.get("/applecorp/subjects").text
    assert '<a href="/pearcorp">Pearcorp s.r.o.</a>' in page
    assert '<a href="/applecorp" aria-current="true">' in page


def test_the_email_address_may_be_written_in_capitals_with_spaces_around(browser: Browser, firm: Firm) -> None:
    assert browser.sign_in(f" {firm.user.email.upper()} ").status_code == 303


def test_a_wrong_password_and_an_unknown_user_are_told_alike(browser: Browser, firm: Firm) -> None:
    wrong = browser.sign_in(firm.user.email, "wrong")
    unknown = browser.sign_in("nobody@applecorp.example", "wrong")

    assert wrong.status_code == unknown.status_code == 422
    assert "The e-mail address or the password is wrong." in wrong.text
    assert plain(wrong.text, firm.user.email) == plain(unknown.text, "nobody@applecorp.example")
    assert browser.get("/me/accounts").status_code == 302


def test_the_password_does_not_come_back_in_the_page(browser: Browser, firm: Firm) -> None:
    assert "a wrong one" not in browser.sign_in(firm.user.email, "a wrong one").text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "http:/evil.example",
        "//[evil",
        "",
    ],
)
def test_nobody_is_led_to_another_site_after_signing_in(browser: Browser, firm: Firm, elsewhere: str) -> None:
    assert browser.sign_in(firm.user.email, then=elsewhere).location == "/"


def test_whoever_is_signed_in_is_not_asked_again(owner: Browser) -> None:
    again = owner.get("/sign-in?next=/applecorp/subjects")

    assert (again.status_code, again.location) == (302, "/applecorp/subjects")


def test_signing_out_ends_the_session_even_for_whoever_stole_the_cookie(owner: Browser, app: Flask) -> None:
    thief = Browser(app)
    thief.client.set_cookie("faktura", owner.cookie or "", domain="faktura.example")
    assert thief.get("/me/accounts").status_code == 200

    owner.get("/me/accounts")
    out = owner.post("/sign-out")
    assert (out.status_code, out.location) == (303, "/sign-in")
    assert owner.get("/me/accounts").status_code == 302
    assert thief.get("/me/accounts").status_code == 302


def test_a_link_cannot_sign_anybody_out(owner: Browser) -> None:
    assert owner.get("/sign-out").status_code == 405
    assert owner.get("/me/accounts").status_code == 200


def test_a_session_ends_after_a_week(owner: Browser, clock: Clock) -> None:
    clock.stand_at(clock.now() + dt.timedelta(days=6, hours=23))
    assert owner.get("/me/accounts").status_code == 200
    clock.stand_at(clock.now() + dt.timedelta(hours=1))
    assert owner.get("/me/accounts").status_code == 302


def test_a_cookie_from_before_signing_in_is_worth_nothing_after_it(app: Flask, browser: Browser, firm: Firm) -> None:
    browser.get("/sign-in")
    prepared, token = browser.cookie, browser.hidden["csrf_token"]
    assert browser.sign_in(firm.user.email).status_code == 303

    assert browser.cookie != prepared
    attacker = Browser(app)
    attacker.client.set_cookie("faktura", prepared or "", domain="faktura.example")
    assert attacker.get("/me/accounts").status_code == 302
    assert browser.post_bare("/sign-out", csrf_token=token).status_code == 400


def test_a_cookie_that_another_key_signed_is_worth_nothing(owner: Browser, service: Service) -> None:
    elsewhere = Browser(application(msgspec.structs.replace(service, secret_key="another key")))
    elsewhere.client.set_cookie("faktura", owner.cookie or "", domain="faktura.example")

    assert elsewhere.get("/me/accounts").status_code == 302


def test_another_password_signs_every_browser_out(owner: Browser, firm: Firm, service: Service) -> None:
    assert owner.get("/me/accounts").status_code == 200
    another_password(service, firm)

    assert owner.get("/me/accounts").status_code == 302


def test_a_second_process_knows_who_is_signed_in(owner: Browser, service: Service) -> None:
    second = Browser(application(service))
    second.client.set_cookie("faktura", owner.cookie or "", domain="faktura.example")

    assert second.get("/me/accounts").status_code == 200


# Throttling


def test_after_five_failures_not_even_the_right_password_opens_for_a_minute(
    browser: Browser, firm: Firm, clock: Clock
) -> None:
    clock.stand_at(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
    assert [browser.sign_in(firm.user.email, "wrong").status_code for _ in range(5)] == [422] * 5

    refused = browser.sign_in(firm.user.email)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "Too many sign-ins failed. Try again in 1 minute." in refused.text
    clock.stand_at(dt.datetime(2026, 11, 21, 12, 1, tzinfo=dt.UTC))
    assert browser.sign_in(firm.user.email).status_code == 303


def test_an_address_is_braked_whomever_it_tries_and_another_one_is_not(
    app: Flask, browser: Browser, firm: Firm, clock: Clock, service: Service
) -> None:
    clock.stand_at(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
    for email in [f"user{n}@example.com" for n in range(29)]:
        in_office(service, partial(begin_attempt, email=email, address=browser.address))
    assert browser.sign_in("user29@example.com", "wrong").status_code == 422

    assert browser.sign_in(firm.user.email).status_code == 429
    assert Browser(app, "192.0.2.2").sign_in(firm.user.email).status_code == 303


def test_a_browser_of_an_earlier_sign_in_is_let_through_whatever_others_guess_beside_it(
    app: Flask, owner: Browser, firm: Firm, clock: Clock, service: Service
) -> None:
    clock.stand_at(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
    owner.get("/me/accounts")
    owner.post("/sign-out")
    for _ in range(5):
        in_office(service, partial(begin_attempt, email=firm.user.email, address=owner.address))

    stranger = Browser(app, owner.address)
    assert stranger.sign_in(firm.user.email).status_code == 429
    assert owner.sign_in(firm.user.email).status_code == 303
    assert Browser(app, "192.0.2.2").sign_in(firm.user.email).status_code == 303


def test_a_known_browser_is_known_for_one_person_under_one_password_and_by_our_key_alone(
    app: Flask, owner: Browser, firm: Firm, service: Service, database: Database
) -> None:
    other = open_firm(database, service.clock, "pearcorp")
    cookie = owner.client.get_cookie("faktura-known", HOST)
    assert cookie is not None

    def known(user: User, value: str) -> bool:
        with app.test_request_context("/", headers={"Cookie": f"faktura-known={value}"}):
            return known_browser(user) is not None

    assert known(firm.user, cookie.value)
    assert not known(other.user, cookie.value)
    assert not known(firm.user, cookie.value[:-9] + cookie.value[-9:].swapcase())
    assert not known(firm.user, "nonsense")
    assert not known(another_password(service, firm), cookie.value)


def test_nobody_signs_in_during_maintenance_but_whoever_is_in_goes_on_reading(
    owner: Browser, browser: Browser, firm: Firm, service: Service
) -> None:
    service.modes.read_only = True

    assert browser.sign_in(firm.user.email).status_code == 503
    assert owner.get("/me/accounts").status_code == 200


# CSRF


def test_a_form_of_another_site_signs_nobody_in(browser: Browser, firm: Firm) -> None:
    browser.get("/sign-in")
    foreign = browser.post_bare("/sign-in", email=firm.user.email, password=PASSWORD)

    assert foreign.status_code == 400
    assert "The form has expired." in foreign.text
    assert browser.get("/me/accounts").status_code == 302


def test_the_token_of_another_session_does_not_help(browser: Browser, owner: Browser) -> None:
    browser.get("/sign-in")
    owner.get("/me/accounts")

    assert owner.post_bare("/sign-out", csrf_token=browser.hidden["csrf_token"]).status_code == 400
    assert owner.post_bare("/sign-out").status_code == 400
    assert owner.get("/me/accounts").status_code == 200


# Cookies and logs


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(browser: Browser, firm: Firm) -> None:
    [cookie] = browser.get("/sign-in").headers.getlist("Set-Cookie")
    cookies = [cookie, *browser.sign_in(firm.user.email).headers.getlist("Set-Cookie")]

    assert {cookie.partition("=")[0] for cookie in cookies} == {"faktura", "faktura-known"}
    for cookie in cookies:
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Secure" not in cookie


def test_over_tls_no_cookie_goes_in_the_clear(app: Flask, firm: Firm) -> None:
    browser = Browser(app, base_url="https://faktura.example")
    [cookie] = browser.get("/sign-in").headers.getlist("Set-Cookie")

    entered = browser.sign_in(firm.user.email)
    assert entered.status_code == 303
    for sent in (cookie, *entered.headers.getlist("Set-Cookie")):
        assert sent.startswith(("__Host-faktura=", "__Host-faktura-known="))
        assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(sent.split("; "))
    assert browser.get("/me/accounts").status_code == 200


def test_behind_a_proxy_that_ends_tls_the_cookie_is_just_as_safe(service: Service) -> None:
    service.public_url = "https://faktura.example"
    [cookie] = Browser(application(service)).get("/sign-in").headers.getlist("Set-Cookie")

    assert cookie.startswith("__Host-faktura=")
    assert "Secure" in cookie.split("; ")


def test_neither_passwords_nor_cookies_are_written_into_a_log(
    browser: Browser, firm: Firm, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("faktura.tests").debug("the log is read")
    browser.sign_in(firm.user.email, "wrong secret")
    browser.sign_in(firm.user.email)
    session = str(browser.client.get_cookie("faktura", "faktura.example"))
    browser.get("/me/accounts")
    browser.post("/sign-out")

    assert "the log is read" in caplog.text
    for secret in ("wrong secret", PASSWORD, session):
        assert secret not in caplog.text


def test_a_flood_of_sign_ins_is_turned_away_instead_of_taking_every_thread(app: Flask, clock: Clock) -> None:
    clock.stand_at(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
    visitors = [Browser(app, f"192.0.2.{n}") for n in range(12)]
    for visitor in visitors:
        visitor.get("/sign-in")
    begin, statuses = threading.Barrier(len(visitors)), []

    def try_it(visitor: Browser, email: str) -> None:
        begin.wait()
        statuses.append(visitor.post("/sign-in", email=email, password="wrong").status_code)

    threads = [threading.Thread(target=try_it, args=(v, f"user{n}@example.com")) for n, v in enumerate(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(statuses) == {422, 503}
    assert statuses.count(422) >= 6
    assert visitors[0].sign_in("user@example.com", "wrong").status_code == 422


def test_real_use_has_no_panel_and_tells_no_sign_ins(owner: Browser, browser: Browser) -> None:
    assert owner.get("/sandbox/panel").status_code == 404
    assert owner.post("/sandbox/panel", patch="{}").status_code == 404
    for page in (owner.get("/me"), browser.get("/sign-in")):
        assert "sandbox" not in page.text.lower()
