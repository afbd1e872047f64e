"""What is in stock is what its moves come to, whoever writes them and in whatever order."""

import random
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from faktura.core.books.audit import AUDIT
from faktura.core.books.books import Books
from faktura.core.catalogue import Product, delete_product
from faktura.core.errors import Given, InUse, Invalid, NotFound, WrongState
from faktura.core.inventory.items import add_item, change_item, set_item_aside
from faktura.core.inventory.moves import add_move, change_move, delete_move
from faktura.core.inventory.record import StockMove
from faktura.core.tests.conftest import NOON, Firm
from faktura.store import schema
from faktura.store.check import check
from faktura.store.database import Database
from faktura.store.queries import Condition, Selection

T = TypeVar("T")


def item(firm: Firm, stock: int | str = 10, price: int | str = 100, **values: Any) -> Product:
    of_stock = {"track_quantity": True, "sku": "MOST-1", "stock": Decimal(stock)}
    prices = {"purchase_unit_net_price": Decimal(price), "unit_net_price": Decimal(150)}
    given: dict[str, Any] = {"name": "Mošt"} | of_stock | prices | values
    added: Product = firm.do(add_item, Given(given))
    return added


def move(
    direction: str, quantity: Decimal | int | str, price: Decimal | int | str | None = None, **values: Any
) -> Given:
    priced = {} if price is None else {"purchase_price": Decimal(price)}
    said = {"direction": direction, "quantity_change": Decimal(quantity), "moved_on": NOON.date()}
    return Given(said | priced | values)


def now(firm: Firm, product: Product) -> Product:
    found: Product = firm.do(lambda books: books.find(Product, product.id))
    return found


def moves_of(firm: Firm, product: Product) -> list[StockMove]:
    of_it = Selection((Condition("product_id", "eq", product.id),))
    return firm.do(lambda books: books.all(StockMove, of_it))


def findings(database: Database) -> list[str]:
    return check(database, lambda _: None, AUDIT)


def test_what_is_there_at_the_beginning_came_in(firm: Firm) -> None:
    product = item(firm, "2.5", 40)

    assert (product.stock, product.average_purchase_price, product.last_purchase_price) == (Decimal("2.5"), 40, 40)
    assert [(m.direction, m.quantity_change, m.native_value) for m in moves_of(firm, product)] == [("in", 2.5, 100)]


def test_the_average_is_weighted_and_what_goes_out_costs_it(firm: Firm) -> None:
    product = item(firm, 10, 100)
    firm.do(add_move, product.id, move("in", 5, 130))
    out = firm.do(add_move, product.id, move("out", 12))

    assert (out.purchase_price, out.native_purchase_price) == (110, 110)
    found = now(firm, product)
    assert (found.stock, found.average_purchase_price, found.last_purchase_price) == (3, 110, 130)


def test_the_last_price_is_that_of_the_latest_day_and_follows_what_is_taken_back(firm: Firm) -> None:
    product = item(firm)
    later = firm.do(add_move, product.id, move("in", 1, 90))
    firm.do(add_move, product.id, move("in", 1, 70, moved_on=later.moved_on.replace(year=2020)))
    assert now(firm, product).last_purchase_price == 90
    firm.do(delete_move, product.id, later.id)

    assert now(firm, product).last_purchase_price == 100


def test_more_than_there_is_does_not_go_out(firm: Firm) -> None:
    product = item(firm, 3)

    with pytest.raises(Invalid) as refused:
        firm.do(add_move, product.id, move("out", 4))
    assert [p.code for p in refused.value.problems["quantity_change"]] == ["below_zero"]
    assert now(firm, product) == product

    firm.do(change_item, product.id, Given({"allow_below_zero": True}))
    firm.do(add_move, product.id, move("out", 4))
    assert now(firm, product).stock == -1


def test_what_came_in_is_not_taken_back_once_it_has_gone_out(firm: Firm) -> None:
    product = item(firm, 3)
    firm.do(add_move, product.id, move("out", 2))
    [first, _] = moves_of(firm, product)

    with pytest.raises(Invalid):
        firm.do(delete_move, product.id, first.id)
    with pytest.raises(Invalid):
        firm.do(change_move, product.id, first.id, Given({"quantity_change": Decimal(1)}))
    assert now(firm, product).stock == 1


def test_it_is_low_from_the_day_it_falls_below_the_least_that_should_be_there(firm: Firm) -> None:
    product = item(firm, 3, min_quantity=Decimal(2))
    assert product.low_since is None
    out = firm.do(add_move, product.id, move("out", 2))
    assert now(firm, product).low_since == firm.do(lambda books: books.today)
    firm.do(delete_move, product.id, out.id)
    assert now(firm, product).low_since is None

    assert firm.do(change_item, product.id, Given({"min_quantity": Decimal(4)})).low_since is not None
    assert firm.do(change_item, product.id, Given({"min_quantity": None})).low_since is None


def test_a_price_in_another_currency_is_kept_in_that_of_the_account_too(firm: Firm) -> None:
    product = item(firm, 1, 100)
    abroad = {"purchase_currency": "EUR", "native_purchase_price": Decimal("50.5")}
    came = firm.do(add_move, product.id, move("in", 1, 2, **abroad))
    assert (came.native_value, now(firm, product).average_purchase_price) == (Decimal("50.5"), Decimal("75.25"))

    home = firm.do(change_move, product.id, came.id, Given({"purchase_currency": "CZK"}))
    assert (home.native_purchase_price, now(firm, product).average_purchase_price) == (2, 51)
    with pytest.raises(Invalid) as refused:
        firm.do(add_move, product.id, move("in", 1, 2, purchase_currency="JPY"))
    assert [p.code for p in refused.value.problems["native_purchase_price"]] == ["unknown_rate"]


def test_what_was_in_stock_is_set_aside_and_not_deleted(firm: Firm) -> None:
    stocked, other = item(firm), item(firm, 0, sku="MOST-2")

    with pytest.raises(InUse):
        firm.do(delete_product, stocked.id)
    with pytest.raises(WrongState, match="never_in_stock"):
        firm.do(set_item_aside, other.id)
    assert firm.do(set_item_aside, stocked.id).archived
    firm.do(delete_product, other.id)


def test_a_move_is_found_under_its_own_product_alone(firm: Firm) -> None:
    first, second = item(firm), item(firm, sku="MOST-2")
    [of_first] = moves_of(firm, first)

    for verb in (change_move, delete_move):
        with pytest.raises(NotFound):
            firm.do(verb, second.id, of_first.id, *([Given({})] if verb is change_move else []))


@pytest.mark.parametrize("seed", range(6))
def test_stock_is_what_any_moves_come_to(firm: Firm, seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311 (no secret)
    product, refused = item(firm, 5, 10), list[list[str]]()
    for _ in range(40):
        some = moves_of(firm, product)
        quantity, price = (Decimal(chosen.randint(1, 20_000)).scaleb(-3) for _ in range(2))
        try:
            match chosen.choice(["in", "out", "change", "delete"]):
                case "change" if some:
                    changed = Given({"quantity_change": quantity, "purchase_price": price})
                    firm.do(change_move, product.id, chosen.choice(some).id, changed)
                case "delete" if some:
                    firm.do(delete_move, product.id, chosen.choice(some).id)
                case deed:
                    firm.do(add_move, product.id, move("out" if deed == "out" else "in", quantity, price))
        except Invalid as told:
            refused.append([p.code for p in told.problems["quantity_change"]])

    assert all(codes == ["below_zero"] for codes in refused)
    found, moves = now(firm, product), moves_of(firm, product)
    bought = [m for m in moves if m.direction == "in"]
    assert found.stock == sum((m.change for m in moves), Decimal(0)) >= 0
    assert found.bought_value == sum((m.native_value for m in bought), Decimal(0))
    assert findings(firm.database) == []


@pytest.mark.parametrize("in_turn", [True, False])
def test_stock_is_what_moves_at_the_same_time_come_to(firm: Firm, *, in_turn: bool) -> None:
    """Eight threads take from two products what is not there for all of them; doors wait for their turn."""
    turn = firm.account.id if in_turn else None
    products = [item(firm, 20, sku=f"S{n}") for n in range(2)]
    refused: list[Invalid] = []

    def do(verb: Callable[..., T], *arguments: object) -> T:
        now = firm.clock.now()
        return firm.database.write(lambda tx: verb(Books(tx, firm.account, None, now), *arguments), turn)

    def trade(number: int) -> None:
        for step in range(6):
            product = products[(number + step) % 2]
            try:
                came = do(add_move, product.id, move("in" if step == 3 else "out", number + 1, 10))
                if step == 4:
                    do(delete_move, product.id, came.id)
            except Invalid as told:
                refused.append(told)

    threads = [threading.Thread(target=trade, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused
    for product in products:
        found = now(firm, product)
        assert found.stock == sum(m.change for m in moves_of(firm, product)) >= 0
    assert findings(firm.database) == []


@pytest.mark.parametrize("attribute", ["stock", "bought", "bought_value"])
def test_a_check_finds_a_stock_that_is_not_what_its_moves_come_to(firm: Firm, attribute: str) -> None:
    product = item(firm, 3)
    with schema.engine_for(firm.database).begin() as connection:
        connection.execute(sa.text(f"UPDATE products SET {attribute} = {attribute} * 2"))  # noqa: S608 (of our own words)

    [found] = findings(firm.database)
    assert f"products account_id {firm.account.id}, id {product.id}: {attribute} is" in found


def test_a_write_beside_the_stock_leaves_no_other_trace(firm: Firm) -> None:
    product = item(firm, 3)

    def fail(books: Books) -> None:
        add_move(books, product.id, move("out", 1))
        raise WrongState("locked")

    with pytest.raises(WrongState):
        firm.do(fail)
    assert now(firm, product) == product
