"""Section 2.6: the attributes of an invoice as they are sent and shown."""

import datetime as dt
import re
from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.dialects.fakturoid.invoices.fields import INVOICE
from faktura.dialects.fakturoid.tests.conftest import MOUNT, Desk, line
from tests import needs

pytestmark = needs.ONE_ENGINE

NOON = dt.datetime(2026, 11, 20, 11, 15, 2, 481_000, dt.UTC)

# Section 5, in the order of the wire.
SAMPLE: dict[str, Any] = {
    "custom_id": "A-77",
    "document_type": "invoice",
    "proforma_followup_document": None,
    "correction_id": None,
    "number": "2026-0001",
    "variable_symbol": "20260001",
    "your_name": "Applecorp s.r.o.",
    "your_street": "Dlouhá 1",
    "your_city": None,
    "your_zip": None,
    "your_country": "CZ",
    "your_registration_no": "12345679",
    "your_vat_no": "CZ12345679",
    "your_local_vat_no": None,
    "client_name": "Odběratel a.s.",
    "client_street": None,
    "client_city": None,
    "client_zip": None,
    "client_country": "CZ",
    "client_registration_no": None,
    "client_vat_no": None,
    "client_local_vat_no": None,
    "client_has_delivery_address": False,
    "client_delivery_name": None,
    "client_delivery_street": None,
    "client_delivery_city": None,
    "client_delivery_zip": None,
    "client_delivery_country": None,
    "subject_custom_id": None,
    "generator_id": None,
    "related_id": None,
    "paypal": False,
    "gopay": False,
    "status": "open",
    "order_number": None,
    "issued_on": "2026-11-20",
    "taxable_fulfillment_due": "2026-11-20",
    "due": 14,
    "due_on": "2026-12-04",
    "sent_at": None,
    "paid_on": None,
    "reminder_sent_at": None,
    "last_reminder_sent_at": None,
    "due_date_reminder_sent_at": None,
    "cancelled_at": None,
    "uncollectible_at": None,
    "locked_at": None,
    "webinvoice_seen_on": None,
    "note": "Fakturujeme",
    "footer_note": "",
    "private_note": None,
    "tags": [],
    "bank_account": "19-2000145399/0800",
    "iban": "CZ6508000000192000145399",
    "swift_bic": "GIBACZPX",
    "iban_visibility": "automatically",
    "show_already_paid_note_in_pdf": False,
    "payment_method": "bank",
    "custom_payment_method": None,
    "hide_bank_account": False,
    "currency": "CZK",
    "exchange_rate": "1.0",
    "language": "cz",
    "transferred_tax_liability": False,
    "supply_code": None,
    "oss": "disabled",
    "vat_price_mode": "without_vat",
    "round_total": False,
    "subtotal": "250.0",
    "total": "302.5",
    "native_subtotal": "250.0",
    "native_total": "302.5",
    "rounding_adjustment": "0.0",
    "remaining_amount": "302.5",
    "remaining_native_amount": "302.5",
    "eet_records": [],
    "paid_advances": [],
    "payments": [],
    "attachments": [],
    "created_at": "2026-11-20T12:15:02.481+01:00",
    "updated_at": "2026-11-20T12:15:02.481+01:00",
}

ORDER = """id custom_id document_type proforma_followup_document correction_id number number_format_id variable_symbol
your_name your_street your_city your_zip your_country your_registration_no your_vat_no your_local_vat_no
client_name client_street client_city client_zip client_country client_registration_no client_vat_no
client_local_vat_no client_has_delivery_address client_delivery_name client_delivery_street client_delivery_city
client_delivery_zip client_delivery_country subject_id subject_custom_id generator_id related_id paypal gopay token
status order_number issued_on taxable_fulfillment_due due due_on sent_at paid_on reminder_sent_at last_reminder_sent_at
due_date_reminder_sent_at
cancelled_at uncollectible_at locked_at webinvoice_seen_on note footer_note private_note tags bank_account iban
swift_bic iban_visibility show_already_paid_note_in_pdf payment_method custom_payment_method hide_bank_account currency
exchange_rate language transferred_tax_liability supply_code oss vat_price_mode round_total subtotal total
native_subtotal native_total rounding_adjustment remaining_amount remaining_native_amount eet_records lines
vat_rates_summary paid_advances payments attachments html_url public_html_url url pdf_url subject_url created_at
updated_at"""

SENT: dict[str, Any] = {
    "custom_id": "A-77",
    "number": "2026-0042",
    "variable_symbol": "VS-1",
    "client_name": "Jiný odběratel",
    "client_street": "Krátká 2",
    "client_city": "Brno",
    "client_zip": "602 00",
    "client_country": "SK",
    "client_registration_no": "27082440",
    "client_vat_no": "CZ27082440",
    "client_local_vat_no": "2020317068",
    "client_has_delivery_address": True,
    "client_delivery_name": "Sklad",
    "client_delivery_street": "Skladová 3",
    "client_delivery_city": "Praha",
    "client_delivery_zip": "11000",
    "client_delivery_country": "DE",
    "paypal": True,
    "gopay": True,
    "order_number": "OBJ-1",
    "issued_on": "2026-11-02",
    "taxable_fulfillment_due": "2026-10-31",
    "due": 30,
    "note": "Fakturujeme vám",
    "footer_note": "",
    "private_note": "platí pozdě",
    "tags": ["vip", "léto 2026"],
    "bank_account": "123/0100",
    "iban": "CZ0001",
    "swift_bic": "KOMBCZPP",
    "iban_visibility": "always",
    "show_already_paid_note_in_pdf": True,
    "payment_method": "custom",
    "custom_payment_method": "Stravenky",
    "hide_bank_account": True,
    "currency": "EUR",
    "exchange_rate": "25.135",
    "language": "de",
    "transferred_tax_liability": True,
    "supply_code": "4",
    "oss": "goods",
    "vat_price_mode": "from_total_with_vat",
    "round_total": True,
}


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def test_an_invoice_is_what_the_sample_shows_in_its_order(desk: Desk) -> None:
    desk.set_account(street="Dlouhá 1", registration_no="12345679", vat_no="CZ12345679")
    work = line(100, 21, 2.5, name="Práce", unit_name="h")

    issued = desk.issue(work, custom_id="A-77", note="Fakturujeme", footer_note="")

    assert list(issued) == ORDER.split()
    assert {name: issued[name] for name in SAMPLE} == SAMPLE
    assert issued["lines"] == [
        {
            "id": issued["lines"][0]["id"],
            "name": "Práce",
            "quantity": "2.5",
            "unit_name": "h",
            "unit_price": "100.0",
            "vat_rate": 21,
            "unit_price_without_vat": "100.0",
            "unit_price_with_vat": "121.0",
            "total_price_without_vat": "250.0",
            "total_vat": "52.5",
            "native_total_price_without_vat": "250.0",
            "native_total_vat": "52.5",
            "inventory": None,
        }
    ]
    assert issued["vat_rates_summary"] == [
        {
            "vat_rate": 21,
            "base": "250.0",
            "vat": "52.5",
            "currency": "CZK",
            "native_base": "250.0",
            "native_vat": "52.5",
            "native_currency": "CZK",
        }
    ]


def test_its_links_lead_to_the_api_and_to_the_pages(desk: Desk) -> None:
    issued = desk.issue()
    api = f"http://faktura.example{MOUNT}/accounts/applecorp"

    assert issued["url"] == f"{api}/invoices/{issued['id']}.json"
    assert issued["pdf_url"] == f"{api}/invoices/{issued['id']}/download.pdf"
    assert issued["subject_url"] == f"{api}/subjects/{desk.subject_id}.json"
    assert issued["html_url"] == f"http://faktura.example/applecorp/invoices/{issued['id']}"
    assert issued["public_html_url"] == f"http://faktura.example/applecorp/p/{issued['token']}/{issued['number']}"
    assert re.fullmatch(r"[A-Za-z0-9]{24}", issued["token"])


def test_a_create_tells_the_address_of_the_new_invoice(desk: Desk) -> None:
    answer = desk.client.post("/invoices.json", {"subject_id": desk.subject_id})

    assert answer.status_code == 201
    assert answer.headers["location"] == answer.json["url"]
    assert answer.headers["location"].endswith(f"/{answer.json['id']}.json")


def test_every_writable_attribute_comes_back_as_it_was_sent(desk: Desk) -> None:
    issued = desk.issue(**SENT)

    assert {name: issued[name] for name in SENT} == SENT
    assert desk.read(issued) == issued
    assert desk.listed() == [issued]


def test_every_writable_attribute_can_be_changed(desk: Desk) -> None:
    issued = desk.issue()
    together = {"custom_payment_method": {"payment_method": "custom"}, "currency": {"exchange_rate": "25.135"}}

    for name, value in SENT.items():
        changed = desk.change(issued, **{name: value}, **together.get(name, {}))
        assert changed[name] == value
    assert {name: desk.read(issued)[name] for name in SENT} == SENT


def test_no_writable_attribute_was_forgotten_above() -> None:
    writable = {field.name for field in INVOICE.fields if field.access == "both"}

    elsewhere = {"document_type", "proforma_followup_document", "correction_id", "related_id", "number_format_id"}
    elsewhere |= {"subject_id", "subject_custom_id", "lines", "attachments"}
    assert writable == set(SENT) | elsewhere


def test_what_is_read_only_or_unknown_is_passed_over(desk: Desk) -> None:
    issued = desk.issue(
        status="paid", total="1.0", id=7, token="mine", your_name="Jiný", due_on="2030-01-01", nonsense=1
    )

    assert (issued["status"], issued["total"], issued["due_on"]) == ("open", "121.0", "2026-12-04")
    assert issued["your_name"] == "Applecorp s.r.o."
    assert issued["token"] != "mine"


def test_a_whole_invoice_sent_back_changes_nothing(desk: Desk) -> None:
    proforma = desk.issue(document_type="proforma")
    desk.pay(proforma)
    original = desk.issue(line("99.99", 12, 3), line(-5), tags=["a"], vat_price_mode="from_total_with_vat")
    desk.issue(line(-1), document_type="correction", correction_id=original["id"])

    for known in desk.listed():
        answer = desk.client.call("PUT", f"/invoices/{known['id']}.json", known)
        assert (answer.status_code, answer.json) == (200, known)


def test_null_on_create_counts_as_the_default(desk: Desk) -> None:
    plain = desk.issue()
    nulls = desk.issue(**dict.fromkeys(SENT))

    same = set(SENT) - {"number", "variable_symbol"}
    assert {name: nulls[name] for name in same} == {name: plain[name] for name in same}
    assert (nulls["number"], nulls["variable_symbol"]) == ("2026-0002", "20260002")


def test_null_on_update_takes_away_what_a_document_can_be_without(desk: Desk) -> None:
    issued = desk.issue(**SENT)

    changed = desk.change(issued, **dict.fromkeys(["note", "order_number", "private_note", "custom_id", "tags"]))

    assert [changed[name] for name in ("note", "order_number", "private_note", "custom_id")] == [None] * 4
    assert changed["tags"] == []
    assert desk.change_refusal(changed, client_name=None) == {"client_name": ["je povinná položka"]}


@pytest.mark.parametrize("name", ["number", "issued_on", "due", "language", "currency", "vat_price_mode"])
def test_null_on_update_leaves_what_a_document_cannot_be_without(desk: Desk, name: str) -> None:
    issued = desk.issue(**SENT)

    assert desk.change(issued, **{name: None}) == issued


def test_null_on_update_brings_the_default_of_a_choice_back(desk: Desk) -> None:
    issued = desk.issue(**SENT)

    names = ["payment_method", "oss", "iban_visibility", "paypal", "hide_bank_account", "transferred_tax_liability"]
    changed = desk.change(issued, **dict.fromkeys(names))
    assert [changed[name] for name in names] == ["bank", "disabled", "automatically", False, None, False]


def test_an_empty_text_stays_an_empty_text(desk: Desk) -> None:
    issued = desk.issue(note="", order_number="", client_street="")

    assert [issued[name] for name in ("note", "order_number", "client_street")] == ["", "", ""]
