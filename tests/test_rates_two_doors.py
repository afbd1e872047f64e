"""Exchange rates of documents through both doors: whose rate, of which day, and what follows from it."""

import datetime as dt
from decimal import Decimal
from typing import Any, cast

import pytest

from faktura.core.accounts.change import change_account
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.countries.country import Bank
from faktura.core.documents.sums import wrong_sums
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.money.exchange_rates import Quotation, keep_rates
from faktura.core.people.accounts import Account
from faktura.core.people.api_keys import add_api_key
from faktura.store.database import Database
from faktura.store.every import every, of_row
from faktura.store.transaction import Transaction
from faktura.wire.service import Service
from tests import needs
from tests.firm import open_firm
from tests.test_documents_two_doors import Doors, Values

pytestmark = [needs.FAKTUROID, needs.INFAKT]

NOON = dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC)

RATES = {"2026-11-02": "24", "2026-11-09": "24.5", "2026-11-13": "24.8", "2026-11-16": "25", "2026-11-20": "26"}
"""What a euro is worth in both countries, on two Mondays, a Friday, a Monday and the Friday on which we stand."""

BANKS: tuple[Bank, ...] = ("cnb", "nbp")

SCOPES = ("api:invoices:read", "api:invoices:write", "api:sensitive:bank_accounts:read")


def open_doors(database: Database, **account: Any) -> Doors:
    clock = Clock()
    clock.stand_at(NOON)
    service = Service(database, clock, "http://faktura.example")
    firm = open_firm(database, clock, **account)
    scopes = (*SCOPES, "api:sensitive:bank_accounts:write")
    key = database.write(lambda tx: add_api_key(Office(tx, clock.now()), firm.account, firm.user, "tests", scopes))
    database.write(lambda tx: [keep_rates(Office(tx, clock.now()), bank, told()) for bank in BANKS])
    return Doors(service, firm, key)


def told() -> list[Quotation]:
    return [Quotation("EUR", dt.date.fromisoformat(day), Decimal(worth)) for day, worth in RATES.items()]


@pytest.fixture
def czech(database: Database) -> Doors:
    return open_doors(database)


@pytest.fixture
def polish(database: Database) -> Doors:
    return open_doors(database, country="PL", currency="PLN", vat_rate=23, invoice_language="pl")


SERVICE = {"name": "Usługa", "tax_symbol": "23", "unit_net_price": 10000}


def rate(doors: Doors, document_id: int) -> str:
    found: str = doors.first(document_id)["exchange_rate"]
    return found


def paid_proforma(doors: Doors, day: str, **values: Any) -> tuple[Values, Values]:
    """A proforma in euros of 2 November that was paid on the day, and its payment."""
    line = {"name": "Usługa", "unit_price": "100", "vat_rate": 21}
    terms = {"document_type": "proforma", "currency": "EUR", "issued_on": "2026-11-02"} | values
    proforma = doors.issue(line, **terms)
    payment = doors.fakturoid("POST", f"/invoices/{proforma['id']}/payments.json", {"paid_on": day})
    return proforma, payment


# Whose day counts


def test_a_czech_document_on_a_receipt_has_the_rate_of_the_day_of_the_receipt(czech: Doors) -> None:
    """§ 4 (8) of the VAT act; the payment's own amount is counted by the proforma, as the contract has it."""
    proforma, payment = paid_proforma(czech, "2026-11-16", proforma_followup_document="tax_document")
    receipt = czech.first(payment["tax_document_id"])

    assert (proforma["exchange_rate"], payment["native_amount"]) == ("24.0", "2904.0")
    assert (receipt["exchange_rate"], receipt["native_total"]) == ("25.0", "3025.0")
    assert receipt["taxable_fulfillment_due"] == "2026-11-16"
    assert czech.second(receipt["id"], "advance_invoice")["gross_price"] == 12100


@pytest.mark.parametrize("given", [{}, {"exchange_rate": "23"}])
def test_the_invoice_of_a_paid_proforma_has_the_rate_of_the_receipt(czech: Doors, given: Values) -> None:
    proforma, _ = paid_proforma(czech, "2026-11-16", proforma_followup_document="final_invoice_paid", **given)
    final = czech.first(czech.first(proforma["id"])["related_id"])

    assert (final["exchange_rate"], final["native_total"]) == ("25.0", "3025.0")


def test_a_receipt_on_a_day_without_a_known_rate_has_the_rate_of_the_proforma(czech: Doors) -> None:
    _, payment = paid_proforma(czech, "2020-01-01", proforma_followup_document="tax_document", exchange_rate="23")

    assert rate(czech, payment["tax_document_id"]) == "23.0"


@pytest.mark.parametrize(
    ("issued_on", "sold_on", "expected"),
    [
        ("2026-11-16", "2026-11-16", "24.8"),
        ("2026-11-17", "2026-11-16", "24.8"),
        ("2026-11-10", "2026-11-16", "24.5"),
        ("2026-11-09", "2026-11-16", "24.0"),
    ],
)
def test_a_polish_invoice_has_the_rate_of_the_working_day_before_sale_or_earlier_issue(
    polish: Doors, issued_on: str, sold_on: str, expected: str
) -> None:
    """Art. 31a (1) and (2)."""
    here = polish.issue_here(
        "invoice", currency="EUR", invoice_date=issued_on, sale_date=sold_on, payment_date=issued_on, services=[SERVICE]
    )
    there = polish.issue(currency="EUR", issued_on=issued_on, taxable_fulfillment_due=sold_on)

    assert rate(polish, here["id"]) == there["exchange_rate"] == expected


def test_the_sale_of_a_continuous_service_is_its_last_day(polish: Doors) -> None:
    days = {"continuous_service_start_on": "2026-11-01", "continuous_service_end_on": "2026-11-13"}
    issued = polish.issue_here(
        "invoice",
        currency="EUR",
        invoice_date="2026-11-20",
        invoice_date_kind="continuous_service_end_on",
        services=[SERVICE],
        **days,
    )

    assert rate(polish, issued["id"]) == "24.5"


def test_a_sale_whose_tax_is_due_on_the_day_of_issue_has_the_rate_of_the_day_before_that(polish: Doors) -> None:
    issued = polish.issue_here(
        "invoice", currency="EUR", vat_date_value="issue_date", sale_date="2026-11-02", services=[SERVICE]
    )

    assert rate(polish, issued["id"]) == "25.0"


# A rate that was chosen follows its date, one that was given does not


def test_a_rate_that_the_server_chose_follows_a_changed_date(czech: Doors) -> None:
    issued = czech.issue(currency="EUR", issued_on="2026-11-16")
    path = f"/invoices/{issued['id']}.json"
    moved = czech.fakturoid("PATCH", path, {"taxable_fulfillment_due": "2026-11-10"})
    noted = czech.fakturoid("PATCH", path, {"note": "x", "exchange_rate": moved["exchange_rate"]})
    again = czech.fakturoid("PATCH", path, {"taxable_fulfillment_due": "2026-11-02"})

    assert [d["exchange_rate"] for d in (issued, moved, noted, again)] == ["25.0", "24.5", "24.5", "24.0"]
    assert (again["native_total"], again["lines"][0]["native_total_price_without_vat"]) == ("2952.0", "2400.0")


def test_a_rate_that_the_server_chose_follows_a_date_changed_at_the_second_door(polish: Doors) -> None:
    here = polish.issue_here("invoice", currency="EUR", services=[SERVICE])
    assert rate(polish, here["id"]) == "25.0"
    polish.infakt("PUT", f"/invoices/{here['id']}.json", {"invoice": {"sale_date": "2026-11-10"}})

    assert rate(polish, here["id"]) == "24.5"


def test_a_rate_that_was_given_stays_when_a_date_changes(czech: Doors) -> None:
    issued = czech.issue(currency="EUR", exchange_rate="23.5", issued_on="2026-11-16")
    path = f"/invoices/{issued['id']}.json"

    assert czech.fakturoid("PATCH", path, {"taxable_fulfillment_due": "2026-11-02"})["exchange_rate"] == "23.5"
    chosen = czech.fakturoid("PATCH", path, {"exchange_rate": None})
    assert chosen["exchange_rate"] == "24.0"
    assert czech.fakturoid("PATCH", path, {"exchange_rate": "23"})["exchange_rate"] == "23.0"
    assert czech.fakturoid("PATCH", path, {"taxable_fulfillment_due": "2026-11-16"})["exchange_rate"] == "23.0"


def test_a_correction_keeps_the_rate_of_what_it_corrects_whatever_its_dates(czech: Doors) -> None:
    original = czech.issue(currency="EUR", issued_on="2026-11-02")
    line = {"name": "Sleva", "unit_price": "-10", "vat_rate": 21}
    correction = czech.issue(line, document_type="correction", correction_id=original["id"], currency="EUR")
    path = f"/invoices/{correction['id']}.json"

    assert correction["exchange_rate"] == "24.0"
    assert czech.fakturoid("PATCH", path, {"taxable_fulfillment_due": "2026-11-16"})["exchange_rate"] == "24.0"


# The currency of the books


def test_the_native_currency_is_that_of_the_books_and_not_of_the_country(database: Database) -> None:
    """A Czech firm may keep its books in euros."""
    doors = open_doors(database, currency="EUR")
    issued = doors.issue(currency="CZK")
    [summary] = issued["vat_rates_summary"]

    assert (issued["exchange_rate"], summary["native_currency"]) == ("0.038462", "EUR")
    assert doors.issue()["currency"] == "EUR"
    assert doors.second(doors.issue(currency="CZK")["id"])["vat_exchange_date_kind"] is None


def test_an_issued_document_says_at_both_doors_what_it_said_before_the_books_were_kept_in_another_currency(
    czech: Doors, database: Database
) -> None:
    crowns, euros = czech.issue(currency="CZK"), czech.issue(currency="EUR")
    documents = [crowns["id"], euros["id"]]
    before = [(czech.first(n), czech.second(n)) for n in documents]

    def work(tx: Transaction) -> None:
        account = tx.get(Account, id=1)
        assert account is not None
        change_account(Books(tx, account, None, NOON), Given({"currency": "EUR"}))

    database.write(work)

    assert [(czech.first(n), czech.second(n)) for n in documents] == before
    assert before[1][0]["vat_rates_summary"][0]["native_currency"] == "CZK"
    after = czech.issue(currency="EUR")
    assert (after["exchange_rate"], after["native_total"]) == ("1.0", after["total"])
    assert after["vat_rates_summary"][0]["native_currency"] == "EUR"
    czech.fakturoid("PATCH", f"/invoices/{euros['id']}.json", {"note": "Other"})
    assert czech.first(euros["id"])["native_total"] == euros["native_total"]


# What was taxed before


def wrong(database: Database) -> list[tuple[str, str]]:
    """What `faktura db check` would say of the sums."""

    def work(tx: Transaction) -> list[tuple[str, str]]:
        rows = (row for some in every(tx, Invoice) for row in some)
        return [said for row in rows for said in wrong_sums(cast("Invoice", of_row(Invoice, row)))]

    return database.read(work)


def test_a_final_invoice_values_the_advance_that_was_taxed_at_its_rate_and_the_rest_at_its_own(
    czech: Doors, database: Database
) -> None:
    _, payment = paid_proforma(czech, "2026-11-16", proforma_followup_document="tax_document")
    receipt = payment["tax_document_id"]
    line = {"name": "Celek", "unit_price": "300", "vat_rate": 21}
    final = czech.issue(line, document_type="final_invoice", tax_document_ids=[receipt], currency="EUR")

    assert (rate(czech, receipt), final["exchange_rate"], final["remaining_amount"]) == ("25.0", "26.0", "242.0")
    assert (final["native_subtotal"], final["native_total"]) == ("7700.0", "9317.0")
    assert final["remaining_native_amount"] == "6292.0"
    [summary] = final["vat_rates_summary"]
    assert (summary["native_base"], summary["native_vat"]) == ("7700.0", "1617.0")

    czech.fakturoid("PATCH", f"/invoices/{receipt}.json", {"exchange_rate": "20"})
    again = czech.first(final["id"])
    assert (again["native_total"], again["remaining_native_amount"]) == ("8712.0", "6292.0")
    assert wrong(database) == []


def test_a_final_invoice_of_the_second_door_values_its_chain_of_advances_likewise(
    polish: Doors, database: Database
) -> None:
    order = SERVICE | {"unit_net_price": 30000}
    advance = polish.issue_here(
        "advance_invoice",
        currency="EUR",
        advance_price=12300,
        invoice_date="2026-11-10",
        advance_date="2026-11-10",
        services=[order],
    )
    final = polish.issue_here("final_invoice", previous_advance_id=advance["id"])
    seen = polish.first(final["id"])

    assert (rate(polish, advance["id"]), seen["exchange_rate"]) == ("24.5", "25.0")
    assert (final["left_to_pay"], seen["remaining_native_amount"]) == (24600, "6150.0")
    assert (seen["native_subtotal"], seen["native_total"]) == ("7450.0", "9163.5")
    assert wrong(database) == []
