"""A firm is looked up from the form that it is typed in; what the registry says is taken field by field."""

import json
from collections.abc import Iterator
from html import unescape

import pytest
from werkzeug.test import TestResponse

from faktura.core.contacts import Contact
from faktura.outside.http import Client
from faktura.outside.registries.firms import NOBODY, LookUps
from faktura.web.tests.conftest import Browser, add, in_books
from faktura.web.tests.test_setup import jan, newcomer  # noqa: F401 (fixtures)
from faktura.web.tests.typed_forms import forms_of
from faktura.wire.service import Service
from tests.firm import Firm
from tests.http_double import Host, Reply, host
from tests.registry_double import FIRM, Register

NEW = "/applecorp/subjects/new"
CZECH = {"country": "CZ", "registration_no": "12345679"}


@pytest.fixture
def registry(service: Service) -> Iterator[Host]:
    with host(lambda _path: Reply(200, FIRM)) as there:
        service.look_ups = LookUps({"CZ": Register(there.url)}, Client(loopback=True), 30)
        yield there


def stands(page: TestResponse) -> dict[str, str]:
    """What is in the fields of the form."""
    (form,) = [form for form in forms_of(page.text) if "registration_no" in form.shown]
    return form.shown


def contacts(service: Service, firm: Firm) -> list[Contact]:
    return in_books(service, firm, lambda books: books.all(Contact))


@pytest.mark.usefixtures("registry")
def test_what_the_registry_says_is_shown_and_nothing_is_saved(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(NEW)
    page = owner.post(NEW, **CZECH, city="Brno", email="a@b.cz", look_up="ask")

    assert page.status_code == 200
    assert "REGISTER, asked on" in page.text
    assert "Karel &lt;b&gt;Novák&lt;/b&gt; s.r.o." in page.text
    assert "<b>Novák" not in page.text
    ticked = dict(zip(("city", "name"), ("", " checked"), strict=True))
    for name, mark in ticked.items():
        assert f'name="taken" value="{name}"{mark}>' in page.text
    assert "instead of Brno" in page.text
    assert (stands(page)["city"], stands(page)["email"], stands(page)["name"]) == ("Brno", "a@b.cz", "")
    assert contacts(service, firm) == []


@pytest.mark.usefixtures("registry")
def test_only_what_is_ticked_is_taken_and_then_saved_like_anything_typed(
    owner: Browser, service: Service, firm: Firm
) -> None:
    owner.get(NEW)
    owner.post(NEW, **CZECH, city="Brno", look_up="ask")
    found = {"found-name": "Karel s.r.o.", "found-city": "Praha", "found-street_line": "Dlouhá 1", "found-role": "both"}
    sent = {**found, **CZECH, "role": "customer", "city": "Brno"}
    page = owner.client.post(
        NEW,
        base_url=owner.base_url,
        data={**owner.hidden, **sent, "taken": ["name", "street_line", "role"], "look_up": "take"},
    )

    assert (stands(page)["name"], stands(page)["city"], stands(page)["street_line"]) == (
        "Karel s.r.o.",
        "Brno",
        "Dlouhá 1",
    )
    assert '<option value="customer" selected>' in page.text
    assert contacts(service, firm) == []
    saved = owner.post(NEW, **{**stands(page), **CZECH, "role": "customer"})
    assert saved.status_code == 303
    assert [contact.name for contact in contacts(service, firm)] == ["Karel s.r.o."]


@pytest.mark.usefixtures("registry")
def test_a_contact_that_is_there_is_looked_up_in_the_same_way(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    path = f"/applecorp/subjects/{contact.id}/edit"
    owner.get(path)
    page = owner.post(path, **CZECH, name="Karel", look_up="ask")

    assert "instead of Karel" in page.text
    assert contacts(service, firm) == [contact]


def test_a_number_that_is_none_is_said_at_its_field_and_nobody_is_asked(owner: Browser, registry: Host) -> None:
    owner.get(NEW)
    for number, words in (("", "Fill this in."), ("12345678", "This is not written as it should be.")):
        page = owner.post(NEW, country="CZ", registration_no=number, city="Brno", look_up="ask")
        assert page.status_code == 422
        assert words in page.text
        assert stands(page)["city"] == "Brno"
    assert registry.asked == []


@pytest.mark.parametrize(
    ("reply", "words"),
    [(Reply(404), "knows no firm with this number"), (Reply(500), "does not answer as it should")],
)
def test_a_registry_that_does_not_help_leaves_what_was_typed(
    owner: Browser, registry: Host, reply: Reply, words: str
) -> None:
    registry.answer = lambda _path: reply
    owner.get(NEW)
    page = owner.post(NEW, **CZECH, city="Brno", look_up="ask")

    assert words in page.text
    assert stands(page)["city"] == "Brno"
    registry.answer = lambda _path: Reply(200, FIRM)
    assert (
        "Firms of this country cannot be looked up yet"
        in owner.post(NEW, country="DE", registration_no="HRB 1", look_up="ask").text
    )


def test_where_no_registry_is_asked_there_is_no_button(owner: Browser, service: Service) -> None:
    service.look_ups = NOBODY
    page = owner.get(NEW).text
    assert "Firms cannot be looked up in public registries yet" in page
    assert 'name="look_up"' not in page
    assert "cannot be looked up yet" in owner.post(NEW, **CZECH, look_up="ask").text


@pytest.mark.usefixtures("registry")
def test_enter_in_a_field_saves_and_does_not_look_up(owner: Browser) -> None:
    """Browsers press the first button of a form."""
    page = owner.get(NEW).text
    first = page[page.index("<button", page.index('class="form"')) :]
    assert first.startswith('<button class="unseen" tabindex="-1" aria-hidden="true">')


def test_a_form_that_expired_asks_nobody(owner: Browser, registry: Host) -> None:
    owner.get(NEW)
    page = owner.post(NEW, **CZECH, city="Brno", look_up="ask", csrf_token="none")
    assert page.status_code == 400
    assert stands(page)["city"] == "Brno"
    assert registry.asked == []


def test_nobody_asks_without_end(owner: Browser, registry: Host) -> None:
    owner.get(NEW)
    statuses = [owner.post(NEW, **CZECH, look_up="ask").status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    assert len(registry.asked) == 20


@pytest.mark.parametrize(
    ("chosen", "pays", "taken"),
    [
        ("vat_payer", False, "non_vat_payer"),
        ("non_vat_payer", True, "vat_payer"),
        ("vat_payer", True, ""),
        ("identified_person", False, ""),
        ("identified_person", True, "vat_payer"),
    ],
)
def test_the_set_up_takes_from_the_registry_whether_a_firm_pays_vat(
    jan: Browser,  # noqa: F811 (a fixture)
    registry: Host,
    chosen: str,
    pays: bool,  # noqa: FBT001 (a parameter of the test)
    taken: str,
) -> None:
    said = json.loads(FIRM) | {"pays_vat": pays}
    registry.answer = lambda _path: Reply(200, json.dumps(said).encode())
    jan.get("/setup/firm")
    page = jan.post("/setup/firm", **CZECH, vat_mode=chosen, look_up="ask")
    box = 'name="taken" value="vat_mode" checked>'
    assert (box in page.text) is bool(taken)
    assert (f'name="found-vat_mode" value="{taken}"' in page.text) is bool(taken)
    found = {"found-vat_mode": taken or "vat_payer", "found-name": "Karel s.r.o."}
    page = jan.post("/setup/firm", **CZECH, **found, vat_mode=chosen, taken="vat_mode", look_up="take")
    assert f'<option value="{taken or "vat_payer"}" selected>' in page.text


@pytest.mark.usefixtures("registry")
def test_the_set_up_looks_up_the_firm(jan: Browser) -> None:  # noqa: F811 (a fixture)
    jan.get("/setup/firm")
    page = jan.post("/setup/firm", **CZECH, vat_mode="vat_payer", slug="karel", look_up="ask")

    assert "Karel &lt;b&gt;Novák" in page.text
    assert stands(page)["slug"] == "karel"
    assert unescape(page.text).count("Dlouhá 1") >= 1
