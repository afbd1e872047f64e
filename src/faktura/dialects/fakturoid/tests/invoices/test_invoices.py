"""Section 2.6: how an invoice is created and changed, and what is refused."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.jobs_to_do import waiting
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.invoices.change import change_invoice
from faktura.core.people.users import User
from faktura.dialects.fakturoid.parts.terms import LABELS
from faktura.dialects.fakturoid.tests.conftest import Client, Desk
from faktura.store.database import Database
from tests.firm import open_firm

NOON = dt.datetime(2026, 11, 20, 11, 15, 2, 481_000, dt.UTC)


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def test_the_supplier_and_the_client_are_copied_and_later_edits_change_no_issued_document(desk: Desk) -> None:
    subject = desk.add_subject(street="Dlouhá 1", city="Praha", zip="11000", registration_no="1", vat_no="CZ1")
    issued = desk.issue(subject_id=subject["id"])
    assert (issued["client_street"], issued["client_city"], issued["client_zip"]) == ("Dlouhá 1", "Praha", "11000")
    assert (issued["client_registration_no"], issued["client_vat_no"]) == ("1", "CZ1")

    desk.client.patch(f"/subjects/{subject['id']}.json", {"name": "Pepa", "street": "Jiná 9"})
    desk.set_account(name="Jiná firma", full_name="Jiná firma")

    assert desk.read(issued) == issued


def test_sent_client_attributes_override_the_copy(desk: Desk) -> None:
    subject = desk.add_subject(street="Dlouhá 1", city="Praha")

    issued = desk.issue(subject_id=subject["id"], client_name="Pepa", client_street="Krátká 2")

    assert (issued["client_name"], issued["client_street"], issued["client_city"]) == ("Pepa", "Krátká 2", "Praha")


def test_terms_come_from_the_subject_and_else_from_the_account(desk: Desk) -> None:
    desk.set_account(
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
    own = desk.add_subject(due=3, language="cz", currency="EUR")
    issued = desk.issue(subject_id=own["id"], exchange_rate=25, payment_method="bank")
    assert [issued[name] for name in names[:3]] == [3, "cz", "EUR"]
    assert issued["hide_bank_account"] is False


def test_a_subject_may_be_named_by_its_own_id(desk: Desk) -> None:
    subject = desk.add_subject(custom_id="SHOP-1")

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
    subject = desk.add_subject(has_delivery_address=True, **address)

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
    other = desk.add_subject(city="Plzeň")

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
        ("currency", "SKK", "není v seznamu povolených hodnot"),
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
    assert desk.refusal(currency="EUR", exchange_rate="") == {"exchange_rate": ["je povinná položka"]}
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


@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_text_is_a_date_a_switch_a_currency_or_a_rate_that_is_not_given(desk: Desk, empty: str) -> None:
    names = ("issued_on", "taxable_fulfillment_due", "paypal", "round_total", "client_has_delivery_address")
    issued = desk.issue(**dict.fromkeys((*names, "transferred_tax_liability", "currency", "exchange_rate"), empty))
    usual = desk.issue()

    assert [issued[name] for name in names] == [usual[name] for name in names]
    assert (issued["currency"], issued["exchange_rate"]) == ("CZK", "1.0")
    paid = desk.pay(issued, paid_on=empty, mark_document_as_paid=empty, send_thank_you_email=empty)
    assert paid["paid_on"] == usual["issued_on"]
