"""Section 2.9: status, events, locking and deleting of expenses."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.clock import Clock
from faktura.core.documents.events import accounts_to_restate, restate_due
from faktura.core.received.find import find_expense
from faktura.dialects.fakturoid.tests.conftest import ExpenseDesk
from faktura.dialects.fakturoid.tests.oauth import in_office
from faktura.store.database import Database
from faktura.store.queries import Condition, Selection

NOON = dt.datetime(2026, 11, 20, 11, 15, 2, 481_000, dt.UTC)
NOW = "2026-11-20T12:15:02.481+01:00"
NOT_DELETED = {"errors": {"document": ["Document cannot be deleted"]}}


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def fired(expenses: ExpenseDesk, expense: Any, event: str) -> Any:
    """The expense after an event that must be possible."""
    answer = expenses.fire(expense, event)
    assert (answer.status_code, answer.content) == (204, b""), answer.text
    return expenses.read(expense)


def happened(expenses: ExpenseDesk, expense: Any) -> list[str]:
    of_expense = Condition("kind", "eq", "expenses"), Condition("record_id", "eq", expense["id"])
    return [h.name for h in expenses.client.write(lambda books: books.all(Happening, Selection(of_expense)))]


def test_lock_and_unlock_leave_the_status(expenses: ExpenseDesk) -> None:
    locked = fired(expenses, expenses.issue(), "lock")
    assert (locked["status"], locked["locked_at"], locked["updated_at"]) == ("open", NOW, NOW)

    assert fired(expenses, locked, "unlock")["locked_at"] is None


@pytest.mark.parametrize("state", ["open", "locked"])
@pytest.mark.parametrize("event", ["lock", "unlock", "pay", "remove_payment", "cancel", "mark_as_sent", "nonsense"])
def test_an_event_happens_only_where_the_contract_allows_it(expenses: ExpenseDesk, state: str, event: str) -> None:
    expense = expenses.issue()
    if state == "locked":
        expense = fired(expenses, expense, "lock")
    if (state, event) in {("open", "lock"), ("locked", "unlock")}:
        fired(expenses, expense, event)
        return

    refused = expenses.fire(expense, event)

    assert (refused.status_code, refused.json) == (422, {"errors": {"event": [f"{event} cannot be fired"]}})
    assert expenses.read(expense) == expense


def test_the_event_may_stand_in_the_body_and_the_query_counts_more(expenses: ExpenseDesk) -> None:
    path = f"/expenses/{expenses.issue()['id']}/fire.json"

    assert expenses.client.post(path).json == {"errors": {"event": ["cannot be fired"]}}
    assert expenses.client.post(path, {"event": "lock"}).status_code == 204
    assert expenses.client.post(path, {"event": "lock"}, query_string="event=unlock").status_code == 204


def test_a_locked_expense_cannot_be_changed_nor_deleted(expenses: ExpenseDesk) -> None:
    locked = fired(expenses, expenses.issue(), "lock")

    refused = expenses.client.patch(f"/expenses/{locked['id']}.json", {"description": "x"})
    told = "Document first needs to be unlocked to perform the action"
    assert (refused.status_code, refused.json) == (403, {"error": "document_locked", "error_description": told})
    kept = expenses.client.delete(f"/expenses/{locked['id']}.json")
    assert (kept.status_code, kept.json) == (422, NOT_DELETED)
    assert expenses.read(locked) == locked
    fired(expenses, locked, "unlock")
    assert expenses.change(locked, description="x")["description"] == "x"


def test_a_deleted_expense_is_gone_with_its_files(expenses: ExpenseDesk) -> None:
    expense = expenses.issue(attachments=["data:application/pdf;base64,AAAA"])
    gone = expenses.client.delete(f"/expenses/{expense['id']}.json")

    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (
        expenses.client.get(f"/expenses/{expense['id']}.json"),
        expenses.client.get(f"/expenses/{expense['id']}/attachments/{expense['attachments'][0]['id']}/download"),
        expenses.client.delete(f"/expenses/{expense['id']}.json"),
        expenses.client.patch(f"/expenses/{expense['id']}.json", {}),
        expenses.fire(expense, "lock"),
    ):
        assert (answer.status_code, answer.json["error"]) == (404, "resource_not_found")
    assert expenses.listed() == expenses.listed("query=N2026", "/expenses/search.json") == []


def test_an_expense_is_overdue_from_the_midnight_after_its_day(
    expenses: ExpenseDesk, clock: Clock, database: Database
) -> None:
    expense = expenses.issue(due_on="2026-11-20")

    def restated(at: dt.datetime) -> str:
        clock.stand_at(at)
        expenses.client.write(restate_due)
        return expenses.client.write(lambda books: find_expense(books, expense["id"])).status

    # Midnight in Prague is 23:00 in UTC.
    assert restated(dt.datetime(2026, 11, 20, 22, 59, tzinfo=dt.UTC)) == "open"
    clock.stand_at(dt.datetime(2026, 11, 20, 23, 1, tzinfo=dt.UTC))
    assert in_office(database, clock, accounts_to_restate) == [expenses.client.firm.account.id]
    assert restated(clock.now()) == "overdue"
    assert in_office(database, clock, accounts_to_restate) == []
    clock.stand_at(NOON)
    assert expenses.read(expense)["status"] == "overdue"
    assert expenses.change(expense, due_on="2026-11-21")["status"] == "open"


def test_the_history_says_everything_that_happened(expenses: ExpenseDesk, clock: Clock) -> None:
    expense = expenses.issue(due_on="2026-11-20")
    expenses.change(expense, description="x")
    expenses.change(expense, description="x")
    clock.stand_at(NOON + dt.timedelta(days=1))
    expenses.client.write(restate_due)
    clock.stand_at(NOON)
    expenses.pay(expense, amount=1)
    payment = expenses.pay(expense)
    expenses.client.delete(f"/expenses/{expense['id']}/payments/{payment['id']}.json")
    for event in ("lock", "unlock"):
        expenses.fire(expense, event)
    expenses.client.delete(f"/expenses/{expense['id']}.json")

    assert happened(expenses, expense) == [
        *("expense_entered", "expense_changed", "expense_overdue", "expense_payment_added", "expense_paid"),
        *("expense_payment_removed", "expense_locked", "expense_unlocked", "expense_deleted"),
    ]


def test_a_deleted_expense_is_kept_whole_in_the_history(expenses: ExpenseDesk) -> None:
    expense = expenses.issue(description="Benzin")
    expenses.client.delete(f"/expenses/{expense['id']}.json")

    def last(books: Books) -> Happening:
        return books.all(Happening)[-1]

    deletion = expenses.client.write(last)
    assert deletion.number == expense["number"]
    assert deletion.snapshot is not None
    assert deletion.snapshot["description"] == "Benzin"
