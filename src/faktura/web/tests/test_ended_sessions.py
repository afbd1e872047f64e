"""A form that is sent after its session ended: whoever typed it signs in, has it again, and nothing was written."""

import importlib
import pkgutil
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

import faktura.web
from faktura.core.people.access import end_sessions
from faktura.core.people.sign_in import Session, SignInFailures
from faktura.store.database import Database
from faktura.store.every import every, snapshot
from faktura.store.records import RECORDS
from faktura.web.door.expired_forms import shows_again
from faktura.web.door.people import OPEN
from faktura.web.forms.fields import Field, Text
from faktura.web.forms.form import Form
from faktura.web.people.sign_in_again import EMAIL, PASSWORD, SECRET
from faktura.web.tests.conftest import HOST, Browser, in_office
from faktura.web.tests.test_every_page import pages  # noqa: F401 (a fixture)
from faktura.web.tests.typed_forms import TypedForm, forms_of
from faktura.wire.arrival import FIRST_BYTES
from faktura.wire.service import Service
from tests.firm import PASSWORD as RIGHT
from tests.firm import Firm, open_firm

NEW = "/applecorp/subjects/new"


def send(browser: Browser, path: str, fields: list[tuple[str, str]], page: str = NEW) -> TestResponse:
    return browser.client.post(
        path,
        base_url=f"http://{HOST}",
        data=MultiDict(fields),
        environ_overrides={"REMOTE_ADDR": "192.0.2.1"},
        headers={"Referer": f"http://{HOST}{page}"},
    )


def end(service: Service, firm: Firm) -> None:
    in_office(service, lambda office: end_sessions(office, firm.user))


def written(database: Database) -> dict[str, Any]:
    """All that is kept, but for who is signed in."""
    with snapshot(database) as tx:
        return {
            name: [list(rows) for rows in every(tx, cls)]
            for name, cls in RECORDS.items()
            if cls not in {Session, SignInFailures}
        }


def filled_in(page: str) -> TypedForm:
    """The form that signs in, with what it holds."""
    (form,) = [form for form in forms_of(page) if EMAIL in form.typed]
    return form


def sign_in_again(browser: Browser, page: str, email: str, password: str = RIGHT) -> TestResponse:
    """By what the page holds."""
    form = filled_in(page)
    fields = [(name, text) for name, text in form.fields if name != EMAIL]
    return send(browser, form.action, [*fields, (EMAIL, email), (PASSWORD, password)])


def test_every_form_comes_back_with_all_that_was_typed_and_nothing_is_written(
    app: Flask,
    owner: Browser,
    service: Service,
    database: Database,
    firm: Firm,
    pages: dict[str, TestResponse],  # noqa: F811 (a fixture)
) -> None:
    adapter = app.url_map.bind(HOST)
    seen: set[str] = set()
    end(service, firm)
    before = written(database)
    for page in [page for page in pages.values() if page.status_code == 200]:
        for form in forms_of(page.text):
            action = form.action or page.request.full_path
            endpoint, _ = adapter.match(urlsplit(action).path, method="POST")
            if endpoint in seen | OPEN:
                continue
            seen.add(endpoint)
            asked = send(owner, action, form.fields, page.request.full_path)
            if not shows_again(app.view_functions[endpoint]):
                assert asked.location.startswith("/sign-in?next="), endpoint
                continue
            assert asked.status_code == 403, endpoint
            shown = sign_in_again(owner, asked.text, firm.user.email)
            # Some say first what is wrong with what was typed.
            assert shown.status_code in {400, 422}, endpoint
            again = {name: text for form in forms_of(shown.text) for name, text in form.shown.items()}
            typed = {name: text for name, text in form.typed.items() if name not in SECRET}
            assert {name: again.get(name) for name in typed} == typed, endpoint
            end(service, firm)
    assert written(database) == before
    assert len(seen) > 25


def test_no_view_that_keeps_what_was_typed_loses_it_to_the_sign_in(
    app: Flask, owner: Browser, service: Service, firm: Firm
) -> None:
    end(service, firm)
    adapter = app.url_map.bind(HOST)
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    keeping = [r for r in rules if r.endpoint not in OPEN and shows_again(app.view_functions[r.endpoint])]
    assert len(keeping) > 40
    for rule in keeping:
        ids = {name: "applecorp" if name == "slug" else 1 for name in rule.arguments} | dict(rule.defaults or {})
        asked = send(owner, adapter.build(rule.endpoint, ids, method="POST"), [("lines-0-name", "Žluťoučký")])
        assert asked.status_code == 403, rule
        assert ("lines-0-name", "Žluťoučký") in filled_in(asked.text).fields, rule


def test_what_was_shown_again_is_saved_when_it_is_sent_again(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(NEW)
    fields = [*owner.hidden.items(), ("name", "Karel"), ("country", "CZ"), ("role", "customer")]
    end(service, firm)
    shown = sign_in_again(owner, send(owner, NEW, fields).text, firm.user.email)
    (form,) = [form for form in forms_of(shown.text) if "name" in form.typed]
    fields = [(name, text) for name, text in form.fields if name not in form.typed]
    answer = send(owner, form.action, [*fields, *{**form.shown, "name": form.shown["name"]}.items()])

    assert answer.status_code == 303
    assert "Karel" in owner.get(answer.location).text


def test_an_editor_that_keeps_by_itself_says_that_its_session_ended_and_stays(
    owner: Browser, service: Service, firm: Firm
) -> None:
    """The answer takes the place of what was said beside the form; its button sends the form whole."""
    owner.get("/applecorp/invoices/new")
    typed = {**owner.hidden, "lines-0-name": "Žluťoučký", "draft": "7"}
    end(service, firm)
    for path in ("/applecorp/invoices/drafts", "/applecorp/invoices/totals"):
        said = owner.post_part(path, **typed)

        assert said.status_code == 403
        assert "<form" not in said.text
        assert "You were signed out. What you typed is still here." in said.text
        assert f'formaction="{path}"' in said.text
        assert 'name="draft" value="7"' in said.text
    asked = send(owner, path, list(typed.items()), "/applecorp/invoices/new")
    assert ("lines-0-name", "Žluťoučký") in filled_in(asked.text).fields


def test_a_wrong_password_loses_nothing_and_is_counted(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(NEW)
    end(service, firm)
    asked = send(owner, NEW, [*owner.hidden.items(), ("name", "Karel")])
    for _ in range(4):
        asked = sign_in_again(owner, asked.text, firm.user.email, "wrong")
        assert asked.status_code == 422
    assert sign_in_again(owner, asked.text, firm.user.email, "wrong").status_code == 422
    assert sign_in_again(owner, asked.text, firm.user.email).status_code == 429


def test_somebody_else_is_not_shown_what_was_typed(
    app: Flask, owner: Browser, service: Service, database: Database, firm: Firm
) -> None:
    other = open_firm(database, service.clock, "pearcorp", language="en")
    owner.get(NEW)
    end(service, firm)
    asked = send(owner, NEW, [*owner.hidden.items(), ("name", "Karel")])
    answer = sign_in_again(owner, asked.text, other.user.email)

    assert (answer.status_code, answer.location) == (303, "/")
    assert "pearcorp" in owner.get("/", Accept="text/html").location
    fresh = send(Browser(app), NEW, [("name", "Karel")])
    assert fresh.location.startswith("/sign-in")


def test_nobody_is_signed_in_without_the_token_of_the_page(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(NEW)
    end(service, firm)
    fields = [("name", "Karel"), (EMAIL, firm.user.email), (PASSWORD, RIGHT)]
    for token in ([], [("csrf_token", "none")]):
        assert send(owner, NEW, [*fields, *token]).status_code == 400
    assert owner.get(NEW).status_code == 302


def test_no_password_is_handed_back(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get("/me/security")
    end(service, firm)
    asked = send(owner, "/me/security", [*owner.hidden.items(), ("old", RIGHT), ("new", "another good one of mine")])

    assert asked.status_code == 403
    assert RIGHT not in unescape(asked.text)
    assert "another good one" not in asked.text


def test_every_field_of_a_password_is_known_as_secret() -> None:
    found: set[str] = set()
    for module in pkgutil.walk_packages(faktura.web.__path__, "faktura.web."):
        if ".tests" not in module.name:
            values = vars(importlib.import_module(module.name)).values()
            fields = [field for value in values if isinstance(value, Form) for field in value.fields.values()]
            fields += [value for value in values if isinstance(value, Field)]
            found |= {field.name for field in fields if isinstance(field, Text) and field.type == "password"}
    assert found
    assert found <= set(SECRET)


def test_what_is_too_long_to_be_kept_is_said_to_be_lost(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(NEW)
    end(service, firm)
    assert send(owner, NEW, [("name", "x" * (FIRST_BYTES - 3000))]).status_code == 403
    long = send(owner, NEW, [("name", "x" * (FIRST_BYTES - 500))])
    assert long.location.startswith("/sign-in?next=")
    assert "too long to be kept" in owner.get(long.location).text


def test_a_form_above_what_strangers_may_send_leads_to_the_sign_in(
    owner: Browser, service: Service, firm: Firm
) -> None:
    owner.get("/applecorp/invoices/new")
    end(service, firm)
    page = "/applecorp/invoices/new"
    answer = send(owner, page, [("note", "x" * FIRST_BYTES * 2)], page)
    assert (answer.status_code, answer.location) == (302, f"/sign-in?next={page}")
    assert send(owner, NEW, [("name", "x" * FIRST_BYTES * 2)]).status_code == 413
