"""Sections 2.6.4 and 2.6.5: what follows a proforma, and corrections."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import MOUNT, Desk, line

NOON = dt.datetime(2026, 11, 20, 11, 15, 2, 481_000, dt.UTC)
NOT_LISTED = ["není v seznamu povolených hodnot"]


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def proforma_of(desk: Desk, *lines: Any, **values: Any) -> Any:
    return desk.issue(*lines, document_type="proforma", **values)


def content(invoice: Any) -> list[dict[str, Any]]:
    return [{name: value for name, value in found.items() if name != "id"} for found in invoice["lines"]]


def create_tax_document(desk: Desk, proforma: Any, payment: Any) -> Any:
    return desk.client.post(f"/invoices/{proforma['id']}/payments/{payment['id']}/create_tax_document.json")


@pytest.mark.parametrize("payer", [True, False])
def test_a_proforma_paid_completely_issues_a_paid_document_at_once(desk: Desk, payer: bool) -> None:  # noqa: FBT001
    if not payer:
        desk.set_account(vat_mode="non_vat_payer")
    proforma = proforma_of(desk, line(100), line("82.005", 12, 3, name="Jablka"), note="Děkujeme", due=30)

    payment = desk.pay(proforma, paid_on="2026-11-18")

    paid = desk.read(proforma)
    final = desk.read(paid["related_id"])
    assert final["document_type"] == "final_invoice"
    assert (proforma["number"], final["number"]) == ("1-2026-0001", "2026-0001")
    assert final["number_format_id"] != proforma["number_format_id"]
    assert proforma["variable_symbol"] == final["variable_symbol"] == "120260001"
    assert (final["status"], final["paid_on"], final["show_already_paid_note_in_pdf"]) == ("paid", "2026-11-18", True)
    assert (final["remaining_amount"], final["payments"], final["paid_advances"]) == ("0.0", [], [])
    assert content(final) == content(proforma)
    totals = ("subtotal", "total", "vat_rates_summary", "note", "client_name", "subject_id", "currency")
    assert {name: final[name] for name in totals} == {name: proforma[name] for name in totals}
    assert final["related_id"] == proforma["id"]
    assert (paid["status"], paid["payments"]) == ("paid", [payment])
    assert paid["remaining_amount"] == paid["total"]
    assert len(desk.listed()) == 2


def test_a_partial_payment_of_a_proforma_issues_nothing(desk: Desk) -> None:
    proforma = proforma_of(desk)
    desk.pay(proforma, amount=100)

    assert desk.read(proforma)["related_id"] is None
    assert len(desk.listed()) == 1
    desk.pay(proforma)
    assert desk.read(desk.read(proforma)["related_id"])["remaining_amount"] == "0.0"


def test_a_payment_may_say_what_follows(desk: Desk) -> None:
    proforma = proforma_of(desk)
    desk.pay(proforma, mark_document_as_paid=True, proforma_followup_document="none")

    assert (desk.read(proforma)["status"], desk.read(proforma)["related_id"]) == ("paid", None)
    other = proforma_of(desk, proforma_followup_document="none")
    assert desk.pay(other, proforma_followup_document="tax_document")["tax_document_id"] is not None


@pytest.mark.parametrize("where", ["body", "query"])
def test_an_invoice_that_a_client_makes_after_a_proforma_deducts_what_was_paid(desk: Desk, where: str) -> None:
    proforma = proforma_of(desk, proforma_followup_document="final_invoice")
    desk.pay(proforma)
    assert len(desk.listed()) == 1
    body = {"subject_id": desk.subject_id, "lines": [line(300)]}
    query = f"related_id={proforma['id']}" if where == "query" else ""
    if where == "body":
        body |= {"related_id": proforma["id"]}

    answer = desk.client.post("/invoices.json", body, query_string=query)

    invoice = answer.json
    assert (answer.status_code, invoice["related_id"]) == (201, proforma["id"])
    assert (invoice["total"], invoice["remaining_amount"], invoice["status"]) == ("363.0", "242.0", "open")
    assert invoice["variable_symbol"] == proforma["variable_symbol"]
    assert desk.read(proforma)["related_id"] == invoice["id"]
    assert desk.pay(invoice)["amount"] == "242.0"


def test_the_body_counts_more_than_the_query(desk: Desk) -> None:
    first, second = proforma_of(desk), proforma_of(desk)
    body = {"subject_id": desk.subject_id, "related_id": second["id"]}

    answer = desk.client.post("/invoices.json", body, query_string=f"related_id={first['id']}")

    assert answer.json["related_id"] == second["id"]
    refused = desk.client.post("/invoices.json", body, query_string="related_id=x")
    assert refused.status_code == 400


def test_an_invoice_may_be_related_to_its_proforma_later(desk: Desk) -> None:
    proforma = proforma_of(desk, proforma_followup_document="final_invoice")
    desk.pay(proforma)
    invoice = desk.issue()

    related = desk.change(invoice, related_id=proforma["id"])

    assert (related["related_id"], related["remaining_amount"]) == (proforma["id"], "0.0")
    assert desk.read(proforma)["related_id"] == invoice["id"]
    assert desk.change(invoice, related_id=None)["remaining_amount"] == "121.0"
    assert desk.read(proforma)["related_id"] is None


def test_a_related_document_that_is_not_there_is_refused(desk: Desk) -> None:
    assert desk.refusal(related_id=999_999) == {"related_id": NOT_LISTED}


def test_no_document_is_related_to_itself(desk: Desk) -> None:
    invoice = desk.issue()
    correction = desk.issue(line(-1), document_type="correction", correction_id=invoice["id"])

    assert desk.change_refusal(desk.read(invoice), related_id=invoice["id"]) == {"related_id": NOT_LISTED}
    assert desk.change_refusal(correction, correction_id=correction["id"]) == {"correction_id": NOT_LISTED}


def test_a_proforma_followed_by_a_tax_document_issues_it_over_what_was_paid(desk: Desk) -> None:
    lines = [line(100, 21), line(100, 12)]
    proforma = proforma_of(desk, *lines, proforma_followup_document="tax_document", currency="EUR", exchange_rate=25)

    payment = desk.pay(proforma, paid_on="2026-11-18")

    document = desk.read(payment["tax_document_id"])
    assert document["document_type"] == "tax_document"
    assert (document["total"], document["currency"]) == (proforma["total"], "EUR")
    assert [(s["vat_rate"], s["base"], s["vat"]) for s in document["vat_rates_summary"]] == [
        *((21, "100.0", "21.0"), (12, "100.0", "12.0")),
    ]
    assert len(document["lines"]) == 2
    assert (document["issued_on"], document["taxable_fulfillment_due"]) == ("2026-11-20", "2026-11-18")
    assert (document["status"], document["paid_on"]) == ("paid", "2026-11-18")
    assert document["variable_symbol"] == proforma["variable_symbol"]
    assert document["subject_id"] == proforma["subject_id"]
    assert desk.read(proforma)["payments"] == [payment]


def test_without_a_follow_up_nothing_is_issued_and_a_tax_document_can_be_made_later(desk: Desk) -> None:
    proforma = proforma_of(desk, proforma_followup_document="none")
    payment = desk.pay(proforma)
    assert payment["tax_document_id"] is None
    assert len(desk.listed()) == 1

    made = create_tax_document(desk, proforma, payment)

    assert made.status_code == 201
    path = f"/invoices/{proforma['id']}/payments/{payment['id']}.json"
    assert made.headers["location"] == f"http://faktura.example{MOUNT}/accounts/applecorp{path}"
    assert {n: v for n, v in made.json.items() if n not in {"tax_document_id", "updated_at"}} == {
        n: v for n, v in payment.items() if n not in {"tax_document_id", "updated_at"}
    }
    assert desk.read(made.json["tax_document_id"])["total"] == "121.0"


def test_a_tax_document_can_be_made_of_a_partial_payment_and_splits_it_by_rate(desk: Desk) -> None:
    proforma = proforma_of(desk, line(1000, 21), line(1000, 12), line(100, 0))
    payment = desk.pay(proforma, amount=1000)

    document = desk.read(create_tax_document(desk, proforma, payment).json["tax_document_id"])

    assert document["total"] == "1000.0"
    assert [(s["vat_rate"], s["base"], s["vat"]) for s in document["vat_rates_summary"]] == [
        *((21, "411.52", "86.42"), (12, "411.53", "49.38"), (0, "41.15", "0.0")),
    ]


def test_a_second_tax_document_over_a_payment_cannot_be_created(desk: Desk) -> None:
    proforma = proforma_of(desk, proforma_followup_document="tax_document")
    payment = desk.pay(proforma)
    invoice = desk.issue()
    own = desk.pay(invoice)
    refusal = {"errors": {"document": ["Tax document cannot be created"]}}

    for document, paid in ((proforma, payment), (invoice, own)):
        refused = create_tax_document(desk, document, paid)
        assert (refused.status_code, refused.json) == (422, refusal)
    assert create_tax_document(desk, invoice, payment).status_code == 404


def test_a_payment_with_a_tax_document_cannot_be_deleted(desk: Desk) -> None:
    proforma = proforma_of(desk, proforma_followup_document="tax_document")
    payment = desk.pay(proforma)

    refused = desk.client.delete(f"/invoices/{proforma['id']}/payments/{payment['id']}.json")

    assert (refused.status_code, refused.json) == (422, {"errors": {"payment": ["Payment cannot be deleted"]}})
    assert desk.client.delete(f"/invoices/{payment['tax_document_id']}.json").status_code == 204
    assert desk.client.delete(f"/invoices/{proforma['id']}/payments/{payment['id']}.json").status_code == 204


@pytest.mark.parametrize("name", ["tax_document_ids", "tax_documents_ids"])
def test_a_final_invoice_settles_tax_documents(desk: Desk, name: str) -> None:
    lines = [line(100, 21), line(100, 12)]
    proforma = proforma_of(desk, *lines, proforma_followup_document="none")
    ids = []
    for day, amount in (("2026-11-01", 100), ("2026-11-02", 33)):
        payment = desk.pay(proforma, amount=amount, paid_on=day)
        ids.append(create_tax_document(desk, proforma, payment).json["tax_document_id"])

    final = desk.issue(*lines, line(10), document_type="final_invoice", **{name: ids})

    first = desk.read(ids[0])
    assert len(final["paid_advances"]) == 4
    assert final["paid_advances"][0] == {
        "id": ids[0],
        "number": first["number"],
        "variable_symbol": proforma["variable_symbol"],
        "paid_on": "2026-11-01",
        "vat_rate": 21,
        "price": first["vat_rates_summary"][0]["base"],
        "vat": first["vat_rates_summary"][0]["vat"],
    }
    assert (final["total"], final["remaining_amount"]) == ("245.1", "112.1")
    assert [desk.read(tax_document_id)["related_id"] for tax_document_id in ids] == [final["id"]] * 2
    assert "tax_document_ids" not in final
    assert desk.pay(final)["amount"] == "112.1"


def test_a_tax_document_is_settled_once_and_by_final_invoices_only(desk: Desk) -> None:
    proforma = proforma_of(desk, proforma_followup_document="tax_document")
    settled = [desk.pay(proforma)["tax_document_id"]]
    refusal = {"tax_document_ids": NOT_LISTED}

    assert desk.refusal(tax_document_ids=settled) == refusal
    assert desk.refusal(document_type="final_invoice", tax_document_ids=[proforma["id"]]) == refusal
    assert desk.refusal(document_type="final_invoice", tax_document_ids=[999_999]) == refusal
    desk.issue(document_type="final_invoice", tax_document_ids=settled)
    assert desk.refusal(document_type="final_invoice", tax_document_ids=settled) == refusal


def test_a_correction_and_its_original_point_at_each_other(desk: Desk) -> None:
    original = desk.issue(line(100))

    correction = desk.issue(line(-40), document_type="correction", correction_id=original["id"])

    assert (correction["document_type"], correction["correction_id"]) == ("correction", original["id"])
    assert (correction["number"], correction["number_format_id"]) == ("2026-0002", original["number_format_id"])
    assert (correction["total"], correction["status"], correction["paid_on"]) == ("-48.4", "open", None)
    assert desk.read(original)["correction_id"] == correction["id"]


def test_a_correction_may_be_asked_for_by_the_older_flag(desk: Desk) -> None:
    original = desk.issue()

    assert desk.issue(line(-1), correction=True, correction_id=original["id"])["document_type"] == "correction"


def test_a_correction_names_a_document_that_is_there_and_is_no_proforma(desk: Desk) -> None:
    assert desk.refusal(document_type="correction") == {"correction_id": ["je povinná položka"]}
    assert desk.refusal(document_type="correction", correction_id=999_999) == {"correction_id": NOT_LISTED}
    proforma = proforma_of(desk)
    assert desk.refusal(document_type="correction", correction_id=proforma["id"]) == {"correction_id": NOT_LISTED}


def test_a_correction_has_positive_quantities(desk: Desk) -> None:
    original = desk.issue()

    refused = desk.refusal(document_type="correction", correction_id=original["id"], lines=[line(100, quantity=-1)])
    assert refused == {"lines.quantity": ["musí být větší než 0"]}
    assert desk.read(original) == original
