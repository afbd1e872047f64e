"""Sections 2.0.1 and 1.8: the lines of an invoice, created and changed one by one."""

from typing import Any

import pytest

from faktura.dialects.fakturoid.tests.conftest import Desk, line
from tests import needs

pytestmark = needs.ONE_ENGINE


def texts(invoice: Any) -> list[str]:
    return [found["name"] for found in invoice["lines"]]


def test_a_line_needs_a_name_and_a_price_and_the_rest_has_defaults(desk: Desk) -> None:
    issued = desk.issue({"name": "Práce", "unit_price": "100"})

    found = issued["lines"][0]
    assert (found["quantity"], found["unit_name"], found["vat_rate"]) == ("1.0", "", 0)
    assert found["inventory"] is None


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"name": ""}, {"lines.name": ["je povinná položka"]}),
        ({"name": None}, {"lines.name": ["je povinná položka"]}),
        ({"unit_price": None}, {"lines.unit_price": ["je povinná položka"]}),
        ({"unit_price": ""}, {"lines.unit_price": ["je povinná položka", "není číslo"]}),
        ({"unit_price": "1,5"}, {"lines.unit_price": ["není číslo"]}),
        ({"quantity": 0}, {"lines.quantity": ["musí být větší než 0"]}),
        ({"quantity": -1}, {"lines.quantity": ["musí být větší než 0"]}),
        ({"vat_rate": "x"}, {"lines.vat_rate": ["není číslo"]}),
        ({"vat_rate": 101}, {"lines.vat_rate": ["není v seznamu povolených hodnot"]}),
        ({"sku": "NENI"}, {"lines.sku": ["není v seznamu povolených hodnot"]}),
        ({"inventory_item_id": 7}, {"lines.inventory_item_id": ["není v seznamu povolených hodnot"]}),
    ],
)
def test_a_wrong_line_is_told_by_its_attribute(desk: Desk, values: dict[str, Any], errors: Any) -> None:
    assert desk.refusal(lines=[line(100) | values]) == errors


def test_a_negative_price_is_a_discount(desk: Desk) -> None:
    assert desk.issue(line(100), line(-30))["total"] == "84.7"


def test_a_quantity_has_three_decimals_and_a_price_as_many(desk: Desk) -> None:
    found = desk.issue(line("18.223", quantity="2.125"))["lines"][0]

    assert (found["quantity"], found["unit_price"]) == ("2.125", "18.223")


@pytest.mark.parametrize(("sent", "shown"), [(21, 21), ("21", 21), (21.0, 21), ("5.5", 5.5), (0, 0)])
def test_a_rate_is_a_number_whole_where_it_can_be(desk: Desk, sent: Any, shown: float) -> None:
    issued = desk.issue(line(100, sent))

    assert issued["lines"][0]["vat_rate"] == issued["vat_rates_summary"][0]["vat_rate"] == shown
    assert isinstance(issued["lines"][0]["vat_rate"], type(shown))


def test_an_answer_keeps_the_order_of_the_request(desk: Desk) -> None:
    assert texts(desk.issue(line(1, name="c"), line(2, name="a"), line(3, name="b"))) == ["c", "a", "b"]


def test_a_line_with_its_id_is_changed_and_those_not_mentioned_stay(desk: Desk) -> None:
    issued = desk.issue(line(1, name="a"), line(2, name="b"))
    second = issued["lines"][1]["id"]

    changed = desk.change(issued, lines=[{"id": second, "unit_price": 20}])

    assert texts(changed) == ["a", "b"]
    assert [found["unit_price"] for found in changed["lines"]] == ["1.0", "20.0"]
    assert [found["id"] for found in changed["lines"]] == [found["id"] for found in issued["lines"]]


def test_a_line_without_an_id_is_added(desk: Desk) -> None:
    issued = desk.issue(line(1, name="a"))

    assert texts(desk.change(issued, lines=[line(2, name="b")])) == ["a", "b"]


@pytest.mark.parametrize("destroy", [True, 1, "1", "true"])
def test_a_line_to_be_destroyed_is_removed(desk: Desk, destroy: Any) -> None:
    issued = desk.issue(line(1, name="a"), line(2, name="b"))

    changed = desk.change(issued, lines=[{"id": issued["lines"][0]["id"], "_destroy": destroy}])

    assert texts(changed) == ["b"]
    assert changed["subtotal"] == "2.0"


def test_an_unknown_id_of_a_line_is_not_found(desk: Desk) -> None:
    issued, other = desk.issue(), desk.issue()

    for line_id in (999_999, other["lines"][0]["id"]):
        refused = desk.client.patch(f"/invoices/{issued['id']}.json", {"lines": [{"id": line_id, "name": "x"}]})
        assert refused.status_code == 404
    assert desk.read(issued) == issued


def test_ids_of_lines_are_never_used_again(desk: Desk) -> None:
    issued = desk.issue(line(1), line(2))
    gone = [found["id"] for found in issued["lines"]]

    emptied = desk.change(issued, lines=[{"id": line_id, "_destroy": True} for line_id in gone])
    assert emptied["lines"] == []
    added = desk.change(issued, lines=[line(3)])["lines"][0]["id"]
    assert added not in gone


def test_a_price_with_vat_comes_back_as_the_net_price(desk: Desk) -> None:
    issued = desk.issue(line(1210), vat_price_mode="from_total_with_vat")

    found = issued["lines"][0]
    assert (found["unit_price"], found["unit_price_without_vat"], found["unit_price_with_vat"]) == (
        *("1000.0", "1000.0"),
        "1210.0",
    )


def test_a_line_sent_back_with_its_net_price_keeps_what_was_entered(desk: Desk) -> None:
    issued = desk.issue(line("99.99", quantity=3), vat_price_mode="from_total_with_vat")

    changed = desk.change(issued, lines=[issued["lines"][0] | {"name": "Jiný text"}])

    assert texts(changed) == ["Jiný text"]
    assert (changed["total"], changed["lines"][0]["unit_price"]) == (issued["total"], issued["lines"][0]["unit_price"])
    dearer = desk.change(issued, lines=[{"id": issued["lines"][0]["id"], "unit_price": 121}])
    assert dearer["total"] == "363.0"


def test_a_change_answers_its_lines_in_the_order_of_the_request(desk: Desk) -> None:
    issued = desk.issue(*(line(100, name=name) for name in "abcd"))
    a, b, c, d = (one["id"] for one in issued["lines"])
    sent = [{"id": d}, line(1, name="new"), {"id": b, "_destroy": True}, {"id": c, "name": "C"}, {"id": a}]

    assert texts(desk.change(issued, lines=sent)) == ["d", "new", "C", "a"]


def test_lines_that_are_not_mentioned_keep_their_places(desk: Desk) -> None:
    issued = desk.issue(*(line(100, name=name) for name in "abcd"))
    a, _, c, _ = (one["id"] for one in issued["lines"])

    assert texts(desk.change(issued, lines=[{"id": c, "name": "C"}])) == ["a", "b", "C", "d"]
    assert texts(desk.change(issued, lines=[line(1, name="last")])) == ["a", "b", "C", "d", "last"]
    assert texts(desk.change(issued, lines=[line(1, name="first"), {"id": a}])) == [
        *("first", "a", "b", "C", "d", "last"),
    ]
    assert texts(desk.change(issued, lines=[{"id": c}, line(1, name="new"), {"id": a}])) == [
        *("first", "C", "b", "new", "a", "d", "last"),
    ]
