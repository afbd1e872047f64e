"""6.2, 6.4, 30: who buys, how it is paid, numbers, dates, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.dialects.infakt.door.values import CURRENCIES, PAYMENT_METHODS
from faktura.dialects.infakt.reference import VatExemption, choose
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import (
    BLANK,
    INVOICES,
    KINDS,
    NOON,
    NOT_LISTED,
    TODAY,
    TOO_EARLY,
    Json,
    add_bank_account,
    add_client,
    change,
    count,
    issue,
    least,
    post,
    refusal,
    refused_change,
    service_of,
    work,
    wrapper_of,
)
from tests import needs

pytestmark = needs.ONE_ENGINE

NUMBER = "49915000093326449042496767"
NOT_ADDED = "Podany numer konta bankowego nie został dodany w aplikacji."


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def test_an_invoice_to_a_client_copies_who_that_is(client: Client) -> None:
    buyer = add_client(client, street="Długa", street_number="7", city="Kraków", postal_code="30-001", country="PL")

    created = issue(client, client_id=buyer["id"], client_company_name=None)
    assert (created["client_id"], created["client_uuid"]) == (buyer["id"], buyer["uuid"])
    assert (created["client_company_name"], created["client_street_number"]) == ("Gęśl", "7")
    assert (created["client_city"], created["client_post_code"]) == ("Kraków", "30-001")

    client.put(f"/clients/{buyer['id']}.json", {"client": {"city": "Łódź"}})
    assert client.get(f"/invoices/{created['uuid']}.json").json["client_city"] == "Kraków"


def test_what_is_said_of_the_buyer_beside_the_id_counts_more(client: Client) -> None:
    buyer = add_client(client, city="Kraków")

    created = issue(client, client_id=buyer["id"], client_city="Gdynia", client_company_name="Inna")
    assert (created["client_city"], created["client_company_name"]) == ("Gdynia", "Inna")
    assert client.get(f"/clients/{buyer['id']}.json").json["city"] == "Kraków"


def test_a_buyer_without_an_id_is_the_client_of_the_same_company_name(client: Client) -> None:
    buyer = add_client(client, company_name="Firma A")

    created = issue(client, client_company_name="Firma A")
    assert (created["client_id"], created["client_uuid"]) == (buyer["id"], buyer["uuid"])
    assert count(client, "/clients") == 1


def test_a_buyer_that_nobody_knows_is_made_a_client(client: Client) -> None:
    sent = {
        "client_company_name": "Firma B",
        "client_business_activity_kind": "other_business",
        "client_street": "Długa",
        "client_street_number": "1",
        "client_flat_number": "2",
        "client_city": "Kraków",
        "client_post_code": "30-001",
        "client_tax_code": "5252248481",
        "client_country": "PL",
        "client_email": "b@firma.example",
        "client_phone": "+48 600 700 800",
    }
    created = issue(client, **sent)

    made = client.get(f"/clients/{created['client_id']}.json").json
    assert made["uuid"] == created["client_uuid"]
    shown = {"business_activity_kind", "company_name", "street", "street_number", "flat_number", "city", "country"}
    assert {name: made[name] for name in shown} == {name: sent[f"client_{name}"] for name in shown}
    assert (made["postal_code"], made["nip"]) == ("30-001", "5252248481")
    assert (made["email"], made["phone_number"]) == ("b@firma.example", "+48 600 700 800")
    assert not {"client_email", "client_phone"} & created.keys()


def test_a_private_person_is_called_by_their_own_name_and_has_no_company(client: Client) -> None:
    person = {"client_business_activity_kind": "private_person", "client_first_name": "Jan"}
    created = issue(client, **person, client_last_name="Nowak", client_company_name=None)
    same = issue(client, **person, client_last_name="Nowak", client_company_name=None)

    assert created["client_company_name"] is None
    assert same["client_id"] == created["client_id"]
    assert change(client, created, client_company_name=None, client_last_name="Kos")["client_last_name"] == "Kos"


@pytest.mark.parametrize("path", KINDS[:3])
def test_a_document_without_a_client_is_refused(client: Client, path: str) -> None:
    """Corrections need one, too (7.2)."""
    assert refusal(client, path, client_company_name=None) == {"client_id": [BLANK]}


@pytest.mark.parametrize("path", KINDS)
def test_a_client_that_is_not_there_is_refused(client: Client, path: str) -> None:
    assert refusal_named(client, path, client_id=999) == {"client_id": ["nie istnieje"]}


def refusal_named(client: Client, path: str, **values: Any) -> Json:
    refused = client.post(f"{path}.json", {wrapper_of(path): least(client, path) | values})
    assert refused.status_code == 422
    told: Json = refused.json["errors"]
    return told


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("private_person", {"client_first_name", "client_last_name"}),
        ("self_employed", {"client_first_name", "client_last_name"}),
        ("other_business", {"client_company_name"}),
    ],
)
def test_the_names_of_a_new_buyer_depend_on_what_it_does(client: Client, kind: str, missing: set[str]) -> None:
    sent = {"client_company_name": "Firma", "client_first_name": "Jan", "client_last_name": "Nowak"}
    sent |= dict.fromkeys(missing, " ")

    assert refusal(client, client_business_activity_kind=kind, **sent) == {name: [BLANK] for name in missing}


def test_what_is_wrong_with_a_new_buyer_is_told_by_the_documents_attributes(client: Client) -> None:
    assert refusal(client, client_country="Poland", client_email="nobody") == {
        "client_country": [NOT_LISTED],
        "client_email": ["jest nieprawidłowy"],
    }


def test_two_invoices_at_once_to_a_new_buyer_make_one_client(client: Client) -> None:
    with ThreadPoolExecutor(4) as pool:
        created = list(pool.map(lambda _: issue(client, client_company_name="Nowa"), range(4)))

    assert len({document["client_id"] for document in created}) == 1
    assert count(client, "/clients") == 1
    assert len({document["number"] for document in created}) == 4


def test_the_usual_method_of_payment_is_the_clients(client: Client) -> None:
    buyer = add_client(client, payment_method="barter")

    assert issue(client, client_id=buyer["id"], payment_method=None)["payment_method"] == "barter"


def test_else_it_is_a_transfer_where_there_is_a_bank_account_and_cash_without_one(client: Client) -> None:
    assert issue(client, payment_method=None)["payment_method"] == "cash"

    add_bank_account(client)
    assert issue(client, payment_method=None)["payment_method"] == "transfer"


@pytest.mark.parametrize("method", PAYMENT_METHODS)
def test_every_method_of_the_list_is_taken(client: Client, method: str) -> None:
    add_bank_account(client)

    assert issue(client, payment_method=method)["payment_method"] == method


@pytest.mark.parametrize("method", ["bank", "cod", "custom", "Przelew"])
def test_another_method_is_refused(client: Client, method: str) -> None:
    assert refusal(client, payment_method=method) == {"payment_method": ["Proszę wybrać odpowiedni sposób płatności."]}


def test_a_transfer_goes_to_the_default_account(client: Client) -> None:
    add_bank_account(client, "1", bank_name="Bank B")
    add_bank_account(client, swift="ALBPPLPW", default=True)

    created = issue(client, payment_method="transfer")
    assert (created["bank_account"], created["bank_name"]) == (NUMBER, "Bank A")
    assert created["swift"] == "ALBPPLPW"


def test_a_transfer_without_any_account_is_refused(client: Client) -> None:
    assert refusal(client, payment_method="transfer") == {"bank_account": [NOT_ADDED]}

    created = issue(client)
    assert refused_change(client, created, payment_method="transfer") == {"bank_account": [NOT_ADDED]}


def test_an_account_that_was_not_added_is_refused(client: Client) -> None:
    add_bank_account(client)

    assert refusal(client, payment_method="transfer", bank_account="7") == {"bank_account": [NOT_ADDED]}
    assert refusal(client, bank_account="7") == {"bank_account": [NOT_ADDED]}


@pytest.mark.parametrize("spelled", [NUMBER, f"PL{NUMBER}", "49 9150 0009 3326 4490 4249 6767"])
def test_an_account_may_be_named_by_its_number_in_any_spelling(client: Client, spelled: str) -> None:
    add_bank_account(client, "1", bank_name="Bank B", default=True)
    add_bank_account(client)

    created = issue(client, payment_method="transfer", bank_account=spelled)
    assert (created["bank_account"], created["bank_name"]) == (NUMBER, "Bank A")


def test_what_is_paid_otherwise_names_no_account(client: Client) -> None:
    add_bank_account(client)

    created = issue(client, payment_method="cash")
    assert (created["bank_account"], created["bank_name"], created["swift"]) == ("", "", "")
    assert issue(client, payment_method="cash", bank_account=NUMBER)["bank_account"] == NUMBER


def test_an_invoice_that_is_changed_to_a_transfer_gets_the_account(client: Client) -> None:
    add_bank_account(client)
    created = issue(client, payment_method="cash")

    assert change(client, created, payment_method="transfer")["bank_account"] == NUMBER


@pytest.mark.parametrize("currency", CURRENCIES)
def test_every_currency_of_the_list_is_taken(client: Client, currency: str) -> None:
    created = issue(client, currency=currency.lower())

    assert created["currency"] == currency
    assert created["vat_exchange_date_kind"] == (None if currency == "PLN" else "vat")


@pytest.mark.parametrize("currency", ["VND", "DEM", "PLZ"])
def test_another_currency_is_refused(client: Client, currency: str) -> None:
    assert refusal(client, currency=currency) == {"currency": [NOT_LISTED]}


def test_an_invoice_that_is_changed_to_a_foreign_currency_tells_by_which_rate_tax_is_counted(client: Client) -> None:
    """D16."""
    assert change(client, issue(client), currency="EUR")["vat_exchange_date_kind"] == "vat"


def test_it_is_due_after_the_clients_days_else_after_a_fortnight(client: Client) -> None:
    patient = add_client(client, company_name="Cierpliwy", days_to_payment=30)

    assert issue(client, invoice_date="2026-11-02")["payment_date"] == "2026-11-16"
    created = issue(client, client_id=patient["id"], invoice_date="2026-11-02")
    assert created["payment_date"] == "2026-12-02"


def test_the_sale_was_on_the_day_of_the_invoice_unless_told(client: Client) -> None:
    assert issue(client, invoice_date="2026-11-02")["sale_date"] == "2026-11-02"


def test_the_clients_note_is_the_note_unless_another_is_sent(client: Client) -> None:
    buyer = add_client(client, invoice_note="Zawsze przelewem")

    assert issue(client, client_id=buyer["id"])["notes"] == "Zawsze przelewem"
    assert issue(client, client_id=buyer["id"], notes="Inna")["notes"] == "Inna"


@pytest.mark.parametrize("spelled", ["2026-11-02", "2026-11-2", '"2026-11-02"'])
def test_dates_may_be_spelled_carelessly(client: Client, spelled: str) -> None:
    assert issue(client, invoice_date=spelled)["invoice_date"] == "2026-11-02"


@pytest.mark.parametrize("path", KINDS)
def test_a_number_that_is_given_is_kept_as_it_is(client: Client, path: str) -> None:
    assert issue(client, path, number="3924/2026")["number"] == "3924/2026"


@pytest.mark.parametrize("path", KINDS)
def test_a_number_that_is_used_is_refused_only_where_that_is_asked_for(client: Client, path: str) -> None:
    first = issue(client, path, number="3924/2026")
    told = {"duplicated_number": ["Faktura o podanym numerze już istnieje."]}

    assert issue(client, path, number="3924/2026")["number"] == first["number"]
    assert refusal_named(client, path, number="3924/2026", check_duplicate_number=True) == told
    other = issue(client, path)
    assert refused_change(client, other, path, number="3924/2026", check_duplicate_number=True) == told
    assert "check_duplicate_number" not in other


def test_a_number_of_another_kind_is_not_used(client: Client) -> None:
    issue(client, number="3924/2026")

    assert issue(client, kind="proforma", number="3924/2026", check_duplicate_number=True)["number"] == "3924/2026"


@pytest.mark.parametrize("symbol", ["zw"])
def test_an_exemption_has_its_reason_unless_the_account_has_a_usual_one(client: Client, symbol: str) -> None:
    services = [service_of(tax_symbol=symbol)]
    assert refusal(client, services=services) == {"vat_exemption_reason": [BLANK]}
    assert issue(client, services=services, vat_exemption_reason=3275)["vat_exemption_reason"] == 3275

    def choose_one(tx: Any) -> None:
        choose(Books(tx, client.firm.account, None, NOON), VatExemption, {19})

    client.service.database.write(choose_one)
    assert issue(client, services=services)["vat_exemption_reason"] == 19


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"payment_date": "2026-11-20"}, {"payment_date": [TOO_EARLY]}),
        ({"paid_date": "2026-11-20"}, {"paid_date": [TOO_EARLY]}),
        ({"status": "paid"}, {"paid_date": [BLANK]}),
        ({"status": "done"}, {"status": [NOT_LISTED]}),
        ({"split_payment_type": "maybe"}, {"split_payment_type": [NOT_LISTED]}),
        ({"vat_date_value": "today"}, {"vat_date_value": [NOT_LISTED]}),
        ({"invoice_date_kind": "today"}, {"invoice_date_kind": [NOT_LISTED]}),
        ({"sale_type": "goods"}, {"sale_type": [NOT_LISTED]}),
        ({"document_markings_ids": [14]}, {"document_markings_ids": [NOT_LISTED]}),
        ({"transaction_kind_id": 6}, {"transaction_kind_id": [NOT_LISTED]}),
        ({"vat_exchange_date_kind": "cit"}, {"vat_exchange_date_kind": [NOT_LISTED]}),
        (
            {"invoice_date_kind": "continuous_service_end_on"},
            {"continuous_service_start_on": [BLANK], "continuous_service_end_on": [BLANK]},
        ),
        (
            {
                "invoice_date_kind": "continuous_service_end_on",
                "continuous_service_start_on": "2026-11-02",
                "continuous_service_end_on": "2026-11-01",
            },
            {"continuous_service_end_on": [TOO_EARLY]},
        ),
    ],
)
def test_what_breaks_a_rule_is_refused_by_its_attribute(client: Client, values: Json, told: Json) -> None:
    assert refusal(client, **values) == told


def test_all_that_is_wrong_comes_at_once(client: Client) -> None:
    wrong: Json = {"payment_method": "x", "sale_type": "x", "services": [], "bank_account": "7", "number": "9" * 501}

    assert refusal(client, **wrong).keys() == {"payment_method", "sale_type", "services", "bank_account", "number"}


@pytest.mark.parametrize("path", KINDS)
def test_what_shall_go_to_ksef_at_once_is_refused_without_an_integration(client: Client, path: str) -> None:
    """19: nothing is kept that was not sent as was asked."""
    body = {path.strip("/").removesuffix("s"): {}, "send_to_ksef": True}

    refused = client.post(f"{path}.json", body)
    assert (refused.status_code, refused.json) == (422, {"error": "Użytkownik nie jest zintegrowany z KSeF."})
    assert count(client, path) == 0


def test_what_is_said_of_a_new_client_only_is_passed_over_in_a_change(client: Client) -> None:
    invoice = issue(client)
    said = {"client_email": "jan@example.com", "client_phone": "600100200", "notes": "Uwaga"}
    assert change(client, invoice, **said)["notes"] == "Uwaga"


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"payment_date": "2200-01-01"}, "payment_date"),
        ({"payment_date": "2020-01-01"}, "payment_date"),
        ({"invoice_date": "0001-01-01", "payment_date": "0001-01-01"}, "invoice_date"),
        ({"sale_date": "0001-01-01"}, "sale_date"),
        ({"number": "01/11/2026"}, "number"),
        ({"services": [service_of(10**11, quantity=10_000)]}, "services.unit_net_price"),
        ({"client_country": "Q1"}, "client_country"),
    ],
)
def test_what_is_refused_stands_under_an_attribute_of_the_contract(client: Client, values: Json, key: str) -> None:
    refused = refusal(client, **({"invoice_date": TODAY} | values))

    assert list(refused) == [key]


@pytest.mark.parametrize("kept", ["61109010140000071219812874", "PL61109010140000071219812874"])
@pytest.mark.parametrize("sent", ["61 1090 1014 0000 0712 1981 2874", "pl61109010140000071219812874"])
def test_a_polish_account_number_is_found_with_and_without_its_country(client: Client, kept: str, sent: str) -> None:
    account = add_bank_account(client, kept)
    issued = issue(client, payment_method="transfer", bank_account=sent)

    assert issued["bank_account"] == account["account_number"] == kept
    assert change(client, issued, bank_account=sent)["bank_account"] == kept
    for path, query in (("/bank_accounts", "account_number"), (INVOICES, "bank_account")):
        asked = client.get(f"{path}.json", params={f"q[{query}_eq]": sent})
        assert [found["id"] for found in asked.json["entities"]] == [(account if path != INVOICES else issued)["id"]]


@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_text_is_a_date_a_switch_a_number_or_a_currency_that_is_not_given(client: Client, empty: str) -> None:
    dates, switches = ("invoice_date", "sale_date", "payment_date"), ("split_payment", "occasional_sale", "not_income")
    service = service_of(quantity=empty, discount=empty)
    issued = issue(client, **dict.fromkeys((*dates, *switches, "currency"), empty), services=[service])

    assert [issued[name] for name in ("invoice_date", "sale_date", "currency")] == [TODAY, TODAY, "PLN"]
    assert not any(issued[name] for name in switches)
    assert (issued["services"][0]["quantity"], issued["services"][0]["discount"]) == (1, "0.0")


@pytest.mark.parametrize("path", ["/invoices.json", "/async/invoices.json"])
def test_an_invoice_is_taken_without_its_wrapper(client: Client, path: str) -> None:
    bare = {"client_company_name": "Gęśl", "payment_method": "cash", "services": [service_of()]}
    created = client.post(path, bare)

    assert created.status_code == 201
    work(client.service)
    [found] = client.get("/invoices.json").json["entities"]
    assert (found["client_company_name"], found["gross_price"]) == ("Gęśl", 12300)


@pytest.mark.parametrize("number", ["1,5", "1.000,5"])
def test_a_number_with_a_decimal_comma_is_400(client: Client, number: str) -> None:
    for service in (service_of(quantity=number), service_of(discount=number), service_of(unit_net_price=number)):
        assert post(client, services=[service]).status_code == 400
