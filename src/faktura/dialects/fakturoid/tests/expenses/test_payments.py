"""Section 2.10: payments of expenses, and what they do to the status."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.bank_accounts import BankAccount
from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import MOUNT, ExpenseDesk, line

NOON = dt.datetime(2026, 11, 20, 11, 15, 2, 481_000, dt.UTC)
NOW = "2026-11-20T12:15:02.481+01:00"


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def refused(expenses: ExpenseDesk, expense: Any, **values: Any) -> tuple[int, Any]:
    answer = expenses.client.post(f"/expenses/{expense['id']}/payments.json", values)
    assert answer.status_code >= 400
    assert expenses.read(expense)["payments"] == expense["payments"]
    return answer.status_code, answer.json


@pytest.mark.parametrize("body", [{}, {"amount": None, "paid_on": None, "mark_document_as_paid": None}])
def test_a_payment_of_nothing_said_pays_the_rest_today_from_the_usual_account(
    expenses: ExpenseDesk, body: dict[str, Any]
) -> None:
    expense = expenses.issue(variable_symbol="77")
    [account] = expenses.client.get("/bank_accounts.json").json

    payment = expenses.pay(expense, **body)

    assert payment == {
        "id": payment["id"],
        "paid_on": "2026-11-20",
        "currency": "CZK",
        "amount": "121.0",
        "native_amount": "121.0",
        "variable_symbol": "77",
        "bank_account_id": account["id"],
        "created_at": NOW,
        "updated_at": NOW,
    }
    paid = expenses.read(expense)
    assert (paid["status"], paid["paid_on"], paid["payments"]) == ("paid", "2026-11-20", [payment])


def test_a_payment_comes_back_as_it_was_sent_and_tells_its_address(expenses: ExpenseDesk) -> None:
    expense = expenses.issue()
    other = expenses.client.write(lambda books: books.add(BankAccount, name="Jiný", currency="CZK", number="9/0300"))
    sent = {"paid_on": "2026-11-06", "amount": "50.5", "native_amount": "51.0", "variable_symbol": "7"}

    answer = expenses.client.post(
        f"/expenses/{expense['id']}/payments.json", sent | {"currency": "EUR", "bank_account_id": other.id}
    )

    assert {name: answer.json[name] for name in sent} == sent
    assert (answer.json["currency"], answer.json["bank_account_id"]) == ("CZK", other.id)
    root = f"http://faktura.example{MOUNT}/accounts/applecorp"
    assert answer.headers["location"] == f"{root}/expenses/{expense['id']}/payments/{answer.json['id']}.json"


def test_payments_add_up_until_the_rest_is_paid(expenses: ExpenseDesk) -> None:
    expense = expenses.issue()

    expenses.pay(expense, amount=100, paid_on="2026-11-01")
    assert (expenses.read(expense)["status"], expenses.read(expense)["paid_on"]) == ("open", None)
    assert expenses.pay(expense, paid_on="2026-11-02")["amount"] == "21.0"

    paid = expenses.read(expense)
    assert (paid["status"], paid["paid_on"]) == ("paid", "2026-11-02")
    assert [payment["amount"] for payment in paid["payments"]] == ["100.0", "21.0"]


def test_a_payment_says_itself_whether_the_expense_is_paid(expenses: ExpenseDesk) -> None:
    less, whole = expenses.issue(), expenses.issue()
    expenses.pay(less, amount=1, mark_document_as_paid=True)
    expenses.pay(whole, mark_document_as_paid=False)

    assert (expenses.read(less)["status"], expenses.read(whole)["status"]) == ("paid", "open")


def test_the_native_amount_follows_from_the_exchange_rate(expenses: ExpenseDesk) -> None:
    expense = expenses.issue(currency="EUR", exchange_rate="25.135")

    payment = expenses.pay(expense, amount="10.01")

    assert (payment["currency"], payment["native_amount"]) == ("EUR", "251.6")


def test_a_paid_expense_takes_no_payment(expenses: ExpenseDesk) -> None:
    expense = expenses.issue()
    expenses.pay(expense)

    assert refused(expenses, expenses.read(expense)) == (
        403,
        {"error": "forbidden", "error_description": "Payment cannot be added to already paid expense"},
    )


def test_an_overdue_expense_is_paid_and_overdue_again_without_its_payment(expenses: ExpenseDesk) -> None:
    expense = expenses.issue(issued_on="2026-10-01", due_on="2026-10-15")
    assert expense["status"] == "overdue"

    payment = expenses.pay(expense)
    assert expenses.read(expense)["status"] == "paid"
    removed = expenses.client.delete(f"/expenses/{expense['id']}/payments/{payment['id']}.json")

    assert (removed.status_code, removed.content) == (204, b"")
    again = expenses.read(expense)
    assert (again["status"], again["paid_on"], again["payments"]) == ("overdue", None, [])


def test_what_a_dearer_expense_lacks_is_to_be_paid_again(expenses: ExpenseDesk) -> None:
    expense = expenses.issue()
    expenses.pay(expense)

    dearer = expenses.change(expense, lines=[line(1, 0)])
    assert (dearer["status"], dearer["total"]) == ("open", "122.0")
    assert expenses.pay(expense)["amount"] == "1.0"


def test_money_that_was_paid_stays_in_its_currency(expenses: ExpenseDesk) -> None:
    expense = expenses.issue()
    expenses.pay(expense, amount=1)

    told = expenses.change_refusal(expenses.read(expense), currency="EUR", exchange_rate=25)
    assert told == {"currency": ["nelze změnit"]}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"amount": "x"}, {"amount": ["není číslo"]}),
        (
            {"amount": ""},
            {"amount": ["je povinná položka", "není číslo"], "native_amount": ["je povinná položka", "není číslo"]},
        ),
        ({"amount": 0}, {"amount": ["nesmí být 0"]}),
        ({"paid_on": "x"}, {"paid_on": ["není datum"]}),
        ({"bank_account_id": 999_999}, {"bank_account_id": ["není v seznamu povolených hodnot"]}),
    ],
)
def test_what_is_no_payment_is_refused_under_its_key(
    expenses: ExpenseDesk, values: dict[str, Any], told: dict[str, Any]
) -> None:
    assert refused(expenses, expenses.issue(), **values) == (422, {"errors": told})


def test_a_payment_is_found_only_in_its_own_expense(expenses: ExpenseDesk) -> None:
    expense, other = expenses.issue(), expenses.issue()
    payment = expenses.pay(expense)

    for path in (f"{other['id']}/payments/{payment['id']}", f"{expense['id']}/payments/999", "999/payments/1"):
        missing = expenses.client.delete(f"/expenses/{path}.json")
        assert (missing.status_code, missing.json["error"]) == (404, "resource_not_found")
    assert expenses.client.post("/expenses/999/payments.json", {}).status_code == 404


def test_a_locked_expense_takes_payments(expenses: ExpenseDesk) -> None:
    expense = expenses.issue()
    expenses.fire(expense, "lock")
    expenses.pay(expense)

    assert expenses.read(expense)["status"] == "paid"
