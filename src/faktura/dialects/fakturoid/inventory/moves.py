"""Inventory moves (2.13): the core's moves in and out of stock."""

from typing import Any

from faktura.core.catalogue import Product
from faktura.core.inventory.moves import add_move, change_move, delete_move, find_move
from faktura.core.inventory.record import StockMove
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.paging import (
    PAGE,
    SINCE,
    UNTIL,
    UPDATED_SINCE,
    UPDATED_UNTIL,
    filters_of,
)
from faktura.dialects.fakturoid.door.values import CURRENCY, DATE, DECIMAL, INTEGER, MOMENT, RATE, TEXT
from faktura.store.queries import Condition, Order, Selection
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint, Parameter
from faktura.wire.fields import Field, Kind, Shape, read_only
from faktura.wire.requests import read_id
from faktura.wire.values import choice

TYPES = {"invoices": "Invoice", "expenses": "Expense"}
"""By what the core calls a sort of documents."""

OF_DOCUMENT = Kind(
    {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "type": {"type": "string", "enum": list(TYPES.values())},
            "line_id": {"type": "integer"},
        },
    },
    lambda _value: None,
)


def _document(move: StockMove, _view: View) -> Any:
    """The line that made it."""
    if move.document_kind is None:
        return None
    return {"id": move.document_id, "type": TYPES[move.document_kind], "line_id": move.line_id}


INVENTORY_MOVE: Shape[StockMove, View] = Shape(
    "inventory_move",
    StockMove,
    (
        read_only("id", INTEGER, nullable=False),
        Field("direction", choice("in", "out"), nullable=False, required=True),
        Field("moved_on", DATE, nullable=False, required=True),
        Field("quantity_change", DECIMAL, nullable=False, required=True),
        Field("purchase_price", DECIMAL, nullable=False),
        Field("purchase_currency", CURRENCY, nullable=False),
        Field("native_purchase_price", RATE, nullable=False),
        Field("retail_price", RATE),
        Field("retail_currency", CURRENCY, nullable=False),
        Field("native_retail_price", RATE),
        Field("private_note", TEXT),
        read_only("inventory_item_id", INTEGER, "product_id", nullable=False),
        read_only("document", OF_DOCUMENT, showing=_document),
        read_only("created_at", MOMENT, nullable=False),
        read_only("updated_at", MOMENT, nullable=False),
    ),
)

ITEM_ID = Parameter("inventory_item_id", INTEGER, "Of this inventory item")
NEWEST_FIRST = (Order("id", descending=True),)


def list_moves(call: Call) -> Answer:
    item_id = call.query.get("inventory_item_id")
    of_item = () if item_id is None else (Condition("product_id", "eq", item_id),)
    return call.page(INVENTORY_MOVE, Selection((*filters_of(call.query), *of_item), order=NEWEST_FIRST))


def list_moves_of_item(call: Call) -> Answer:
    item = call.books.find(Product, call.id)
    of_item = Condition("product_id", "eq", item.id)
    return call.page(INVENTORY_MOVE, Selection((*filters_of(call.query), of_item), order=NEWEST_FIRST))


def read_move(call: Call) -> Answer:
    return call.one(INVENTORY_MOVE, find_move(call.books, call.id, _move_id(call)).id)


def create_move(call: Call) -> Answer:
    move = add_move(call.books, call.id, call.given(INVENTORY_MOVE))
    return call.created(INVENTORY_MOVE, move, f"inventory_items/{call.id}/inventory_moves/{move.id}.json")


def update_move(call: Call) -> Answer:
    changed = change_move(call.books, call.id, _move_id(call), call.given(INVENTORY_MOVE))
    return call.shown(INVENTORY_MOVE, changed)


def remove_move(call: Call) -> Answer:
    delete_move(call.books, call.id, _move_id(call))
    return NO_CONTENT


def _move_id(call: Call) -> int:
    return read_id(call.ids["move_id"])


OF_ITEM = "/accounts/{slug}/inventory_items/{id}/inventory_moves.json"
ONE = "/accounts/{slug}/inventory_items/{id}/inventory_moves/{move_id}.json"
DATES = (SINCE, UNTIL, UPDATED_SINCE, UPDATED_UNTIL)

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/accounts/{slug}/inventory_moves.json",
        serve=list_moves,
        about="List inventory moves",
        parameters=(*DATES, ITEM_ID, PAGE),
        answers={200: [INVENTORY_MOVE]},
    ),
    Endpoint(
        method="GET",
        path=OF_ITEM,
        serve=list_moves_of_item,
        about="List the moves of an inventory item",
        parameters=(*DATES, PAGE),
        answers={200: [INVENTORY_MOVE]},
    ),
    Endpoint(method="GET", path=ONE, serve=read_move, about="Read an inventory move", answers={200: INVENTORY_MOVE}),
    Endpoint(
        method="POST",
        path=OF_ITEM,
        serve=create_move,
        about="Create an inventory move",
        takes=INVENTORY_MOVE,
        answers={201: INVENTORY_MOVE},
    ),
    Endpoint(
        method="PATCH",
        path=ONE,
        serve=update_move,
        about="Change an inventory move",
        takes=INVENTORY_MOVE,
        answers={200: INVENTORY_MOVE},
    ),
    Endpoint(
        method="DELETE",
        path=ONE,
        serve=remove_move,
        about="Delete an inventory move",
        answers={204: None},
        refuses=(422,),
    ),
)
