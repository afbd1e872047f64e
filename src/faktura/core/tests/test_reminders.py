"""Whom to remind and when: steps of the account, switches of contacts and documents, and never twice."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.accounts.reminders import (
    LATEST,
    MOST_STEPS,
    ReminderText,
    add_step,
    change_step,
    remove_step,
    say,
    texts_of,
)
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.contacts import change_contact
from faktura.core.errors import Given, Invalid, LimitReached, NotFound
from faktura.core.invoices.events import fire, mark_sent
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.reminders import Course, DueReminder, reminders_due, step_due
from faktura.core.messages import Message
from faktura.core.people.accounts import ReminderStep
from faktura.core.tests.conftest import NOON, Firm, a_firm, change, line, pay
from faktura.outputs.mail.wording import letter_for, send_invoice, send_reminder
from faktura.store.database import Database
from faktura.store.queries import Condition, Selection

TODAY = NOON.date()
LINK = "https://faktura.example/applecorp/p/abc"
STEPS = (ReminderStep(1, -3, on=True), ReminderStep(2, 3, on=True), ReminderStep(3, 10, on=True))

LATE = {
    "cs": ("Upomínka", "je 1 den po splatnosti", "je 3 dny po splatnosti", "je 10 dnů po splatnosti"),
    "sk": ("Upomienka", "je 1 deň po splatnosti", "je 3 dni po splatnosti", "je 10 dní po splatnosti"),
    "pl": ("Przypomnienie", "minął 1 dzień temu", "minął 3 dni temu", "minął 10 dni temu"),
    "en": ("Reminder", "is 1 day overdue", "is 3 days overdue", "is 10 days overdue"),
    "de": ("Zahlungserinnerung", "seit 1 Tag überfällig", "seit 3 Tagen überfällig", "seit 10 Tagen überfällig"),
}

SOON = {
    "cs": ("bude splatný za 1 den", "bude splatný za 3 dny", "bude splatný za 10 dnů", "je splatný dnes"),
    "sk": ("bude splatný o 1 deň", "bude splatný o 3 dni", "bude splatný o 10 dní", "je splatný dnes"),
    "pl": ("upływa za 1 dzień", "upływa za 3 dni", "upływa za 10 dni", "mija dzisiaj"),
    "en": ("is due in 1 day.", "is due in 3 days.", "is due in 10 days.", "is due today"),
    "de": ("in 1 Tag fällig", "in 3 Tagen fällig", "in 10 Tagen fällig", "heute fällig"),
}


@pytest.fixture
def firm(database: Database) -> Firm:
    return reminding(a_firm(database))


def reminding(firm: Firm, **contact: Any) -> Firm:
    """It reminds three days before the due date, three days after it and ten."""
    firm.account = firm.do(with_steps)
    firm.contact = firm.do(change_contact, firm.contact.id, Given({"email": "ucetni@odberatel.example"} | contact))
    return firm


def with_steps(books: Books) -> Any:
    change_step(books, 1, Given({"on": True}))
    change_step(books, 2, Given({"on": True}))
    add_step(books, Given({"days": 10, "on": True}))
    return books.account


def on(firm: Firm, days: int) -> None:
    """Go to a day, counted from today."""
    firm.clock.stand_at(NOON + dt.timedelta(days=days))


def due(firm: Firm) -> list[tuple[int, int]]:
    """Documents and days of the steps."""
    found: list[DueReminder] = firm.do(lambda books: reminders_due(books, books.today))
    return [(one.invoice_id, one.step.days) for one in found]


def remind(firm: Firm) -> list[Message]:
    """What the job does in the morning."""

    def work(books: Books) -> list[Message]:
        found = reminders_due(books, books.today)
        return [send_reminder(books, books.find(Invoice, one.invoice_id), one.step, LINK) for one in found]

    return firm.do(work)


def test_a_document_is_reminded_of_by_each_step_on_its_day_and_once(firm: Firm) -> None:
    issued = firm.issue(due_days=5)
    sent: list[tuple[int, str]] = []
    for day in range(40):
        on(firm, day)
        for _ in range(2):
            sent += [(day, message.subject) for message in remind(firm)]

    assert sent == [
        (2, "Blíží se splatnost: Faktura 2026-0001"),
        (8, "Upomínka: Faktura 2026-0001"),
        (15, "Upomínka: Faktura 2026-0001"),
    ]
    reminded = firm.again(issued)
    assert reminded.due_date_reminded_at == NOON + dt.timedelta(days=2)
    assert reminded.reminded_at == NOON + dt.timedelta(days=8)
    assert reminded.last_reminded_at == NOON + dt.timedelta(days=15)


def test_a_clock_that_jumps_sixty_days_sends_the_latest_step_alone(firm: Firm) -> None:
    issued = firm.issue(due_days=5)
    on(firm, 60)

    assert due(firm) == [(issued.id, 10)]
    assert len(remind(firm)) == 1
    on(firm, 61)
    assert due(firm) == []


def test_a_clock_that_is_moved_back_sends_nothing_again(firm: Firm) -> None:
    issued = firm.issue(due_days=5)
    on(firm, 15)
    assert len(remind(firm)) == 1
    for day in range(40):
        on(firm, day)
        assert due(firm) == []
    assert firm.again(issued).due_date_reminded_at is None


def test_nobody_is_told_that_a_document_will_be_due_when_it_was() -> None:
    early = STEPS[:1]
    course = Course(dt.date(2026, 11, 10), dt.date(2026, 11, 1))

    assert step_due(early, course, dt.date(2026, 11, 6)) is None
    assert step_due(early, course, dt.date(2026, 11, 7)) == early[0]
    assert step_due(early, course, dt.date(2026, 11, 10)) == early[0]
    assert step_due(early, course, dt.date(2026, 11, 11)) is None


def test_what_should_have_been_reminded_of_before_a_step_held_is_not(firm: Firm) -> None:
    firm.issue(issued_on=TODAY - dt.timedelta(days=40), due_days=0)
    assert due(firm) == []
    assert step_due([STEPS[1]], Course(TODAY, TODAY), TODAY + dt.timedelta(days=3)) == STEPS[1]
    later = ReminderStep(2, 3, on=True, since=TODAY + dt.timedelta(days=4))
    assert step_due([later], Course(TODAY, TODAY), TODAY + dt.timedelta(days=5)) is None


def test_a_day_that_is_put_off_is_reminded_of_again(firm: Firm) -> None:
    issued = firm.issue(due_days=0)
    on(firm, 3)
    assert len(remind(firm)) == 1
    change(firm, issued, due_days=4)
    assert due(firm) == []
    on(firm, 7)
    assert due(firm) == [(issued.id, 3)]


def test_whom_a_person_reminded_is_not_reminded_by_the_step_of_that_day(firm: Firm) -> None:
    issued = firm.issue(due_days=0)
    on(firm, 4)
    firm.do(lambda books: fire(books, issued.id, "lock"))
    firm.do(lambda books: mark_sent(books, change_status(books, issued)))

    assert due(firm) == []
    on(firm, 10)
    assert due(firm) == [(issued.id, 10)]


def change_status(books: Books, issued: Invoice) -> Invoice:
    found = books.find(Invoice, issued.id)
    assert found.status == "overdue"
    return found


@pytest.mark.parametrize("event", ["cancel", "mark_as_uncollectible"])
def test_what_is_cancelled_or_given_up_is_not_reminded_of(firm: Firm, event: str) -> None:
    issued = firm.issue(due_days=0)
    on(firm, 3)
    assert due(firm) == [(issued.id, 3)]
    firm.do(fire, issued.id, event)
    assert due(firm) == []


def test_what_is_paid_is_not_reminded_of_and_what_is_paid_in_part_asks_for_the_rest(firm: Firm) -> None:
    part, whole = firm.issue(line(1000), due_days=0), firm.issue(line(1000), due_days=0)
    pay(firm, part, 200)
    pay(firm, whole)
    on(firm, 3)
    (letter,) = remind(firm)

    assert letter.document_id == part.id
    assert "1 010,00 Kč" in letter.body.replace("\N{NO-BREAK SPACE}", " ")
    assert "1 210" not in letter.body.replace("\N{NO-BREAK SPACE}", " ")


def test_a_credit_note_is_not_reminded_of(firm: Firm) -> None:
    issued = firm.issue(line(1000), due_days=90)
    firm.issue(line(-100), kind="correction", corrected_id=issued.id, due_days=0)
    firm.issue(line(100), kind="correction", corrected_id=issued.id, due_days=0)
    on(firm, 3)
    assert due(firm) == []


def test_a_proforma_is_reminded_of_as_it_asks_for_money(firm: Firm) -> None:
    issued = firm.issue(kind="proforma", due_days=0)
    on(firm, 3)
    assert due(firm) == [(issued.id, 3)]


def test_a_contact_and_a_document_may_be_left_alone(firm: Firm) -> None:
    left, other = firm.issue(due_days=0), firm.issue(due_days=0)
    change(firm, left, reminders_off=True)
    on(firm, 3)
    assert due(firm) == [(other.id, 3)]
    firm.do(change_contact, firm.contact.id, Given({"send_reminders": "off"}))
    assert due(firm) == []
    change(firm, left, reminders_off=None)
    firm.do(change_contact, firm.contact.id, Given({"send_reminders": None}))
    assert due(firm) == [(left.id, 3), (other.id, 3)]


def test_the_two_switches_of_a_contact_are_each_for_their_side_of_the_due_date(firm: Firm) -> None:
    issued = firm.issue(due_days=3)
    firm.do(change_contact, firm.contact.id, Given({"send_due_date_reminders": "off"}))
    assert due(firm) == []
    firm.do(change_contact, firm.contact.id, Given({"send_due_date_reminders": "on", "send_reminders": "off"}))
    assert due(firm) == [(issued.id, -3)]
    on(firm, 6)
    assert due(firm) == []


def test_a_contact_may_be_reminded_where_nobody_else_is(database: Database) -> None:
    firm = a_firm(database)
    issued = firm.issue(due_days=0)
    on(firm, 3)
    assert due(firm) == []
    firm.do(change_contact, firm.contact.id, Given({"send_reminders": "on"}))
    assert due(firm) == [(issued.id, 3)]


def test_a_blocked_account_reminds_nobody(firm: Firm) -> None:
    firm.issue(due_days=0)
    on(firm, 3)
    firm.account.blocked = True
    assert due(firm) == []


@pytest.mark.parametrize("language", LATE)
def test_a_reminder_is_in_the_documents_language_and_counts_days_as_it_does(firm: Firm, language: str) -> None:
    subject, *expected = LATE[language]
    step = ReminderStep(9, 1, on=True)
    issued = firm.issue(due_days=0, language=language)
    for days, words in zip((1, 3, 10), expected, strict=True):
        on(firm, days)
        message = firm.do(lambda books: send_reminder(books, books.find(Invoice, issued.id), step, LINK))
        assert message.subject.startswith(f"{subject}: ")
        assert words in message.body
        assert message.language == language


@pytest.mark.parametrize("language", SOON)
def test_a_letter_before_the_due_date_counts_the_days_that_are_left(firm: Firm, language: str) -> None:
    issued = firm.issue(due_days=10, language=language)
    for days, words in zip((9, 7, 0, 10), SOON[language], strict=True):
        on(firm, days)
        message = firm.do(lambda books: send_reminder(books, books.find(Invoice, issued.id), STEPS[0], LINK))
        assert words in message.body
        assert not {"#", "{"} & set(message.subject + message.body)


def test_a_step_says_what_the_account_has_it_say_in_each_language(firm: Firm) -> None:
    firm.do(say, 2, "cs", Given({"subject": "Prosíme #no#", "body": "Už #days#, zbývá #price#.\n#link#"}))
    firm.do(say, 2, "de", Given({"body": "Bitte zahlen Sie #no#."}))
    czech, german, polish = (firm.issue(due_days=0, language=language) for language in ("cs", "de", "pl"))
    on(firm, 4)
    letters = {message.document_id: message for message in remind(firm)}

    assert letters[czech.id].subject == "Prosíme 2026-0001"
    body = letters[czech.id].body.replace("\N{NO-BREAK SPACE}", " ")
    assert body == f"Už 4 dny, zbývá 121,00 Kč.\n{LINK}"
    assert letters[german.id].subject == "Zahlungserinnerung: Rechnung 2026-0002"
    assert letters[german.id].body == "Bitte zahlen Sie 2026-0003.".replace("0003", "0002")
    assert "4 dni temu" in letters[polish.id].body


def test_what_a_contact_is_written_goes_before_what_the_step_says(firm: Firm) -> None:
    own = {"overdue_email_text": "Karle, #no#!", "due_date_reminder_email_text": "Karle, brzy #no#."}
    firm.do(change_contact, firm.contact.id, Given(own))
    firm.do(say, 2, "cs", Given({"subject": "Prosíme", "body": "Zaplaťte."}))
    firm.issue(due_days=3)
    assert [(m.subject, m.body) for m in remind(firm)] == [
        ("Blíží se splatnost: Faktura 2026-0001", "Karle, brzy 2026-0001.")
    ]
    on(firm, 6)
    assert [(m.subject, m.body) for m in remind(firm)] == [("Prosíme", "Karle, 2026-0001!")]


def test_a_reminder_by_hand_says_what_the_step_says_that_is_reached(firm: Firm) -> None:
    firm.do(say, 3, "cs", Given({"body": "Podruhé a naposled."}))
    issued = firm.issue(due_days=0)
    on(firm, 5)
    firm.do(change_contact, firm.contact.id, Given({"phone": "1"}))
    change(firm, issued, note="znovu")
    assert "po splatnosti" in firm.do(letter_for, issued.id, LINK).body
    on(firm, 12)
    assert firm.do(letter_for, issued.id, LINK).body == "Podruhé a naposled."
    assert firm.do(send_invoice, issued.id, Given(), LINK).body == "Podruhé a naposled."


def test_a_reminder_is_an_event_of_the_document(firm: Firm) -> None:
    issued = firm.issue(due_days=0)
    on(firm, 3)
    remind(firm)
    named = Selection((Condition("name", "eq", "invoice_reminded"),))
    (event,) = firm.do(lambda books: books.all(Happening, named))

    assert (event.record_id, event.kind) == (issued.id, "invoices")
    assert {"reminded_at", "last_reminded_at"} <= set(event.details or {})


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"on": True}, "blank"),
        ({"days": 3}, "taken"),
        ({"days": LATEST + 1}, "too_large"),
        ({"days": -61}, "too_large"),
    ],
)
def test_a_step_has_a_day_of_its_own_within_reach(firm: Firm, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        firm.do(add_step, Given(given))
    assert [problem.code for problem in refused.value.problems["days"]] == [code]


def test_an_account_has_no_more_than_ten_steps(firm: Firm) -> None:
    def fill(books: Books) -> None:
        for days in range(20, 20 + MOST_STEPS):
            add_step(books, Given({"days": days}))

    with pytest.raises(LimitReached):
        firm.do(fill)


def test_steps_are_in_the_order_of_their_days_and_hold_from_the_day_they_are_changed(firm: Firm) -> None:
    def work(books: Books) -> Any:
        change_step(books, 2, Given({"days": 30}))
        change_step(books, 3, Given({"days": 10, "on": True}))
        return books.account

    on(firm, 7)
    account = firm.do(work)
    assert [(step.days, step.since) for step in account.reminders] == [
        (-3, TODAY),
        (10, TODAY),
        (30, TODAY + dt.timedelta(days=7)),
    ]


def test_with_a_step_its_texts_are_forgotten(firm: Firm) -> None:
    firm.do(say, 2, "cs", Given({"body": "Zaplaťte."}))
    firm.do(remove_step, 2)
    assert firm.do(lambda books: books.count(ReminderText)) == 0
    with pytest.raises(NotFound):
        firm.do(remove_step, 99)


def test_a_text_that_is_taken_away_is_the_usual_one_again(firm: Firm) -> None:
    firm.do(say, 2, "cs", Given({"subject": "A", "body": "B"}))
    firm.do(say, 2, "cs", Given({"subject": "A", "body": "C"}))
    assert firm.do(lambda books: texts_of(books, STEPS[1])["cs"].body) == "C"
    firm.do(say, 2, "cs", Given({"subject": "", "body": None}))
    assert firm.do(lambda books: texts_of(books, STEPS[1])) == {}
    with pytest.raises(Invalid):
        firm.do(say, 2, "cs", Given({"body": "x" * 5001}))


def test_many_documents_are_looked_through_in_the_order_of_their_ids(firm: Firm) -> None:
    def issue_many(books: Books) -> list[int]:
        lines = [line(5)]
        return [
            issue_invoice(books, Given({"contact_id": firm.contact.id, "due_days": 0, "lines": lines})).id
            for _ in range(5)
        ]

    ids = firm.do(issue_many)
    on(firm, 3)
    assert [document_id for document_id, _ in due(firm)] == ids
    rest = firm.do(lambda books: reminders_due(books, books.today, ids[3]))
    assert [one.invoice_id for one in rest] == ids[3:]
