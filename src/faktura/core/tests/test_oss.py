"""The one-stop shop: rates of the country of consumption, what is worth how much at home, and what comes back."""

import csv
import datetime as dt
import random
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from faktura.core.books.office import Office
from faktura.core.countries.consumption import TABLE, rates_in
from faktura.core.countries.vat import EU
from faktura.core.documents.record import ZERO
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.correct import correction_of
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.oss import unlisted_rates
from faktura.core.invoices.record import Invoice
from faktura.core.money.exchange_rates import Quotation, keep_rates
from faktura.core.tests.conftest import NOON, Firm, a_firm, change, line
from faktura.store.database import Database

TODAY = NOON.date()
BEGAN = dt.date(2021, 7, 1)
RATE = Decimal("4.2531")
CENT = Decimal("0.01")


@pytest.fixture
def firm(database: Database) -> Firm:
    return a_firm(database, country="PL", currency="PLN")


def sold(firm: Firm, *lines: Given, country: str = "DE", **values: Any) -> Invoice:
    """Lamps in euros."""
    said = {"kind": "oss_invoice", "oss": "goods", "buyer_country": country, "currency": "EUR", "exchange_rate": RATE}
    return firm.issue(*(lines or (line(20, 19, 3),)), **said | values)


def taken_back(firm: Firm, invoice: Invoice, quantities: dict[int, Decimal]) -> Invoice:
    chosen = Given({"quantities": quantities, "reason": "Zwrot"})
    return firm.do(lambda books: issue_invoice(books, correction_of(books, invoice.id, chosen)))


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("country", "day", "percents"),
    [
        ("DE", "2026-11-21", "19 7"),
        ("EE", "2023-12-31", "20 9 5"),
        ("EE", "2024-01-01", "22 9 5"),
        ("EE", "2025-06-30", "22 13 9"),
        ("EE", "2025-07-01", "24 13 9"),
        ("FI", "2024-09-01", "25.5 14 10"),
        ("FI", "2026-01-01", "25.5 13.5 10"),
        ("FR", "2026-11-21", "20 10 5.5 2.1"),
        ("LU", "2023-12-31", "16 13 7 3"),
        ("LU", "2024-01-01", "17 14 8 3"),
        ("RO", "2025-07-31", "19 9 5"),
        ("RO", "2025-08-01", "21 11"),
        ("CZ", "2026-11-21", "21 12 0"),
        ("SK", "2026-11-21", "23 19 5"),
        ("DE", "2021-06-30", ""),
        ("CH", "2026-11-21", ""),
    ],
)
def test_a_country_of_consumption_has_the_rates_of_the_day(country: str, day: str, percents: str) -> None:
    assert rates_in(country, dt.date.fromisoformat(day)) == tuple(map(Decimal, percents.split()))


@pytest.mark.parametrize("country", sorted(EU))
def test_each_country_has_one_standard_rate_on_every_day(country: str) -> None:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["country"] == country]
    turns = {
        BEGAN,
        TODAY,
        *(dt.date.fromisoformat(row[name]) for row in rows for name in ("since", "until") if row[name]),
    }

    for day in turns:
        rates = rates_in(country, day)
        assert rates[0] == max(rates)
        assert len(rates) == len(set(rates))
        assert [row["percent"] for row in rows if row["band"] == "standard" and _holds(row, day)] in (
            [str(rates[0])],
            [],
        )


def _holds(row: dict[str, str], day: dt.date) -> bool:
    return row["since"] <= day.isoformat() <= (row["until"] or "9999-12-31")


def test_each_row_says_what_it_was_compared_with_and_when() -> None:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        assert [row for row in csv.DictReader(lines) if not (row["source"] and row["seen_on"])] == []


def test_what_is_sold_in_euros_is_worth_so_much_at_home(firm: Firm) -> None:
    document = sold(firm)

    assert (document.net_total, document.vat_total, document.gross_total) == (
        Decimal(60),
        Decimal("11.4"),
        Decimal("71.4"),
    )
    assert (document.native_currency, document.native_net_total) == ("PLN", Decimal("255.19"))
    assert document.native_gross_total == Decimal("303.67")
    [of_rate], [of_line] = document.vat_sums, document.lines
    assert (of_rate.native_net, of_rate.native_vat) == (Decimal("255.19"), Decimal("48.49"))
    assert (of_line.native_net, of_line.native_vat) == (Decimal("255.19"), Decimal("48.49"))


def test_the_rate_is_that_of_the_last_day_before_the_supply(firm: Firm) -> None:
    """Article 31a (1) of the Polish act; on Monday that of Friday."""
    rates = {"2026-11-20": "4.25", "2026-11-23": "4.30"}
    quoted = [Quotation("EUR", dt.date.fromisoformat(day), Decimal(rate)) for day, rate in rates.items()]
    firm.database.write(lambda tx: keep_rates(Office(tx, firm.clock.now()), "nbp", quoted))
    document = sold(firm, exchange_rate=None, taxable_on=dt.date(2026, 11, 23), issued_on=dt.date(2026, 11, 23))

    assert (document.exchange_rate, document.native_gross_total) == (Decimal("4.25"), Decimal("303.45"))


def test_a_currency_without_a_rate_is_worth_nothing_that_is_known(firm: Firm) -> None:
    document = sold(firm, exchange_rate=None)

    assert document.exchange_rate is None
    assert (document.native_net_total, document.native_gross_total, document.vat_sums[0].native_vat) == (
        None,
        None,
        None,
    )


def test_any_lines_come_back_for_what_they_were_sold_for(firm: Firm) -> None:
    """In either currency, whether they come back at once or one after the other."""
    chance = random.Random(27)  # noqa: S311 (the same lines each time)
    countries = sorted(EU)
    for _ in range(12):
        country = chance.choice(countries)
        lines = [_any_line(chance, country) for _ in range(chance.randint(1, 4))]
        document = sold(firm, *lines, country=country, price_mode=chance.choice(["without_vat", "from_total_with_vat"]))

        assert unlisted_rates(document) == ()
        assert document.gross_total == sum((s.gross for s in document.vat_sums), ZERO)
        for of_rate in document.vat_sums:
            assert of_rate.native_net == cents(of_rate.net * RATE)
            assert of_rate.native_vat == cents(of_rate.vat * RATE)
        assert document.native_gross_total == cents(document.gross_total * RATE)
        back = taken_back(firm, document, {one.id: one.quantity for one in document.lines})
        assert (back.net_total, back.vat_total, back.gross_total) == (
            *(-document.net_total, -document.vat_total),
            -document.gross_total,
        )
        assert (back.exchange_rate, back.native_gross_total) == (RATE, -(document.native_gross_total or ZERO))
        assert all(
            (one.after, two.quantity) == (False, ZERO)
            for one, two in zip(back.lines[::2], back.lines[1::2], strict=True)
        )


def _any_line(chance: random.Random, country: str) -> Given:
    price = Decimal(chance.randint(1, 99999)) / 100
    rate, quantity = chance.choice(rates_in(country, TODAY)), chance.choice(["1", "3", "0.5", "7.25"])
    said = line(str(price), 0, quantity, additional=Decimal(chance.choice([0, 0, 490])) / 100)
    return Given({**said, "vat_rate": rate})


def test_rates_that_a_country_is_not_known_to_have_are_told_and_taken(firm: Firm) -> None:
    document = sold(firm, line(1, 14), line(1, 10), country="FI", taxable_on=TODAY)
    before = sold(firm, line(1, 14), line(1, 10), country="FI", taxable_on=dt.date(2025, 12, 31))

    assert unlisted_rates(document) == (Decimal(14),)
    assert unlisted_rates(before) == ()
    assert unlisted_rates(sold(firm, line(1, 3), taxable_on=dt.date(2021, 6, 30))) == ()
    assert unlisted_rates(firm.issue(line(1, 3))) == ()


def test_whoever_sells_owes_the_vat_and_nobody_else(firm: Firm) -> None:
    document = sold(firm, reverse_charge=True)

    assert (document.reverse_charge, document.vat_total) == (False, Decimal("11.4"))
    assert change(firm, document, reverse_charge=True).reverse_charge is False


def test_a_service_that_is_taxed_where_its_customer_is_needs_evidence_of_that(firm: Firm) -> None:
    with pytest.raises(Invalid) as refused:
        sold(firm, oss="service", oss_service="electronic")
    assert refused.value.problems.keys() == {"supply_place"}

    document = sold(firm, oss="service", oss_service="electronic", supply_place="Berlin")
    with pytest.raises(Invalid) as refused:
        change(firm, document, supply_place=None)
    assert refused.value.problems.keys() == {"supply_place"}
    assert sold(firm, oss="service").oss_service is None


def test_a_correction_has_the_country_and_the_evidence_of_what_it_corrects(firm: Firm) -> None:
    document = sold(firm, supply_place="Lindenallee 5", supply_place_secondary="IP 203.0.113.7")
    note = taken_back(firm, document, {document.lines[0].id: Decimal(1)})

    assert (note.kind, note.oss, note.buyer_country) == ("oss_correction", "goods", "DE")
    assert (note.supply_place, note.supply_place_secondary) == ("Lindenallee 5", "IP 203.0.113.7")
    assert (note.gross_total, note.native_gross_total) == (Decimal("-23.8"), Decimal("-101.22"))


def test_no_other_document_keeps_evidence_of_a_place(firm: Firm) -> None:
    document = firm.issue(oss="goods", supply_place="Berlin", oss_service="electronic")

    assert (document.oss, document.supply_place, document.oss_service) == ("goods", None, None)


def test_a_correction_of_a_correction_stays_under_the_one_stop_shop(firm: Firm) -> None:
    document = sold(firm)
    back = taken_back(firm, document, {document.lines[0].id: Decimal(2)})
    again = taken_back(firm, back, {back.lines[0].id: Decimal(1)})

    assert (again.kind, again.buyer_country, again.oss) == ("oss_correction", "DE", "goods")
    assert (again.gross_total, again.exchange_rate) == (Decimal("23.8"), RATE)
    assert [(one.after, one.quantity) for one in again.lines] == [(False, 1), (True, 2)]
