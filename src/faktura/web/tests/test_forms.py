"""Forms: what is typed is read, what is refused is said at its field, and nothing typed is lost."""

import re
from decimal import Decimal
from html import unescape
from typing import get_args

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import Contact
from faktura.core.errors import Code, Given, Problem, Reason
from faktura.core.people.users import Membership
from faktura.store.database import Database
from faktura.store.queries import Condition, Selection
from faktura.store.records import changed
from faktura.web.forms.fields import Choice, Date, Field, Lines, Money, Pick, Text, Unread, Whole, YesNo, given_of
from faktura.web.forms.numbers import NoNumber, number_in, typed_number
from faktura.web.forms.sentences import REASONS, SENTENCES, sentence
from faktura.web.tests.conftest import Browser, add, in_books, issue
from faktura.wire.service import Service
from tests import needs
from tests.any_value import FOREIGN_DIGITS
from tests.firm import Firm, open_firm

NEW = "/applecorp/subjects/new"


def contacts(service: Service, firm: Firm) -> list[Contact]:
    return in_books(service, firm, lambda books: books.all(Contact))


def at(page: str, name: str) -> str:
    """The field and what stands under it."""
    found = re.search(rf'<div class="field[^"]*">(?:(?!<div).)*id="{name}".*?</div>', page, re.DOTALL)
    assert found is not None, name
    return unescape(found[0])


# What is typed


@needs.ONE_ENGINE
@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1250", 1250),
        ("1250,50", Decimal("1250.5")),
        ("1 250.50", Decimal("1250.5")),
        ("1\u00a0250\u202f000", 1250000),
        ("3*450+20", 1370),
        ("3 × (450 − 50) / 4", 300),
        ("-12", -12),
        (",5", Decimal("0.5")),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, number: Decimal) -> None:
    assert number_in(typed) == number


@needs.ONE_ENGINE
@pytest.mark.parametrize(
    "typed", ["", "x", "1,2,3", "1..2", "3*", "(1", "1)", "1/0", "()", "2**9", "1e5", "NaN", "9" * 101, *FOREIGN_DIGITS]
)
def test_what_is_no_number_is_none(typed: str) -> None:
    with pytest.raises(NoNumber):
        number_in(typed)


@needs.ONE_ENGINE
@pytest.mark.parametrize("number", ["0", "1250.5", "-0.0001", "12345678.90"])
def test_a_number_is_shown_as_it_would_be_typed(app: Flask, number: str) -> None:
    with app.test_request_context("/sign-in", headers={"Accept-Language": "cs"}):
        shown = typed_number(Decimal(number))

    assert number_in(shown) == Decimal(number)
    assert shown == number.rstrip("0").replace(".", ",") or number in {"0", "12345678.90"}


@needs.ONE_ENGINE
def test_each_kind_of_field_reads_its_values() -> None:
    fields: list[tuple[Field, str, object]] = [
        (Text("a", "A"), " Karel ", "Karel"),
        (Money("a", "A"), "1,5", Decimal("1.5")),
        (Whole("a", "A"), "14", 14),
        (Choice("a", "A", options=list), "x", "x"),
        (YesNo("a", "A"), "yes", True),
        (YesNo("a", "A"), "", False),
    ]
    for field, typed, value in fields:
        assert field.value(typed) == value
    for day in ("2026-11-28", "28. 11. 2026", "28.11.2026"):
        assert Date("a", "A").value(day).isoformat() == "2026-11-28"
    assert Text("a", "A").value("  ") is None
    for unfit, typed in ((Whole("a", "A"), "-1"), (Whole("a", "A"), "1" * 10), (Date("a", "A"), "31.2.2026")):
        with pytest.raises(Unread):
            unfit.value(typed)


@needs.ONE_ENGINE
def test_lines_are_read_row_by_row_and_empty_ones_left_out() -> None:
    lines = Lines("lines", "Lines", columns=(Text("name", "Name"), Money("unit_price", "Price")))
    posted = MultiDict(
        {
            "lines-2-name": "Second",
            "lines-2-unit_price": "x",
            "lines-0-name": "First",
            "lines-0-unit_price": "3*5",
            "lines-1-name": "",
            "lines-1-unit_price": "",
        }
    )
    given = given_of((lines,), {"lines": lines.take(posted)})["lines"]

    assert given == [Given({"name": "First", "unit_price": Decimal(15)}), Given({"name": "Second"})]
    assert given[1].unread == {"unit_price": [Problem("not_a_number")]}


# What is refused


@needs.ONE_ENGINE
@pytest.mark.parametrize("language", ["cs", "pl", "en"])
def test_everything_that_the_core_refuses_has_a_sentence(app: Flask, language: str) -> None:
    assert SENTENCES.keys() == {*get_args(Code)}
    assert REASONS.keys() == {*get_args(Reason)}
    with app.test_request_context("/sign-in", headers={"Accept-Language": language}):
        said = [sentence(Problem(code, 3, "2026-0001")) for code in get_args(Code)]
        said += [words() for words in REASONS.values()]
    assert all(words.endswith(".") and len(words) > 10 for words in said)


def test_a_refusal_stands_at_its_field_with_what_was_typed_and_nothing_is_kept(
    owner: Browser, service: Service, firm: Firm
) -> None:
    owner.get(NEW)
    refused = owner.post(NEW, name="", email="nobody", due_days="soon", city="Praha", country="CZ", role="customer")

    assert refused.status_code == 422
    assert contacts(service, firm) == []
    assert "Fill this in." in at(refused.text, "name")
    assert 'aria-invalid="true"' in at(refused.text, "name")
    email = at(refused.text, "email")
    assert 'value="nobody"' in email
    assert 'aria-describedby="email-wrong" aria-invalid="true"' in email
    assert '<p class="wrong" id="email-wrong">This is no e-mail address.</p>' in email
    assert 'aria-describedby="due_days-hint due_days-wrong"' in at(refused.text, "due_days")
    assert 'value="soon"' in at(refused.text, "due_days")
    assert 'value="Praha"' in at(refused.text, "city")
    assert "aria-invalid" not in at(refused.text, "city")
    links = re.findall(r'<li><a href="#(\w+)">', refused.text)
    assert links == ["name", "email", "due_days"]


def test_a_refusal_is_said_in_the_language_of_the_page(
    app: Flask, service: Service, database: Database, clock: Clock
) -> None:
    for language, sentence_ in (("cs", "To není e-mailová adresa."), ("pl", "To nie jest adres e-mail.")):
        firm = open_firm(database, clock, f"firm-{language}", language="cs" if language == "cs" else "pl")
        browser = Browser(app)
        browser.sign_in(firm.user.email)
        browser.get(f"/firm-{language}/subjects/new")
        refused = browser.post(f"/firm-{language}/subjects/new", name="A", email="nobody")
        assert sentence_ in refused.text
        assert contacts(service, firm) == []


# Nothing is done twice, and nothing is lost


def test_a_form_that_is_sent_twice_leads_to_what_was_made_first(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(NEW)
    hidden = dict(owner.hidden)
    first = owner.post(NEW, name="Karel", country="CZ")
    owner.hidden = hidden
    second = owner.post(NEW, name="Karel again", country="CZ")

    assert [contact.name for contact in contacts(service, firm)] == ["Karel"]
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    owner.get(NEW)
    assert owner.post(NEW, name="Another", country="CZ").location != first.location


def test_a_form_that_expired_comes_back_with_what_was_typed(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(NEW)
    owner.hidden["csrf_token"] = "of another session"
    expired = owner.post(NEW, name="Karel", city="Praha")

    assert expired.status_code == 400
    assert contacts(service, firm) == []
    assert "Nothing is lost" in expired.text
    assert 'value="Karel"' in at(expired.text, "name")
    assert 'value="Praha"' in at(expired.text, "city")
    assert owner.post(NEW, name="Karel", city="Praha").status_code == 303
    assert [contact.city for contact in contacts(service, firm)] == ["Praha"]


def test_a_form_of_another_site_changes_nothing(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")

    for path in (NEW, f"/applecorp/subjects/{contact.id}/edit", f"/applecorp/subjects/{contact.id}/delete"):
        assert owner.post_bare(path, name="Eve").status_code == 400
    assert [contact.name for contact in contacts(service, firm)] == ["Karel"]


# A contact, from its first form to its last


def test_a_contact_is_added_changed_and_deleted_without_scripts(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(NEW)
    added = owner.post(NEW, name="Karel", street_line="Dlouhá 1/12", country="SK", due_days="7", role="both")
    page = owner.get(added.location)
    assert "The contact was added." in page.text
    assert "The contact was added." not in owner.get(added.location).text

    form = owner.get(f"{added.location}/edit")
    assert 'value="Dlouhá 1/12"' in at(form.text, "street_line")
    assert '<option value="SK" selected>' in at(form.text, "country")
    changed = owner.post(f"{added.location}/edit", name="Karel & syn", street_line="Dlouhá 1/12", due_days="")
    assert changed.location == added.location
    contact = contacts(service, firm)[0]
    assert (contact.name, contact.street, contact.due_days) == ("Karel & syn", "Dlouhá 1/12", None)

    assert "Karel &amp; syn" in owner.get(f"{added.location}/delete").text
    hidden = dict(owner.hidden)
    for _ in "twice":
        owner.hidden = hidden
        assert owner.post(f"{added.location}/delete").location == "/applecorp/subjects"
    assert contacts(service, firm) == []


def test_a_contact_that_documents_name_is_not_deleted_and_they_are_shown(
    owner: Browser, service: Service, firm: Firm
) -> None:
    contact = add(service, firm, "Karel")
    page = f"/applecorp/subjects/{contact.id}/delete"
    owner.get(page)
    numbers = [issue(service, firm, contact).number for _ in range(2)]
    refused = owner.post(page)

    assert refused.status_code == 409
    for shown in (refused.text, owner.get(page).text):
        assert "The contact cannot be deleted: 2 documents name it." in shown
        assert all(f">{number}</a>" in shown for number in numbers)
        assert "Delete the contact" not in shown
    assert len(contacts(service, firm)) == 1


def test_whoever_only_reads_gets_no_forms(app: Flask, service: Service, database: Database, clock: Clock) -> None:
    firm = open_firm(database, clock, "readers", permission="read", language="en")
    contact = add(service, firm, "Karel")
    reader = Browser(app)
    reader.sign_in(firm.user.email)

    for path in ("/readers/subjects", f"/readers/subjects/{contact.id}"):
        page = reader.get(path).text
        assert "/new" not in page
        assert "/edit" not in page
    reader.get("/readers/subjects/new")
    for path in ("new", f"{contact.id}/edit", f"{contact.id}/delete"):
        assert reader.post(f"/readers/subjects/{path}", name="Eve").status_code == 403
    assert [contact.name for contact in contacts(service, firm)] == ["Karel"]


# What is offered


def test_a_combobox_is_offered_the_best_few_and_never_a_list(owner: Browser, service: Service, firm: Firm) -> None:
    for n in range(12):
        add(service, firm, f"Jan Novák {n:02}")
    best = add(service, firm, "Novák & syn", registration_no="27082440", city="Praha")
    offered = owner.get("/applecorp/subjects/pick?query=nova").text

    assert offered.count('role="option"') == 8
    first = re.findall(r'data-value="(\d+)" data-label="([^"]*)"', unescape(offered))[0]
    assert first == (str(best.id), "Novák & syn")
    assert "27082440 · Praha" in offered
    assert "Nothing fits." in owner.get("/applecorp/subjects/pick?query=nobody").text
    assert owner.get("/applecorp/subjects/pick").text.count('role="option"') == 8


def test_one_search_finds_pages_contacts_and_documents(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Novák s.r.o.")
    invoice = issue(service, firm, contact)
    page = owner.get("/applecorp/search?query=novak").text
    offered = owner.get("/applecorp/search/pick?query=novak").text

    for address in (f"/applecorp/subjects/{contact.id}", f"/applecorp/invoices/{invoice.id}"):
        assert f'href="{address}"' in page
        assert f'data-href="{address}"' in offered
    assert 'data-href="/applecorp/subjects/new"' in owner.get("/applecorp/search/pick?query=new").text
    assert 'href="/applecorp/subjects"' in owner.get("/applecorp/search?query=contacts").text
    assert "Nothing fits." in owner.get("/applecorp/search?query=nowhere").text


def test_a_search_shows_no_document_to_whom_documents_are_closed(
    app: Flask, service: Service, database: Database, clock: Clock
) -> None:
    firm = open_firm(database, clock, "closed", language="en")
    contact = add(service, firm, "Novák s.r.o.")
    invoice = issue(service, firm, contact)

    def close(books: Books) -> None:
        (member,) = books.all(Membership, Selection((Condition("user_id", "eq", firm.user.id),)))
        books.change(member, changed(member, scopes=("reports",)))

    in_books(service, firm, close)
    reader = Browser(app)
    reader.sign_in(firm.user.email)

    for path in ("/closed/search?query=novak", "/closed/search/pick?query=novak"):
        page = reader.get(path).text
        assert f"/closed/subjects/{contact.id}" in page
        assert invoice.number not in page


# Looks


def test_the_language_before_the_sign_in_can_be_chosen(browser: Browser) -> None:
    browser.get("/sign-in?next=/applecorp/invoices")
    chosen = browser.post("/me/language?next=/sign-in%3Fnext%3D/applecorp/invoices", language="pl")

    assert (chosen.status_code, chosen.location) == (303, "/sign-in?next=/applecorp/invoices")
    assert '<html lang="pl"' in browser.get(chosen.location, **{"Accept-Language": "cs"}).text
    browser.get("/sign-in")
    assert browser.post("/me/language", language="xx").status_code == 400
    browser.get("/sign-in")
    assert browser.post("/me/language?next=https://evil.example", language="cs").location == "/"


def test_a_browser_keeps_the_colours_that_were_chosen_in_it(owner: Browser) -> None:
    assert "data-theme" not in owner.get("/me").text
    owner.post("/me/theme?next=/me", theme="dark")
    assert 'data-theme="dark"' in owner.get("/me").text
    owner.post("/me/theme?next=/me", theme="")
    assert "data-theme" not in owner.get("/me").text


@pytest.mark.parametrize(
    ("sent", "picked"),
    [
        ([("c", "5"), ("c-words", "Karel")], ("5", "Karel")),
        ([("c", "5"), ("c-chosen", "Karel"), ("c-words", "Karel")], ("5", "Karel")),
        ([("c", "5"), ("c-chosen", "Karel"), ("c-words", "Eva")], ("", "Eva")),
        ([("c", ""), ("c-words", "kar"), ("c", "7")], ("7", "kar")),
        ([("c", "5"), ("c-chosen", "Karel"), ("c-words", "Eva"), ("c", "7")], ("7", "Eva")),
        ([("c", ""), ("c-words", "kar")], ("", "kar")),
        ([], ("", "")),
    ],
)
def test_without_a_script_other_words_are_another_record(sent: list[tuple[str, str]], picked: tuple[str, str]) -> None:
    assert Pick("c", "Customer", endpoint="contacts.pick").take(MultiDict(sent)) == picked
