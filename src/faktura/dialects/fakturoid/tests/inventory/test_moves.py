"""Inventory moves (2.13): every attribute, every sentence, lists."""

from typing import Any

import pytest

from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.dialects.fakturoid.tests.inventory.test_items import BLANK, TRACKED, add

MOVE = {"direction": "in", "moved_on": "2026-11-20", "quantity_change": "10", "purchase_price": "50"}


class Shelf:
    """An item of which 12.5 are there, and its moves."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.item_id = add(client, **TRACKED)["id"]
        self.path = f"/inventory_items/{self.item_id}/inventory_moves"

    def move(self, **values: Any) -> Any:
        answer = self.client.post(f"{self.path}.json", MOVE | values)
        assert answer.status_code == 201, answer.text
        return answer.json

    def change(self, move: Any, **values: Any) -> Any:
        return self.client.patch(f"{self.path}/{move['id']}.json", values)

    @property
    def item(self) -> Any:
        return self.client.get(f"/inventory_items/{self.item_id}.json").json


@pytest.fixture
def shelf(client: Client) -> Shelf:
    return Shelf(client)


def test_a_new_move_has_every_attribute(shelf: Shelf) -> None:
    created = shelf.client.post(f"{shelf.path}.json", MOVE | {"moved_on": "2026-11-20T10:00:00+01:00"})

    move = created.json
    assert created.headers["Location"].endswith(f"/accounts/applecorp{shelf.path}/{move['id']}.json")
    assert {name: value for name, value in move.items() if name not in {"id", "created_at", "updated_at"}} == {
        "direction": "in",
        "moved_on": "2026-11-20",
        "quantity_change": "10.0",
        "purchase_price": "50.0",
        "purchase_currency": "CZK",
        "native_purchase_price": "50.0",
        "retail_price": None,
        "retail_currency": "CZK",
        "native_retail_price": None,
        "private_note": None,
        "inventory_item_id": shelf.item_id,
        "document": None,
    }
    assert shelf.client.get(f"{shelf.path}/{move['id']}.json").json == move
    assert (shelf.item["quantity"], shelf.item["average_native_purchase_price"]) == ("22.5", "44.444444")


def test_every_attribute_is_kept_as_it_was_sent(shelf: Shelf) -> None:
    sent = MOVE | {
        "quantity_change": "1.5",
        "purchase_price": "2.125",
        "purchase_currency": "EUR",
        "native_purchase_price": "53.0",
        "retail_price": "4.0",
        "retail_currency": "EUR",
        "native_retail_price": "99.9",
        "private_note": "Dodáno ráno",
    }
    move = shelf.move(**sent)

    assert {name: move[name] for name in sent} == sent
    assert shelf.change(move, **move).json == move


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"purchase_price": None}, {"purchase_price": [BLANK]}),
        ({"purchase_price": "x"}, {"purchase_price": ["není číslo"]}),
        ({"direction": None}, {"direction": [BLANK]}),
        ({"direction": "up"}, {"direction": ["není v seznamu povolených hodnot"]}),
        ({"moved_on": None}, {"moved_on": [BLANK]}),
        ({"moved_on": "včera"}, {"moved_on": ["není datum"]}),
        ({"moved_on": "0001-01-01"}, {"moved_on": ["není datum"]}),
        ({"quantity_change": None}, {"quantity_change": [BLANK]}),
        ({"quantity_change": "0"}, {"quantity_change": ["musí být větší než 0"]}),
        ({"quantity_change": "9e11"}, {"purchase_price": ["je příliš velké číslo"]}),
        ({"direction": "out", "quantity_change": 13}, {"quantity_change": ["Množství na skladě by kleslo pod nulu"]}),
        (
            {"purchase_currency": "ABC"},
            {"purchase_currency": ["není v seznamu povolených hodnot"], "native_purchase_price": [BLANK]},
        ),
        ({"purchase_currency": "EUR"}, {"native_purchase_price": [BLANK]}),
    ],
)
def test_what_is_wrong_is_told_at_its_attribute(shelf: Shelf, values: Any, errors: Any) -> None:
    before = shelf.item
    answer = shelf.client.post(f"{shelf.path}.json", MOVE | values)

    assert (answer.status_code, answer.json["errors"]) == (422, errors)
    assert shelf.item == before
    assert len(shelf.client.get(f"{shelf.path}.json").json) == 1


def test_what_is_wrong_is_told_together(shelf: Shelf) -> None:
    told = shelf.client.post(f"{shelf.path}.json", {}).json["errors"]

    assert told == {key: [BLANK] for key in ("direction", "moved_on", "quantity_change", "purchase_price")}


def test_what_goes_out_costs_the_average_where_nobody_says(shelf: Shelf) -> None:
    move = shelf.move(direction="out", purchase_price=None)

    assert (move["purchase_price"], move["native_purchase_price"]) == ("40.0", "40.0")


def test_the_direction_stays(shelf: Shelf) -> None:
    move = shelf.move()

    assert shelf.change(move, direction="out").json["errors"] == {"direction": ["nelze změnit"]}
    listed = ["není v seznamu povolených hodnot", "nelze změnit"]
    assert shelf.change(move, direction="up").json["errors"] == {"direction": listed}
    assert shelf.change(move, direction="in", quantity_change=2).status_code == 200
    assert shelf.item["quantity"] == "14.5"


def test_the_native_price_follows_unless_it_is_said(shelf: Shelf) -> None:
    move = shelf.move()

    assert shelf.change(move, purchase_price=100).json["native_purchase_price"] == "100.0"
    said = shelf.change(move, purchase_price=10, native_purchase_price=11).json
    assert (said["purchase_price"], said["native_purchase_price"]) == ("10.0", "11.0")
    for name in ("purchase_price", "quantity_change", "moved_on"):
        assert shelf.change(move, **{name: None}).json["errors"] == {name: [BLANK]}


def test_the_native_retail_price_goes_with_the_price_that_it_was_of(shelf: Shelf) -> None:
    move = shelf.move(retail_price="70")
    assert move["native_retail_price"] == "70.0"

    assert shelf.change(move, retail_price=None, private_note="A").json["native_retail_price"] is None
    alone = shelf.change(move, native_retail_price=80).json
    assert (alone["retail_price"], alone["native_retail_price"]) == (None, "80.0")
    assert shelf.change(move, moved_on="2026-11-21").json["native_retail_price"] == "80.0"


def test_a_move_is_taken_back_with_what_it_moved(shelf: Shelf) -> None:
    move = shelf.move()
    assert shelf.client.delete(f"{shelf.path}/{move['id']}.json").status_code == 204

    assert shelf.client.get(f"{shelf.path}/{move['id']}.json").status_code == 404
    assert shelf.item["quantity"] == "12.5"
    assert shelf.item["average_native_purchase_price"] == "40.0"


def test_moves_are_listed_the_newest_first(shelf: Shelf) -> None:
    other = add(shelf.client, **TRACKED | {"sku": "MOST-2"})
    moves = [shelf.move()["id"], shelf.move()["id"]]

    def ids(query: str = "", path: str = "/inventory_moves.json") -> list[int]:
        return [move["id"] for move in shelf.client.get(path, query_string=query).json]

    assert len(ids()) == 4
    assert ids()[:2] == moves[::-1]
    assert ids(f"inventory_item_id={shelf.item_id}") == ids(path=f"{shelf.path}.json")
    assert ids(f"inventory_item_id={shelf.item_id}")[:2] == moves[::-1]
    assert len(ids(f"inventory_item_id={other['id']}")) == 1
    assert ids("since=2100-01-01") == ids("page=2") == []
    assert shelf.client.get("/inventory_moves.json", query_string="until=x").status_code == 400


def test_a_move_is_found_under_its_own_item_alone(shelf: Shelf) -> None:
    move, other = shelf.move(), add(shelf.client, **TRACKED | {"sku": "MOST-2"})
    path = f"/inventory_items/{other['id']}/inventory_moves/{move['id']}.json"

    for method in ("GET", "PATCH", "DELETE"):
        assert shelf.client.call(method, path, {} if method == "PATCH" else None).status_code == 404
    assert shelf.client.get("/inventory_items/999/inventory_moves.json").status_code == 404


def test_a_change_is_refused_where_the_move_is_another_by_now(shelf: Shelf) -> None:
    move = shelf.move()
    path = f"{shelf.path}/{move['id']}.json"
    tag = shelf.client.get(path).headers["ETag"]
    assert shelf.client.patch(path, {"private_note": "A"}, headers={"If-Match": tag}).status_code == 200

    for method in ("PATCH", "DELETE"):
        late = shelf.client.call(method, path, {} if method == "PATCH" else None, headers={"If-Match": tag})
        assert late.status_code == 412


def test_a_move_is_written_once_under_one_key(shelf: Shelf) -> None:
    headers = {"Idempotency-Key": "naskladnění-1".encode().hex()}
    first, second = (shelf.client.post(f"{shelf.path}.json", MOVE, headers=headers) for _ in range(2))

    assert (first.json, second.headers["Idempotent-Replayed"]) == (second.json, "true")
    assert shelf.item["quantity"] == "22.5"
