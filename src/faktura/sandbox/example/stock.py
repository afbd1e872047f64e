"""What the example firms have in stock: goods that are counted, that are low, that were set aside, and a service."""

from collections.abc import Mapping
from decimal import Decimal

from faktura.core.books.books import Books
from faktura.core.catalogue import Product
from faktura.core.errors import Given
from faktura.core.inventory.items import add_item, set_item_aside
from faktura.core.inventory.moves import add_move
from faktura.sandbox.example.days import ago


def add_stock(books: Mapping[str, Books]) -> None:
    """Let the firms have bought and used goods for a while; every day is counted back from today.

    Their documents, which come later, sell some of them, bring some back and buy others.
    """
    _press(books["applecorp"])
    _press_in_poland(books["jabluszko"])


def _press(books: Books) -> None:
    then = ago(books, 60)
    juice = _counted(then, "Mošt jablečný 1 l", "MOST-1", 240, "38.5", "65", unit="ks", min_quantity=Decimal(50))
    _move(books, 20, juice, "in", 120, "41")
    _move(books, 8, juice, "out", 95)
    crates = _counted(then, "Přepravka dřevěná", "PREP-01", 70, "120", "190", unit="ks", min_quantity=Decimal(25))
    _move(books, 5, crates, "out", 12)
    _counted(then, "Sud dubový 225 l", "SUD-225", 2, "2450", "3900", unit="ks")
    bottles = _counted(then, "Láhev 0,7 l", "LAHEV-07", 10, "6.4", "9", unit="ks")
    _move(books, 50, bottles, "out", 10)
    set_item_aside(books, bottles.id)
    _service(then, "Lisování na zakázku", "LIS-H", "450", "h")


def _press_in_poland(books: Books) -> None:
    then = ago(books, 45)
    juice = _counted(then, "Sok jabłkowy 1 l", "SOK-1", 180, "4.2", "7.5", unit="szt.", min_quantity=Decimal(200))
    _move(books, 12, juice, "out", 40)
    _counted(then, "Etykieta na butelkę", "ETYK-1", 1200, "0.2", "0.45", unit="szt.")
    _service(then, "Tłoczenie na zamówienie", "TLOCZ-H", "85", "h")


def _counted(books: Books, name: str, sku: str, stock: int, cost: str, price: str, **values: object) -> Product:
    prices = {"purchase_unit_net_price": Decimal(cost), "unit_net_price": Decimal(price)}
    said = {"name": name, "sku": sku, "track_quantity": True, "stock": Decimal(stock), "vat_rate": _rate(books)}
    return add_item(books, Given(said | prices | values))


def _service(books: Books, name: str, sku: str, price: str, unit: str) -> None:
    said = {"name": name, "sku": sku, "unit": unit, "supply_type": "service", "suggested_for": "invoices"}
    add_item(books, Given(said | {"unit_net_price": Decimal(price), "vat_rate": _rate(books)}))


def _move(books: Books, days: int, product: Product, direction: str, quantity: int, price: str | None = None) -> None:
    then = ago(books, days)
    said = {"direction": direction, "moved_on": then.today, "quantity_change": Decimal(quantity)}
    add_move(then, product.id, Given(said | ({"purchase_price": Decimal(price)} if price else {})))


def _rate(books: Books) -> Decimal:
    return Decimal(books.account.vat_rate)
