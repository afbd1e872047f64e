"""Sections 9 and 10: money taken in before an order is done, and the end of the order."""

from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.invoices.follow_up import add_payment
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import (
    ADVANCE,
    BLANK,
    FINAL,
    NOON,
    NOT_LISTED,
    TODAY,
    Json,
    add_bank_account,
    add_client,
    again,
    change,
    issue,
    least,
    refusal,
    refused_change,
    service_of,
)

ADVANCE_ATTRIBUTES = [
    *("id", "uuid", "number", "currency", "advance_price", "notes", "kind", "payment_method", "split_payment"),
    *("split_payment_type", "recipient_signature", "seller_signature", "invoice_date", "advance_date", "status"),
    *("payment_date", "paid_date", "net_price", "tax_price", "gross_price", "left_to_pay", "client_id"),
    *("client_uuid", "client_company_name", "client_first_name", "client_last_name"),
    *("client_business_activity_kind", "client_street", "client_street_number", "client_flat_number"),
    *("client_city", "client_post_code", "client_tax_code", "client_country", "client_days_to_payment"),
    *("client_notes", "bank_account", "bank_name", "swift", "bank_id", "vat_exemption_reason", "sale_type"),
    *("invoice_date_kind", "document_markings_ids", "transaction_kind_id", "bdo_code", "receipt_number"),
    *("not_income", "vat_exchange_date_kind", "sales_kind", "third_party_addresses", "transaction_terms"),
    *("local_government_recipient_address", "previous_advance_id", "previous_advances", "next_advances"),
    *("parent_invoice_data", "services", "ksef_number", "amount_in_words", "created_at", "ksef_data"),
]

FINAL_MORE = {
    *("previous_advance_id", "previous_advances", "exchange_rates_data", "bank_id", "client_days_to_payment"),
    "client_notes",
}
LEFT_OUT = {"parent_id", "extensions", "related_documents"}


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def follow(client: Client, advance: Json, path: str = ADVANCE, **values: Any) -> Json:
    """A document of the chain, with nothing but what it has to tell."""
    wrapper = path.strip("/").removesuffix("s")
    sent = {"previous_advance_id": advance["id"]} | values
    created = client.post(f"{path}.json", {wrapper: sent})
    assert created.status_code == 201, created.text
    found: Json = created.json
    return found


def linked(advance: Json) -> Json:
    return {name: advance[name] for name in ("id", "uuid", "number", "invoice_date", "advance_price")}


def test_an_advance_has_every_attribute_in_the_order_of_the_wire(client: Client) -> None:
    created = issue(client, ADVANCE)

    assert list(created) == ADVANCE_ATTRIBUTES
    assert again(client, created, ADVANCE) == created
    [listed] = client.get("/advance_invoices.json").json["entities"]
    assert set(created) - set(listed) == {"local_government_recipient_address", "ksef_data"}


def test_a_final_invoice_has_the_attributes_of_an_invoice_but_three_and_its_own(client: Client) -> None:
    created = issue(client, FINAL)

    assert set(created) == (set(issue(client)) - LEFT_OUT) | FINAL_MORE
    assert (created["exchange_rates_data"], created["bank_id"], created["client_notes"]) == (None, None, None)
    assert again(client, created, FINAL) == created
    [listed] = client.get("/final_invoices.json").json["entities"]
    assert set(created) - set(listed) == {
        *("local_government_recipient_address", "local_government_seller_address", "ksef_data"),
    }


def test_a_fresh_advance_has_the_defaults_of_the_table(client: Client) -> None:
    created = issue(client, ADVANCE, invoice_date="2026-11-02")

    assert (
        created
        | {
            "number": "1/ZAL/11/2026",
            "kind": "advance",
            "status": "draft",
            "advance_date": TODAY,
            "payment_date": "2026-11-16",
            "paid_date": None,
            "recipient_signature": "",
            "document_markings_ids": [],
            "previous_advance_id": None,
            "previous_advances": [],
            "next_advances": [],
            "parent_invoice_data": None,
            "client_days_to_payment": None,
            "client_notes": None,
            "bank_id": None,
            "ksef_number": None,
            "ksef_data": None,
        }
        == created
    )


def test_advances_of_an_order_are_taken_off_one_after_the_other(client: Client) -> None:
    """The example of the contract: 12300 - 40000 - 40000 = -67700; then the order is done."""
    first = issue(client, ADVANCE, advance_price=40000, services=[service_of(10000)])
    assert (first["gross_price"], first["advance_price"], first["left_to_pay"]) == (12300, 40000, -27700)

    second = follow(client, first, advance_price="40000")
    assert (second["gross_price"], second["left_to_pay"]) == (12300, -67700)
    assert (second["number"], second["previous_advances"]) == ("2/ZAL/11/2026", [linked(first)])
    assert again(client, first, ADVANCE) == first | {"next_advances": [linked(second)]}

    final = follow(client, second, FINAL)
    assert (final["kind"], final["number"], final["status"]) == ("final", "1/RZL/11/2026", "draft")
    assert (final["gross_price"], final["left_to_pay"]) == (12300, -67700)
    assert final["previous_advances"] == [linked(first), linked(second)]
    assert final["previous_advance_id"] == second["id"]
    assert again(client, second, ADVANCE) == second


def test_of_a_final_invoice_what_was_paid_is_taken_off_too(client: Client) -> None:
    first = issue(client, ADVANCE, advance_price=300, services=[service_of(1000)])

    final = follow(client, first, FINAL, paid_price=130)
    assert (final["gross_price"], final["left_to_pay"]) == (1230, 800)


def test_lines_buyer_and_currency_of_an_order_are_inherited(client: Client) -> None:
    line = service_of(10000, name="Altana", unit="szt.", pkwiu="16.23.20.0", gtu_id=10)
    first = issue(client, ADVANCE, services=[line], currency="EUR", client_company_name="Ogród")

    created = first
    for path in (ADVANCE, FINAL):
        created = follow(client, created, path, advance_price=5)
        inherited = [{k: v for k, v in row.items() if k != "id"} for row in (*created["services"], *first["services"])]
        assert inherited[0] == inherited[1]
        assert created["services"][0]["id"] != first["services"][0]["id"]
        assert (created["client_id"], created["currency"]) == (first["client_id"], "EUR")


def test_lines_that_are_sent_take_the_place_of_the_inherited(client: Client) -> None:
    first = issue(client, ADVANCE, advance_price=500, services=[service_of(1000)])

    final = follow(client, first, FINAL, services=[service_of(2000)])
    assert (final["gross_price"], final["left_to_pay"]) == (2460, 1960)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"advance_price": None}, {"advance_price": [BLANK]}),
        ({"advance_price": 0}, {"advance_price": ["musi być większe od 0"]}),
        ({"previous_advance_id": 999}, {"previous_advance_id": [NOT_LISTED]}),
        ({"services": None}, {"services": [BLANK]}),
    ],
)
def test_what_is_wrong_with_an_advance_is_told_by_its_attribute(client: Client, values: Json, told: Json) -> None:
    assert refusal(client, ADVANCE, **values) == told


def test_a_final_invoice_names_its_last_advance(client: Client) -> None:
    sent = {"client_company_name": "Gęśl", "payment_method": "cash", "services": [service_of()]}
    invoice = issue(client)

    for advance_id, told in ((None, BLANK), (999, NOT_LISTED), (invoice["id"], NOT_LISTED)):
        body = {"final_invoice": sent | {"previous_advance_id": advance_id}}
        refused = client.post("/final_invoices.json", body)
        assert (refused.status_code, refused.json["errors"]) == (422, {"previous_advance_id": [told]})
    final = issue(client, FINAL)
    assert refused_change(client, final, FINAL, previous_advance_id=None) == {"previous_advance_id": [BLANK]}


def test_an_advance_that_is_changed_is_counted_anew(client: Client) -> None:
    first = issue(client, ADVANCE, advance_price=500, services=[service_of(1000)])

    changed = change(client, first, ADVANCE, advance_price=700, advance_date="2026-11-10")
    assert (changed["advance_price"], changed["left_to_pay"]) == (700, 530)
    assert changed["advance_date"] == "2026-11-10"
    assert refused_change(client, changed, ADVANCE, advance_price=-1) == {"advance_price": ["musi być większe od 0"]}


def test_the_kind_of_date_of_an_advance_is_told_and_not_taken(client: Client) -> None:
    assert issue(client, ADVANCE, invoice_date_kind="cargo_date")["invoice_date_kind"] == "sale_date"


def test_an_advance_that_others_follow_cannot_be_deleted(client: Client) -> None:
    first = issue(client, ADVANCE)
    final = follow(client, first, FINAL)

    assert client.delete(f"{ADVANCE}/{first['uuid']}.json").status_code == 422
    assert client.delete(f"{FINAL}/{final['uuid']}.json").status_code == 204
    assert client.delete(f"{ADVANCE}/{first['uuid']}.json").status_code == 204


@pytest.mark.parametrize("path", [ADVANCE, FINAL])
def test_a_bank_account_may_be_named_by_its_id(client: Client, path: str) -> None:
    add_bank_account(client, "1", bank_name="Bank B", default=True)
    other = add_bank_account(client)

    created = issue(client, path, payment_method="transfer", bank_id=other["id"])
    assert (created["bank_id"], created["bank_account"]) == (other["id"], other["account_number"])
    wrong = client.post(f"{path}.json", {path[1:-1]: least(client, path) | {"bank_id": 999}})
    assert (wrong.status_code, wrong.json["errors"]) == (422, {"bank_id": [NOT_LISTED]})


@pytest.mark.parametrize("path", [ADVANCE, FINAL])
def test_days_and_notes_of_a_buyer_are_told_and_given_to_a_new_client(client: Client, path: str) -> None:
    sent = {"client_company_name": "Nowa", "client_days_to_payment": 30, "client_notes": "dzwonić"}

    created = issue(client, path, **sent)
    assert {name: created[name] for name in sent} == sent
    assert created["payment_date"] == "2026-12-21"
    made = client.get(f"/clients/{created['client_id']}.json").json
    assert (made["days_to_payment"], made["note"]) == (30, "dzwonić")


@pytest.mark.parametrize("path", [ADVANCE, FINAL])
def test_what_is_read_can_be_sent_back_and_changes_nothing(client: Client, path: str) -> None:
    buyer = add_client(client, company_name="Ogród")
    created = issue(client, path, client_id=buyer["id"], notes="x", not_income=True, bdo_code="7", paid_date=TODAY)
    assert (created["paid_date"], created["notes"], created["not_income"]) == (TODAY, "x", True)

    sent_back = change(client, created, path, **created)
    for row in (*sent_back["services"], *created["services"]):
        del row["id"]
    assert sent_back == created


@pytest.mark.parametrize(("follow_up", "path"), [("tax_document", ADVANCE), ("final_invoice_paid", FINAL)])
def test_what_another_door_issued_over_a_proforma_is_listed_here(client: Client, follow_up: str, path: str) -> None:
    proforma = issue(client, kind="proforma", services=[service_of(1000)])

    def pay_elsewhere(tx: Any) -> None:
        books = Books(tx, client.firm.account, None, NOON)
        add_payment(books, proforma["id"], Given({"follow_up": follow_up}))

    client.service.database.write(pay_elsewhere)
    [listed] = client.get(f"{path}.json").json["entities"]
    assert (listed["gross_price"], listed["previous_advances"]) == (1230, [])
    assert listed.get("advance_price", 1230) == 1230
    assert (listed["status"], listed["client_id"]) == ("paid", proforma["client_id"])
    assert change(client, listed, path, notes="x")["notes"] == "x"
