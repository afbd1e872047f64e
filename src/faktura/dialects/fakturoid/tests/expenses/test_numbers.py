"""Section 2.4: how expenses are numbered."""

import datetime as dt

import pytest

from faktura.core.books.audit import AUDIT
from faktura.core.clock import Clock
from faktura.core.documents.numbering import NumberFormat
from faktura.dialects.fakturoid.tests.conftest import Desk, ExpenseDesk, line
from faktura.store.check import check

MISMATCH = ["Číslo neodpovídá formátu čísla v nastavení."]
USED = ["již databáze obsahuje"]


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC))


def test_numbers_count_within_the_month_of_issue(expenses: ExpenseDesk) -> None:
    days = ["2026-11-20", "2026-11-01", "2026-10-31", "2025-12-31", "2026-11-02"]

    assert [expenses.issue(issued_on=day)["number"] for day in days] == [
        *("N20261101", "N20261102", "N20261001", "N20251201", "N20261103"),
    ]


def test_above_ninety_nine_a_number_is_wider(expenses: ExpenseDesk) -> None:
    assert expenses.issue(number="N20261199")["number"] == "N20261199"
    assert expenses.issue()["number"] == "N202611100"


def test_expenses_and_invoices_have_series_of_their_own(expenses: ExpenseDesk, desk: Desk, clock: Clock) -> None:
    year = clock.now().year

    assert [desk.issue()["number"], expenses.issue()["number"]] == [f"{year}-0001", "N20261101"]
    assert [desk.issue()["number"], expenses.issue()["number"]] == [f"{year}-0002", "N20261102"]


def test_the_format_of_expenses_is_none_of_invoices(expenses: ExpenseDesk, desk: Desk) -> None:
    expenses.issue()
    desk.issue()
    formats = expenses.client.write(lambda books: books.all(NumberFormat))
    [of_expenses] = [found.id for found in formats if found.kind == "expense"]

    listed = expenses.client.get("/number_formats/invoices.json").json
    assert of_expenses not in [found["id"] for found in listed]
    assert desk.refusal(number_format_id=of_expenses) == {"number_format_id": ["není v seznamu povolených hodnot"]}


@pytest.mark.parametrize("number", ["2026-0001", "N2026111", "N20261001", "N20261100", "7", "n20261101"])
def test_a_number_that_does_not_fit_is_refused(expenses: ExpenseDesk, number: str) -> None:
    assert expenses.refusal(number=number) == {"number": MISMATCH}
    assert expenses.change_refusal(expenses.issue(), number=number) == {"number": MISMATCH}


def test_a_number_is_used_once_also_after_its_expense_is_gone(expenses: ExpenseDesk) -> None:
    first, second = expenses.issue(), expenses.issue(document_type="bill")

    assert expenses.refusal(number="N20261101") == {"number": USED}
    assert expenses.change_refusal(second, number="N20261101") == {"number": USED}
    expenses.client.delete(f"/expenses/{first['id']}.json")
    assert expenses.refusal(number="N20261101") == {"number": USED}
    assert expenses.refusal(number="N20261101", document_type="bill") == {"number": USED}
    assert expenses.issue()["number"] == "N20261103"


def test_a_refused_expense_takes_no_number(expenses: ExpenseDesk) -> None:
    expenses.refusal(lines=[line(1, quantity=0)])
    expenses.refusal(number="X")

    assert expenses.issue()["number"] == "N20261101"


def test_its_number_stays_when_the_day_of_issue_moves(expenses: ExpenseDesk) -> None:
    entered = expenses.issue()

    assert expenses.change(entered, issued_on="2026-10-01")["number"] == "N20261101"


def test_a_number_may_be_sent_back_as_it_was_shown(expenses: ExpenseDesk) -> None:
    entered = expenses.issue()

    assert expenses.change(entered, number=entered["number"]) == entered
    assert expenses.change(entered, number=None) == expenses.change(entered, number="") == entered


def test_whatever_happened_the_series_are_whole(expenses: ExpenseDesk) -> None:
    first, second, third = (expenses.issue() for _ in range(3))
    expenses.change(first, issued_on="2026-10-01")
    expenses.change(second, number="N20261107")
    expenses.client.delete(f"/expenses/{third['id']}.json")
    expenses.issue(number="N20261120")
    expenses.issue()

    assert check(expenses.client.service.database, lambda _: None, AUDIT) == []
