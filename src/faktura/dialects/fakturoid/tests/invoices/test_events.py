"""Sections 2.6.1 to 2.6.3: status, events, locking and deleting."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.documents.events import restate_due
from faktura.core.invoices.find import find_invoice
from faktura.core.ksef.mark import SendingState
from faktura.core.ksef.sendings import KsefSending, show_state
from faktura.dialects.fakturoid.tests.conftest import Desk, line

NOON = dt.datetime(2026, 11, 20, 11, 15, 2, 481_000, dt.UTC)
NOW = "2026-11-20T12:15:02.481+01:00"
EVENTS = (
    "mark_as_sent",
    "cancel",
    "undo_cancel",
    "lock",
    "unlock",
    "mark_as_uncollectible",
    "undo_uncollectible",
)
NOT_DELETED = {"errors": {"document": ["Document cannot be deleted"]}}


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def fired(desk: Desk, invoice: Any, event: str) -> Any:
    """The document after an event that must go."""
    answer = desk.fire(invoice, event)
    assert (answer.status_code, answer.content) == (204, b""), answer.text
    return desk.read(invoice)


def in_state(desk: Desk, state: str) -> Any:
    """A document on which just that happened."""
    issued = desk.issue()
    match state:
        case "paid":
            desk.pay(issued)
        case "proforma":
            return desk.issue(document_type="proforma")
        case "new":
            pass
        case event:
            fired(desk, issued, event)
    return desk.read(issued)


def test_a_new_document_is_open_and_has_its_number_at_once(desk: Desk) -> None:
    issued = desk.issue()

    assert (issued["status"], issued["number"]) == ("open", "2026-0001")


def test_mark_as_sent_says_so_and_when(desk: Desk) -> None:
    sent = fired(desk, desk.issue(), "mark_as_sent")

    assert (sent["status"], sent["sent_at"], sent["updated_at"]) == ("sent", NOW, NOW)


def test_cancel_and_its_undoing(desk: Desk) -> None:
    cancelled = fired(desk, fired(desk, desk.issue(), "mark_as_sent"), "cancel")
    assert (cancelled["status"], cancelled["cancelled_at"]) == ("cancelled", NOW)

    again = fired(desk, cancelled, "undo_cancel")
    assert (again["status"], again["cancelled_at"]) == ("sent", None)


def test_uncollectible_and_its_undoing(desk: Desk) -> None:
    lost = fired(desk, desk.issue(), "mark_as_uncollectible")
    assert (lost["status"], lost["uncollectible_at"]) == ("uncollectible", NOW)

    again = fired(desk, lost, "undo_uncollectible")
    assert (again["status"], again["uncollectible_at"]) == ("open", None)


def test_lock_and_unlock_leave_the_status(desk: Desk) -> None:
    locked = fired(desk, desk.issue(), "lock")
    assert (locked["status"], locked["locked_at"]) == ("open", NOW)

    assert fired(desk, locked, "unlock")["locked_at"] is None


@pytest.mark.parametrize(
    ("state", "goes"),
    [
        ("new", {"mark_as_sent", "cancel", "lock", "mark_as_uncollectible"}),
        ("mark_as_sent", {"cancel", "lock", "mark_as_uncollectible"}),
        ("paid", {"lock"}),
        ("cancel", {"undo_cancel", "lock"}),
        ("mark_as_uncollectible", {"mark_as_sent", "cancel", "lock", "undo_uncollectible"}),
        ("lock", {"unlock"}),
        ("proforma", {"mark_as_sent", "cancel", "lock"}),
    ],
)
def test_an_event_goes_only_where_the_contract_allows_it(desk: Desk, state: str, goes: set[str]) -> None:
    for event in EVENTS:
        document = in_state(desk, state)
        answer = desk.fire(document, event)
        if event in goes:
            assert answer.status_code == 204, event
        else:
            refused = {"errors": {"event": [f"{event} cannot be fired"]}}
            assert (answer.status_code, answer.json) == (422, refused), event
            assert desk.read(document) == document


@pytest.mark.parametrize(
    "event",
    ["deliver", "deliver_reminder", "pay", "pay_proforma", "pay_partial_proforma", "remove_payment", "nonsense"],
)
def test_an_event_that_there_is_not_cannot_be_fired(desk: Desk, event: str) -> None:
    refused = desk.fire(desk.issue(), event)

    assert (refused.status_code, refused.json) == (422, {"errors": {"event": [f"{event} cannot be fired"]}})


def test_a_missing_event_cannot_be_fired(desk: Desk) -> None:
    refused = desk.client.post(f"/invoices/{desk.issue()['id']}/fire.json")

    assert (refused.status_code, refused.json) == (422, {"errors": {"event": ["cannot be fired"]}})


def test_the_event_may_stand_in_the_body_and_the_query_counts_more(desk: Desk) -> None:
    path = f"/invoices/{desk.issue()['id']}/fire.json"

    assert desk.client.post(path, {"event": "lock"}).status_code == 204
    assert desk.client.post(path, {"event": "lock"}, query_string="event=unlock").status_code == 204


def test_everybody_may_cancel(desk: Desk) -> None:
    assert fired(desk, desk.issue(document_type="proforma"), "cancel")["status"] == "cancelled"


def test_paid_goes_before_overdue_and_cancelled_before_uncollectible(desk: Desk) -> None:
    late: dict[str, Any] = {"issued_on": "2026-10-01", "due": 14}

    assert desk.issue(**late)["status"] == "overdue"
    assert fired(desk, desk.issue(**late), "mark_as_sent")["status"] == "overdue"
    lost = fired(desk, desk.issue(**late), "mark_as_uncollectible")
    assert lost["status"] == "uncollectible"
    assert fired(desk, lost, "cancel")["status"] == "cancelled"
    paid = desk.issue(**late)
    desk.pay(paid)
    assert desk.read(paid)["status"] == "paid"


def test_a_document_is_overdue_from_the_midnight_after_its_day(desk: Desk, clock: Clock) -> None:
    issued = desk.issue(due=0)

    def restated(at: dt.datetime) -> str:
        clock.stand_at(at)
        desk.client.write(restate_due)
        return desk.client.write(lambda books: find_invoice(books, issued["id"])).status

    # Midnight in Prague is 23:00 in UTC.
    assert restated(dt.datetime(2026, 11, 20, 22, 59, tzinfo=dt.UTC)) == "open"
    assert restated(dt.datetime(2026, 11, 20, 23, 1, tzinfo=dt.UTC)) == "overdue"
    clock.stand_at(NOON)
    assert desk.read(issued)["status"] == "overdue"


def test_a_locked_document_cannot_be_changed_nor_deleted(desk: Desk) -> None:
    locked = fired(desk, desk.issue(), "lock")

    refused = desk.client.patch(f"/invoices/{locked['id']}.json", {"note": "x"})
    assert (refused.status_code, refused.json) == (
        403,
        {
            "error": "document_locked",
            "error_description": "Document first needs to be unlocked to perform the action",
        },
    )
    kept = desk.client.delete(f"/invoices/{locked['id']}.json")
    assert (kept.status_code, kept.json) == (422, NOT_DELETED)
    assert desk.read(locked) == locked
    fired(desk, locked, "unlock")
    assert desk.change(locked, note="x")["note"] == "x"


def tell_ksef(desk: Desk, issued: Any, state: SendingState) -> None:
    """A document of a firm that is at other doors, too, has come so far on its way to KSeF."""

    def work(tx: Any) -> None:
        books = Books(tx, desk.client.firm.account, None, NOON)
        finished_at = NOON if state == "accepted" else None
        values = {"attempt": 1, "kind": "VAT", "number": issued["number"], "xml": b"", "digest": "", "state": state}
        times = {"not_before": NOON, "next_at": NOON, "finished_at": finished_at}
        values |= {"uuid": state, "invoice_id": issued["id"], "environment": "test"}
        show_state(books, books.add(KsefSending, **values, **times))

    desk.client.service.database.write(work)


def test_what_ksef_accepted_is_locked_since_then(desk: Desk) -> None:
    issued = desk.issue()
    tell_ksef(desk, issued, "accepted")
    told = desk.read(issued)

    assert (told["status"], told["locked_at"]) == ("open", NOW)
    for method, body in (("PATCH", {"note": "x"}), ("DELETE", None)):
        refused = desk.client.call(method, f"/invoices/{issued['id']}.json", body)
        assert refused.status_code in {403, 422}, refused.text
    assert desk.client.patch(f"/invoices/{issued['id']}.json", {"note": "x"}).json["error"] == "document_locked"
    assert desk.fire(issued, "unlock").status_code == 422
    assert desk.read(issued) == told
    desk.pay(issued)
    assert desk.read(issued)["status"] == "paid"


def test_what_is_on_its_way_to_ksef_is_not_changed_and_was_locked_by_nobody(desk: Desk) -> None:
    issued = desk.issue()
    tell_ksef(desk, issued, "sent")

    assert desk.read(issued)["locked_at"] is None
    refused = desk.client.patch(f"/invoices/{issued['id']}.json", {"note": "x"})
    assert (refused.status_code, refused.json["error"]) == (403, "document_locked")


def test_a_locked_document_takes_payments(desk: Desk) -> None:
    locked = fired(desk, desk.issue(), "lock")
    desk.pay(locked)

    assert desk.read(locked)["status"] == "paid"


def test_a_deleted_document_is_gone_and_its_number_is_never_given_out_again(desk: Desk) -> None:
    first, second = desk.issue(), desk.issue()

    for document in (first, second):
        gone = desk.client.delete(f"/invoices/{document['id']}.json")
        assert (gone.status_code, gone.content) == (204, b"")
        assert desk.client.get(f"/invoices/{document['id']}.json").status_code == 404
        assert desk.client.delete(f"/invoices/{document['id']}.json").status_code == 404
    assert desk.listed() == desk.listed("query=2026", "/invoices/search.json") == []
    assert desk.issue()["number"] == "2026-0003"
    assert desk.refusal(number=first["number"]) == {"number": ["již databáze obsahuje"]}


def kept(desk: Desk, document: Any) -> bool:
    answer = desk.client.delete(f"/invoices/{document['id']}.json")
    assert answer.status_code == 204 or (answer.status_code, answer.json) == (422, NOT_DELETED)
    return answer.status_code == 422


def test_a_proforma_with_a_paid_invoice_is_kept(desk: Desk) -> None:
    proforma = desk.issue(document_type="proforma")
    desk.pay(proforma)
    final = desk.read(desk.read(proforma)["related_id"])

    assert kept(desk, proforma)
    assert not kept(desk, final)
    assert desk.read(proforma)["related_id"] is None
    assert not kept(desk, proforma)


def test_a_proforma_with_an_unpaid_invoice_can_go(desk: Desk) -> None:
    proforma = desk.issue(document_type="proforma")
    invoice = desk.issue(related_id=proforma["id"])

    assert not kept(desk, proforma)
    assert desk.read(invoice)["related_id"] is None


def test_an_invoice_with_a_correction_is_kept(desk: Desk) -> None:
    original = desk.issue()
    correction = desk.issue(line(-1), document_type="correction", correction_id=original["id"])

    assert kept(desk, original)
    assert not kept(desk, correction)
    assert desk.read(original)["correction_id"] is None
    assert not kept(desk, original)


def test_a_proforma_with_tax_documents_is_kept_and_they_while_an_invoice_settles_them(desk: Desk) -> None:
    proforma = desk.issue(document_type="proforma", proforma_followup_document="tax_document")
    tax_document_id = desk.pay(proforma)["tax_document_id"]
    final = desk.issue(document_type="final_invoice", tax_document_ids=[tax_document_id])

    assert kept(desk, proforma)
    assert kept(desk, {"id": tax_document_id})
    assert not kept(desk, final)
    assert not kept(desk, {"id": tax_document_id})
    payment = desk.read(proforma)["payments"][0]
    assert payment["tax_document_id"] is None
    assert not kept(desk, proforma)
