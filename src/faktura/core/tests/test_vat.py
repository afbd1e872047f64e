"""Rates by country and day, and who charges VAT."""

import datetime as dt

import pytest

from faktura.core.countries.known import KNOWN, country_of
from faktura.core.countries.vat import charges_vat


@pytest.mark.parametrize(
    ("country", "day", "percents"),
    [
        ("CZ", "2023-12-31", [21, 15, 10]),
        ("CZ", "2024-01-01", [21, 12, 0]),
        ("SK", "2024-12-31", [20, 10, 5]),
        ("SK", "2025-01-01", [23, 19, 5]),
        ("PL", "2010-12-31", [22, 7, 3, 0]),
        ("PL", "2026-11-21", [23, 8, 5, 0]),
        ("DE", "2026-11-21", []),
    ],
)
def test_a_country_has_the_rates_of_the_day(country: str, day: str, percents: list[int]) -> None:
    assert [int(rate.percent) for rate in country_of(country).rates_on(dt.date.fromisoformat(day))] == percents


def test_no_two_rates_of_one_band_hold_on_the_same_day() -> None:
    for rates in (country.vat_rates for country in KNOWN.values()):
        days = {rate.since for rate in rates} | {rate.until for rate in rates if rate.until}
        for day in days:
            bands = [rate.band for rate in rates if rate.holds_on(day)]
            assert len(bands) == len(set(bands))


def test_only_a_payer_charges_vat_and_not_where_the_customer_owes_it() -> None:
    assert charges_vat("vat_payer", reverse_charge=False)
    assert not charges_vat("vat_payer", reverse_charge=True)
    assert not charges_vat("non_vat_payer", reverse_charge=False)
    assert not charges_vat("identified_person", reverse_charge=False)
