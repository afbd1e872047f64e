"""Section 4: products."""

from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.dialects.infakt.products import PRODUCT
from faktura.dialects.infakt.tests.conftest import Client
from faktura.store.database import Database
from tests.firm import open_firm

BLANK = "nie może być puste"
NOT_LISTED = "nie znajduje się na liście dopuszczalnych wartości"

ATTRIBUTES = [
    *("id", "name", "symbol", "pkwiu", "cn", "pkob", "unit", "tax_symbol", "flat_rate_tax_symbol", "quantity"),
    *("net_price", "tax_price", "gross_price", "unit_net_price", "purchase_unit_net_price"),
    *("purchase_unit_gross_price", "discount", "unit_net_price_before_discount", "gtu_id"),
]

SENT: dict[str, Any] = {
    "name": "Usługa księgowa",
    "pkwiu": "62.01.11",
    "cn": "8471",
    "pkob": "1110",
    "unit": "godz.",
    "tax_symbol": "8",
    "flat_rate_tax_symbol": "8.5",
    "quantity": 2.5,
    "net_price": 12345,
    "gross_price": 13333,
    "unit_net_price": 4938,
    "purchase_unit_net_price": 3000,
    "purchase_unit_gross_price": 3690,
    "discount": "10.0",
    "unit_net_price_before_discount": 5487,
    "gtu_id": 12,
}


def create(client: Client, **values: Any) -> dict[str, Any]:
    created = client.post("/products.json", {"product": {"name": "Rower", "tax_symbol": "23"} | values})
    assert created.status_code == 201, created.text
    found: dict[str, Any] = created.json
    return found


def change(client: Client, product_id: int, **values: Any) -> dict[str, Any]:
    changed = client.put(f"/products/{product_id}.json", {"product": values})
    assert changed.status_code == 200, changed.text
    found: dict[str, Any] = changed.json
    return found


def refusal(client: Client, body: dict[str, Any]) -> dict[str, list[str]]:
    refused = client.post("/products.json", {"product": body})
    assert refused.status_code == 422, refused.text
    assert client.get("/products.json").json["metainfo"]["total_count"] == 0
    errors: dict[str, list[str]] = refused.json["errors"]
    return errors


def prices(product: dict[str, Any]) -> tuple[int, int, int]:
    return product["net_price"], product["tax_price"], product["gross_price"]


def test_a_product_has_every_attribute_in_the_order_of_the_table(client: Client) -> None:
    assert list(create(client)) == ATTRIBUTES


def test_every_writable_attribute_comes_back_as_it_was_sent(client: Client) -> None:
    created = create(client, **SENT)

    assert {name: created[name] for name in SENT} == SENT
    assert created["tax_price"] == 13333 - 12345
    assert client.get(f"/products/{created['id']}.json").json == created
    assert client.get("/products.json").json["entities"] == [created]


def test_no_writable_attribute_was_forgotten_above() -> None:
    assert {field.name for field in PRODUCT.fields if field.access != "read"} == set(SENT)


@pytest.mark.parametrize("name", SENT)
def test_every_writable_attribute_can_be_changed(client: Client, name: str) -> None:
    product = create(client, unit_net_price=100)

    assert change(client, product["id"], **{name: SENT[name]})[name] == SENT[name]


def test_a_fresh_product_has_the_defaults_of_the_table(client: Client) -> None:
    fresh = create(client)

    assert fresh == {
        "id": fresh["id"],
        "name": "Rower",
        **dict.fromkeys(("symbol", "pkwiu", "cn", "pkob", "unit", "gtu_id")),
        "tax_symbol": "23",
        "flat_rate_tax_symbol": "",
        "quantity": 1,
        "discount": "0.0",
        **dict.fromkeys(("net_price", "tax_price", "gross_price", "unit_net_price"), 0),
        **dict.fromkeys(("purchase_unit_net_price", "purchase_unit_gross_price", "unit_net_price_before_discount"), 0),
    }


@pytest.mark.parametrize("name", ["", " ", None])
def test_a_name_is_required(client: Client, name: str | None) -> None:
    assert refusal(client, {"tax_symbol": "23", "name": name}) == {"name": [BLANK]}


def test_missing_name_and_tax_symbol_are_told_at_once(client: Client) -> None:
    assert refusal(client, {}) == {"name": [BLANK], "tax_symbol": [BLANK]}


@pytest.mark.parametrize("symbol", ["", None])
def test_a_tax_symbol_is_required(client: Client, symbol: str | None) -> None:
    assert refusal(client, {"name": "Rower", "tax_symbol": symbol}) == {"tax_symbol": [BLANK]}


def test_a_tax_symbol_cannot_be_taken_away(client: Client) -> None:
    product = create(client)

    refused = client.put(f"/products/{product['id']}.json", {"product": {"tax_symbol": ""}})
    assert (refused.status_code, refused.json["errors"]) == (422, {"tax_symbol": [BLANK]})


def test_a_tax_symbol_outside_the_list_is_refused(client: Client) -> None:
    assert refusal(client, {"name": "Rower", "tax_symbol": "24"}) == {"tax_symbol": [NOT_LISTED]}


@pytest.mark.parametrize("symbol", ["23", "22", "8", "7", "5", "3", "0", "zw", "np", "oo"])
def test_every_tax_symbol_of_the_list_is_taken(client: Client, symbol: str) -> None:
    assert create(client, tax_symbol=symbol)["tax_symbol"] == symbol


@pytest.mark.parametrize(("sent", "kept"), [(23, "23"), (8.0, "8"), ("ZW", "zw")])
def test_a_tax_symbol_may_come_as_a_number(client: Client, sent: Any, kept: str) -> None:
    assert create(client, tax_symbol=sent)["tax_symbol"] == kept


@pytest.mark.parametrize(("sent", "kept"), [("5.5", "5.5"), (17, "17"), (8.5, "8.5"), ("", ""), (None, "")])
def test_the_flat_rate_symbol_is_a_text_and_empty_when_unset(client: Client, sent: Any, kept: str) -> None:
    assert create(client, flat_rate_tax_symbol=sent)["flat_rate_tax_symbol"] == kept


def test_a_flat_rate_outside_the_list_is_refused(client: Client) -> None:
    errors = refusal(client, {"name": "Rower", "tax_symbol": 23, "flat_rate_tax_symbol": "9"})

    assert errors == {"flat_rate_tax_symbol": [NOT_LISTED]}


@pytest.mark.parametrize(("sent", "kept"), [("7", 7), (13, 13), (None, None), ("", None)])
def test_a_gtu_id_comes_as_number_or_text_and_goes_as_number_or_null(client: Client, sent: Any, kept: Any) -> None:
    assert create(client, gtu_id=sent)["gtu_id"] == kept


def test_a_gtu_id_outside_the_list_is_refused(client: Client) -> None:
    assert refusal(client, {"name": "Rower", "tax_symbol": 23, "gtu_id": 14}) == {"gtu_id": [NOT_LISTED]}


def test_the_symbol_joins_the_codes_with_dashes_for_missing_ones(client: Client) -> None:
    product = create(client, pkwiu="62.01.11")

    assert product["symbol"] == "62.01.11 / - / -"
    assert change(client, product["id"], pkob="1110")["symbol"] == "62.01.11 / - / 1110"


def test_from_the_unit_price_net_tax_and_gross_follow(client: Client) -> None:
    product = create(client, unit_net_price=50000)

    assert prices(product) == (50000, 11500, 61500)
    assert product["unit_net_price_before_discount"] == 50000
    assert (product["quantity"], product["purchase_unit_net_price"]) == (1, 0)


def test_prices_that_come_as_text_are_taken_over_and_the_unit_price_stays_zero(client: Client) -> None:
    product = create(client, net_price="40000", tax_price="9200", gross_price="49200")

    assert prices(product) == (40000, 9200, 49200)
    assert product["unit_net_price"] == 0


def test_from_the_net_price_alone_tax_and_gross_follow_and_the_unit_price_stays_zero(client: Client) -> None:
    product = create(client, net_price=6623)

    assert prices(product) == (6623, 1523, 8146)
    assert product["unit_net_price"] == 0


@pytest.mark.parametrize(("net", "tax", "gross"), [(6623, 1523, 8146), (6600, 1518, 8118), (812, 187, 999)])
def test_the_tax_is_rounded_half_up_to_a_grosz(client: Client, net: int, tax: int, gross: int) -> None:
    assert prices(create(client, unit_net_price=net)) == (net, tax, gross)


def test_half_a_grosz_goes_up(client: Client) -> None:
    assert prices(create(client, tax_symbol="5", net_price=10)) == (10, 1, 11)


def test_from_the_gross_price_alone_net_and_tax_follow(client: Client) -> None:
    product = create(client, gross_price=12300, quantity=2)

    assert prices(product) == (10000, 2300, 12300)
    assert product["unit_net_price"] == 5000


def test_the_net_price_is_that_of_the_whole_quantity(client: Client) -> None:
    assert prices(create(client, unit_net_price=333, quantity="2.5")) == (833, 192, 1025)


def test_where_both_are_given_the_net_price_decides_and_the_unit_price_is_kept(client: Client) -> None:
    product = create(client, unit_net_price=50000, net_price=40000)

    assert prices(product) == (40000, 9200, 49200)
    assert product["unit_net_price"] == 50000


def test_beside_a_unit_price_a_gross_price_is_computed(client: Client) -> None:
    assert prices(create(client, unit_net_price=50000, gross_price=1)) == (50000, 11500, 61500)


@pytest.mark.parametrize("symbol", ["zw", "np", "oo", "0"])
def test_some_symbols_bear_no_tax(client: Client, symbol: str) -> None:
    assert prices(create(client, tax_symbol=symbol, unit_net_price=50000)) == (50000, 0, 50000)


def test_a_discount_lowers_the_unit_price(client: Client) -> None:
    product = create(client, unit_net_price_before_discount=10000, discount=12.5)

    assert (product["unit_net_price"], product["discount"]) == (8750, "12.5")
    assert prices(product) == (8750, 2013, 10763)


def test_a_change_of_rate_or_quantity_computes_the_prices_anew(client: Client) -> None:
    product = create(client, unit_net_price=10000)

    assert prices(change(client, product["id"], tax_symbol=8)) == (10000, 800, 10800)
    assert prices(change(client, product["id"], quantity=3)) == (30000, 2400, 32400)
    assert prices(change(client, product["id"], discount=50)) == (15000, 1200, 16200)


def test_a_change_of_something_else_leaves_the_prices(client: Client) -> None:
    product = create(client, net_price=100, gross_price=1)

    assert change(client, product["id"], name="Koło") == product | {"name": "Koło"}


@pytest.mark.parametrize(("sent", "text"), [(1, "1"), ("1.0", "1"), (0.5, "0.5"), ("2.50", "2.5"), (100, "100")])
def test_a_quantity_is_a_json_number(client: Client, sent: Any, text: str) -> None:
    created = client.post("/products.json", {"product": {"name": "Rower", "tax_symbol": 23, "quantity": sent}})

    assert f'"quantity":{text},' in created.text
    assert client.get(f"/products/{created.json['id']}.json").text == created.text


@pytest.mark.parametrize(("sent", "kept"), [(0, "0.0"), (10, "10.0"), ("7.5", "7.5"), (None, "0.0")])
def test_a_discount_is_a_text_with_a_decimal(client: Client, sent: Any, kept: str) -> None:
    assert create(client, discount=sent)["discount"] == kept


def test_an_amount_that_grows_too_large_is_refused(client: Client) -> None:
    body = {"name": "Rower", "tax_symbol": 23, "unit_net_price": 90_000_000_000, "quantity": 900_000_000_000}

    assert set(refusal(client, body)) == {"net_price", "gross_price"}


@pytest.mark.parametrize("value", ["tanio", 10.5, "1,50", True, [1], {"a": 1}, 10**30, "NaN", "Infinity"])
def test_a_price_that_is_no_whole_number_is_a_wrong_value(client: Client, value: Any) -> None:
    body = {"product": {"name": "Rower", "tax_symbol": 23, "net_price": value}}

    assert client.post("/products.json", body).status_code == 400


def test_the_list_is_in_the_order_of_names(client: Client) -> None:
    for name in ("Koło", "Dętka", "Rama"):
        create(client, name=name)

    listed = client.get("/products.json").json["entities"]
    assert [product["name"] for product in listed] == ["Dętka", "Koło", "Rama"]


def test_products_are_searched_by_tax_symbol(client: Client) -> None:
    create(client, tax_symbol="zw")
    create(client, tax_symbol="0")

    listed = client.get("/products.json", query_string="q[tax_symbol_eq]=zw").json["entities"]
    assert [product["tax_symbol"] for product in listed] == ["zw"]


def test_products_are_searched_by_prices_in_grosze(client: Client) -> None:
    for net in (100, 200, 300):
        create(client, net_price=net)

    listed = client.get("/products.json", query_string="q[net_price_gt]=100&q[net_price_lteq]=300").json["entities"]
    assert [product["net_price"] for product in listed] == [200, 300]


def test_a_deleted_product_answers_404(client: Client) -> None:
    product = create(client)

    deleted = client.delete(f"/products/{product['id']}.json")
    assert (deleted.status_code, deleted.content) == (204, b"")
    for method in ("GET", "PUT", "DELETE"):
        gone = client.call(method, f"/products/{product['id']}.json", {"product": {}})
        assert gone.status_code == 404


def test_a_product_of_another_account_is_a_404_everywhere(client: Client, database: Database, clock: Clock) -> None:
    stranger = Client(client.service, open_firm(database, clock, "gruszka", country="PL"))
    product = create(client)

    for method in ("GET", "PUT", "DELETE"):
        assert stranger.call(method, f"/products/{product['id']}.json", {"product": {}}).status_code == 404
    assert stranger.get("/products.json").json["entities"] == []
