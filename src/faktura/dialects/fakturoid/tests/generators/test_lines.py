"""Sections 2.0.1 and 2.6.6: lines of a generator, and what they come to as they would on an invoice."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import Desk, GeneratorDesk, line
from tests import needs

pytestmark = needs.ONE_ENGINE

TOTALS = ("subtotal", "total", "native_subtotal", "native_total", "rounding_adjustment")


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(dt.datetime(2026, 11, 20, 11, 15, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"round_total": True},
        {"vat_price_mode": "from_total_with_vat"},
        {"transferred_tax_liability": True},
        {"currency": "USD", "exchange_rate": "21.95"},
        {"proforma": True},
    ],
)
@pytest.mark.parametrize("vat_mode", ["vat_payer", "non_vat_payer"])
def test_it_comes_to_what_an_invoice_of_the_same_terms_and_lines_does(
    generators: GeneratorDesk, desk: Desk, terms: dict[str, Any], vat_mode: str
) -> None:
    generators.set_account(vat_mode=vat_mode)
    lines = [line("82.005", 21), line("833.67", 12, "1.5"), line("-18.223", 0, 3)]

    made, issued = generators.issue(*lines, **terms), desk.issue(*lines, **terms)
    assert {name: made[name] for name in TOTALS} == {name: issued[name] for name in TOTALS}
    apart = {"id", "inventory_item_id"}
    for own, other in zip(made["lines"], issued["lines"], strict=True):
        assert {name: own[name] for name in own.keys() - apart} == {name: other[name] for name in other.keys() - apart}


def test_lines_without_an_id_are_added_beside_those_there(generators: GeneratorDesk) -> None:
    made = generators.issue(line(100, name="První"))

    changed = generators.change(made, lines=[line(50, name="Druhá")])

    assert [one["name"] for one in changed["lines"]] == ["První", "Druhá"]
    assert changed["lines"][0] == made["lines"][0]
    assert changed["total"] == "181.5"


def test_a_line_with_an_id_is_changed_or_removed(generators: GeneratorDesk) -> None:
    made = generators.issue(line(100, name="První"), line(50, name="Druhá"))
    first, second = (one["id"] for one in made["lines"])

    changed = generators.change(
        made, lines=[{"id": first, "_destroy": "1"}, {"id": str(second), "unit_price": "60", "name": "Dražší"}]
    )

    assert [(one["id"], one["name"], one["unit_price"]) for one in changed["lines"]] == [(second, "Dražší", "60.0")]
    assert changed["total"] == "72.6"


def test_a_line_of_another_generator_is_not_found(generators: GeneratorDesk) -> None:
    made, other = generators.issue(), generators.issue()
    line_id = other["lines"][0]["id"]

    answer = generators.client.patch(f"/generators/{made['id']}.json", {"lines": [{"id": line_id, "name": "x"}]})
    assert (answer.status_code, answer.json["error"]) == (404, "resource_not_found")
    assert generators.client.post("/generators.json", made | {"name": "y"}).status_code == 404


def test_prices_with_vat_that_are_sent_back_as_they_were_shown_stay(generators: GeneratorDesk) -> None:
    made = generators.issue(line("600", 21), vat_price_mode="from_total_with_vat")
    assert (made["lines"][0]["unit_price"], made["total"]) == ("495.87", "600.0")

    assert generators.change(made, lines=made["lines"]) == made
    without = generators.change(made, vat_price_mode="without_vat", lines=made["lines"])
    assert (without["lines"][0]["unit_price"], without["total"]) == ("495.87", "600.0")


def test_words_for_the_month_stay_as_they_were_written(generators: GeneratorDesk) -> None:
    [kept] = generators.issue(line(1, name="Nájem za #m-1#/#y#"))["lines"]

    assert kept["name"] == "Nájem za #m-1#/#y#"


def test_an_exchange_rate_that_was_not_given_is_that_of_the_day_and_sent_back_it_is_not_given(
    generators: GeneratorDesk,
) -> None:
    assert generators.refusal(currency="EUR") == {"exchange_rate": ["je povinná položka"]}

    given = generators.issue(currency="eur", exchange_rate="25")
    assert (given["currency"], given["exchange_rate"], given["native_total"]) == ("EUR", "25.0", "3025.0")
    assert generators.change(given, currency="CZK", exchange_rate="25")["exchange_rate"] == "1.0"


def test_totals_follow_a_change_of_terms_alone(generators: GeneratorDesk) -> None:
    made = generators.issue(line("99.7", 21))

    rounded = generators.change(made, round_total=True)
    assert (made["total"], rounded["total"], rounded["rounding_adjustment"]) == ("120.64", "121.0", "0.36")
    free = generators.change(rounded, transferred_tax_liability=True, round_total=False)
    assert (free["total"], free["lines"][0]["vat_rate"], free["lines"][0]["total_vat"]) == ("99.7", 21, "0.0")
