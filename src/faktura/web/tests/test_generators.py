"""Templates and recurring documents: listed, typed, shown with what they make, skipped, issued by hand, deleted."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from faktura.core.accounts.change import change_account
from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.documents.number_formats import add_number_format
from faktura.core.documents.numbering import NumberFormat
from faktura.core.errors import Given
from faktura.core.generators.change import add_generator, change_generator, find_generator
from faktura.core.generators.record import Generator
from faktura.core.generators.recur import fail, pause, run_now
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message
from faktura.core.people.users import Membership
from faktura.store.database import Database
from faktura.store.records import changed
from faktura.web.tests.conftest import Browser, add, in_books, issue, without_wholes
from faktura.web.tests.test_changing_documents import form_of
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

START = dt.date(2027, 1, 31)
TOTALS = "/applecorp/generators/totals"
TEMPLATES = "/applecorp/generators"
RECURRING = "/applecorp/recurring_generators"

LINE = {"lines-0-name": "Nájem za #m#/#y#", "lines-0-unit_price": "100", "lines-0-vat_rate": "21"}
PLAN = {"recurring": "yes", "start_on": "2027-01-31", "months": "1"}


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(dt.datetime(2026, 12, 1, 11, tzinfo=dt.UTC))
    return clock


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    """One that has said all that its documents name, so that people may issue."""
    said: dict[str, Any] = {"street": "Krátká 2", "city": "Praha", "postcode": "110 00"}
    said |= {"registration_no": "27082440", "vat_no": "CZ27082440"}
    return open_firm(database, clock, language="en", **said)


@pytest.fixture(autouse=True)
def bank_account(service: Service, firm: Firm) -> None:
    given = Given({"name": "Hlavní", "number": "19-2000145399/0800"})
    in_books(service, firm, lambda books: add_bank_account(books, given))


def template(service: Service, firm: Firm, **values: Any) -> Generator:
    line = Given({"name": "Nájem za #m#/#y#", "unit_price": Decimal(100), "vat_rate": Decimal(21)})
    contact = add(service, firm, values.pop("customer", "Nájemce <b>"), email=values.pop("email", None))
    given = {"name": "Měsíční nájem", "contact_id": contact.id, "lines": [line], **values}
    return in_books(service, firm, lambda books: add_generator(books, Given(given)))


def monthly(service: Service, firm: Firm, **values: Any) -> Generator:
    return template(service, firm, **{"recurring": True, "start_on": START, "months": 1} | values)


def seat(service: Service, firm: Firm, **rights: Any) -> None:
    """What the firm's only member may do from now on."""

    def verb(books: Books) -> None:
        [member] = books.all(Membership)
        books.change(member, changed(member, **rights))

    in_books(service, firm, verb)


def now(service: Service, firm: Firm, generator: Generator) -> Generator:
    return in_books(service, firm, lambda books: find_generator(books, generator.id))


def made(service: Service, firm: Firm) -> list[Invoice]:
    return in_books(service, firm, lambda books: books.all(Invoice))


def plain(page: str) -> str:
    return without_wholes(page).replace("\xa0", " ")


def test_it_shows_for_whom_it_is_and_what_it_comes_to(owner: Browser, service: Service, firm: Firm) -> None:
    page = owner.get(f"{TEMPLATES}/{template(service, firm).id}")

    assert page.status_code == 200
    assert "Nájemce &lt;b&gt;" in page.text
    assert "121.00" in page.text
    assert "Nájem za 12/2026" in page.text
    assert "When it issues" not in page.text


def test_a_recurring_one_says_its_next_three_dates_and_the_words_of_the_next(
    owner: Browser, service: Service, firm: Firm
) -> None:
    page = plain(owner.get(f"{RECURRING}/{monthly(service, firm).id}").text)

    assert "<dt>Next dates</dt><dd>Jan 31, 2027<br>Feb 28, 2027<br>Mar 31, 2027</dd>" in page
    assert "Nájem za 01/2027" in page


def test_one_that_does_not_recur_has_no_page_among_those_that_do(owner: Browser, service: Service, firm: Firm) -> None:
    assert owner.get(f"{RECURRING}/{template(service, firm).id}").status_code == 404


def test_who_charges_no_vat_sees_none(owner: Browser, service: Service, firm: Firm) -> None:
    address = f"{TEMPLATES}/{template(service, firm).id}"
    assert ">21" in owner.get(address).text

    def give_up_vat(books: Books) -> None:
        change_account(books, Given({"vat_mode": "non_vat_payer"}))

    in_books(service, firm, give_up_vat)
    assert "VAT" not in owner.get(address).text.partition("<main")[2]


def test_lists_stand_under_heads_with_counts_and_are_looked_through(
    owner: Browser, service: Service, firm: Firm
) -> None:
    template(service, firm, name="Jednou")
    monthly(service, firm, name="Běží", customer="Karel")
    paused = monthly(service, firm, name="Stojí")
    failed = monthly(service, firm, name="Selhala", start_on=dt.date(2026, 12, 1))
    in_books(service, firm, lambda books: pause(books, paused.id))
    in_books(service, firm, lambda books: fail(books, failed.id))
    whole = owner.get(RECURRING).text

    for head, count in {"Recurring": 3, "Paused": 1, "Failed": 1, "Finished": 0, "Templates": 1}.items():
        assert f'{head} <span class="faint">{count}</span>' in whole, head
    assert [name in whole for name in ("Jednou", "Běží", "Stojí", "Selhala")] == [False, True, True, True]
    assert "Jednou" in owner.get(TEMPLATES).text
    assert rows(owner.get(f"{RECURRING}?part=paused").text) == ["Stojí"]
    assert rows(owner.get(f"{RECURRING}?part=failed").text) == ["Selhala"]
    assert (
        rows(owner.get(f"{RECURRING}?query=karel").text)
        == rows(owner.get(f"{RECURRING}?query={quote('BĚŽÍ')}").text)
        == ["Běží"]
    )
    assert rows(owner.get(f"{RECURRING}?sort=name").text) == ["Běží", "Selhala", "Stojí"]
    assert "No template fits." in owner.get(f"{RECURRING}?query=nikdo").text


def rows(page: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]*)</a>', page)


def test_a_recurring_one_is_typed_with_its_days_and_the_words_that_its_texts_become(
    owner: Browser, service: Service, firm: Firm
) -> None:
    contact = add(service, firm, "Karel")
    assert 'value="Karel"' in owner.get(f"{RECURRING}/new?subject={contact.id}").text
    fields = {"name": "Nájem", "contact_id": str(contact.id), "kind": "proforma", **PLAN, **LINE, "send_email": "yes"}
    part = plain(owner.post_part(TOTALS, **owner.hidden | fields).text)
    for words in ("Jan 31, 2027, Feb 28, 2027, Mar 31, 2027", "<li>Nájem za 01/2027</li>", "CZK 121.00"):
        assert words in part, words
    owner.get(f"{RECURRING}/new")
    assert "Nájem za 01/2027" in owner.post_part(TOTALS, **owner.hidden | fields, preview="yes").text
    owner.get(f"{RECURRING}/new")
    done = owner.post(f"{TEMPLATES}/new", **fields)

    [generator] = in_books(service, firm, lambda books: books.all(Generator))
    assert (done.status_code, done.location) == (303, f"{TEMPLATES}/{generator.id}")
    assert (generator.recurring, generator.proforma, generator.send_email) == (True, True, True)
    assert (generator.start_on, generator.next_on, generator.months) == (START, START, 1)


def test_a_form_that_is_refused_keeps_what_was_typed_and_says_why_at_the_field(
    owner: Browser, service: Service, firm: Firm
) -> None:
    owner.get(f"{RECURRING}/new")
    typed = {**PLAN, **LINE, "months": "0", "end_on": "2026-01-01", "contact_id-words": "Kdo"}
    refused = owner.post(f"{TEMPLATES}/new", **typed)

    assert refused.status_code == 422
    assert [name in wrong(refused.text) for name in ("name", "contact_id")] == [True, True]
    kept = form_of(refused.text)
    assert {name: kept[name] for name in typed} == typed
    named = kept | {"name": "Nájem", "contact_id": str(add(service, firm, "Karel").id)}
    refused = owner.post_bare(f"{TEMPLATES}/new", **named)
    assert (refused.status_code, wrong(refused.text)) == (422, ["months", "end_on"])
    assert in_books(service, firm, lambda books: books.all(Generator)) == []


def wrong(page: str) -> list[str]:
    """The fields that the summary of what is wrong leads to."""
    return re.findall(r'<li><a href="#(\w+)">', page)


def numbered(service: Service, firm: Firm, pattern: str) -> NumberFormat:
    return in_books(service, firm, lambda books: add_number_format(books, Given({"pattern": pattern})))


def test_its_documents_are_numbered_as_was_chosen(owner: Browser, service: Service, firm: Firm) -> None:
    assert 'name="number_format_id"' not in owner.get(f"{TEMPLATES}/new").text
    _, second = (numbered(service, firm, pattern) for pattern in ("#yyyy#-#dddd#", "N#yyyy#-#ddd#"))
    contact = add(service, firm, "Karel")
    typed = form_of(owner.get(f"{RECURRING}/new?subject={contact.id}").text) | {"name": "Nájem", **LINE}
    assert owner.post_bare(f"{TEMPLATES}/new", **typed | {"number_format_id": "7x"}).status_code == 422
    owner.post_bare(f"{TEMPLATES}/new", **typed | {"number_format_id": str(second.id)})

    [generator] = in_books(service, firm, lambda books: books.all(Generator))
    assert f'value="{second.id}" selected' in owner.get(f"{TEMPLATES}/{generator.id}/edit").text
    invoice = in_books(service, firm, lambda books: run_now(books, generator.id, dt.date(2026, 12, 1)))
    assert invoice.number == "N2026-001"


def test_without_a_script_a_line_is_added_and_nothing_is_saved(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(f"{TEMPLATES}/new")
    page = owner.post(TOTALS, name="Nájem", **LINE).text

    assert 'name="lines-1-name"' in page
    assert "Nájem za 12/2026" in page
    assert in_books(service, firm, lambda books: books.all(Generator)) == []


def test_a_form_that_nobody_touched_changes_nothing(owner: Browser, service: Service, firm: Firm) -> None:
    euro = {"currency": "EUR", "exchange_rate": Decimal("24.5")}
    for generator in (
        template(service, firm, proforma=True, tags=("a", "b"), note="Dva\nřádky", **euro),
        monthly(service, firm, on_last_day=True, send_email=True, taxed_at_end_of_last_month=True, due_days=3),
    ):
        address = f"{TEMPLATES}/{generator.id}/edit"
        saved = owner.post_bare(address, **form_of(owner.get(address).text))
        assert saved.status_code == 303, wrong(saved.text)
        assert now(service, firm, generator) == generator


def test_of_two_who_change_one_the_second_sees_both_values_and_the_rest_is_merged(
    owner: Browser, service: Service, firm: Firm
) -> None:
    generator = monthly(service, firm, note="A", due_days=5)
    address = f"{TEMPLATES}/{generator.id}/edit"
    seen = form_of(owner.get(address).text)
    owner.post_bare(address, **seen | {"note": "Eva", "due_days": "7", "once": "eva"})
    refused = owner.post_bare(address, **seen | {"note": "Jan", "lines-0-name": "Jinak"})

    assert refused.status_code == 409
    assert "Now it is “Eva”; what you typed stands here." in refused.text
    both = form_of(refused.text)
    assert [both[name] for name in ("note", "due_days", "lines-0-name")] == ["Jan", "7", "Jinak"]
    assert owner.post_bare(address, **both).status_code == 303
    kept = now(service, firm, generator)
    assert (kept.note, kept.due_days, kept.lines[0].name) == ("Jan", 7, "Jinak")


def test_a_form_that_stood_open_while_a_document_was_issued_brings_its_date_not_back(
    owner: Browser, service: Service, firm: Firm
) -> None:
    generator = monthly(service, firm)
    address = f"{TEMPLATES}/{generator.id}/edit"
    seen = form_of(owner.get(address).text)
    in_books(service, firm, lambda books: run_now(books, generator.id, START))
    assert owner.post_bare(address, **seen | {"note": "Později"}).status_code == 303

    kept = now(service, firm, generator)
    assert (kept.note, kept.next_on) == ("Později", dt.date(2027, 2, 28))


def test_the_next_document_is_issued_by_hand_once_and_its_letter_with_it(
    owner: Browser, service: Service, firm: Firm
) -> None:
    generator = monthly(service, firm, email="karel@firma.example", send_email=True)
    address = f"{RECURRING}/{generator.id}/run"
    asked = plain(owner.get(address).text)
    assert "Jan 31, 2027" in asked
    assert "Nájem za 01/2027" in asked
    assert made(service, firm) == []
    fields = owner.hidden
    done = [owner.post_bare(address, **fields) for _ in range(2)]

    [invoice] = made(service, firm)
    assert [one.location for one in done] == [f"/applecorp/invoices/{invoice.id}"] * 2
    assert (invoice.issued_on, invoice.lines[0].name) == (dt.date(2026, 12, 1), "Nájem za 01/2027")
    [letter] = in_books(service, firm, lambda books: books.all(Message))
    assert letter.recipient == "karel@firma.example"
    page = plain(owner.get(f"{RECURRING}/{generator.id}").text)
    assert invoice.number in page
    assert "The next document of a template was issued by hand" in page
    assert f"{TEMPLATES}/{generator.id}" in owner.get(f"/applecorp/invoices/{invoice.id}").text


def test_a_question_that_stood_open_passes_no_other_date(owner: Browser, service: Service, firm: Firm) -> None:
    generator = monthly(service, firm)
    for verb in ("run", "skip"):
        owner.get(f"{RECURRING}/{generator.id}/{verb}")
        fields = owner.hidden
        assert owner.post_bare(f"{RECURRING}/{generator.id}/{verb}", **fields).status_code == 303
        refused = owner.post_bare(f"{RECURRING}/{generator.id}/{verb}", **fields | {"once": f"again {verb}"})
        assert refused.status_code == 409
        assert "That date has passed" in refused.text
    assert len(made(service, firm)) == 1
    assert now(service, firm, generator).next_on == dt.date(2027, 3, 31)


def test_a_date_that_is_none_is_refused(owner: Browser, service: Service, firm: Firm) -> None:
    generator = monthly(service, firm)
    owner.get(f"{RECURRING}/{generator.id}/skip")
    for day in ("", "jindy"):
        assert owner.post(f"{RECURRING}/{generator.id}/skip", day=day).status_code == 422
    assert now(service, firm, generator) == generator


def test_it_is_paused_and_goes_on_by_one_press_that_can_be_undone(owner: Browser, service: Service, firm: Firm) -> None:
    generator = monthly(service, firm)
    address = f"{RECURRING}/{generator.id}"
    owner.get(address)
    owner.post(f"{address}/pause")
    paused = owner.get(address).text
    assert "Paused" in paused
    assert f'action="{address}/activate"' in paused
    owner.post(f"{address}/activate")

    assert now(service, firm, generator).active
    owner.get(address)
    again = owner.post(f"{address}/activate")
    assert (again.status_code, "This template issues already." in again.text) == (409, True)


def test_one_that_failed_says_why_and_what_to_do(owner: Browser, service: Service, firm: Firm) -> None:
    generator = monthly(service, firm, currency="CHF", start_on=dt.date(2026, 12, 1))
    in_books(service, firm, lambda books: fail(books, generator.id))
    page = owner.get(f"{RECURRING}/{generator.id}").text
    assert "could not be issued on" in page
    assert "There is no exchange rate of that day. Fill one in." in page
    owner.get(f"{RECURRING}/{generator.id}/run")
    assert owner.post(f"{RECURRING}/{generator.id}/run", day="2026-12-01").status_code == 422

    rate = Given({"exchange_rate": Decimal(25)})
    in_books(service, firm, lambda books: change_generator(books, generator.id, rate))
    assert "Nothing hinders it any more." in owner.get(f"{RECURRING}/{generator.id}").text
    owner.get(f"{RECURRING}/{generator.id}/run")
    assert owner.post(f"{RECURRING}/{generator.id}/run", day="2026-12-01").status_code == 303
    assert now(service, firm, generator).failed_at is None


def test_a_firm_that_has_not_said_who_it_is_issues_nothing_by_hand(
    owner: Browser, service: Service, firm: Firm
) -> None:
    generator = monthly(service, firm)
    in_books(service, firm, lambda books: change_account(books, Given({"street": None, "registration_no": None})))
    owner.get(f"{RECURRING}/{generator.id}/run")
    refused = owner.post(f"{RECURRING}/{generator.id}/run", day="2027-01-31")

    assert refused.status_code == 409
    assert "The firm has to say more of itself first" in refused.text
    assert now(service, firm, generator) == generator


def test_a_template_is_made_of_a_document_and_a_document_is_repeated(
    owner: Browser, service: Service, firm: Firm
) -> None:
    invoice = issue(service, firm, "Karel", note="Děkujeme", kind="proforma", issued_on=dt.date(2026, 10, 31))
    page = owner.get(f"/applecorp/invoices/{invoice.id}").text
    assert f"{TEMPLATES}/new?document={invoice.id}" in page
    once = form_of(owner.get(f"{TEMPLATES}/new?document={invoice.id}").text)
    assert (once["name"], once["kind"], once["note"]) == ("Karel – Práce", "proforma", "Děkujeme")
    often = form_of(owner.get(f"{RECURRING}/new?document={invoice.id}").text)
    assert (often["start_on"], often["months"]) == ("2026-12-31", "1")
    owner.post_bare(f"{TEMPLATES}/new", **often)

    [generator] = in_books(service, firm, lambda books: books.all(Generator))
    assert (generator.contact_id, generator.gross_total, generator.recurring) == (
        invoice.contact_id,
        Decimal(121),
        True,
    )


def test_a_document_is_made_of_a_template(owner: Browser, service: Service, firm: Firm) -> None:
    generator = template(service, firm, note="Za #m#", due_days=3)
    typed = form_of(owner.get(f"{TEMPLATES}/{generator.id}/document").text)
    assert (typed["lines-0-name"], typed["note"]) == ("Nájem za 12/2026", "Za 12")
    done = owner.post_bare("/applecorp/invoices/new", **typed)

    [invoice] = made(service, firm)
    assert done.location == f"/applecorp/invoices/{invoice.id}"
    assert (invoice.generator_id, invoice.due_days, invoice.gross_total) == (generator.id, 3, Decimal(121))
    assert invoice.number in owner.get(f"{TEMPLATES}/{generator.id}").text


def test_a_template_is_deleted_and_what_it_made_stays(owner: Browser, service: Service, firm: Firm) -> None:
    generator = monthly(service, firm)
    invoice = in_books(service, firm, lambda books: run_now(books, generator.id, START))
    owner.get(f"{TEMPLATES}/{generator.id}/delete")
    assert owner.post(f"{TEMPLATES}/{generator.id}/delete").location == RECURRING

    assert owner.get(f"{TEMPLATES}/{generator.id}").status_code == 404
    assert owner.get(f"/applecorp/invoices/{invoice.id}").status_code == 200


def test_who_may_only_read_sees_no_verb_and_is_refused(owner: Browser, service: Service, firm: Firm) -> None:
    one, often = template(service, firm), monthly(service, firm)
    seat(service, firm, permission="read")
    page = owner.get(f"{RECURRING}/{often.id}").text
    assert page.count('class="verbs"') == 0
    for address in (
        *(f"{TEMPLATES}/new", f"{RECURRING}/new", f"{TEMPLATES}/{one.id}/edit", f"{TEMPLATES}/{one.id}/delete"),
        *(f"{TEMPLATES}/{one.id}/document", f"{RECURRING}/{often.id}/run", f"{RECURRING}/{often.id}/skip"),
    ):
        assert owner.get(address).status_code == 403, address
    for verb in ("pause", "activate", "skip", "run"):
        assert owner.post(f"{RECURRING}/{often.id}/{verb}", day="2027-01-31").status_code == 403, verb
    seat(service, firm, scopes=())
    assert owner.get(RECURRING).status_code == owner.get(TEMPLATES).status_code == 403
    assert now(service, firm, often) == often


def test_a_list_says_once_that_a_template_failed(owner: Browser, service: Service, firm: Firm) -> None:
    failed = monthly(service, firm, start_on=dt.date(2026, 12, 1))
    in_books(service, firm, lambda books: fail(books, failed.id))

    assert owner.get(RECURRING).text.partition("<tbody>")[2].count("Failed") == 1


def test_what_corrects_a_document_is_not_repeated(owner: Browser, service: Service, firm: Firm) -> None:
    original = issue(service, firm)
    lines = [Given({"name": "Zpět", "unit_price": Decimal(-10), "vat_rate": Decimal(21)})]
    named: dict[str, Any] = {"corrected_id": original.id, "contact_id": original.contact_id}
    note = issue(service, firm, kind="correction", lines=lines, **named)

    for document, status in ((original, 200), (note, 409)):
        page = owner.get(f"/applecorp/invoices/{document.id}").text
        for path in (TEMPLATES, RECURRING):
            new = f"{path}/new?document={document.id}"
            assert (new in page) == (status == 200)
            assert owner.get(new).status_code == status
