"""Inventory items (2.12): the core's products, and how many there are of them."""

from typing import Any

from faktura.core.catalogue import NOT_ARCHIVED, ZERO, Product, RetailPrice, delete_product
from faktura.core.countries.known import country_of
from faktura.core.countries.vat_rates import Band
from faktura.core.errors import Given, InUse, Problem, WrongState
from faktura.core.inventory.items import add_item, change_item, set_item_aside
from faktura.core.money.amounts import fine
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.errors import FieldFailure
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.names import check_name
from faktura.dialects.fakturoid.door.paging import (
    PAGE,
    SINCE,
    SOUGHT,
    UNTIL,
    UPDATED_SINCE,
    UPDATED_UNTIL,
    filters_of,
)
from faktura.dialects.fakturoid.door.values import BOOLEAN, CURRENCY, DATE, DECIMAL, INTEGER, MOMENT, RATE, TEXT
from faktura.store.queries import Condition, Selection
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint, Parameter
from faktura.wire.fields import Field, Shape, list_of, read_only
from faktura.wire.values import choice, show_decimal

BANDS: dict[str, Band] = {
    "standard": "standard",
    "reduced": "reduced",
    "reduced2": "second_reduced",
    "zero": "zero",
}


def _quantity(product: Product, _view: View) -> str | None:
    return show_decimal(product.stock) if product.track_quantity else None


def _average(product: Product, _view: View) -> str:
    return show_decimal(product.average_purchase_price if product.track_quantity else ZERO)


def _vat_rate(product: Product, view: View) -> str | None:
    """The name that the account's country has for the rate; what is not taxed has none."""
    if product.vat_treatment != "taxed":
        return None
    found = country_of(view.account.country).percent_of
    return next((name for name, band in BANDS.items() if found(band) == product.vat_rate), None)


RETAIL_PRICE: Shape[RetailPrice, View] = Shape(
    "retail_price",
    RetailPrice,
    (
        Field("id", INTEGER, nullable=False),
        Field("amount", DECIMAL, nullable=False, required=True),
        Field("currency", CURRENCY, nullable=False, required=True),
        Field("_destroy", BOOLEAN, "remove", access="write"),
        read_only("created_at", MOMENT, nullable=False),
        read_only("updated_at", MOMENT, nullable=False),
    ),
)

INVENTORY_ITEM: Shape[Product, View] = Shape(
    "inventory_item",
    Product,
    (
        read_only("id", INTEGER, nullable=False),
        Field("name", TEXT, nullable=False, required=True),
        Field("sku", TEXT),
        Field("article_number_type", choice("ian", "ean", "isbn"), nullable=False),
        Field("article_number", TEXT),
        Field("unit_name", TEXT, "unit"),
        Field("track_quantity", BOOLEAN, nullable=False),
        Field("quantity", DECIMAL, "stock", showing=_quantity),
        Field("min_quantity", RATE),
        Field("max_quantity", RATE),
        Field("allow_below_zero", BOOLEAN, nullable=False),
        read_only("low_quantity_date", DATE, "low_since"),
        Field("native_purchase_price", DECIMAL, "purchase_unit_net_price", nullable=False),
        Field("native_retail_price", DECIMAL, "unit_net_price", nullable=False, required=True),
        Field("vat_rate", choice(*BANDS), "vat_band", showing=_vat_rate),
        read_only("average_native_purchase_price", DECIMAL, nullable=False, showing=_average),
        Field("supply_type", choice("goods", "service"), nullable=False),
        read_only("archived", BOOLEAN, nullable=False),
        Field("private_note", TEXT),
        Field("suggest_for", choice("invoices", "expenses", "both"), "suggested_for", nullable=False),
        Field("retail_prices", list_of(RETAIL_PRICE, given=True), nullable=False),
        read_only("created_at", MOMENT, nullable=False),
        read_only("updated_at", MOMENT, nullable=False),
    ),
)

ARTICLE_NUMBER = Parameter("article_number", SOUGHT, "With this article number")
SKU = Parameter("sku", SOUGHT, "With this stock keeping unit")
QUERY = Parameter("query", TEXT, "Words to find in names, article numbers and stock keeping units")

ARCHIVED = Condition("archived", "eq", value=True)
LOW = Condition("low_since", "null", value=False)


def list_items(call: Call) -> Answer:
    return call.page(INVENTORY_ITEM, Selection((NOT_ARCHIVED, *_asked(call.query))))


def list_archived_items(call: Call) -> Answer:
    return call.page(INVENTORY_ITEM, Selection((ARCHIVED, *_asked(call.query))))


def list_low_items(call: Call) -> Answer:
    return call.page(INVENTORY_ITEM, Selection((NOT_ARCHIVED, LOW)))


def search_items(call: Call) -> Answer:
    return call.page(INVENTORY_ITEM, Selection(text=call.query.get("query", "")))


def read_item(call: Call) -> Answer:
    return call.one(INVENTORY_ITEM, call.id)


def create_item(call: Call) -> Answer:
    given = call.given(INVENTORY_ITEM)
    given.setdefault("name", None)
    check_name(given)
    if given.get("unit_net_price") is None:
        given.unread.setdefault("unit_net_price", [Problem("not_a_number")])
    given.setdefault("vat_band", None)
    item = add_item(call.books, _taxed(call, given))
    return call.created(INVENTORY_ITEM, item, f"inventory_items/{item.id}.json")


def update_item(call: Call) -> Answer:
    given = call.given(INVENTORY_ITEM)
    check_name(given)
    if given.get("unit_net_price", 0) is None:
        given.unread.setdefault("unit_net_price", [Problem("not_a_number")])
    _leave_as_shown(call, given)
    return call.shown(INVENTORY_ITEM, change_item(call.books, call.id, _taxed(call, given)))


def delete_item(call: Call) -> Answer:
    try:
        delete_product(call.books, call.id)
    except InUse:
        raise FieldFailure(422, "inventory_item", "Inventory item with moves cannot be deleted") from None
    return NO_CONTENT


def archive_item(call: Call) -> Answer:
    try:
        return call.shown(INVENTORY_ITEM, set_item_aside(call.books, call.id))
    except WrongState:
        raise FieldFailure(403, "inventory_item", "Inventory item cannot be archived") from None


def unarchive_item(call: Call) -> Answer:
    return call.shown(INVENTORY_ITEM, set_item_aside(call.books, call.id, aside=False))


def _asked(query: dict[str, Any]) -> tuple[Condition, ...]:
    own = (Condition(name, "eq", query[name]) for name in ("article_number", "sku") if name in query)
    return (*filters_of(query), *own)


def _leave_as_shown(call: Call, given: Given) -> None:
    """A price that is sent back computes no other again; a null for a rate without a name here takes none away."""
    old = call.books.find(Product, call.id)
    if given.get("unit_net_price") == old.unit_net_price:
        del given["unit_net_price"]
    if given.get("vat_band", "") is None and _vat_rate(old, call.view) is None:
        del given["vat_band"]


def _taxed(call: Call, given: Given) -> Given:
    """A named rate is the percent that the account's country has for it; without one there is no VAT to count."""
    if "vat_band" not in given:
        return given
    band = given.pop("vat_band")
    if band is None:
        return Given(given | {"vat_treatment": "not_subject", "vat_rate": None}, given.unread)
    percent = country_of(call.account.country).percent_of(BANDS[band])
    if percent is None:
        given.unread["vat_band"] = [Problem("not_in_list")]
        return given
    return Given(given | {"vat_treatment": "taxed", "vat_rate": fine(percent)}, given.unread)


MANY = "/accounts/{slug}/inventory_items.json"
ONE = "/accounts/{slug}/inventory_items/{id}.json"
FILTERS = (SINCE, UNTIL, UPDATED_SINCE, UPDATED_UNTIL, ARTICLE_NUMBER, SKU, PAGE)

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=MANY,
        serve=list_items,
        about="List inventory items that are not archived",
        parameters=FILTERS,
        answers={200: [INVENTORY_ITEM]},
    ),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/inventory_items/archived.json",
        serve=list_archived_items,
        about="List archived inventory items",
        parameters=FILTERS,
        answers={200: [INVENTORY_ITEM]},
    ),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/inventory_items/low_quantity.json",
        serve=list_low_items,
        about="List inventory items of which there are fewer than there should be",
        parameters=(PAGE,),
        answers={200: [INVENTORY_ITEM]},
    ),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/inventory_items/search.json",
        serve=search_items,
        about="Search inventory items",
        parameters=(QUERY, PAGE),
        answers={200: [INVENTORY_ITEM]},
        searches=True,
    ),
    Endpoint(method="GET", path=ONE, serve=read_item, about="Read an inventory item", answers={200: INVENTORY_ITEM}),
    Endpoint(
        method="POST",
        path=MANY,
        serve=create_item,
        about="Create an inventory item",
        takes=INVENTORY_ITEM,
        answers={201: INVENTORY_ITEM},
    ),
    Endpoint(
        method="PATCH",
        path=ONE,
        serve=update_item,
        about="Change an inventory item",
        takes=INVENTORY_ITEM,
        answers={200: INVENTORY_ITEM},
    ),
    Endpoint(
        method="DELETE",
        path=ONE,
        serve=delete_item,
        about="Delete an inventory item",
        answers={204: None},
        refuses=(422,),
    ),
    Endpoint(
        method="POST",
        path="/accounts/{slug}/inventory_items/{id}/archive.json",
        serve=archive_item,
        about="Archive an inventory item that has moves",
        answers={200: INVENTORY_ITEM},
    ),
    Endpoint(
        method="POST",
        path="/accounts/{slug}/inventory_items/{id}/unarchive.json",
        serve=unarchive_item,
        about="Take an inventory item out of the archive",
        answers={200: INVENTORY_ITEM},
    ),
)
