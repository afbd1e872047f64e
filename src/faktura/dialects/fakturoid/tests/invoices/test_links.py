"""Sections 2.6.3 to 2.6.5 and 2.7: money that was paid once is taken off once."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import Desk, line

NOON = dt.datetime(2026, 11, 20, 11, 15, 2, 481_000, dt.UTC)
NOT_LISTED = ["není v seznamu povolených hodnot"]


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def proforma_of(desk: Desk, price: int, follow_up: str = "none") -> Any:
    return desk.issue(line(price), document_type="proforma", proforma_followup_document=follow_up)


def tax_document_over(desk: Desk, proforma: Any, payment: Any) -> int:
    made = desk.client.post(f"/invoices/{proforma['id']}/payments/{payment['id']}/create_tax_document.json")
    assert made.status_code == 201, made.text
    found: int = made.json["tax_document_id"]
    return found


def test_a_proforma_and_its_tax_documents_named_together_give_the_right_sum(desk: Desk) -> None:
    proforma = proforma_of(desk, 200)
    tax_document = tax_document_over(desk, proforma, desk.pay(proforma, amount=121))
    desk.pay(proforma)

    final = desk.issue(
        line(300), document_type="final_invoice", related_id=proforma["id"], tax_document_ids=[tax_document]
    )

    assert (final["total"], final["remaining_amount"], final["related_id"]) == ("363.0", "121.0", proforma["id"])
    assert [advance["id"] for advance in final["paid_advances"]] == [tax_document]
    assert desk.read(tax_document)["related_id"] == final["id"]


def test_what_one_document_took_off_is_refused_to_another_under_its_key(desk: Desk) -> None:
    proforma = proforma_of(desk, 100)
    tax_document = tax_document_over(desk, proforma, desk.pay(proforma))
    invoice = desk.issue(line(100), related_id=proforma["id"])

    assert desk.refusal(related_id=proforma["id"]) == {"related_id": NOT_LISTED}
    late = desk.issue()
    assert desk.change_refusal(late, related_id=proforma["id"]) == {"related_id": NOT_LISTED}
    refused = desk.refusal(document_type="final_invoice", tax_document_ids=[tax_document])
    assert refused == {"tax_document_ids": NOT_LISTED}
    assert desk.client.delete(f"/invoices/{invoice['id']}.json").status_code == 204
    assert desk.change(late, related_id=proforma["id"])["remaining_amount"] == "0.0"


def test_no_tax_document_is_made_over_a_payment_that_an_invoice_took_off(desk: Desk) -> None:
    proforma = proforma_of(desk, 100)
    payment = desk.pay(proforma)
    invoice = desk.issue(line(100), related_id=proforma["id"])
    path = f"/invoices/{proforma['id']}/payments/{payment['id']}/create_tax_document.json"

    refused = desk.client.post(path)
    assert (refused.status_code, refused.json) == (422, {"errors": {"document": ["Tax document cannot be created"]}})
    assert desk.client.delete(f"/invoices/{invoice['id']}.json").status_code == 204
    assert desk.client.post(path).status_code == 201


@pytest.mark.parametrize(
    ("follow_up", "kind"), [("tax_document", "tax_document"), ("final_invoice_paid", "final_invoice")]
)
def test_a_proforma_that_is_paid_because_its_lines_shrink_has_issued_what_it_says(
    desk: Desk, follow_up: str, kind: str
) -> None:
    proforma = proforma_of(desk, 100, follow_up)
    desk.pay(proforma, amount="60.5")
    assert len(desk.listed()) == 1

    line_id = proforma["lines"][0]["id"]
    shrunk = desk.change(proforma, lines=[{"id": line_id, "unit_price": 50}])
    [following] = [found for found in desk.listed() if found["id"] != proforma["id"]]
    assert (shrunk["status"], following["document_type"], following["total"]) == ("paid", kind, "60.5")
    assert following["status"] == "paid"


def test_an_invoice_after_a_fully_paid_proforma_is_paid_and_says_so(desk: Desk) -> None:
    proforma = proforma_of(desk, 100, "final_invoice")
    desk.pay(proforma, paid_on="2026-11-18")

    invoice = desk.issue(line(100), related_id=proforma["id"])

    assert (invoice["status"], invoice["remaining_amount"], invoice["paid_on"]) == ("paid", "0.0", "2026-11-18")
    assert invoice["show_already_paid_note_in_pdf"]


def test_a_payment_of_a_proforma_added_and_taken_back_shows_in_the_invoice_after_it(desk: Desk) -> None:
    proforma = proforma_of(desk, 100)
    invoice = desk.issue(line(100), related_id=proforma["id"])

    payment = desk.pay(proforma, amount=21)
    now = desk.read(invoice)
    assert (now["remaining_amount"], now["status"]) == ("100.0", "open")
    assert desk.client.delete(f"/invoices/{proforma['id']}/payments/{payment['id']}.json").status_code == 204
    assert desk.read(invoice)["remaining_amount"] == "121.0"


def test_a_proforma_whose_money_is_taken_off_is_not_cancelled(desk: Desk) -> None:
    proforma = proforma_of(desk, 100)
    desk.pay(proforma, amount=21)
    invoice = desk.issue(related_id=proforma["id"])

    refused = desk.client.post(f"/invoices/{proforma['id']}/fire.json", {"event": "cancel"})
    assert (refused.status_code, invoice["number"] in refused.text) == (422, True)


def test_every_receipt_of_a_completed_proforma_has_its_tax_document(desk: Desk) -> None:
    proforma = proforma_of(desk, 300, "tax_document")
    desk.pay(proforma, amount=63)
    desk.pay(proforma)

    ids = [payment["tax_document_id"] for payment in desk.read(proforma)["payments"]]
    assert [desk.read(tax_document)["total"] for tax_document in ids] == ["63.0", "300.0"]
    final = desk.issue(line(300), document_type="final_invoice", tax_document_ids=ids)
    assert (final["remaining_amount"], final["status"]) == ("0.0", "paid")


def test_a_tax_document_that_is_settled_names_the_document_that_settled_it(desk: Desk) -> None:
    proforma = proforma_of(desk, 100)
    tax_document_id = tax_document_over(desk, proforma, desk.pay(proforma))
    final = desk.issue(line(300), document_type="final_invoice", tax_document_ids=[tax_document_id])
    tax_document = desk.read(tax_document_id)

    refused = desk.change_refusal(tax_document, lines=[{"id": tax_document["lines"][0]["id"], "quantity": 2}])
    assert refused == {"lines": [f"nelze změnit kvůli dokladu {final['number']}"]}


def test_a_correction_takes_currency_and_rate_of_its_original(desk: Desk) -> None:
    original = desk.issue(currency="EUR", exchange_rate="24.1")

    correction = desk.issue(line(-1), document_type="correction", correction_id=original["id"])
    assert (correction["currency"], correction["exchange_rate"]) == ("EUR", "24.1")
    refused = desk.refusal(document_type="correction", correction_id=original["id"], currency="CZK", lines=[line(-1)])
    assert refused == {"correction_id": NOT_LISTED}


def test_a_correction_is_of_the_subject_of_its_original(desk: Desk) -> None:
    other = desk.client.post("/subjects.json", {"name": "Jiný"}).json["id"]
    original = desk.issue()
    of_original = {"document_type": "correction", "correction_id": original["id"], "lines": [line(-1)]}

    assert desk.refusal(**of_original, subject_id=other) == {"correction_id": NOT_LISTED}
    correction = desk.issue(line(-1), document_type="correction", correction_id=original["id"])
    assert desk.change_refusal(correction, subject_id=other) == {"correction_id": NOT_LISTED}
    told = desk.change_refusal(desk.read(original), subject_id=other)
    assert told == {"subject_id": [f"nelze změnit kvůli dokladu {correction['number']}"]}


def test_a_paid_invoice_that_grows_owes_the_rest(desk: Desk) -> None:
    invoice = desk.issue(line(100))
    desk.pay(invoice)

    grown = desk.change(invoice, lines=[line(200)])
    assert (grown["status"], grown["paid_on"]) == ("open", None)
    assert desk.pay(invoice)["amount"] == "242.0"
    assert desk.read(invoice)["status"] == "paid"


def test_a_document_with_payments_keeps_its_currency_and_takes_no_payment_of_nothing(desk: Desk) -> None:
    invoice = desk.issue()
    nothing = desk.client.post(f"/invoices/{invoice['id']}/payments.json", {"amount": "0"})
    assert (nothing.status_code, nothing.json["errors"]) == (422, {"amount": ["nesmí být 0"]})
    desk.pay(invoice, amount=1)

    refused = desk.change_refusal(desk.read(invoice), currency="EUR", exchange_rate="25")
    assert refused == {"currency": ["nelze změnit"]}
