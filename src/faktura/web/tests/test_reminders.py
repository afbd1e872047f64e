"""Steps and texts of reminders, what goes out tomorrow, and reminding by hand: one document or many."""

import datetime as dt
import re
from html import unescape

import pytest

from faktura.core.accounts.reminders import MOST_STEPS, ReminderText, add_step
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.documents.events import restate_due
from faktura.core.errors import Given
from faktura.core.messages import Message
from faktura.core.people.accounts import Account
from faktura.jobs import Reach, handlers
from faktura.store.database import Database
from faktura.web.tests.conftest import Browser, add, again, in_books, in_office, issue, without_wholes
from faktura.wire.service import Service
from faktura.worker import Worker
from tests.firm import Firm, open_firm

NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)
SETTINGS = "/applecorp/settings/reminders"
BUYER = "ucetni@odberatel.example"


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(NOON)
    return clock


def account(service: Service) -> Account:
    return in_office(service, lambda office: office.find(Account, slug="applecorp"))


def steps(service: Service) -> list[tuple[int, bool]]:
    return [(step.days, step.on) for step in account(service).reminders]


def texts(service: Service, firm: Firm) -> list[tuple[int, str, str, str]]:
    found = in_books(service, firm, lambda books: books.all(ReminderText))
    return [(text.step, text.language, text.subject, text.body) for text in found]


def letters(service: Service, firm: Firm) -> list[Message]:
    return in_books(service, firm, lambda books: books.all(Message))


def switch_on(owner: Browser, step_id: int = 2, days: str = "3") -> None:
    owner.get(f"{SETTINGS}/{step_id}")
    assert owner.post(f"{SETTINGS}/{step_id}", days=days, side="after", on="yes").status_code == 303


def work(service: Service) -> None:
    jobs = {name: handler for name, handler in handlers().items() if handler.every is None}
    worker = Worker(service.database, service.clock, jobs, Reach())
    while worker.do_next("tasks"):
        pass


def test_steps_are_added_changed_and_removed(owner: Browser, service: Service) -> None:
    assert "3 days before the due date" in owner.get(SETTINGS).text
    owner.get(f"{SETTINGS}/new")
    assert owner.post(f"{SETTINGS}/new", days="14", side="after", on="yes").location == SETTINGS
    owner.get(f"{SETTINGS}/new")
    owner.post(f"{SETTINGS}/new", days="0", side="after")
    assert steps(service) == [(-3, False), (0, False), (3, False), (14, True)]
    page = owner.get(SETTINGS).text
    assert "14 days after the due date" in page
    assert "On the due date" in page

    owner.get(f"{SETTINGS}/1")
    owner.post(f"{SETTINGS}/1", days="1", side="before", on="yes")
    assert steps(service)[0] == (-1, True)
    assert "1 day before the due date" in owner.get(SETTINGS).text
    owner.get(f"{SETTINGS}/1/remove")
    assert owner.post(f"{SETTINGS}/1/remove").location == SETTINGS
    assert steps(service) == [(0, False), (3, False), (14, True)]
    assert owner.get(f"{SETTINGS}/1").status_code == 404


@pytest.mark.parametrize(("days", "words"), [("", "Fill this in."), ("3", "used already"), ("400", "too large")])
def test_a_day_that_cannot_be_is_refused_at_its_field(owner: Browser, service: Service, days: str, words: str) -> None:
    owner.get(f"{SETTINGS}/new")
    refused = owner.post(f"{SETTINGS}/new", days=days, side="after", on="yes")
    assert refused.status_code == 422
    assert words in refused.text
    assert 'id="days-wrong"' in refused.text
    owner.get(f"{SETTINGS}/1")
    assert owner.post(f"{SETTINGS}/1", days=days, side="after").status_code == 422
    assert steps(service) == [(-3, False), (3, False)]


def test_there_are_no_more_than_ten_steps(owner: Browser, service: Service, firm: Firm) -> None:
    def fill(books: Books) -> None:
        for days in range(20, 20 + MOST_STEPS - 2):
            add_step(books, Given({"days": days}))

    in_books(service, firm, fill)
    assert "New step" not in owner.get(SETTINGS).text
    owner.get(f"{SETTINGS}/new")
    assert owner.post(f"{SETTINGS}/new", days="99", side="after").status_code == 409


def test_a_step_says_in_a_language_what_is_typed_and_shows_it_filled_in(
    owner: Browser, service: Service, firm: Firm
) -> None:
    assert "Once a document is issued" in owner.get(f"{SETTINGS}/2/texts/cs").text
    invoice = issue(service, firm, add(service, firm, "Karel", email=BUYER), due_days=0)
    page = unescape(owner.get(f"{SETTINGS}/2/texts/cs").text)
    assert f"Upomínka: Faktura {invoice.number}" in without_wholes(page)
    assert "je 3 dny po splatnosti" in page
    assert f"/applecorp/p/{invoice.token}/" in page
    typed = {"subject": "Prosíme o #no#", "body": "Už #days#.\r\n#link#"}
    part = owner.post_part(f"{SETTINGS}/2/texts/cs/preview", **typed, csrf_token=owner.hidden["csrf_token"])
    assert f"<strong>Prosíme o {invoice.number}</strong>" in without_wholes(part.text)
    assert "<h1>" not in part.text
    assert "Už 3 dny." in part.text
    assert "<h1>" in owner.post(f"{SETTINGS}/2/texts/cs/preview", **typed).text
    assert texts(service, firm) == []

    owner.get(f"{SETTINGS}/2/texts/cs")
    assert owner.post(f"{SETTINGS}/2/texts/cs", **typed).location == f"{SETTINGS}/2"
    assert texts(service, firm) == [(2, "cs", "Prosíme o #no#", "Už #days#.\n#link#")]
    assert "Prosíme o #no#" in owner.get(f"{SETTINGS}/2").text
    assert "Czech" in owner.get(SETTINGS).text
    owner.get(f"{SETTINGS}/2/texts/cs")
    owner.post(f"{SETTINGS}/2/texts/cs", subject="", body=" ")
    assert texts(service, firm) == []


def test_a_text_that_is_too_long_is_refused_and_stays_typed(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(f"{SETTINGS}/2/texts/pl")
    refused = owner.post(f"{SETTINGS}/2/texts/pl", subject="Prosimy", body="x" * 5001)
    assert refused.status_code == 422
    assert 'value="Prosimy"' in refused.text
    assert texts(service, firm) == []
    assert owner.get(f"{SETTINGS}/2/texts/xx").status_code == 404
    assert owner.get(f"{SETTINGS}/99/texts/cs").status_code == 404


def test_what_goes_out_tomorrow_is_listed_and_who_has_no_address_is_named(
    owner: Browser, service: Service, firm: Firm, clock: Clock
) -> None:
    switch_on(owner)
    heard = issue(service, firm, add(service, firm, "Karel", email=BUYER), due_days=0)
    silent = issue(service, firm, add(service, firm, "Němý"), due_days=0)
    paid_in_part = issue(service, firm, add(service, firm, "Zítra", email=BUYER), due_days=1)
    assert "Nobody is reminded on Nov 22, 2026." in owner.get(SETTINGS).text.replace("\N{NO-BREAK SPACE}", " ")

    clock.stand_at(NOON + dt.timedelta(days=2))
    page = owner.get(SETTINGS).text
    assert "2 letters" in page
    assert heard.number in page
    assert silent.number in page
    assert paid_in_part.number not in page
    assert BUYER in page
    assert "no e-mail address" in page


def test_a_document_and_a_contact_are_left_alone_and_reminded_again(
    owner: Browser, service: Service, firm: Firm, clock: Clock
) -> None:
    switch_on(owner)
    contact = add(service, firm, "Karel", email=BUYER)
    invoice = issue(service, firm, contact, due_days=0)
    clock.stand_at(NOON + dt.timedelta(days=2))
    here = f"/applecorp/invoices/{invoice.id}"
    assert "Do not remind" in owner.get(here).text
    assert owner.post(f"{here}/reminders-off").status_code == 303
    assert again(service, firm, invoice).reminders_off
    assert invoice.number not in owner.get(SETTINGS).text
    owner.get(here)
    owner.post(f"{here}/reminders-on")
    assert invoice.number in owner.get(SETTINGS).text

    edit = f"/applecorp/subjects/{contact.id}/edit"
    owner.get(edit)
    owner.post(edit, name="Karel", email=BUYER, send_reminders="off", country="CZ")
    assert invoice.number not in owner.get(SETTINGS).text
    assert '<option value="off" selected>' in owner.get(edit).text


def test_a_document_that_is_issued_may_be_left_alone_from_the_start(owner: Browser) -> None:
    assert 'name="reminders_off"' in owner.get("/applecorp/invoices/new").text


def test_an_overdue_document_is_reminded_of_by_the_letter_that_is_seen(
    owner: Browser, service: Service, firm: Firm, clock: Clock
) -> None:
    invoice = issue(service, firm, add(service, firm, "Karel", email=BUYER), due_days=0)
    clock.stand_at(NOON + dt.timedelta(days=1))
    late(service, firm)
    here = f"/applecorp/invoices/{invoice.id}"
    assert f'href="{here}/send" data-key="s">Remind</a>' in owner.get(here).text
    service.sends_mail = True
    page = unescape(owner.get(f"{here}/send").text)
    assert f"Remind of Invoice {invoice.number}" in without_wholes(page)
    assert "je 1 den po splatnosti" in page
    body = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[0]
    sent = owner.post(f"{here}/send", recipient=BUYER, copy="", subject=f"Upomínka {invoice.number}", body=body)
    assert sent.status_code == 303
    timeline = owner.get(here).text
    assert f"Upomínka {invoice.number}" in timeline
    assert "Last reminded" in timeline


def late(service: Service, firm: Firm) -> None:
    in_books(service, firm, restate_due)


def test_all_that_are_late_are_reminded_and_the_others_say_why_not(
    owner: Browser, service: Service, firm: Firm, clock: Clock
) -> None:
    karel = add(service, firm, "Karel", email=BUYER)
    overdue, open_one = issue(service, firm, karel, due_days=0), issue(service, firm, karel, due_days=30)
    clock.stand_at(NOON + dt.timedelta(days=1))
    late(service, firm)
    address = f"/applecorp/invoices/bulk?verb=remind&all=yes&subject={karel.id}"
    assert "2 documents" in owner.get(address).text
    done = owner.post(address)
    work(service)
    page = owner.get(done.location).text

    assert "Nobody is late with this document." in page
    assert [letter.document_id for letter in letters(service, firm)] == [overdue.id]
    assert again(service, firm, overdue).last_reminded_at is not None
    assert again(service, firm, open_one).sent_at is None


def test_who_is_most_behind_is_reminded_from_the_overview(
    owner: Browser, service: Service, firm: Firm, clock: Clock
) -> None:
    karel = add(service, firm, "Karel", email=BUYER)
    issue(service, firm, karel, due_days=0)
    issue(service, firm, karel, due_days=30)
    clock.stand_at(NOON + dt.timedelta(days=1))
    late(service, firm)
    (address,) = re.findall(r'href="([^"]+verb=remind[^"]+)"', owner.get("/applecorp").text)
    page = owner.get(unescape(address)).text
    assert "<h1>Remind</h1>" in page
    assert "<output>1 document</output>" in page


def test_a_firm_sees_no_letters_of_another(owner: Browser, service: Service, database: Database, clock: Clock) -> None:
    other = open_firm(database, clock, "pearcorp")
    switch_on(owner)
    issue(service, other, add(service, other, "Cizí", email=BUYER), due_days=0)
    clock.stand_at(NOON + dt.timedelta(days=2))
    assert "Cizí" not in owner.get(SETTINGS).text
    assert owner.get("/pearcorp/settings/reminders").status_code == 404


def test_the_history_says_what_was_changed_about_reminders(owner: Browser, service: Service) -> None:
    switch_on(owner, days="7")
    owner.get(f"{SETTINGS}/2/texts/cs")
    owner.post(f"{SETTINGS}/2/texts/cs", subject="Prosíme", body="")
    page = " ".join(re.sub(r"<[^>]+>", " ", owner.get("/applecorp/history").text).split())

    assert "Reminders : 3 days after the due date (off) → 7 days after the due date" in page
    assert "Subject of a reminder : – → Prosíme" in page
    assert in_office(service, lambda office: isinstance(office, Office))
