"""Section 2.6: the attributes of an invoice, and how it is created and changed."""

import datetime as dt
import re
from typing import Any

import pytest

from faktura.core.accounts import Account
from faktura.core.bank_accounts import BankAccount
from faktura.core.books import Books
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.history import Happening
from faktura.core.invoices.change import change_invoice
from faktura.core.jobs_to_do import waiting
from faktura.core.office import Office
from faktura.core.users import User
from faktura.dialects.fakturoid.invoice_fields import INVOICE, LABELS
from faktura.dialects.fakturoid.tests.conftest import MOUNT, Client, Desk, line
from faktura.store.database import Database
from tests.firm import open_firm

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


def set_account(client: Client, **values: Any) -> None:
    """Change the settings of the firm's account."""
    account_id = client.firm.account.id

    def work(tx: Any) -> None:
        office = Office(tx, NOON)
        office.change(office.find(Account, id=account_id), **values)

    client.service.database.write(work)


def add_subject(desk: Desk, **values: Any) -> Any:
    answer = desk.client.post("/subjects.json", {"name": "Karel"} | values)
    assert answer.status_code == 201, answer.text
    return answer.json


def test_an_invoice_is_what_the_sample_shows_in_its_order(desk: Desk) -> None:
    set_account(desk.client, street="Dlouhá 1", registration_no="12345679", vat_no="CZ12345679")
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
    assert re.fullmatch(r"[A-Za-z0-9]{10}", issued["token"])


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


def test_the_supplier_and_the_client_are_copied_and_later_edits_change_no_issued_document(desk: Desk) -> None:
    subject = add_subject(desk, street="Dlouhá 1", city="Praha", zip="11000", registration_no="1", vat_no="CZ1")
    issued = desk.issue(subject_id=subject["id"])
    assert (issued["client_street"], issued["client_city"], issued["client_zip"]) == ("Dlouhá 1", "Praha", "11000")
    assert (issued["client_registration_no"], issued["client_vat_no"]) == ("1", "CZ1")

    desk.client.patch(f"/subjects/{subject['id']}.json", {"name": "Pepa", "street": "Jiná 9"})
    set_account(desk.client, name="Jiná firma", full_name="Jiná firma")

    assert desk.read(issued) == issued


def test_sent_client_attributes_override_the_copy(desk: Desk) -> None:
    subject = add_subject(desk, street="Dlouhá 1", city="Praha")

    issued = desk.issue(subject_id=subject["id"], client_name="Pepa", client_street="Krátká 2")

    assert (issued["client_name"], issued["client_street"], issued["client_city"]) == ("Pepa", "Krátká 2", "Praha")


def test_terms_come_from_the_subject_and_else_from_the_account(desk: Desk) -> None:
    set_account(
        desk.client,
        due_days=10,
        invoice_language="en",
        invoice_note="Před řádky",
        footer_note="Pod čarou",
        payment_method="card",
        hide_bank_account_for=("card",),
        paypal_enabled=True,
        vat_price_mode="from_total_with_vat",
    )
    names = ("due", "language", "currency", "note", "footer_note", "payment_method", "hide_bank_account", "paypal")

    issued = desk.issue()
    assert [issued[name] for name in names] == [10, "en", "CZK", "Před řádky", "Pod čarou", "card", True, True]
    assert issued["vat_price_mode"] == "from_total_with_vat"
    own = add_subject(desk, due=3, language="cz", currency="EUR")
    issued = desk.issue(subject_id=own["id"], exchange_rate=25, payment_method="bank")
    assert [issued[name] for name in names[:3]] == [3, "cz", "EUR"]
    assert issued["hide_bank_account"] is False


def test_a_subject_may_be_named_by_its_own_id(desk: Desk) -> None:
    subject = add_subject(desk, custom_id="SHOP-1")

    issued = desk.issue(subject_id=None, subject_custom_id="SHOP-1")

    assert (issued["subject_id"], issued["subject_custom_id"]) == (subject["id"], "SHOP-1")


def test_without_a_subject_everything_that_follows_from_it_is_told(desk: Desk) -> None:
    assert desk.refusal(subject_id=None) == {
        "subject_id": ["je povinná položka", "Kontakt neexistuje."],
        "client_name": ["je povinná položka"],
    }


@pytest.mark.parametrize("values", [{"subject_id": 999_999}, {"subject_id": "999999"}])
def test_a_missing_subject_is_told_as_the_contract_has_it(desk: Desk, values: dict[str, Any]) -> None:
    assert desk.refusal(**values) == {"client_name": ["je povinná položka"], "subject_id": ["Kontakt neexistuje."]}


def test_a_subject_of_another_account_does_not_exist(desk: Desk, database: Database, clock: Clock) -> None:
    other = Client(desk.client.service, open_firm(database, clock, "pearcorp"))
    foreign = other.post("/subjects.json", {"name": "Cizí"}).json

    assert desk.refusal(subject_id=foreign["id"])["subject_id"] == ["Kontakt neexistuje."]


def test_an_account_without_a_bank_account_cannot_issue(client: Client) -> None:
    subject = client.post("/subjects.json", {"name": "Karel"}).json

    for body in ({"subject_id": subject["id"]}, {}):
        refused = client.post("/invoices.json", body)
        address = "http://faktura.example/applecorp/settings/bank_accounts"
        text = f"Please set up a bank account in your Fakturoid account {address} to create an invoice."
        assert (refused.status_code, refused.json) == (403, {"errors": {"bank_account": [text]}})


def test_the_delivery_address_is_the_subjects_where_both_have_one(desk: Desk) -> None:
    address = {"delivery_name": "Sklad", "delivery_street": "Nová 1", "delivery_city": "Brno"}
    subject = add_subject(desk, has_delivery_address=True, **address)

    issued = desk.issue(subject_id=subject["id"], client_delivery_city="Ostrava")
    assert issued["client_has_delivery_address"] is True
    assert {name: issued[f"client_{name}"] for name in address} == address
    without = desk.issue(subject_id=subject["id"], client_has_delivery_address=False, client_delivery_city="Ostrava")
    assert without["client_has_delivery_address"] is False
    assert without["client_delivery_city"] is None


def test_the_delivery_address_must_be_switched_on_to_be_changed_and_off_clears_it(desk: Desk) -> None:
    issued = desk.issue()
    assert desk.change(issued, client_delivery_city="Brno")["client_delivery_city"] is None

    switched = desk.change(issued, client_has_delivery_address=True, client_delivery_city="Brno")
    assert switched["client_delivery_city"] == "Brno"
    assert desk.change(issued, client_has_delivery_address=False)["client_delivery_city"] is None


def test_another_subject_on_update_refreshes_the_client(desk: Desk) -> None:
    issued = desk.issue()
    other = add_subject(desk, city="Plzeň")

    changed = desk.change(issued, subject_id=str(other["id"]))

    assert (changed["subject_id"], changed["client_name"], changed["client_city"]) == (other["id"], "Karel", "Plzeň")
    assert changed["subject_url"].endswith(f"/subjects/{other['id']}.json")
    assert desk.change_refusal(changed, subject_id=999)["subject_id"] == ["Kontakt neexistuje."]


def test_due_of_zero_is_legal(desk: Desk) -> None:
    issued = desk.issue(due=0)

    assert (issued["due"], issued["due_on"], issued["status"]) == (0, "2026-11-20", "open")


def test_a_due_date_before_the_issue_is_refused(desk: Desk) -> None:
    assert desk.refusal(due=-1) == {"due_on": ["Datum splatnosti nesmí být menší než datum vystavení"]}


def test_other_days_recompute_the_due_date_and_the_status(desk: Desk) -> None:
    issued = desk.issue()

    changed = desk.change(issued, issued_on="2026-10-01")
    assert (changed["due_on"], changed["status"]) == ("2026-10-15", "overdue")
    changed = desk.change(issued, due="60")
    assert (changed["due_on"], changed["status"]) == ("2026-11-30", "open")


@pytest.mark.parametrize("method", ["bank", "cash", "cod", "card", "paypal"])
def test_a_label_belongs_to_the_custom_payment_method_only(desk: Desk, method: str) -> None:
    custom = desk.issue(payment_method="custom", custom_payment_method="Stravenky")
    assert (custom["payment_method"], custom["custom_payment_method"]) == ("custom", "Stravenky")

    assert desk.change(custom, payment_method=method)["custom_payment_method"] is None
    assert desk.issue(payment_method=method, custom_payment_method="Stravenky")["custom_payment_method"] is None


def test_a_label_has_twenty_letters_at_most(desk: Desk) -> None:
    assert desk.issue(payment_method="custom", custom_payment_method="x" * 20)["custom_payment_method"] == "x" * 20
    assert desk.refusal(payment_method="custom", custom_payment_method="x" * 21) == {
        "custom_payment_method": ["je příliš dlouhý/á/é (max. 20 znaků)"]
    }


@pytest.mark.parametrize("method", list(LABELS))
def test_a_method_that_only_polish_documents_have_is_shown_as_custom_and_kept(desk: Desk, method: str) -> None:
    issued = desk.issue()
    desk.client.write(lambda books: change_invoice(books, issued["id"], Given({"payment_method": method})))

    shown = desk.read(issued)
    assert (shown["payment_method"], shown["custom_payment_method"]) == ("custom", LABELS[method])
    assert 0 < len(LABELS[method]) <= 20
    assert desk.change(issued, **shown) == shown
    relabelled = desk.change(issued, payment_method="custom", custom_payment_method="Jinak")
    assert relabelled["custom_payment_method"] == "Jinak"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("payment_method", "barter", "není v seznamu povolených hodnot"),
        ("oss", "always", "není v seznamu povolených hodnot"),
        ("language", "cs", "není v seznamu povolených hodnot"),
        ("currency", "EURO", "není v seznamu povolených hodnot"),
        ("client_country", "Czechia", "není v seznamu povolených hodnot"),
        ("iban_visibility", "never", "není v seznamu povolených hodnot"),
        ("vat_price_mode", "with_vat", "není v seznamu povolených hodnot"),
        ("proforma_followup_document", "invoice", "není v seznamu povolených hodnot"),
        ("due", "soon", "není číslo"),
        ("paypal", "maybe", "není ano/ne"),
        ("issued_on", "yesterday", "není datum"),
        ("client_name", "", "je povinná položka"),
        ("tags", {"a": 1}, "je neplatná hodnota"),
        ("lines", "none", "je neplatná hodnota"),
    ],
)
def test_a_value_that_breaks_a_rule_is_told_by_its_attribute(desk: Desk, name: str, value: Any, sentence: str) -> None:
    assert desk.refusal(**{name: value}) == {name: [sentence]}


@pytest.mark.parametrize("kind", ["partial_proforma", "tax_document", "estimate", "nonsense"])
def test_a_type_that_clients_cannot_issue_is_not_in_the_list(desk: Desk, kind: str) -> None:
    assert desk.refusal(document_type=kind) == {"document_type": ["není v seznamu povolených hodnot"]}


def test_messages_are_in_the_language_of_the_user(desk: Desk) -> None:
    def speak_english(tx: Any) -> None:
        office = Office(tx, NOON)
        office.change(office.find(User, id=desk.client.firm.user.id), language="en")

    desk.client.service.database.write(speak_english)

    assert desk.refusal(subject_id=None, document_type="estimate")["subject_id"] == [
        "can't be blank",
        "Contact does not exist.",
    ]


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ({"proforma": True}, "proforma"),
        ({"proforma": "1"}, "proforma"),
        ({"proforma": False}, "invoice"),
        ({"proforma": True, "document_type": "invoice"}, "invoice"),
        ({}, "invoice"),
    ],
)
def test_a_flag_of_version_2_may_select_the_type(desk: Desk, flags: dict[str, Any], kind: str) -> None:
    assert desk.issue(**flags)["document_type"] == kind


def test_the_document_type_cannot_be_changed_and_the_same_is_tolerated(desk: Desk) -> None:
    issued = desk.issue()

    assert desk.change(issued, document_type="invoice") == issued
    assert desk.change(issued, document_type="proforma")["document_type"] == "invoice"


def test_a_follow_up_belongs_to_proformas(desk: Desk) -> None:
    assert desk.issue(proforma_followup_document="none")["proforma_followup_document"] is None
    proforma = desk.issue(document_type="proforma")
    assert proforma["proforma_followup_document"] == "final_invoice_paid"
    assert desk.change(proforma, proforma_followup_document="none")["proforma_followup_document"] == "none"
    assert desk.change(proforma, proforma_followup_document=None)["proforma_followup_document"] == "final_invoice_paid"


def test_a_proforma_never_tells_not_to_pay(desk: Desk) -> None:
    proforma = desk.issue(document_type="proforma", show_already_paid_note_in_pdf=True)

    assert proforma["show_already_paid_note_in_pdf"] is False
    assert desk.change(proforma, show_already_paid_note_in_pdf=True)["show_already_paid_note_in_pdf"] is False


def test_a_body_may_be_wrapped(desk: Desk) -> None:
    made = desk.client.post("/invoices.json", {"invoice": {"subject_id": desk.subject_id, "proforma": True}})

    assert (made.status_code, made.json["document_type"]) == (201, "proforma")


def test_a_custom_id_is_a_text_and_need_not_be_unique(desk: Desk) -> None:
    first, second = desk.issue(custom_id=77), desk.issue(custom_id="77")

    assert first["custom_id"] == second["custom_id"] == "77"


def test_the_bank_account_may_be_chosen_and_what_is_said_beside_counts_more(desk: Desk) -> None:
    other = desk.client.write(lambda books: books.add(BankAccount, name="Jiný", currency="CZK", number="9/0300"))

    chosen = desk.issue(bank_account_id=other.id)
    assert (chosen["bank_account"], chosen["iban"]) == ("9/0300", None)
    assert "bank_account_id" not in chosen
    assert desk.issue(bank_account_id=other.id, bank_account="8/0300")["bank_account"] == "8/0300"
    assert desk.refusal(bank_account_id=999) == {"bank_account_id": ["není v seznamu povolených hodnot"]}
    assert desk.change(desk.issue(), bank_account_id=other.id)["bank_account"] == "9/0300"


def test_an_exchange_rate_is_one_in_the_own_currency_and_known_or_sent_in_another(desk: Desk) -> None:
    assert desk.issue(exchange_rate="25")["exchange_rate"] == "1.0"
    assert desk.issue(currency="eur", exchange_rate=25.135)["exchange_rate"] == "25.135"
    assert desk.refusal(currency="EUR") == {"exchange_rate": ["je povinná položka"]}
    assert desk.refusal(currency="EUR", exchange_rate="") == {"exchange_rate": ["je povinná položka", "není číslo"]}
    assert desk.refusal(currency="EUR", exchange_rate="25,1") == {"exchange_rate": ["není číslo"]}
    assert desk.refusal(currency="EUR", exchange_rate=0) == {"exchange_rate": ["musí být větší než 0"]}


def test_a_rate_that_cannot_be_read_is_not_missing_as_well(desk: Desk) -> None:
    issued = desk.issue()

    assert desk.refusal(currency="EUR", exchange_rate="x") == {"exchange_rate": ["není číslo"]}
    assert desk.change_refusal(issued, currency="EUR", exchange_rate="x") == {"exchange_rate": ["není číslo"]}
    assert desk.change_refusal(issued, currency="EUR") == {"exchange_rate": ["je povinná položka"]}


def test_more_documents_than_any_invoice_settles_are_no_list(desk: Desk) -> None:
    many = list(range(1, 40_000))

    assert desk.refusal(document_type="final_invoice", tax_document_ids=many) == {
        "tax_document_ids": ["je neplatná hodnota"]
    }


def test_an_exchange_rate_has_six_places_at_most(desk: Desk) -> None:
    issued = desk.issue(currency="EUR", exchange_rate="25.123456789")

    assert issued["exchange_rate"] == "25.123457"
    assert desk.change(issued, exchange_rate="1.0000001")["exchange_rate"] == "1.0"


def test_a_document_without_lines_is_accepted(desk: Desk) -> None:
    empty = desk.client.post("/invoices.json", {"subject_id": desk.subject_id}).json

    assert (empty["lines"], empty["vat_rates_summary"], empty["total"]) == ([], [], "0.0")


def test_an_invoice_that_is_not_there_is_not_found(desk: Desk) -> None:
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/fire"), ("POST", "/payments")):
        answer = desk.client.call(method, f"/invoices/999{path}.json", {})
        assert (answer.status_code, answer.json["error"]) == (404, "resource_not_found"), (method, path)


def test_an_invoice_of_another_account_is_not_found(desk: Desk, database: Database, clock: Clock) -> None:
    issued = desk.issue()
    other = Client(desk.client.service, open_firm(database, clock, "pearcorp"))

    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/fire"), ("POST", "/payments")):
        assert other.call(method, f"/invoices/{issued['id']}{path}.json", {}).status_code == 404
    assert other.get("/invoices.json").json == []


def test_nothing_is_mailed_when_a_document_is_created(desk: Desk) -> None:
    desk.issue()

    assert desk.client.write(lambda books: waiting(books.tx)) == 0


def test_the_history_tells_what_happened_to_a_document(desk: Desk) -> None:
    issued = desk.issue()
    desk.change(issued, note="x")
    desk.fire(issued, "lock")

    def names(books: Books) -> list[str]:
        return [h.name for h in books.all(Happening) if h.kind == "invoices"]

    assert desk.client.write(names) == ["invoice_issued", "invoice_changed", "invoice_locked"]
