"""What foreign money is worth on documents."""

import datetime as dt
from decimal import Decimal

import pytest

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.countries.country import Bank
from faktura.core.documents.checks import Rules
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.issue import issue_invoice
from faktura.core.money.exchange_rates import Quotation, keep_rates
from faktura.core.tests.conftest import Firm, a_firm, line
from faktura.store.database import Database

FRIDAY = dt.date(2026, 11, 20)


def tell(database: Database, bank: Bank, currency: str, worth: str, day: dt.date = FRIDAY) -> None:
    told = [Quotation(currency, day, Decimal(worth))]
    database.write(lambda tx: keep_rates(Office(tx, Clock().now()), bank, told))


def test_a_czech_document_takes_the_rate_of_the_day_of_its_supply(firm: Firm, database: Database) -> None:
    tell(database, "cnb", "EUR", "24.30")
    tell(database, "cnb", "EUR", "24.50", FRIDAY + dt.timedelta(days=3))

    issued = firm.issue(currency="EUR", taxable_on=FRIDAY)
    assert (issued.exchange_rate, issued.native_gross_total) == (Decimal("24.3"), Decimal("2940.30"))
    assert firm.issue(currency="EUR").exchange_rate == Decimal("24.3")


def test_a_polish_document_takes_the_rate_of_the_day_before(database: Database) -> None:
    firm = a_firm(database, country="PL", currency="PLN", invoice_language="pl")
    tell(database, "nbp", "EUR", "4.25", FRIDAY - dt.timedelta(days=1))
    tell(database, "nbp", "EUR", "4.27")

    assert firm.issue(currency="EUR", taxable_on=FRIDAY).exchange_rate == Decimal("4.25")


def test_a_slovak_document_takes_the_european_rate_of_the_day_before_its_supply(database: Database) -> None:
    """§ 26 (1) of act no. 222/2004, also where the invoice came before the supply."""
    firm = a_firm(database, country="SK", currency="EUR", invoice_language="sk")
    for days, worth in ((0, "0.86"), (1, "0.87"), (2, "0.88")):
        tell(database, "ecb", "USD", worth, FRIDAY + dt.timedelta(days=days))
    tell(database, "cnb", "USD", "21")

    issued = firm.issue(currency="USD", issued_on=FRIDAY, taxable_on=FRIDAY + dt.timedelta(days=2))
    assert (issued.exchange_rate, issued.native_gross_total) == (Decimal("0.87"), Decimal("105.27"))
    assert firm.issue(currency="USD", taxable_on=FRIDAY + dt.timedelta(days=1)).exchange_rate == Decimal("0.86")


def test_where_nothing_more_is_known_of_a_country_the_european_rate_of_the_day_counts(database: Database) -> None:
    firm = a_firm(database, country="AT", currency="EUR", invoice_language="de")
    tell(database, "ecb", "CZK", "0.04")

    assert firm.issue(currency="CZK", taxable_on=FRIDAY).exchange_rate == Decimal("0.04")


def test_a_rate_of_many_places_is_kept_to_six(database: Database) -> None:
    firm = a_firm(database, country="PL", currency="PLN", invoice_language="pl")
    tell(database, "nbp", "IDR", "0.00024567", FRIDAY - dt.timedelta(days=1))

    assert firm.issue(currency="IDR", taxable_on=FRIDAY).exchange_rate == Decimal("0.000246")


def test_an_account_in_a_third_currency_has_the_proportion_of_both(database: Database) -> None:
    firm = a_firm(database, currency="EUR")
    tell(database, "cnb", "EUR", "25")
    tell(database, "cnb", "USD", "20")

    assert firm.issue(currency="USD").exchange_rate == Decimal("0.8")
    assert firm.issue(currency="CZK").exchange_rate == Decimal("0.04")


def test_a_rate_that_nobody_told_is_refused_where_it_is_required_and_else_left_open(firm: Firm) -> None:
    given = {"contact_id": firm.contact.id, "lines": [line(100)], "currency": "EUR"}
    with pytest.raises(Invalid) as refused:
        firm.do(issue_invoice, Given(given), Rules(rate_required=True))
    assert [p.code for p in refused.value.problems["exchange_rate"]] == ["unknown_rate"]

    issued = firm.issue(currency="EUR")
    assert (issued.exchange_rate, issued.native_gross_total, issued.gross_total) == (None, None, 121)
