"""Lines that connect an inventory item (2.0.1), and the moves that documents make of them (2.13)."""

from typing import Any

import pytest

from faktura.dialects.fakturoid.tests.conftest import Client, Desk, ExpenseDesk, GeneratorDesk, line
from faktura.dialects.fakturoid.tests.inventory.test_items import TRACKED, add

FORBIDDEN = "Inventory move of a document can be changed only through the document"


def quantity(client: Client, item: Any) -> str:
    found: str = client.get(f"/inventory_items/{item['id']}.json").json["quantity"]
    return found


def moves(client: Client, item: Any) -> list[Any]:
    """The newest first; without the one that the item began with."""
    found = client.get("/inventory_moves.json", query_string=f"inventory_item_id={item['id']}").json
    return [move for move in found if move["document"] is not None]


@pytest.fixture
def item(client: Client) -> Any:
    return add(client, **TRACKED, unit_name="l", vat_rate="standard")


def test_inventory_item_id_connects_an_inventory_item(desk: Desk, item: Any) -> None:
    issued = desk.issue({"inventory_item_id": item["id"], "quantity": "2.5"})

    [move] = moves(desk.client, item)
    [sold] = issued["lines"]
    assert sold["inventory"] == {
        "item_id": item["id"],
        "sku": "MOST-1",
        "article_number_type": None,
        "article_number": None,
        "move_id": move["id"],
    }
    assert {"inventory_item_id", "sku"}.isdisjoint(sold)
    assert desk.read(issued) == issued
    assert quantity(desk.client, item) == "10.0"


@pytest.mark.usefixtures("item")
def test_sku_loads_the_item_and_sent_non_empty_values_win(desk: Desk) -> None:
    bare, said = desk.issue(
        {"sku": "MOST-1", "name": "", "unit_price": ""},
        {"sku": "MOST-1", "name": "Ochutnávka", "unit_name": "ks", "unit_price": "1", "vat_rate": 12, "quantity": 2},
    )["lines"]

    assert (bare["name"], bare["unit_name"]) == ("Mošt jablečný\r\nSKU: MOST-1", "l")
    assert (bare["unit_price"], bare["vat_rate"], bare["quantity"]) == ("89.5", 21, "1.0")
    assert (said["name"], said["unit_name"], said["unit_price"], said["vat_rate"]) == ("Ochutnávka", "ks", "1.0", 12)


@pytest.mark.parametrize("kind", ["ian", "ean", "isbn"])
def test_the_text_is_the_name_then_the_sku_then_the_article_number(desk: Desk, kind: str) -> None:
    add(desk.client, **TRACKED, article_number_type=kind, article_number="8590000000017")
    [found] = desk.issue({"sku": "MOST-1"})["lines"]

    assert found["name"] == f"Mošt jablečný\r\nSKU: MOST-1\r\n{kind.upper()}: 8590000000017"
    assert (found["inventory"]["article_number_type"], found["inventory"]["article_number"]) == (kind, "8590000000017")


def test_inventory_stays_null_for_items_without_quantity_tracking(desk: Desk) -> None:
    item = add(desk.client)
    [found] = desk.issue({"inventory_item_id": item["id"]})["lines"]

    assert (found["name"], found["inventory"]) == ("Mošt jablečný\r\nSKU: MOST-1", None)
    assert moves(desk.client, item) == []
    assert desk.client.delete(f"/inventory_items/{item['id']}.json").status_code == 204


def test_an_invoice_moves_out_on_the_day_of_issue(desk: Desk, item: Any) -> None:
    issued = desk.issue(line(120, inventory_item_id=item["id"], quantity=3), issued_on="2026-11-12")

    [move] = moves(desk.client, item)
    path = f"/inventory_items/{item['id']}/inventory_moves/{move['id']}.json"
    assert desk.client.get(path).json == move
    assert {name: value for name, value in move.items() if name not in {"id", "created_at", "updated_at"}} == {
        "direction": "out",
        "moved_on": "2026-11-12",
        "quantity_change": "3.0",
        "purchase_price": "40.0",
        "purchase_currency": "CZK",
        "native_purchase_price": "40.0",
        "retail_price": "120.0",
        "retail_currency": "CZK",
        "native_retail_price": "120.0",
        "private_note": None,
        "inventory_item_id": item["id"],
        "document": {"id": issued["id"], "type": "Invoice", "line_id": issued["lines"][0]["id"]},
    }


def test_an_expense_moves_in_and_counts_in_the_average_price(expenses: ExpenseDesk, item: Any) -> None:
    entered = expenses.issue({"sku": "MOST-1", "quantity": "12.5", "unit_price": "50"})

    [move] = moves(expenses.client, item)
    assert (move["direction"], move["quantity_change"], move["purchase_price"]) == ("in", "12.5", "50.0")
    assert move["document"] == {"id": entered["id"], "type": "Expense", "line_id": entered["lines"][0]["id"]}
    assert entered["lines"][0]["inventory"]["move_id"] == move["id"]
    found = expenses.client.get(f"/inventory_items/{item['id']}.json").json
    assert (found["quantity"], found["average_native_purchase_price"]) == ("25.0", "45.0")
    [usual] = expenses.issue({"sku": "MOST-1"})["lines"]
    assert usual["unit_price"] == "40.0"


def test_a_correction_moves_in(desk: Desk, item: Any) -> None:
    invoice = desk.issue(line(100, sku="MOST-1", quantity=4))
    desk.issue(line(-100, sku="MOST-1", quantity=3), document_type="correction", correction_id=invoice["id"])

    assert [(move["direction"], move["quantity_change"]) for move in moves(desk.client, item)] == [
        ("in", "3.0"),
        ("out", "4.0"),
    ]
    assert quantity(desk.client, item) == "11.5"


def test_proformas_create_none_and_the_invoice_after_one_does(desk: Desk, item: Any) -> None:
    proforma = desk.issue({"sku": "MOST-1", "quantity": 2}, document_type="proforma")
    assert proforma["lines"][0]["inventory"]["move_id"] is None
    assert (moves(desk.client, item), quantity(desk.client, item)) == ([], "12.5")

    desk.pay(proforma)
    final = desk.client.get(f"/invoices/{desk.read(proforma)['related_id']}.json").json
    [move] = moves(desk.client, item)
    assert move["document"]["id"] == final["id"]
    assert final["lines"][0]["inventory"]["move_id"] == move["id"]


def test_changing_the_line_adjusts_the_move_and_deleting_it_removes_the_move(desk: Desk, item: Any) -> None:
    issued = desk.issue(line(100, sku="MOST-1", quantity=4), line(50))
    [move] = moves(desk.client, item)
    line_id = issued["lines"][0]["id"]

    changed = desk.change(issued, lines=[{"id": line_id, "quantity": 2, "unit_price": "90"}])
    assert changed["lines"][0]["inventory"] == issued["lines"][0]["inventory"]
    [adjusted] = moves(desk.client, item)
    assert (adjusted["id"], adjusted["quantity_change"], adjusted["retail_price"]) == (move["id"], "2.0", "90.0")
    assert quantity(desk.client, item) == "10.5"

    desk.change(issued, lines=[{"id": line_id, "_destroy": True}])
    assert (moves(desk.client, item), quantity(desk.client, item)) == ([], "12.5")


def test_a_whole_record_that_is_sent_back_moves_nothing(desk: Desk, item: Any) -> None:
    issued = desk.issue(line(100, sku="MOST-1", quantity=4))
    before = moves(desk.client, item)

    assert desk.change(issued, **issued) == issued
    assert (moves(desk.client, item), quantity(desk.client, item)) == (before, "8.5")


def test_deleting_the_document_removes_the_move(desk: Desk, item: Any) -> None:
    issued = desk.issue(line(100, sku="MOST-1", quantity=4))
    [move] = moves(desk.client, item)

    assert desk.client.delete(f"/invoices/{issued['id']}.json").status_code == 204
    assert desk.client.get(f"/inventory_items/{item['id']}/inventory_moves/{move['id']}.json").status_code == 404
    assert quantity(desk.client, item) == "12.5"


def test_an_expense_whose_goods_are_sold_cannot_be_deleted(desk: Desk, expenses: ExpenseDesk, item: Any) -> None:
    entered = expenses.issue({"sku": "MOST-1", "quantity": 10, "unit_price": 40})
    desk.issue(line(100, sku="MOST-1", quantity=20))

    refused = desk.client.delete(f"/expenses/{entered['id']}.json")
    assert refused.status_code == 422
    assert refused.json == {"errors": {"document": ["Document cannot be deleted"]}}
    assert quantity(desk.client, item) == "2.5"


def test_a_cancelled_document_moves_nothing_until_that_is_taken_back(desk: Desk, item: Any) -> None:
    issued = desk.issue(line(100, sku="MOST-1", quantity=10))
    desk.fire(issued, "cancel")
    assert (quantity(desk.client, item), moves(desk.client, item)) == ("12.5", [])
    other = desk.issue(line(100, sku="MOST-1", quantity=10))

    refused = desk.fire(issued, "undo_cancel")
    assert refused.status_code == 422
    assert refused.json == {"errors": {"event": ["undo_cancel cannot be fired"]}}
    desk.client.delete(f"/invoices/{other['id']}.json")
    assert desk.fire(issued, "undo_cancel").status_code == 204
    assert quantity(desk.client, item) == "2.5"


def test_a_decrease_below_zero_without_allow_below_zero_is_refused_on_quantity_change(desk: Desk, item: Any) -> None:
    below = {"quantity_change": ["Množství na skladě by kleslo pod nulu"]}
    assert desk.refusal(lines=[line(100, sku="MOST-1", quantity=13)]) == below
    assert (quantity(desk.client, item), moves(desk.client, item)) == ("12.5", [])
    issued = desk.issue(line(100, sku="MOST-1", quantity=12))
    sold = {"id": issued["lines"][0]["id"]}
    assert desk.change_refusal(issued, lines=[sold | {"quantity": "12.501"}]) == below
    assert desk.change(issued, lines=[sold | {"quantity": "12.5"}])["lines"][0]["quantity"] == "12.5"

    desk.client.patch(f"/inventory_items/{item['id']}.json", {"allow_below_zero": True})
    desk.issue(line(100, sku="MOST-1", quantity=1))
    assert quantity(desk.client, item) == "-1.0"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_move_that_belongs_to_a_document_is_forbidden_to_change_and_to_delete(
    desk: Desk, item: Any, method: str
) -> None:
    desk.issue(line(100, sku="MOST-1"))
    [move] = moves(desk.client, item)
    path = f"/inventory_items/{item['id']}/inventory_moves/{move['id']}.json"

    refused = desk.client.call(method, path, {"quantity_change": "1"} if method == "PATCH" else None)
    assert (refused.status_code, refused.json) == (403, {"error": "forbidden", "error_description": FORBIDDEN})
    assert desk.client.get(path).json == move


def test_an_item_that_a_document_moved_cannot_be_deleted_and_can_be_archived(desk: Desk) -> None:
    item = add(desk.client, **{**TRACKED, "quantity": "0", "allow_below_zero": True})
    desk.issue(line(100, sku="MOST-1"))

    refused = desk.client.delete(f"/inventory_items/{item['id']}.json")
    assert refused.json == {"errors": {"inventory_item": ["Inventory item with moves cannot be deleted"]}}
    assert desk.client.post(f"/inventory_items/{item['id']}/archive.json").json["archived"] is True


def test_a_quantity_that_falls_below_the_minimum_by_a_document_is_low(desk: Desk, item: Any) -> None:
    desk.client.patch(f"/inventory_items/{item['id']}.json", {"min_quantity": "10"})
    issued = desk.issue(line(100, sku="MOST-1", quantity=3))
    [low] = desk.client.get("/inventory_items/low_quantity.json").json
    assert (low["id"], low["low_quantity_date"]) == (item["id"], low["updated_at"][:10])

    desk.client.delete(f"/invoices/{issued['id']}.json")
    assert desk.client.get("/inventory_items/low_quantity.json").json == []


@pytest.mark.parametrize("sent", [{"inventory_item_id": 7}, {"sku": "NENI"}, {"inventory_item_id": 2**31 - 1}])
def test_an_unknown_item_is_refused(desk: Desk, generators: GeneratorDesk, sent: dict[str, Any]) -> None:
    [name] = sent
    refused = {f"lines.{name}": ["není v seznamu povolených hodnot"]}
    for where in (desk, generators):
        assert where.refusal(lines=[line(100) | sent]) == refused


def test_a_line_whose_item_is_gone_is_sent_back_as_it_was_shown(generators: GeneratorDesk) -> None:
    item = add(generators.client)
    made = generators.issue({"inventory_item_id": item["id"]}, line(50))
    assert generators.client.delete(f"/inventory_items/{item['id']}.json").status_code == 204

    assert made["lines"][0]["inventory_item_id"] == item["id"]
    assert generators.change(made, **made) == made
    [changed, _] = generators.change(made, lines=[made["lines"][0] | {"quantity": 2}])["lines"]
    assert (changed["quantity"], changed["inventory_item_id"]) == ("2.0", item["id"])


def test_generators_return_the_item_and_move_nothing(generators: GeneratorDesk, item: Any) -> None:
    made = generators.issue({"sku": "MOST-1", "quantity": 2}, line(50))
    first, second = made["lines"]

    assert (first["inventory_item_id"], second["inventory_item_id"]) == (item["id"], None)
    assert (first["name"], first["unit_price"]) == ("Mošt jablečný\r\nSKU: MOST-1", "89.5")
    assert moves(generators.client, item) == []
    path = f"/generators/{made['id']}.json"
    assert generators.client.patch(path, made).json == made
    gone = generators.client.patch(path, {"lines": [{"id": first["id"], "inventory_item_id": None}]}).json
    assert (gone["lines"][0]["inventory_item_id"], gone["lines"][0]["inventory"]) == (None, None)


@pytest.mark.parametrize("sent", [{"inventory_item_id": None}, {"sku": None}, {"sku": ""}, {"inventory_item_id": ""}])
def test_no_item_at_all_is_a_plain_line(desk: Desk, sent: dict[str, Any]) -> None:
    assert desk.issue(line(100) | sent)["lines"][0]["inventory"] is None
