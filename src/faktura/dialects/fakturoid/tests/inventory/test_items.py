"""Inventory items (2.12): every attribute, every sentence, lists, the archive."""

from decimal import Decimal
from typing import Any

import pytest

from faktura.core.catalogue import Product, add_product
from faktura.core.errors import Given
from faktura.dialects.fakturoid.tests.conftest import Client

ITEM = {"name": "Mošt jablečný", "sku": "MOST-1", "native_retail_price": "89.5", "native_purchase_price": "40"}
TRACKED = ITEM | {"track_quantity": True, "quantity": "12.5"}
MANY = "/inventory_items.json"
BLANK, TOO_SHORT = "je povinná položka", "je příliš krátký/á/é (min. 2 znaků)"


def add(client: Client, **values: Any) -> Any:
    answer = client.post(MANY, ITEM | values)
    assert answer.status_code == 201, answer.text
    return answer.json


def refusal(client: Client, **values: Any) -> Any:
    answer = client.post(MANY, ITEM | values)
    assert answer.status_code == 422, answer.text
    assert client.get(MANY).json == []
    return answer.json["errors"]


def ids(client: Client, path: str = MANY, query: str = "") -> list[int]:
    answer = client.get(path, query_string=query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json]


def test_a_new_item_has_every_attribute(client: Client) -> None:
    created = client.post(MANY, ITEM)

    item = created.json
    assert created.headers["Location"].endswith(f"/accounts/applecorp/inventory_items/{item['id']}.json")
    assert {name: value for name, value in item.items() if name not in {"id", "created_at", "updated_at"}} == {
        "name": "Mošt jablečný",
        "sku": "MOST-1",
        "article_number_type": "ian",
        "article_number": None,
        "unit_name": None,
        "track_quantity": False,
        "quantity": None,
        "min_quantity": None,
        "max_quantity": None,
        "allow_below_zero": False,
        "low_quantity_date": None,
        "native_purchase_price": "40.0",
        "native_retail_price": "89.5",
        "vat_rate": None,
        "average_native_purchase_price": "0.0",
        "supply_type": "goods",
        "archived": False,
        "private_note": None,
        "suggest_for": "both",
        "retail_prices": [],
    }
    assert client.get(f"/inventory_items/{item['id']}.json").json == item


def test_every_attribute_is_kept_as_it_was_sent(client: Client) -> None:
    sent = TRACKED | {
        "article_number_type": "ean",
        "article_number": "8590000000017",
        "unit_name": "l",
        "min_quantity": "2.5",
        "max_quantity": "100.0",
        "allow_below_zero": True,
        "native_purchase_price": "40.125",
        "vat_rate": "reduced",
        "supply_type": "service",
        "private_note": "Sklep",
        "suggest_for": "expenses",
    }
    item = add(client, **sent)

    assert {name: item[name] for name in sent} == sent
    assert item["average_native_purchase_price"] == "40.125"
    assert client.patch(f"/inventory_items/{item['id']}.json", item).json == item


@pytest.mark.parametrize("vat_rate", ["standard", "reduced", "reduced2", "zero", None])
def test_a_rate_is_called_by_its_name(client: Client, vat_rate: str | None) -> None:
    item = add(client, vat_rate=vat_rate)
    assert item["vat_rate"] == vat_rate

    changed = client.patch(f"/inventory_items/{item['id']}.json", {"vat_rate": "standard"})
    assert changed.json["vat_rate"] == "standard"
    assert client.patch(f"/inventory_items/{item['id']}.json", {"vat_rate": None}).json["vat_rate"] is None


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"name": ""}, {"name": [BLANK, TOO_SHORT]}),
        ({"name": "M"}, {"name": [TOO_SHORT]}),
        ({"native_retail_price": "levně"}, {"native_retail_price": ["není číslo"]}),
        ({"native_retail_price": ""}, {"native_retail_price": [BLANK, "není číslo"]}),
        ({"native_retail_price": None}, {"native_retail_price": ["není číslo"]}),
        ({"vat_rate": "21"}, {"vat_rate": ["není v seznamu povolených hodnot"]}),
        ({"supply_type": "boat"}, {"supply_type": ["není v seznamu povolených hodnot"]}),
        ({"article_number_type": "asin"}, {"article_number_type": ["není v seznamu povolených hodnot"]}),
        ({"suggest_for": "nobody"}, {"suggest_for": ["není v seznamu povolených hodnot"]}),
        (
            {"track_quantity": True, "sku": " ", "native_purchase_price": None},
            {"sku": [BLANK], "quantity": [BLANK], "native_purchase_price": [BLANK]},
        ),
        ({"track_quantity": True, "quantity": "-1"}, {"quantity": ["Množství na skladě by kleslo pod nulu"]}),
        ({"quantity": "9e11"}, {"quantity": ["je příliš velké číslo"]}),
        (
            {"retail_prices": [{"amount": "x"}]},
            {"retail_prices.amount": ["není číslo"], "retail_prices.currency": [BLANK]},
        ),
        (
            {"retail_prices": [{"amount": 1, "currency": "ABC"}]},
            {"retail_prices.currency": ["není v seznamu povolených hodnot"]},
        ),
        ({"retail_prices": "EUR"}, {"retail_prices": ["je neplatná hodnota"]}),
        (
            {"retail_prices": [{"amount": 1, "currency": c} for c in ("EUR", "EUR")]},
            {"retail_prices.currency": ["již databáze obsahuje"]},
        ),
        (
            {"retail_prices": [{"amount": 1, "currency": c} for c in ("EUR", "USD", "PLN", "GBP", "CHF", "HUF")]},
            {"retail_prices": ["má příliš mnoho položek (max. 5)"]},
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_attribute(client: Client, values: Any, errors: Any) -> None:
    assert refusal(client, **values) == errors


def test_an_empty_item_is_told_all_that_it_lacks(client: Client) -> None:
    answer = client.post(MANY, {"track_quantity": True})

    assert answer.json["errors"].keys() == {"name", "sku", "quantity", "native_purchase_price", "native_retail_price"}


def test_no_two_items_have_one_sku(client: Client) -> None:
    first, second = add(client), add(client, sku="MOST-2")

    assert client.post(MANY, ITEM).json["errors"] == {"sku": ["již databáze obsahuje"]}
    for sku, status in (("MOST-1", 422), ("MOST-2", 200)):
        assert client.patch(f"/inventory_items/{second['id']}.json", {"sku": sku}).status_code == status
    assert client.delete(f"/inventory_items/{first['id']}.json").status_code == 204
    assert add(client)["sku"] == "MOST-1"


def test_prices_in_other_currencies_are_changed_one_by_one(client: Client) -> None:
    prices = [{"amount": "4.5", "currency": "eur"}, {"amount": 5, "currency": "USD"}]
    item = add(client, retail_prices=prices)
    euro, dollar = item["retail_prices"]
    assert [(p["amount"], p["currency"]) for p in (euro, dollar)] == [("4.5", "EUR"), ("5.0", "USD")]
    path = f"/inventory_items/{item['id']}.json"

    changes = [
        {"id": dollar["id"], "_destroy": "1"},
        {"id": euro["id"], "amount": "4.8"},
        {"amount": 20, "currency": "PLN"},
    ]
    changed = client.patch(path, {"retail_prices": changes}).json["retail_prices"]
    assert [(p["id"], p["amount"]) for p in changed] == [(euro["id"], "4.8"), (changed[1]["id"], "20.0")]
    assert client.patch(path, {"retail_prices": []}).json["retail_prices"] == changed
    assert client.patch(path, {"retail_prices": [{"id": dollar["id"], "amount": 1}]}).status_code == 404


def test_the_response_keeps_the_request_order_of_prices_and_those_not_mentioned_stay(client: Client) -> None:
    prices = [{"amount": 4, "currency": "EUR"}, {"amount": 5, "currency": "USD"}, {"amount": 6, "currency": "GBP"}]
    item = add(client, retail_prices=prices)
    euro, dollar, pound = (price["id"] for price in item["retail_prices"])
    path = f"/inventory_items/{item['id']}.json"

    changes = [{"id": pound}, {"amount": 20, "currency": "PLN"}, {"id": euro}]
    changed = client.patch(path, {"retail_prices": changes}).json["retail_prices"]
    assert [price["currency"] for price in changed] == ["GBP", "USD", "PLN", "EUR"]
    assert {euro, dollar, pound} < {price["id"] for price in changed}
    assert client.patch(path, {"retail_prices": None}).json["retail_prices"] == changed


@pytest.mark.parametrize(
    "name", ["native_retail_price", "native_purchase_price", "min_quantity", "max_quantity", "quantity"]
)
def test_a_number_with_more_places_than_are_kept_is_rounded(client: Client, name: str) -> None:
    item = add(client, **TRACKED | {name: "1.23456789"})

    assert item[name] == "1.234568"
    path = f"/inventory_items/{item['id']}.json"
    assert client.get(path).json == item
    assert client.patch(path, {name: 2.34567891}).json[name] == ("1.234568" if name == "quantity" else "2.345679")


def test_a_whole_record_that_is_sent_back_changes_nothing_that_has_no_word_here(client: Client) -> None:
    said = {"name": "Mošt", "vat_treatment": "taxed", "vat_rate": Decimal(15), "quantity": Decimal(3)}
    prices = {"unit_net_price_before_discount": Decimal(100), "discount": Decimal(10), "net_price": Decimal(271)}
    made = client.write(lambda books: add_product(books, Given(said | prices)))
    path = f"/inventory_items/{made.id}.json"
    item = client.get(path).json
    assert (item["vat_rate"], item["native_retail_price"]) == (None, "90.0")

    assert client.patch(path, item).json == item
    assert client.write(lambda books: books.find(Product, made.id)) == made


def test_the_average_purchase_price_is_zero_when_not_tracked(client: Client) -> None:
    item = add(client, **TRACKED)
    path = f"/inventory_items/{item['id']}.json"
    assert item["average_native_purchase_price"] == "40.0"

    assert client.patch(path, {"track_quantity": False}).json["average_native_purchase_price"] == "0.0"
    assert client.patch(path, {"track_quantity": True}).json["average_native_purchase_price"] == "40.0"


def test_the_purchase_price_is_required_with_track_quantity(client: Client) -> None:
    tracked, plain = add(client, **TRACKED), add(client, sku="MOST-2")
    nothing = {"native_purchase_price": None}

    refused = client.patch(f"/inventory_items/{tracked['id']}.json", nothing)
    assert (refused.status_code, refused.json) == (422, {"errors": {"native_purchase_price": [BLANK]}})
    assert client.patch(f"/inventory_items/{plain['id']}.json", nothing).json["native_purchase_price"] == "0.0"
    assert client.patch(f"/inventory_items/{plain['id']}.json", nothing | {"track_quantity": True}).status_code == 422


def test_the_quantity_changes_by_moves_alone(client: Client) -> None:
    item = add(client, **TRACKED)

    changed = client.patch(f"/inventory_items/{item['id']}.json", {"quantity": "99", "name": "Mošt"})
    assert (changed.json["quantity"], changed.json["name"]) == ("12.5", "Mošt")
    untracked = client.patch(f"/inventory_items/{item['id']}.json", {"track_quantity": False})
    assert untracked.json["quantity"] is None


def test_an_item_with_moves_is_archived_and_not_deleted(client: Client) -> None:
    kept, other = add(client, **TRACKED), add(client, sku="MOST-2")
    path = f"/inventory_items/{kept['id']}"

    deleted = client.delete(f"{path}.json")
    assert (deleted.status_code, deleted.json) == (
        422,
        {"errors": {"inventory_item": ["Inventory item with moves cannot be deleted"]}},
    )
    refused = client.post(f"/inventory_items/{other['id']}/archive.json")
    assert (refused.status_code, refused.json) == (
        403,
        {"errors": {"inventory_item": ["Inventory item cannot be archived"]}},
    )
    archived = client.post(f"{path}/archive.json")
    assert (archived.status_code, archived.json["archived"]) == (200, True)
    assert (ids(client), ids(client, "/inventory_items/archived.json")) == ([other["id"]], [kept["id"]])
    assert client.post(f"{path}/unarchive.json").json["archived"] is False
    assert (ids(client), ids(client, "/inventory_items/archived.json")) == ([kept["id"], other["id"]], [])


def test_items_are_listed_searched_and_found_low(client: Client) -> None:
    juice = add(client, **TRACKED, article_number="859", min_quantity=20)
    press = add(client, name="Lis žehlicí", sku="LIS")

    assert ids(client) == [juice["id"], press["id"]]
    assert ids(client, query="sku=LIS") == [press["id"]]
    assert ids(client, query="article_number=859&sku=MOST-1") == [juice["id"]]
    assert ids(client, query=f"since={juice['created_at'].replace('+', '%2B')}&until=2000-01-01") == []
    assert ids(client, query="updated_since=2000-01-01&updated_until=2100-01-01&page=2") == []
    assert ids(client, "/inventory_items/low_quantity.json") == [juice["id"]]
    for query, found in (("mošt JABL", [juice]), ("lis", [press]), ("859", [juice]), ("most-1", [juice]), ("nic", [])):
        assert ids(client, "/inventory_items/search.json", f"query={query}") == [item["id"] for item in found], query
    for bad in ("since", "until", "updated_since", "updated_until"):
        assert client.get(MANY, query_string=f"{bad}=včera").status_code == 400


def test_an_item_has_a_tag_by_which_a_change_is_refused(client: Client) -> None:
    item = add(client, **TRACKED)
    path = f"/inventory_items/{item['id']}"
    tag = client.get(f"{path}.json").headers["ETag"]
    sold = {"direction": "out", "moved_on": "2026-11-20", "quantity_change": 1}
    assert client.post(f"{path}/inventory_moves.json", sold, headers={"If-Match": tag}).status_code == 201

    assert client.get(f"{path}.json", headers={"If-None-Match": tag}).status_code == 200
    late = client.patch(f"{path}.json", {"name": "Mošt"}, headers={"If-Match": tag})
    assert late.status_code == 412
