"""Section 6: VAT and proforma invoices, attribute by attribute."""

import json
from typing import Any
from uuid import UUID

import pytest

from faktura.core.clock import Clock
from faktura.dialects.infakt.invoices.invoices import INVOICE
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import (
    INVOICES,
    KINDS,
    NOON,
    TODAY,
    Json,
    add_bank_account,
    add_client,
    again,
    change,
    issue,
    least,
    post,
    refused_change,
    service_of,
    wrapper_of,
)
from faktura.store.database import Database
from tests.firm import open_firm

ATTRIBUTES = [
    *("id", "uuid", "parent_id", "number", "currency", "paid_price", "notes", "kind", "payment_method"),
    *("split_payment", "split_payment_type", "recipient_signature", "seller_signature", "invoice_date", "sale_date"),
    *("vat_date_value", "continuous_service_start_on", "continuous_service_end_on", "occasional_sale", "status"),
    *("payment_date", "paid_date", "net_price", "tax_price", "gross_price", "left_to_pay", "client_id"),
    *("client_uuid", "client_company_name", "client_first_name", "client_last_name"),
    *("client_business_activity_kind", "client_street", "client_street_number", "client_flat_number"),
    *("client_city", "client_post_code", "client_tax_code", "client_country", "bank_account", "bank_name", "swift"),
    *("vat_exemption_reason", "sale_type", "invoice_date_kind", "document_markings_ids", "transaction_kind_id"),
    *("bdo_code", "receipt_number", "not_income", "vat_exchange_date_kind", "sales_kind", "amount_in_words"),
    *("building_service", "created_at", "reconciliation_id", "services", "transaction_terms"),
    *("third_party_addresses", "local_government_recipient_address", "local_government_seller_address"),
    *("related_documents", "ksef_number", "extensions", "ksef_data"),
]

DETAILS = {
    *("local_government_recipient_address", "local_government_seller_address", "related_documents"),
    *("extensions", "ksef_data"),
}

LINE = [
    *("id", "name", "tax_symbol", "unit", "quantity", "unit_net_price", "net_price", "gross_price", "tax_price"),
    *("symbol", "pkwiu", "cn", "pkob", "gtin", "flat_rate_tax_symbol", "discount"),
    *("unit_net_price_before_discount", "gtu_id", "related_id"),
]

ADDRESS = {
    "company_name": "Urząd Gminy",
    "nip": "5252248481",
    "street": "Rynek",
    "street_number": "1",
    "flat_number": "2",
    "postal_code": "30-001",
    "city": "Kraków",
    "country": "PL",
}

SENT: Json = {
    "number": "3924/2026",
    "currency": "EUR",
    "paid_price": 100,
    "notes": "Dziękujemy",
    "kind": "proforma",
    "payment_method": "card",
    "split_payment": True,
    "split_payment_type": "optional",
    "recipient_signature": "Jan Kowalski",
    "seller_signature": "Anna Nowak",
    "invoice_date": "2026-11-02",
    "sale_date": "2026-11-01",
    "vat_date_value": "issue_date",
    "continuous_service_start_on": "2026-10-01",
    "continuous_service_end_on": "2026-10-31",
    "occasional_sale": True,
    "status": "paid",
    "payment_date": "2026-11-30",
    "paid_date": "2026-11-20",
    "client_company_name": "Zażółć sp. z o.o.",
    "client_first_name": "Jan",
    "client_last_name": "Kowalski",
    "client_business_activity_kind": "self_employed",
    "client_street": "Długa",
    "client_street_number": "7",
    "client_flat_number": "12a",
    "client_city": "Berlin",
    "client_post_code": "10115",
    "client_tax_code": "DE 123-456-789",
    "client_country": "DE",
    "bank_account": "49915000093326449042496767",
    "bank_name": "Inna nazwa",
    "swift": "ALBPPLPW",
    "vat_exemption_reason": 3275,
    "sale_type": "service",
    "invoice_date_kind": "continuous_service_end_on",
    "document_markings_ids": ["1", "13"],
    "transaction_kind_id": 2,
    "bdo_code": "000001234",
    "receipt_number": "W123",
    "not_income": True,
    "vat_exchange_date_kind": "pit",
    "sales_kind": "inny",
    "building_service": True,
    "transaction_terms": {
        "contracts": [{"number": "U/1", "date": "2026-01-05"}],
        "orders": [{"number": "Z/1", "date": None}],
    },
    "local_government_recipient_address": ADDRESS,
    "local_government_seller_address": ADDRESS | {"nip": None, "flat_number": None},
}
"""Every attribute that can be sent and comes back as it was, but the client's id and what lies inside."""

COMPUTED = {
    *("left_to_pay", "amount_in_words", "client_id", "client_uuid", "services", "extensions"),
    *("net_price", "tax_price", "gross_price"),
}


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


@pytest.mark.parametrize("kind", ["vat", "proforma"])
def test_an_invoice_has_every_attribute_in_the_order_of_the_wire(client: Client, kind: str) -> None:
    created = issue(client, kind=kind)

    assert list(created) == ATTRIBUTES
    assert list(created["services"][0]) == LINE
    assert list(again(client, created)) == ATTRIBUTES


def test_lists_leave_out_what_only_the_detail_view_tells(client: Client) -> None:
    created = issue(client)

    [listed] = client.get("/invoices.json").json["entities"]
    assert listed == {name: value for name, value in created.items() if name not in DETAILS}
    assert list(listed) == [name for name in ATTRIBUTES if name not in DETAILS]


def test_every_writable_attribute_comes_back_as_it_was_sent(client: Client) -> None:
    add_bank_account(client)
    created = issue(client, **SENT)

    assert {name: created[name] for name in SENT} == SENT
    assert again(client, created) == created


def test_every_writable_attribute_can_be_changed_alone(client: Client) -> None:
    """The kind and the status can be told only when a document is made."""
    add_bank_account(client)
    before = issue(client, invoice_date="2026-11-02", sale_date="2026-11-02")

    for name, value in SENT.items():
        if name in {"kind", "status"}:
            continue
        after = change(client, before, **{name: value})
        moved = {key for key in ATTRIBUTES if after[key] != before[key]}
        assert moved <= {name, *FOLLOWS.get(name, ())}, name
        assert after[name] == value
        before = after


FOLLOWS = {
    "currency": ("amount_in_words", "vat_exchange_date_kind"),
    "paid_price": ("left_to_pay",),
    "paid_date": ("status",),
    "bank_account": ("bank_name", "swift"),
}


def test_no_writable_attribute_was_forgotten_above() -> None:
    written_only = {"split_payment_available", "client_email", "client_phone", "check_duplicate_number"}
    told_elsewhere = {"client_id", "services", "third_party_addresses"}

    writable = {field.name for field in INVOICE.fields if field.access != "read"}
    assert writable == set(SENT) | written_only | told_elsewhere


def test_a_fresh_invoice_has_null_or_an_empty_text_just_as_the_table_says(client: Client) -> None:
    fresh = issue(client)

    assert {name for name, value in fresh.items() if value is None} == {
        *("parent_id", "notes", "split_payment_type", "continuous_service_start_on", "continuous_service_end_on"),
        *("paid_date", "client_first_name", "client_last_name", "client_business_activity_kind", "client_street"),
        *("client_street_number", "client_flat_number", "client_city", "client_post_code", "client_tax_code"),
        *("vat_exemption_reason", "transaction_kind_id", "bdo_code", "receipt_number", "vat_exchange_date_kind"),
        *("reconciliation_id", "transaction_terms", "local_government_recipient_address"),
        *("local_government_seller_address", "ksef_number", "ksef_data"),
    }
    assert {name for name, value in fresh.items() if value == ""} == {
        *("recipient_signature", "bank_account", "bank_name", "swift", "sale_type"),
    }
    assert {name for name, value in fresh.items() if value == []} == {
        *("document_markings_ids", "third_party_addresses", "related_documents"),
    }
    [line] = fresh["services"]
    assert {name for name, value in line.items() if value is None} == {
        *("pkwiu", "cn", "pkob", "gtin", "flat_rate_tax_symbol", "gtu_id", "related_id"),
    }
    assert {name for name, value in line.items() if value == ""} == {"unit", "symbol"}


def test_a_fresh_invoice_has_the_defaults_of_the_table(client: Client) -> None:
    fresh = issue(client)

    assert fresh | DEFAULTS == fresh
    assert UUID(fresh["uuid"]).version == 4
    assert fresh["seller_signature"] == client.firm.user.full_name
    assert fresh["extensions"] == {
        "payments": {"link": None, "available": False},
        "shares": {"link": None, "available": True, "valid_until": None},
    }


DEFAULTS = {
    "number": "1/11/2026",
    "currency": "PLN",
    "paid_price": 0,
    "kind": "vat",
    "split_payment": False,
    "invoice_date": TODAY,
    "sale_date": TODAY,
    "vat_date_value": "sale_date",
    "occasional_sale": False,
    "status": "draft",
    "payment_date": "2026-12-05",
    "client_country": "PL",
    "invoice_date_kind": "sale_date",
    "not_income": False,
    "sales_kind": "sprzedaz_podstawowa",
    "building_service": False,
}


def test_the_recorded_sample_comes_back_value_by_value(client: Client) -> None:
    """6.9, but for ids, uuids and the time; `gtin` joined the lines later."""
    add_bank_account(client)
    buyer = add_client(
        client,
        company_name="Firma A",
        street="Długa",
        street_number="1",
        city="Kraków",
        postal_code="30-001",
        nip="5252248481",
        country="PL",
        business_activity_kind="other_business",
        payment_method="transfer",
    )
    line = {"name": "Usługa", "tax_symbol": "23", "unit": "szt.", "unit_net_price": 6623, "pkwiu": "84.11.12.0"}

    sent = {"client_id": buyer["id"], "seller_signature": "Anna Nowak", "services": [line]}
    created = client.post("/invoices.json", {"invoice": sent})

    assert created.status_code == 201
    given = {name: created.json[name] for name in ("id", "uuid", "created_at")}
    lines = [SAMPLE["services"][0] | {"id": created.json["services"][0]["id"]}]
    told = {"client_id": buyer["id"], "client_uuid": buyer["uuid"], "services": lines, "notes": None}
    assert created.json == SAMPLE | given | told
    assert list(created.json) == list(SAMPLE)


SAMPLE: Json = json.loads("""
{"id":5001,"uuid":"3f0c2a1e-7a55-4c8e-9b1d-5d3c4a2b1f00","parent_id":null,"number":"1/11/2026","currency":"PLN",
 "paid_price":0,"notes":"","kind":"vat","payment_method":"transfer","split_payment":false,"split_payment_type":null,
 "recipient_signature":"","seller_signature":"Anna Nowak","invoice_date":"2026-11-21","sale_date":"2026-11-21",
 "vat_date_value":"sale_date","continuous_service_start_on":null,"continuous_service_end_on":null,
 "occasional_sale":false,"status":"draft","payment_date":"2026-12-05","paid_date":null,"net_price":6623,
 "tax_price":1523,"gross_price":8146,"left_to_pay":8146,"client_id":77,
 "client_uuid":"0d3c1b52-2b9f-4d2a-8c41-0a5b7e9f6c11","client_company_name":"Firma A","client_first_name":null,
 "client_last_name":null,"client_business_activity_kind":"other_business","client_street":"Długa",
 "client_street_number":"1","client_flat_number":null,"client_city":"Kraków","client_post_code":"30-001",
 "client_tax_code":"5252248481","client_country":"PL","bank_account":"49915000093326449042496767",
 "bank_name":"Bank A","swift":"","vat_exemption_reason":null,"sale_type":"","invoice_date_kind":"sale_date",
 "document_markings_ids":[],"transaction_kind_id":null,"bdo_code":null,"receipt_number":null,"not_income":false,
 "vat_exchange_date_kind":null,"sales_kind":"sprzedaz_podstawowa",
 "amount_in_words":"osiemdziesiąt jeden PLN 46/100","building_service":false,
 "created_at":"2026-11-21T10:42:23.103+01:00","reconciliation_id":null,
 "services":[{"id":9001,"name":"Usługa","tax_symbol":"23","unit":"szt.","quantity":1,"unit_net_price":6623,
   "net_price":6623,"gross_price":8146,"tax_price":1523,"symbol":"84.11.12.0 / - / -","pkwiu":"84.11.12.0",
   "cn":null,"pkob":null,"gtin":null,"flat_rate_tax_symbol":null,"discount":"0.0",
   "unit_net_price_before_discount":6623,"gtu_id":null,"related_id":null}],
 "transaction_terms":null,"third_party_addresses":[],"local_government_recipient_address":null,
 "local_government_seller_address":null,"related_documents":[],"ksef_number":null,
 "extensions":{"payments":{"link":null,"available":false},"shares":{"link":null,"available":true,"valid_until":null}},
 "ksef_data":null}
""")


def test_what_is_read_can_be_sent_back_and_changes_nothing(client: Client) -> None:
    add_bank_account(client)
    created = issue(client, **SENT, third_party_addresses=[{"company_name": "Faktor", "role_code": "1"}])

    sent_back = change(client, created, **created)
    assert sent_back["services"][0].pop("id") != created["services"][0].pop("id")
    assert sent_back == created


def test_a_document_tells_when_it_was_made_with_milliseconds_and_offset(client: Client, clock: Clock) -> None:
    clock.stand_at(NOON.replace(microsecond=103_000))

    assert issue(client)["created_at"] == "2026-11-21T12:00:00.103+01:00"


@pytest.mark.parametrize("kind", ["corrective", "correction", "advance", "internal", ""])
def test_a_kind_that_is_not_issued_here_is_a_vat_invoice(client: Client, kind: str) -> None:
    """A client that posts a correction to invoices gets a plain VAT invoice (17)."""
    assert issue(client, kind=kind)["kind"] == "vat"


def test_the_older_name_of_split_payment_is_taken(client: Client) -> None:
    created = issue(client, split_payment_available=True)

    assert created["split_payment"] is True
    assert "split_payment_available" not in created


def test_the_older_name_of_a_continuous_service_is_taken_and_the_newer_told(client: Client) -> None:
    days = {"continuous_service_start_on": "2026-10-01", "continuous_service_end_on": "2026-10-31"}

    created = issue(client, invoice_date_kind="continuous_date_end_on", **days)
    assert created["invoice_date_kind"] == "continuous_service_end_on"


def test_markings_are_taken_as_numbers_and_told_as_texts(client: Client) -> None:
    assert issue(client, document_markings_ids=[1, "3", 1])["document_markings_ids"] == ["1", "3"]


def test_a_country_in_small_letters_is_told_in_capitals(client: Client) -> None:
    assert issue(client, client_country="de")["client_country"] == "DE"


def test_sums_and_ids_that_are_sent_are_passed_over(client: Client) -> None:
    sent: Json = dict.fromkeys(("id", "net_price", "tax_price", "gross_price", "left_to_pay", "bank_account_id"), 7)
    sent |= dict.fromkeys(("uuid", "client_uuid", "created_at", "amount_in_words", "ksef_number", "external_id"), "x")
    sent |= {"due_date": "2026-12-24", "client": {"id": 7}} | least(client, INVOICES)

    created = client.post("/invoices.json", {"invoice": sent}).json
    assert (created["gross_price"], created["left_to_pay"], created["payment_date"]) == (12300, 12300, "2026-12-05")
    assert created["uuid"] != "x"


def test_numbers_may_be_sent_as_texts_and_booleans_too(client: Client) -> None:
    line = {"name": "A", "tax_symbol": 23, "quantity": "2.0", "unit_net_price": "40000", "gtu_id": "7"}
    buyer = add_client(client)

    created = issue(client, client_id=str(buyer["id"]), not_income="true", services=[line])
    assert created["client_id"] == buyer["id"]
    assert created["not_income"] is True
    [told] = created["services"]
    assert (told["quantity"], told["net_price"], told["tax_symbol"], told["gtu_id"]) == (2, 80000, "23", 7)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"invoice_date": "soon"}, "invoice[invoice_date]"),
        ({"paid_price": "a lot"}, "invoice[paid_price]"),
        ({"services": [service_of(quantity="some")]}, "invoice[services][quantity]"),
        ({"services": [service_of("12.5")]}, "invoice[services][unit_net_price]"),  # type: ignore[arg-type]
    ],
)
def test_a_value_of_another_type_is_a_400_that_names_it(client: Client, values: Json, named: str) -> None:
    answer = post(client, **values)

    assert (answer.status_code, answer.json) == (400, {"error": f"Nieprawidłowa wartość parametru: {named}."})


@pytest.mark.parametrize("path", KINDS)
def test_a_missing_wrapper_is_a_400_and_an_empty_one_changes_nothing(client: Client, path: str) -> None:
    created = issue(client, path)

    bodies: list[Json | None] = [None, {}, {"document": {}}]
    for body in bodies:
        assert client.post(f"{path}.json", body).status_code == 400
        assert client.put(f"{path}/{created['uuid']}.json", body).status_code == 400
    assert change(client, created, path) == created


@pytest.mark.parametrize("path", KINDS)
def test_a_document_is_found_by_uuid_and_by_id(client: Client, path: str) -> None:
    """D7."""
    created = issue(client, path)

    for name in (created["uuid"], created["uuid"].upper(), created["id"]):
        assert client.get(f"{path}/{name}.json").json == created
    changed = client.put(f"{path}/{created['id']}.json", {wrapper_of(path): {"notes": "x"}})
    assert changed.json["notes"] == "x"


@pytest.mark.parametrize("path", KINDS)
def test_a_document_of_another_kind_or_of_another_firm_is_a_404(
    client: Client, path: str, database: Database, clock: Clock
) -> None:
    created = issue(client, path)
    stranger = Client(client.service, open_firm(database, clock, "gruszka", country="PL"))
    wrong: list[tuple[Client, str]] = [(client, f"{other}/{created['uuid']}") for other in KINDS if other != path]
    wrong += [(stranger, f"{path}/{created[name]}") for name in ("uuid", "id")]
    wrong += [(client, f"{path}/{name}") for name in ("999999", "9" * 30, "null", "%00", "x" * 36)]

    for asking, address in wrong:
        wrapper = wrapper_of("/" + address.split("/")[1])
        answers = [
            asking.get(f"{address}.json"),
            asking.put(f"{address}.json", {wrapper: {"notes": "x"}}),
            asking.delete(f"{address}.json"),
            asking.post(f"{address}/paid.json"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4, address
    assert again(client, created, path) == created


@pytest.mark.parametrize("path", KINDS)
def test_a_deleted_document_is_gone(client: Client, path: str) -> None:
    created = issue(client, path)

    deleted = client.delete(f"{path}/{created['uuid']}.json")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert client.get(f"{path}/{created['uuid']}.json").status_code == 404
    assert client.get(f"{path}.json").json["entities"] == []


@pytest.mark.parametrize("path", KINDS)
def test_only_what_is_asked_for_is_answered(client: Client, path: str) -> None:
    created = issue(client, path)

    asked = client.get(f"{path}/{created['uuid']}.json", query_string="fields=number,services(name,quantity)")
    line = created["services"][0]
    assert asked.json == {
        "id": created["id"],
        "number": created["number"],
        "services": [
            {"id": row["id"], "name": line["name"], "quantity": line["quantity"]} for row in created["services"]
        ],
    }


def test_reading_and_changing_ask_for_their_scopes(client: Client) -> None:
    created = issue(client)
    reader = Client(client.service, client.firm, ("api:invoices:read",))
    writer = Client(client.service, client.firm, ("api:invoices:write",))
    one = f"/invoices/{created['uuid']}"

    for path in ("/invoices.json", f"{one}.json", "/invoices/next_number.json", f"{one}/attachments.json"):
        assert (reader.get(path).status_code, writer.get(path).status_code) == (200, 401)
    changes: list[tuple[str, str]] = [
        *(("POST", "/invoices.json"), ("PUT", f"{one}.json"), ("DELETE", f"{one}.json")),
        *(("POST", f"{one}/paid.json"), ("POST", f"/async{one}/paid.json"), ("POST", "/async/invoices.json")),
        *(("PUT", f"{one}/mark_as_accounted.json"), ("POST", f"{one}/share_links.json")),
    ]
    for method, path in changes:
        assert reader.call(method, path, {"invoice": {}}).status_code == 401


def test_a_given_number_of_lines_replaces_all_lines_with_new_ids(client: Client) -> None:
    created = issue(client, services=[service_of(100), service_of(200)])

    changed = change(client, created, services=[service_of(300)])
    assert [line["net_price"] for line in changed["services"]] == [300]
    assert changed["services"][0]["id"] not in [line["id"] for line in created["services"]]
    assert changed["gross_price"] == 369


def test_the_dates_that_are_not_sent_stay_when_another_is_changed(client: Client) -> None:
    created = issue(client, invoice_date="2026-11-02")

    changed = change(client, created, invoice_date="2026-11-05")
    assert (changed["sale_date"], changed["payment_date"]) == ("2026-11-02", "2026-11-16")


@pytest.mark.parametrize("path", KINDS)
def test_a_number_of_another_month_than_the_date_is_refused_where_the_series_gave_it(client: Client, path: str) -> None:
    created, written = issue(client, path), issue(client, path, number="3924/2026")
    december = {"invoice_date": "2026-12-01"}

    assert list(refused_change(client, created, path, **december)) == ["number"]
    assert change(client, written, path, **december)["number"] == "3924/2026"
    number = created["number"].replace("/11/", "/12/")
    assert change(client, created, path, number=number, **december)["number"] == number


def test_patch_is_as_good_as_put(client: Client) -> None:
    created = issue(client, INVOICES)

    patched: Any = client.call("PATCH", f"/invoices/{created['uuid']}.json", {"invoice": {"notes": "x"}})
    assert patched.json == created | {"notes": "x"}
