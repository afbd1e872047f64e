"""Section 2.16: events, sentence by sentence."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.books.history import EVENT_NAMES
from faktura.core.clock import Clock
from faktura.core.documents.events import restate_due
from faktura.core.errors import Given
from faktura.core.generators.recur import issue_due, skip
from faktura.core.invoices.record import Invoice
from faktura.core.merging import merge_contacts
from faktura.core.messages import Message, give_up, send_again
from faktura.core.people.users import Language
from faktura.dialects.fakturoid.events.names import CHANGES, NAMES, PAID, TOLD
from faktura.dialects.fakturoid.tests.conftest import Client, Desk
from faktura.dialects.fakturoid.tests.invoices.test_messages import give_address, thank
from faktura.dialects.fakturoid.tests.test_permissions import allow
from faktura.store.database import Database
from faktura.wire.service import Service
from tests.firm import open_firm


def events(client: Client, path: str = "/events.json", **options: Any) -> list[dict[str, Any]]:
    answer = client.get(path, **options)
    assert answer.status_code == 200, answer.text
    return list(answer.json)


def named(client: Client, name: str) -> dict[str, Any]:
    """The last event of a name."""
    return next(event for event in events(client) if event["name"] == name)


def test_each_event_of_the_history_has_a_word_of_the_contract_or_is_said_to_have_none() -> None:
    assert NAMES.keys() == set(EVENT_NAMES)
    assert set(CHANGES) == {name for name in EVENT_NAMES if callable(NAMES[name])}
    assert set(PAID) <= set(TOLD)


def test_an_event_shows_the_attributes_of_the_table_in_its_order(desk: Desk) -> None:
    desk.client.patch(f"/subjects/{desk.subject_id}.json", {"email": "ucetni@odberatel.example"})
    invoice = desk.issue()
    desk.client.post(f"/invoices/{invoice['id']}/message.json", {"subject": "Doklad", "message": "Dobrý den"})

    event = events(desk.client)[0]
    user = desk.client.firm.user
    assert list(event) == ["name", "created_at", "text", "related_objects", "user", "params"]
    assert event["name"] == "invoice_sent"
    assert event["related_objects"] == [
        {"type": "Invoice", "id": invoice["id"]},
        {"type": "Subject", "id": desk.subject_id},
    ]
    assert event["user"] == {"id": user.id, "full_name": user.full_name, "avatar": user.avatar_url}
    assert event["params"] == {
        "email": "ucetni@odberatel.example",
        "email_copy": None,
        "email_subject": "Doklad",
        "email_body": "Dobrý den",
        "marked": "false",
    }
    assert dt.datetime.fromisoformat(event["created_at"]).utcoffset() is not None


def test_each_letter_is_an_event_also_when_the_invoice_was_sent_before(desk: Desk) -> None:
    invoice = desk.issue()
    for address in ("prvni@odberatel.example", "druhy@odberatel.example"):
        desk.client.post(f"/invoices/{invoice['id']}/message.json", {"email": address})

    sent = [event["params"]["email"] for event in events(desk.client) if event["name"] == "invoice_sent"]
    assert sent == ["druhy@odberatel.example", "prvni@odberatel.example"]


def test_a_letter_about_an_overdue_invoice_is_a_reminder(desk: Desk) -> None:
    invoice = desk.issue(issued_on="2020-01-01", due=1)
    desk.client.post(f"/invoices/{invoice['id']}/message.json", {"email": "ucetni@odberatel.example"})

    assert named(desk.client, "invoice_reminder_sent")["params"]["email"] == "ucetni@odberatel.example"


@pytest.mark.parametrize(
    ("language", "said"),
    [("cs", "Kontakt změněn"), ("en", "Contact changed"), ("pl", "Zmieniono kontakt")],
)
def test_the_text_is_in_the_language_of_the_user(
    service: Service, database: Database, clock: Clock, language: Language, said: str
) -> None:
    desk = Desk(Client(service, open_firm(database, clock, "kiwicorp", language=language)))
    desk.client.patch(f"/subjects/{desk.subject_id}.json", {"phone": "1"})

    assert events(desk.client)[0]["text"] == f"{said}: Odběratel a.s."


def test_what_happens_to_an_invoice_has_the_names_of_the_contract(desk: Desk) -> None:
    invoice = desk.issue()
    of_invoice = f"/invoices/{invoice['id']}"
    for event in ("mark_as_sent", "cancel", "undo_cancel"):
        desk.client.post(f"{of_invoice}/fire.json", params={"event": event})
    payment = desk.client.post(f"{of_invoice}/payments.json", {"paid_on": "2026-01-31"}).json
    desk.client.delete(f"{of_invoice}/payments/{payment['id']}.json")
    desk.client.delete(f"{of_invoice}.json")

    told = events(desk.client)
    assert [event["name"] for event in told] == [
        "invoice_removed",
        "invoice_payment_removed",
        "invoice_paid",
        "invoice_undo_cancelled",
        "invoice_cancelled",
        "invoice_marked_as_sent",
    ]
    assert told[2]["params"] == {"date": "2026-01-31"}
    assert told[0]["text"].endswith(invoice["number"])


def test_thanks_are_told_with_what_they_were_for(desk: Desk) -> None:
    give_address(desk)
    thanked, other = desk.issue(), desk.issue()
    desk.pay(thanked, send_thank_you_email=True, paid_on="2026-01-31")
    thank(desk)
    desk.pay(other)

    told = events(desk.client, "/events/paid.json")
    assert [event["name"] for event in told] == ["invoice_paid", "invoice_paid_with_thank_you_note"]
    assert list(told[1]["params"]) == ["date", "email", "email_copy", "email_subject", "email_body"]
    assert (told[1]["params"]["date"], told[1]["params"]["email"]) == ("2026-01-31", "ucetni@odberatel.example")


def test_a_proforma_that_is_paid_has_a_name_of_its_own(desk: Desk) -> None:
    proforma = desk.issue(document_type="proforma", proforma_followup_document="none")
    desk.client.post(f"/invoices/{proforma['id']}/payments.json", {})

    assert [event["name"] for event in events(desk.client, "/events/paid.json")] == ["proforma_paid"]


def test_what_is_gone_is_told_of_as_it_was(desk: Desk) -> None:
    proforma = desk.issue(document_type="proforma", proforma_followup_document="none")
    desk.client.post(f"/invoices/{proforma['id']}/payments.json", {})
    plan = {"start_date": "2030-01-01", "months_period": 1, "name": "Nájem", "subject_id": desk.subject_id}
    generator = desk.client.post("/recurring_generators.json", plan).json
    desk.client.patch(f"/recurring_generators/{generator['id']}/pause.json")
    told = [named(desk.client, name) for name in ("proforma_paid", "generator_paused")]
    assert [one["text"].rpartition(": ")[2] for one in told] == [proforma["number"], "Nájem"]

    assert desk.client.delete(f"/invoices/{proforma['id']}.json").status_code == 204
    assert desk.client.delete(f"/recurring_generators/{generator['id']}.json").status_code == 204

    assert [named(desk.client, name) for name in ("proforma_paid", "generator_paused")] == told


def test_paid_events_are_those_of_invoices_and_expenses_that_were_paid(desk: Desk) -> None:
    invoice = desk.issue()
    expense = desk.client.post(
        "/expenses.json", {"subject_id": desk.subject_id, "lines": [{"name": "Papír", "unit_price": 100}]}
    ).json
    desk.client.post(f"/expenses/{expense['id']}/payments.json", {})
    desk.client.post(f"/invoices/{invoice['id']}/fire.json", params={"event": "mark_as_sent"})
    desk.client.post(f"/invoices/{invoice['id']}/payments.json", {})

    paid = events(desk.client, "/events/paid.json")
    assert [event["name"] for event in paid] == ["invoice_paid", "expense_paid"]
    assert paid[1]["related_objects"][0] == {"type": "Expense", "id": expense["id"]}


def test_a_change_is_called_after_its_attribute_and_says_what_it_was_and_is(desk: Desk) -> None:
    invoice = desk.issue(taxable_fulfillment_due="2026-01-31")
    desk.client.patch(f"/invoices/{invoice['id']}.json", {"taxable_fulfillment_due": "2026-02-01"})

    event = named(desk.client, "invoice_taxable_fulfillment_due_changed")
    assert event["params"] == {"old": "2026-01-31", "new": "2026-02-01"}


def test_a_switch_is_on_or_off(desk: Desk) -> None:
    desk.client.patch(f"/subjects/{desk.subject_id}.json", {"suggestion_enabled": False})
    desk.client.patch(f"/subjects/{desk.subject_id}.json", {"suggestion_enabled": True})

    on, off = events(desk.client)
    assert (on["name"], off["name"]) == ("subject_suggestion_enabled_on", "subject_suggestion_enabled_off")
    assert on["params"] == {}


def test_every_value_of_params_is_a_text_or_null(desk: Desk) -> None:
    invoice = desk.issue()
    for change in ({"due": 30}, {"tags": ["a"]}, {"note": "Text"}, {"lines": [{"name": "Další", "unit_price": 1}]}):
        assert desk.client.patch(f"/invoices/{invoice['id']}.json", change).status_code == 200

    values = [value for event in events(desk.client) for value in event["params"].values()]
    assert values
    assert all(value is None or isinstance(value, str) for value in values)


def test_what_no_person_did_is_nobodys_and_a_document_becomes_overdue_once(desk: Desk) -> None:
    desk.issue(due=1)

    def restate(books: Books) -> None:
        later = books.now + dt.timedelta(days=3)
        for _ in range(2):
            restate_due(Books(books.tx, books.account, None, later))

    desk.client.write(restate)
    [event] = [event for event in events(desk.client) if event["name"] == "invoice_overdue"]
    assert event["user"] == {"id": None, "full_name": "faktura", "avatar": None}


def test_subjects_that_are_merged_or_removed_are_told_of(desk: Desk) -> None:
    gone = desk.client.post("/subjects.json", {"name": "Druhý"}).json
    desk.client.write(lambda books: merge_contacts(books, desk.subject_id, gone["id"], Given()))

    assert [event["name"] for event in events(desk.client)] == ["subject_merged", "subject_removed"]


def test_events_are_those_of_a_subject_also_after_two_were_merged(desk: Desk) -> None:
    other = desk.client.post("/subjects.json", {"name": "Druhý"}).json
    for subject_id in (desk.subject_id, other["id"]):
        invoice = desk.issue(subject_id=subject_id)
        desk.client.post(f"/invoices/{invoice['id']}/payments.json", {})

    found = events(desk.client, "/events/paid.json", params={"subject_id": str(other["id"])})
    assert [event["related_objects"][1]["id"] for event in found] == [other["id"]]
    desk.client.write(lambda books: merge_contacts(books, desk.subject_id, other["id"], Given()))
    assert len(events(desk.client, "/events/paid.json", params={"subject_id": str(desk.subject_id)})) == 2
    assert events(desk.client, params={"subject_id": "nobody"}) == []


def test_a_generator_that_issues_or_is_skipped_is_told_of_with_the_invoice(desk: Desk) -> None:
    plan = {"start_date": "2026-11-01", "months_period": 1, "name": "Nájem", "subject_id": desk.subject_id}
    generator = desk.client.post(
        "/recurring_generators.json", plan | {"lines": [{"name": "Nájem", "unit_price": 1}]}
    ).json
    invoice = desk.client.write(lambda books: issue_due(books, generator["id"]))
    assert invoice is not None
    of_generator = {"type": "RecurringGenerator", "id": generator["id"]}
    of_subject = {"type": "Subject", "id": desk.subject_id}
    desk.client.write(lambda books: skip(books, generator["id"], dt.date(2026, 12, 1)))

    of_invoice = {"type": "Invoice", "id": invoice.id}
    assert named(desk.client, "invoice_generated")["related_objects"] == [of_invoice, of_generator, of_subject]
    assert named(desk.client, "generator_skipped")["related_objects"] == [of_generator, of_subject]
    desk.client.delete(f"/invoices/{invoice.id}.json")
    assert named(desk.client, "invoice_generated")["related_objects"] == [of_generator, of_subject]


def test_a_letter_that_is_sent_again_is_an_event_again(desk: Desk) -> None:
    give_address(desk)
    invoice = desk.issue()
    desk.client.post(f"/invoices/{invoice['id']}/message.json", {})

    def fail_and_send_again(books: Books) -> None:
        [letter] = books.all(Message)
        give_up(books, letter.id, "550 No such mailbox")
        send_again(books, books.find(Invoice, invoice["id"]), letter.id)

    desk.client.write(fail_and_send_again)
    told = [event for event in events(desk.client) if event["name"] == "invoice_sent"]
    assert [event["params"]["email"] for event in told] == ["ucetni@odberatel.example"] * 2


def test_since_is_inclusive_and_what_is_no_time_is_a_400(desk: Desk) -> None:
    clock = desk.client.service.clock
    clock.stand_at(dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC))
    desk.client.patch(f"/subjects/{desk.subject_id}.json", {"phone": "1"})
    clock.stand_at(dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC))
    desk.client.patch(f"/subjects/{desk.subject_id}.json", {"phone": "2"})

    assert len(events(desk.client, params={"since": "2026-11-21T10:00:00Z"})) == 2
    assert len(events(desk.client, params={"since": "2026-11-21T11:00:00Z"})) == 1
    assert events(desk.client, params={"since": "2026-11-21T11:00:01Z"}) == []
    for path in ("/events.json", "/events/paid.json"):
        assert desk.client.get(path, params={"since": "yesterday"}).status_code == 400


def test_a_page_has_forty_events_the_last_first(desk: Desk) -> None:
    for number in range(41):
        desk.client.patch(f"/subjects/{desk.subject_id}.json", {"phone": str(number)})

    first, second = events(desk.client), events(desk.client, params={"page": "2"})
    assert [event["params"]["new"] for event in (*first, *second)] == [str(number) for number in reversed(range(41))]
    assert len(first) == 40
    assert events(desk.client, params={"page": "3"}) == []


def test_whoever_sees_no_expenses_is_told_of_none(desk: Desk) -> None:
    expense = desk.client.post(
        "/expenses.json", {"subject_id": desk.subject_id, "lines": [{"name": "Papír", "unit_price": 100}]}
    ).json
    desk.client.post(f"/expenses/{expense['id']}/payments.json", {})
    desk.client.patch(f"/subjects/{desk.subject_id}.json", {"phone": "1"})
    allow(desk.client, "owner", ("invoices",))

    assert [event["name"] for event in events(desk.client)] == ["subject_phone_changed"]
    assert events(desk.client, "/events/paid.json") == []
