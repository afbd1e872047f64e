"""Section 2.6.6: totals and rounding, to the heller."""

import json
from typing import Any

import msgspec
import pytest

from faktura.core.books.books import Books
from faktura.core.invoices.record import Invoice
from faktura.dialects.fakturoid.tests.conftest import Desk, line
from tests import needs

pytestmark = needs.ONE_ENGINE


def of_lines(invoice: Any, name: str) -> list[str]:
    return [found[name] for found in invoice["lines"]]


def test_without_vat_gross_is_net_and_vat(desk: Desk) -> None:
    found = desk.issue(line(100, 21, 2.5))["lines"][0]

    assert (found["unit_price_without_vat"], found["unit_price_with_vat"]) == ("100.0", "121.0")
    assert (found["total_price_without_vat"], found["total_vat"]) == ("250.0", "52.5")


def test_from_the_total_net_is_gross_without_the_vat_inside(desk: Desk) -> None:
    issued = desk.issue(line(600, 21), vat_price_mode="from_total_with_vat")

    found = issued["lines"][0]
    assert (found["unit_price"], found["unit_price_with_vat"], found["total_vat"]) == ("495.87", "600.0", "104.13")
    assert (issued["subtotal"], issued["total"]) == ("495.87", "600.0")


@pytest.mark.parametrize(
    ("price", "quantity", "total"),
    [("82.005", 1, "82.01"), ("18.223", 3, "54.67"), ("833.67", "1.5", "1250.51"), ("-82.005", 1, "-82.01")],
)
def test_a_line_is_rounded_half_away_from_zero(desk: Desk, price: str, quantity: Any, total: str) -> None:
    assert of_lines(desk.issue(line(price, 0, quantity)), "total_price_without_vat") == [total]


def test_lines_are_rounded_before_they_are_summed(desk: Desk) -> None:
    assert desk.issue(*[line("833.67", 0, "1.5")] * 3)["total"] == "3751.53"


def test_vat_of_a_rate_is_computed_on_the_sum_and_not_added_up_from_lines(desk: Desk) -> None:
    issued = desk.issue(line("10.12", 21), line("10.14", 21))

    assert of_lines(issued, "total_vat") == ["2.13", "2.13"]
    assert [(found["base"], found["vat"]) for found in issued["vat_rates_summary"]] == [("20.26", "4.25")]
    assert issued["total"] == "24.51"


def test_from_the_total_vat_of_a_rate_is_what_the_sum_of_gross_prices_holds(desk: Desk) -> None:
    issued = desk.issue(*[line("9.99", 21)] * 3, line(112, 12), vat_price_mode="from_total_with_vat")

    sums = {found["vat_rate"]: (found["base"], found["vat"]) for found in issued["vat_rates_summary"]}
    assert sums == {21: ("24.77", "5.2"), 12: ("100.0", "12.0")}
    assert (issued["subtotal"], issued["total"]) == ("124.77", "141.97")


def test_there_is_one_sum_for_each_rate_in_the_order_of_the_lines(desk: Desk) -> None:
    issued = desk.issue(line(1, 12), line(2, 21), line(3, 12), line(4, 0))

    assert [(found["vat_rate"], found["base"]) for found in issued["vat_rates_summary"]] == [
        *((12, "4.0"), (21, "2.0"), (0, "4.0")),
    ]


def test_rates_that_are_treated_in_two_ways_are_one_sum_here(desk: Desk) -> None:
    issued = desk.issue(line(1, 0), line(2, 0))

    def exempt(books: Books) -> None:
        old = books.find(Invoice, issued["id"])
        first, second = old.vat_sums[0], msgspec.structs.replace(old.vat_sums[0], vat_treatment="exempt")
        books.change(old, msgspec.structs.replace(old, vat_sums=(first, second)))

    desk.client.write(exempt)

    assert [(found["vat_rate"], found["base"]) for found in desk.read(issued)["vat_rates_summary"]] == [(0, "6.0")]


@pytest.mark.parametrize(
    ("lines", "total", "adjustment"),
    [
        ([line("833.67", 0, "1.5")] * 3, "3752.0", "0.47"),
        ([line("100.49", 0)], "100.0", "-0.49"),
        ([line("100.5", 0)], "101.0", "0.5"),
        ([line("-100.5", 0)], "-101.0", "-0.5"),
        ([line(100, 0)], "100.0", "0.0"),
    ],
)
def test_a_rounded_total_is_rounded_once_and_tells_the_difference(
    desk: Desk, lines: list[Any], total: str, adjustment: str
) -> None:
    exact, rounded = desk.issue(*lines), desk.issue(*lines, round_total=True)

    assert (rounded["total"], rounded["rounding_adjustment"], rounded["round_total"]) == (total, adjustment, True)
    assert (exact["rounding_adjustment"], exact["round_total"]) == ("0.0", False)
    assert rounded["subtotal"] == exact["subtotal"]
    assert rounded["vat_rates_summary"] == exact["vat_rates_summary"]
    assert rounded["remaining_amount"] == total


def test_native_amounts_of_a_foreign_document_are_those_of_a_real_one(desk: Desk) -> None:
    lines = [line("82.005", 0), line("18.223", 0), line("18.223", 0, 3), line("0.1", 0)]

    issued = desk.issue(*lines, currency="USD", exchange_rate="21.95")

    assert of_lines(issued, "total_price_without_vat") == ["82.01", "18.22", "54.67", "0.1"]
    assert of_lines(issued, "native_total_price_without_vat") == ["1800.12", "399.93", "1200.01", "2.2"]
    assert of_lines(issued, "native_total_vat") == ["0.0"] * 4
    assert (issued["subtotal"], issued["native_subtotal"], issued["native_total"]) == ("155.0", "3402.25", "3402.25")
    assert issued["remaining_native_amount"] == "3402.25"
    assert issued["vat_rates_summary"] == [
        {
            "vat_rate": 0,
            "base": "155.0",
            "vat": "0.0",
            "currency": "USD",
            "native_base": "3402.25",
            "native_vat": "0.0",
            "native_currency": "CZK",
        }
    ]


@pytest.mark.parametrize("mode", ["without_vat", "from_total_with_vat"])
def test_whoever_pays_no_vat_has_no_rates_and_no_price_mode(desk: Desk, mode: str) -> None:
    desk.set_account(vat_mode="non_vat_payer")

    issued = desk.issue(line(1210, 21), vat_price_mode=mode)

    found = issued["lines"][0]
    assert (found["vat_rate"], found["unit_price"], found["unit_price_with_vat"]) == (0, "1210.0", "1210.0")
    assert (issued["subtotal"], issued["total"]) == ("1210.0", "1210.0")
    assert [(s["vat_rate"], s["base"], s["vat"]) for s in issued["vat_rates_summary"]] == [(0, "1210.0", "0.0")]


@pytest.mark.parametrize("mode", ["without_vat", "from_total_with_vat"])
def test_under_reverse_charge_the_rate_stays_and_no_vat_is_computed(desk: Desk, mode: str) -> None:
    issued = desk.issue(line(1210, 21), vat_price_mode=mode, transferred_tax_liability=True, supply_code=4)

    found = issued["lines"][0]
    assert (found["vat_rate"], found["unit_price"], found["unit_price_with_vat"]) == (21, "1210.0", "1210.0")
    assert (found["total_vat"], issued["total"], issued["supply_code"]) == ("0.0", "1210.0", "4")
    assert [(s["vat_rate"], s["base"], s["vat"]) for s in issued["vat_rates_summary"]] == [(21, "1210.0", "0.0")]
    taxed = desk.change(issued, transferred_tax_liability=False, vat_price_mode="without_vat")
    assert taxed["total"] == "1464.1"


def test_another_price_mode_on_update_reads_the_entered_prices_anew(desk: Desk) -> None:
    issued = desk.issue(line(121))

    assert desk.change(issued, vat_price_mode="from_total_with_vat")["total"] == "121.0"
    assert desk.change(issued, vat_price_mode="without_vat")["total"] == issued["total"] == "146.41"


def test_what_remains_is_not_reduced_by_the_documents_own_payments(desk: Desk) -> None:
    issued = desk.issue()
    desk.pay(issued)

    paid = desk.read(issued)
    assert (paid["status"], paid["total"], paid["remaining_amount"]) == ("paid", "121.0", "121.0")


def test_an_amount_too_large_to_be_kept_is_refused(desk: Desk) -> None:
    assert "lines.unit_price" in desk.refusal(lines=[line("999999999999", quantity=2)])
    assert desk.refusal(lines=[line("999999999999")] * 3) == {"lines": ["je příliš velké číslo"]}
    huge = {"currency": "EUR", "exchange_rate": "999999999999", "lines": [line("999999999999", 100)] * 900}
    assert desk.refusal(**huge) == {"lines": ["je příliš velké číslo"]}


@pytest.mark.parametrize("values", [{}, {"vat_price_mode": "from_total_with_vat"}, {"transferred_tax_liability": True}])
def test_a_credit_note_without_vat_says_no_negative_zero(desk: Desk, values: dict[str, Any]) -> None:
    corrected = desk.issue(line(100, 0))
    credit_note = desk.issue(line("-100", 0), document_type="correction", correction_id=corrected["id"], **values)
    rounded = desk.issue(line("-0.4", 0), round_total=True)
    desk.pay(credit_note)

    assert credit_note["lines"][0]["total_vat"] == credit_note["vat_rates_summary"][0]["vat"] == "0.0"
    for document in (desk.read(credit_note), desk.read(rounded)):
        assert "-0.0" not in json.dumps(document).replace("-0.4", "")


def test_the_same_change_again_changes_nothing(desk: Desk) -> None:
    issued = desk.issue(line(121), vat_price_mode="from_total_with_vat")
    shown = {"id": issued["lines"][0]["id"], "unit_price": "100.0"}
    for values in ({"transferred_tax_liability": True}, {"vat_price_mode": "without_vat"}):
        once = desk.change(issued, lines=[shown], **values)
        assert once["lines"][0]["unit_price"] == "100.0"
        assert desk.change(issued, lines=[shown], **values) == once
