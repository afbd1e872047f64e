"""Section 2.7: payments of invoices."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.bank_accounts import BankAccount
from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import MOUNT, Desk, line

NOON = dt.datetime(2026, 11, 20, 11, 15, 2, 481_000, dt.UTC)
NOW = "2026-11-20T12:15:02.481+01:00"


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def refused_payment(desk: Desk, invoice: Any, **values: Any) -> tuple[int, Any]:
    answer = desk.client.post(f"/invoices/{invoice['id']}/payments.json", values)
    assert answer.status_code >= 400
    return answer.status_code, answer.json


def delete(desk: Desk, invoice: Any, payment: Any) -> Any:
    return desk.client.delete(f"/invoices/{invoice['id']}/payments/{payment['id']}.json")


@pytest.mark.parametrize("body", [{}, {"amount": None, "paid_on": None, "mark_document_as_paid": None}])
def test_a_payment_of_nothing_said_pays_the_rest_today(desk: Desk, body: dict[str, Any]) -> None:
    invoice = desk.issue()

    payment = desk.pay(invoice, **body)

    assert payment == {
        "id": payment["id"],
        "paid_on": "2026-11-20",
        "currency": "CZK",
        "amount": "121.0",
        "native_amount": "121.0",
        "variable_symbol": "20260001",
        "bank_account_id": payment["bank_account_id"],
        "tax_document_id": None,
        "created_at": NOW,
        "updated_at": NOW,
    }
    assert isinstance(payment["bank_account_id"], int)
    paid = desk.read(invoice)
    assert (paid["status"], paid["paid_on"], paid["payments"]) == ("paid", "2026-11-20", [payment])


def test_a_payment_comes_back_as_it_was_sent_and_tells_its_address(desk: Desk) -> None:
    invoice = desk.issue()
    other = desk.client.write(lambda books: books.add(BankAccount, name="Jiný", currency="CZK", number="9/0300"))
    sent = {"paid_on": "2026-11-06", "amount": "50.5", "native_amount": "51.0", "variable_symbol": "7"}

    answer = desk.client.post(
        f"/invoices/{invoice['id']}/payments.json", sent | {"currency": "EUR", "bank_account_id": other.id}
    )

    assert {name: answer.json[name] for name in sent} == sent
    assert (answer.json["currency"], answer.json["bank_account_id"]) == ("CZK", other.id)
    where = (
        f"http://faktura.example{MOUNT}/accounts/applecorp/invoices/{invoice['id']}/payments/{answer.json['id']}.json"
    )
    assert answer.headers["location"] == where


def test_payments_add_up_until_the_rest_is_paid(desk: Desk) -> None:
    invoice = desk.issue()

    desk.pay(invoice, amount=100, paid_on="2026-11-01")
    assert (desk.read(invoice)["status"], desk.read(invoice)["paid_on"]) == ("open", None)
    assert desk.pay(invoice, paid_on="2026-11-02")["amount"] == "21.0"

    paid = desk.read(invoice)
    assert (paid["status"], paid["paid_on"]) == ("paid", "2026-11-02")
    assert [payment["amount"] for payment in paid["payments"]] == ["100.0", "21.0"]


def test_a_payment_says_itself_whether_the_document_is_paid(desk: Desk) -> None:
    less, whole = desk.issue(), desk.issue()
    desk.pay(less, amount=1, mark_document_as_paid=True)
    desk.pay(whole, mark_document_as_paid=False)

    assert desk.read(less)["status"] == "paid"
    assert desk.read(whole)["status"] == "open"


def test_more_than_the_rest_is_accepted(desk: Desk) -> None:
    invoice = desk.issue()
    desk.pay(invoice, amount=500)

    assert (desk.read(invoice)["status"], desk.read(invoice)["remaining_amount"]) == ("paid", "121.0")


def test_the_native_amount_follows_from_the_exchange_rate(desk: Desk) -> None:
    invoice = desk.issue(currency="EUR", exchange_rate="25.135")

    payment = desk.pay(invoice, amount="10.01")

    assert (payment["currency"], payment["native_amount"]) == ("EUR", "251.6")


def test_a_credit_note_is_paid_back(desk: Desk) -> None:
    original = desk.issue()
    correction = desk.issue(line(-100), document_type="correction", correction_id=original["id"])

    desk.pay(correction, amount=-21)
    assert desk.read(correction)["status"] == "open"
    assert desk.pay(correction)["amount"] == "-100.0"
    assert desk.read(correction)["status"] == "paid"


def test_a_paid_document_takes_no_payment(desk: Desk) -> None:
    invoice = desk.issue()
    desk.pay(invoice)

    assert refused_payment(desk, invoice) == (
        403,
        {"error": "forbidden", "error_description": "Payment cannot be added to already paid invoice"},
    )


def test_a_cancelled_document_keeps_its_payments(desk: Desk) -> None:
    invoice = desk.issue()
    payment = desk.pay(invoice, amount=1)
    desk.fire(invoice, "cancel")
    refusal = {"error": "forbidden", "error_description": "Payments cannot be changed on a cancelled invoice"}

    assert refused_payment(desk, invoice) == (403, refusal)
    refused = delete(desk, invoice, payment)
    assert (refused.status_code, refused.json) == (403, refusal)


def test_an_empty_amount_is_blank_and_no_number_in_both_currencies(desk: Desk) -> None:
    both = ["je povinná položka", "není číslo"]

    assert refused_payment(desk, desk.issue(), amount="") == (
        422,
        {"errors": {"amount": both, "native_amount": both}},
    )


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"amount": "x"}, {"amount": ["není číslo"]}),
        ({"paid_on": "x"}, {"paid_on": ["není datum"]}),
        ({"paid_on": "0001-01-01"}, {"paid_on": ["není datum"]}),
        ({"bank_account_id": 999}, {"bank_account_id": ["není v seznamu povolených hodnot"]}),
        ({"proforma_followup_document": "x"}, {"proforma_followup_document": ["není v seznamu povolených hodnot"]}),
        ({"mark_document_as_paid": "x"}, {"mark_document_as_paid": ["není ano/ne"]}),
    ],
)
def test_what_is_wrong_with_a_payment_is_told_by_attribute(desk: Desk, values: Any, errors: Any) -> None:
    invoice = desk.issue()

    assert refused_payment(desk, invoice, **values) == (422, {"errors": errors})
    assert desk.read(invoice) == invoice


def test_a_deleted_payment_opens_the_document_again(desk: Desk) -> None:
    invoice = desk.issue(issued_on="2026-10-01")
    payment = desk.pay(invoice)

    gone = delete(desk, invoice, payment)

    assert (gone.status_code, gone.content) == (204, b"")
    again = desk.read(invoice)
    assert (again["status"], again["paid_on"], again["payments"]) == ("overdue", None, [])
    assert delete(desk, invoice, payment).status_code == 404
    assert desk.pay(invoice)["amount"] == "121.0"


def test_a_payment_is_found_only_in_its_own_document(desk: Desk) -> None:
    invoice, other = desk.issue(), desk.issue()
    payment = desk.pay(invoice)

    assert delete(desk, other, payment).status_code == 404
    assert delete(desk, invoice, {"id": "x"}).status_code == 404
    assert delete(desk, {"id": 999}, payment).status_code == 404
    assert desk.read(invoice)["payments"] == [payment]


def test_payments_are_read_inside_the_invoice_only(desk: Desk) -> None:
    invoice = desk.issue()
    payment = desk.pay(invoice)

    assert desk.client.get(f"/invoices/{invoice['id']}/payments.json").status_code == 405
    assert desk.client.get(f"/invoices/{invoice['id']}/payments/{payment['id']}.json").status_code == 405


def test_a_thank_you_may_be_asked_for(desk: Desk) -> None:
    assert desk.pay(desk.issue(), send_thank_you_email=True, mark_document_as_paid=True)["amount"] == "121.0"
