"""Sections 2.6.6 and 2.9: totals of expenses are those of invoices."""

from typing import Any

import pytest

from faktura.dialects.fakturoid.tests.conftest import Desk, ExpenseDesk, line
from tests import needs

pytestmark = needs.ONE_ENGINE

SUMS = ("subtotal", "total", "native_subtotal", "native_total", "rounding_adjustment", "vat_rates_summary")


def without_ids(document: Any) -> Any:
    return [{name: value for name, value in found.items() if name != "id"} for found in document["lines"]]


@pytest.mark.parametrize("mode", ["without_vat", "from_total_with_vat"])
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"round_total": True},
        {"transferred_tax_liability": True},
        {"currency": "USD", "exchange_rate": "21.95"},
    ],
)
@pytest.mark.parametrize("vat_mode", ["vat_payer", "non_vat_payer", "identified_person"])
def test_the_same_lines_come_to_the_same_as_on_an_invoice(
    desk: Desk, expenses: ExpenseDesk, mode: str, values: dict[str, Any], vat_mode: str
) -> None:
    desk.set_account(vat_mode=vat_mode)
    lines = [line("10.12", 21), line("10.14", 21, "1.5"), line("833.67", 12, 3), line("-82.005", 0)]

    entered = expenses.issue(*lines, vat_price_mode=mode, **values)
    issued = desk.issue(*lines, vat_price_mode=mode, **values)

    assert without_ids(entered) == without_ids(issued)
    assert {name: entered[name] for name in SUMS} == {name: issued[name] for name in SUMS}


def test_from_the_total_the_net_price_is_shown_and_may_be_sent_back(expenses: ExpenseDesk) -> None:
    entered = expenses.issue(line(1210), vat_price_mode="from_total_with_vat")

    assert (entered["lines"][0]["unit_price"], entered["total"]) == ("1000.0", "1210.0")
    assert expenses.change(entered, lines=entered["lines"]) == entered
    assert expenses.change(entered, vat_price_mode="without_vat")["total"] == "1464.1"


def test_lines_are_changed_added_and_removed_one_by_one(expenses: ExpenseDesk) -> None:
    entered = expenses.issue(line(100, name="A"), line(200, name="B"))
    first, second = (found["id"] for found in entered["lines"])

    changed = expenses.change(
        entered, lines=[{"id": first, "quantity": 2}, line(5, name="C"), {"id": second, "_destroy": True}]
    )

    assert [(found["name"], found["quantity"]) for found in changed["lines"]] == [("A", "2.0"), ("C", "1.0")]
    assert changed["lines"][0]["id"] == first
    assert changed["subtotal"] == "205.0"
    unknown = expenses.client.patch(f"/expenses/{entered['id']}.json", {"lines": [{"id": 999_999}]})
    assert (unknown.status_code, expenses.read(entered)) == (404, changed)


def test_vat_is_counted_as_the_firm_was_when_the_expense_was_entered(expenses: ExpenseDesk) -> None:
    entered = expenses.issue(line(100))
    expenses.set_account(vat_mode="non_vat_payer")

    assert expenses.change(entered, description="x")["total"] == "121.0"
    assert expenses.issue(line(100))["total"] == "100.0"


def test_an_amount_too_large_to_be_kept_is_refused(expenses: ExpenseDesk) -> None:
    assert "lines.unit_price" in expenses.refusal(lines=[line("999999999999", quantity=2)])
    assert expenses.refusal(lines=[line("999999999999")] * 3) == {"lines": ["je příliš velké číslo"]}


def test_what_the_deduction_is_changes_no_total(expenses: ExpenseDesk) -> None:
    whole, half = expenses.issue(), expenses.issue(proportional_vat_deduction="50", tax_deductible=False)

    assert half["proportional_vat_deduction"] == 50
    assert {name: half[name] for name in SUMS} == {name: whole[name] for name in SUMS}
