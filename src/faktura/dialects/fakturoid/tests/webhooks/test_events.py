"""Section 2.18.1: what happens is told by its name, with the record as it was then."""

import datetime as dt
from collections import Counter
from typing import Any
from uuid import UUID

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.documents.events import restate_due
from faktura.core.errors import Given
from faktura.core.generators.recur import issue_due
from faktura.core.merging import merge_contacts
from faktura.core.people.accounts import Account
from faktura.core.received.enter import enter_expense
from faktura.core.received.extraction import Extraction
from faktura.core.received.notes import add_note
from faktura.core.received.reading import ask_to_read, could_not_read, read_as
from faktura.core.received.scans import find_scan
from faktura.dialects.fakturoid.tests.conftest import Desk, ExpenseDesk, GeneratorDesk, RecurringDesk, line
from faktura.dialects.fakturoid.tests.webhooks.conftest import Receiver


def test_a_delivery_has_its_headers_and_the_whole_record_under_its_name(receiver: Receiver, desk: Desk) -> None:
    webhook = receiver.listen("invoice_created", auth_header="Bearer s3cret")
    invoice = desk.issue()

    [told] = receiver.heard()

    assert list(told) == ["webhook_id", "event_name", "created_at", "body"]
    assert (told["webhook_id"], told["event_name"]) == (webhook["id"], "invoice_created")
    assert told["created_at"] == "2026-11-21T10:00:00.000+01:00"
    assert told["body"] == {"invoice": invoice}
    [headers] = receiver.shop.headers
    assert headers["content-type"] == "application/json"
    assert headers["authorization"] == "Bearer s3cret"
    assert UUID(headers["idempotency-key"]).version == 7
    assert receiver.shop.asked == ["/hooks"]


def test_without_an_auth_header_there_is_no_authorization(receiver: Receiver, desk: Desk) -> None:
    receiver.listen("invoice_created")
    desk.issue()
    receiver.work()

    assert "authorization" not in receiver.shop.headers[0]


def test_what_happens_in_stock_is_told_with_the_item(receiver: Receiver, desk: Desk) -> None:
    receiver.listen()
    client = desk.client
    said = {"name": "Mošt", "sku": "M-1", "native_retail_price": "80", "native_purchase_price": "40"}
    item = client.post("/inventory_items.json", said | {"track_quantity": True, "quantity": "5"}).json
    path = f"/inventory_items/{item['id']}"
    client.patch(f"{path}.json", {"private_note": "Sklad A"})
    issued = desk.issue(line(100, sku="M-1", quantity=2))
    client.delete(f"/invoices/{issued['id']}.json")
    move = {"direction": "in", "moved_on": "2026-11-20", "quantity_change": "1", "purchase_price": "40"}
    move = client.post(f"{path}/inventory_moves.json", move).json
    client.patch(f"{path}/inventory_moves/{move['id']}.json", {"quantity_change": "3"})
    client.post(f"{path}/archive.json")
    client.post(f"{path}/unarchive.json")

    heard = receiver.heard()
    assert [one["event_name"] for one in heard] == [
        *("inventory_item_created", "inventory_move_created", "inventory_item_updated"),
        *("inventory_move_created", "invoice_created", "invoice_removed", "inventory_move_removed"),
        *("inventory_move_created", "inventory_move_updated"),
        *("inventory_item_archived", "inventory_item_unarchived"),
    ]
    quantities = [one["body"]["inventory_item"]["quantity"] for one in heard if "_move_" in one["event_name"]]
    assert quantities == ["5.0", "3.0", "5.0", "6.0", "8.0"]
    assert heard[3]["body"]["inventory_move"]["document"]["id"] == issued["id"]


def test_only_events_that_it_names_are_told_and_none_while_it_is_not_active(receiver: Receiver, desk: Desk) -> None:
    webhook = receiver.listen("invoice_locked")
    invoice = desk.issue()
    desk.fire(invoice, "lock")
    receiver.client.patch(f"/webhooks/{webhook['id']}.json", {"active": False})
    desk.fire(invoice, "unlock")
    desk.fire(invoice, "lock")

    assert receiver.names() == []
    receiver.client.patch(f"/webhooks/{webhook['id']}.json", {"active": True})
    desk.fire(invoice, "unlock")
    desk.fire(invoice, "lock")
    assert receiver.names() == ["invoice_locked"]
    assert [one["event_name"] for one in receiver.failed(webhook)] == ["invoice_locked"]


def test_what_happens_to_an_invoice_is_told_by_its_names(receiver: Receiver, desk: Desk) -> None:
    receiver.listen()
    invoice = desk.issue()
    desk.change(invoice, note="Jinak")
    for event in ("lock", "unlock", "mark_as_sent", "mark_as_uncollectible", "undo_uncollectible"):
        assert desk.fire(invoice, event).status_code == 204
    assert desk.fire(invoice, "cancel").status_code == 204
    assert desk.fire(invoice, "undo_cancel").status_code == 204
    receiver.client.delete(f"/invoices/{invoice['id']}.json")

    assert receiver.names() == [
        "invoice_created",
        "invoice_updated",
        "invoice_locked",
        "invoice_unlocked",
        "invoice_updated",
        "invoice_uncollectible",
        "invoice_uncollectible_removed",
        "invoice_cancelled",
        "invoice_cancellation_removed",
        "invoice_removed",
    ]
    assert receiver.heard()[-1]["body"]["invoice"]["id"] == invoice["id"]
    assert receiver.heard()[1]["body"]["invoice"]["note"] == "Jinak"


def test_a_letter_fires_invoice_sent_and_a_mark_as_sent_invoice_updated(receiver: Receiver, desk: Desk) -> None:
    receiver.listen("invoice_sent", "invoice_updated")
    invoice = desk.issue()
    desk.fire(invoice, "mark_as_sent")
    receiver.client.post(f"/invoices/{invoice['id']}/message.json", {"email": "ucetni@odberatel.example"})

    assert receiver.names() == ["invoice_updated", "invoice_sent"]


def test_an_invoice_paid_in_full_fires_paid_only_a_part_payment_payment_added_only(
    receiver: Receiver, desk: Desk
) -> None:
    receiver.listen("invoice_paid", "invoice_payment_added", "invoice_payment_removed")
    invoice = desk.issue()
    first = desk.pay(invoice, amount="21")
    second = desk.pay(invoice)
    receiver.client.delete(f"/invoices/{invoice['id']}/payments/{first['id']}.json")

    part, whole, gone = receiver.heard()

    assert (part["event_name"], whole["event_name"]) == ("invoice_payment_added", "invoice_paid")
    assert part["body"]["payment"]["id"] == first["id"]
    assert part["body"]["payment"]["amount"] == "21.0"
    assert whole["body"]["payment"]["id"] == second["id"]
    assert [one["id"] for one in whole["body"]["invoice"]["payments"]] == [first["id"], second["id"]]
    assert gone["event_name"] == "invoice_payment_removed"
    assert [one["id"] for one in gone["body"]["payments"]] == [first["id"]]


def test_invoice_created_fires_too_for_documents_made_by_proforma_payments(receiver: Receiver, desk: Desk) -> None:
    receiver.listen("invoice_created", "invoice_paid")
    proforma = desk.issue(document_type="proforma", proforma_followup_document="final_invoice_paid")
    desk.pay(proforma)

    told = [(one["event_name"], one["body"]["invoice"]["document_type"]) for one in receiver.heard()]

    assert told[:2] == [("invoice_created", "proforma"), ("invoice_paid", "proforma")]
    assert ("invoice_created", "final_invoice") in told


def test_a_day_later_than_it_was_due_overdue_is_told_of_both_sorts(
    receiver: Receiver, desk: Desk, expenses: ExpenseDesk
) -> None:
    receiver.listen("invoice_overdue", "expense_overdue")
    desk.issue(due=1)
    expenses.issue(due_on="2026-11-22")
    receiver.clock.stand_at(receiver.clock.now() + dt.timedelta(days=3))
    receiver.client.write(lambda books: restate_due(fresh(books)))

    assert sorted(receiver.names()) == ["expense_overdue", "invoice_overdue"]
    assert {next(iter(one["body"].values()))["status"] for one in receiver.heard()} == {"overdue"}


def test_what_happens_to_an_expense_is_told_by_its_names(receiver: Receiver, expenses: ExpenseDesk) -> None:
    receiver.listen()
    expense = expenses.issue(line(100))
    expenses.change(expense, tags=["nájem"])
    expenses.fire(expense, "lock")
    expenses.fire(expense, "unlock")
    part = expenses.pay(expense, amount="21")
    expenses.client.delete(f"/expenses/{expense['id']}/payments/{part['id']}.json")
    whole = expenses.pay(expense)
    expenses.client.delete(f"/expenses/{expense['id']}.json")

    told = receiver.heard()

    assert [one["event_name"] for one in told] == [
        "expense_created",
        "expense_updated",
        "expense_locked",
        "expense_unlocked",
        "expense_payment_added",
        "expense_payment_removed",
        "expense_paid",
        "expense_removed",
    ]
    assert told[0]["body"] == {"expense": expense}
    assert told[5]["body"]["payments"][0]["id"] == part["id"]
    assert told[6]["body"]["payment"]["id"] == whole["id"]


def test_what_happens_to_a_subject_is_told_by_its_names(receiver: Receiver) -> None:
    receiver.listen()
    subject = receiver.client.post("/subjects.json", {"name": "Karel"}).json
    receiver.client.patch(f"/subjects/{subject['id']}.json", {"name": "Karla"})
    receiver.client.delete(f"/subjects/{subject['id']}.json")

    told = receiver.heard()

    assert [one["event_name"] for one in told] == ["subject_created", "subject_updated", "subject_removed"]
    assert told[0]["body"] == {"subject": subject}
    assert told[2]["body"]["subject"]["name"] == "Karla"


def test_what_happens_to_a_generator_is_told_by_its_names(
    receiver: Receiver, generators: GeneratorDesk, recurring: RecurringDesk
) -> None:
    receiver.listen()
    plain = generators.issue()
    generators.change(plain, note="Jinak")
    generators.client.delete(f"/generators/{plain['id']}.json")
    own = recurring.issue()
    path = f"/recurring_generators/{own['id']}"
    recurring.client.patch(f"{path}/pause.json")
    recurring.client.patch(f"{path}/activate.json")
    recurring.client.delete(f"{path}.json")

    told = receiver.heard()
    assert [one["event_name"] for one in told] == [
        *("generator_created", "generator_updated", "generator_removed"),
        *("recurring_generator_created", "recurring_generator_paused"),
        *("recurring_generator_updated", "recurring_generator_removed"),
    ]
    assert told[0]["body"] == {"generator": plain}
    assert told[3]["body"] == {"recurring_generator": own}


def test_a_document_that_a_generator_issues_is_told_of_twice_and_with_its_generator(
    receiver: Receiver, recurring: RecurringDesk
) -> None:
    receiver.listen("invoice_created", "recurring_generator_invoice_created")
    own = recurring.issue(start_date="2026-11-21")
    recurring.client.write(lambda books: issue_due(fresh(books), own["id"]))

    created, issued = receiver.heard()
    assert (created["event_name"], issued["event_name"]) == ("invoice_created", "recurring_generator_invoice_created")
    assert created["body"]["invoice"]["generator_id"] == own["id"]
    assert issued["body"]["invoice"] == created["body"]["invoice"]
    assert issued["body"]["recurring_generator"]["next_occurrence_on"] == "2026-12-21"


def test_a_body_shows_the_record_as_it_was_at_the_moment_of_the_event(receiver: Receiver) -> None:
    receiver.listen("subject_created", "subject_updated")
    subject = receiver.client.post("/subjects.json", {"name": "Karel"}).json
    receiver.client.patch(f"/subjects/{subject['id']}.json", {"name": "Karla"})

    assert [one["body"]["subject"]["name"] for one in receiver.heard()] == ["Karel", "Karla"]


def test_of_a_refused_write_nobody_hears(receiver: Receiver) -> None:
    receiver.listen()
    receiver.client.post("/subjects.json", {"name": ""})

    assert receiver.heard() == []


def fresh(books: Any) -> Any:
    """Books of the account as it is now."""
    books.account = Office(books.tx, books.now).find(Account, id=books.account.id)
    return books


def test_each_document_of_a_subject_that_is_merged_is_told_as_updated(receiver: Receiver, desk: Desk) -> None:
    receiver.listen("invoice_updated", "subject_removed")
    kept = desk.client.post("/subjects.json", {"name": "Zůstává"}).json
    invoices = [desk.issue() for _ in range(3)]
    desk.client.write(lambda books: merge_contacts(fresh(books), kept["id"], desk.subject_id, Given()))

    told = receiver.heard()
    assert sorted(one["event_name"] for one in told) == [*["invoice_updated"] * 3, "subject_removed"]
    bodies = {one["body"]["invoice"]["id"]: one["body"]["invoice"] for one in told if "invoice" in one["body"]}
    assert bodies == {invoice["id"]: desk.client.get(f"/invoices/{invoice['id']}.json").json for invoice in invoices}
    assert {body["subject_id"] for body in bodies.values()} == {kept["id"]}


def test_what_happens_to_an_inbox_file_is_told_by_its_names(receiver: Receiver, expenses: ExpenseDesk) -> None:
    receiver.listen()
    picture = {"attachment": "data:image/png;base64,iVBORw0KGgo="}
    file, other, broken = (receiver.client.post("/inbox_files.json", picture).json for _ in range(3))
    receiver.client.post(f"/inbox_files/{file['id']}/send_to_ocr.json")
    assert receiver.names() == [
        *("inbox_file_created",) * 3,
        "inbox_file_updated",
        "inbox_file_ocr_processing_rejected",
    ]
    receiver.shop.bodies.clear()
    receiver.client.delete(f"/inbox_files/{other['id']}.json")

    def work(books: Books) -> None:
        add_note(books, find_scan(books, broken["id"]), "Za co to?")
        ask_to_read(books, broken["id"])
        could_not_read(books, broken["id"])
        ask_to_read(books, broken["id"])
        read_as(books, broken["id"], Extraction(number="F1"))
        enter_expense(books, Given({"contact_id": expenses.subject_id, "scan_id": file["id"]}))

    receiver.client.write(lambda books: work(fresh(books)))

    told = receiver.heard()

    assert Counter(one["event_name"] for one in told) == Counter(
        {
            "inbox_file_updated": 3,
            "inbox_file_ocr_processing_failed": 1,
            "inbox_file_ocr_processed": 1,
            "inbox_file_removed": 2,
            "expense_created": 1,
        }
    )
    removed = [one["body"] for one in told if one["event_name"] == "inbox_file_removed"]
    assert removed[0] == {"inbox_file": other}
    assert removed[1]["inbox_file"]["id"] == file["id"]
    assert removed[1]["expense"] == expenses.read(file)
