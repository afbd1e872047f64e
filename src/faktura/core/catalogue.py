"""The catalogue: what an account sells and buys, and for how much."""

import datetime as dt
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Literal, get_args

import msgspec

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.books.uses import in_use, remove_whole
from faktura.core.errors import Given, InUse, Problems
from faktura.core.money.amounts import LARGEST, fine, rounded
from faktura.core.names import Sought, best_named, sought
from faktura.core.texts import Paragraphs, check_texts
from faktura.core.vat_treatment import VatTreatment
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import LONGEST_INDEXED, Tenant, changed, defaults_of, index, record, unique

ArticleNumberType = Literal["ian", "ean", "isbn"]
SupplyType = Literal["goods", "service"]
SuggestedFor = Literal["both", "invoices", "expenses"]

ZERO = Decimal(0)
HUNDRED = Decimal(100)

NOT_ARCHIVED = Condition("archived", "eq", value=False)
"""What was set aside is not put on new documents."""


class RetailPrice(msgspec.Struct, frozen=True):
    """What one unit costs in another currency, without VAT."""

    id: int
    currency: str
    amount: Decimal
    created_at: dt.datetime
    updated_at: dt.datetime


@record(
    "products",
    unique("account_id", "sku"),
    index("account_id", "name", "id", "version"),
    index("account_id", "sought_name", "id", "version"),
    index("account_id", "archived", "id", covers=("version",)),
    index("account_id", "article_number", where_set="article_number"),
    index("account_id", "low_since", where_set="low_since"),
    index("account_id", "created_at"),
    index("account_id", "updated_at"),
    searched=("name", "article_number", "sku"),
)
class Product(Tenant):
    """Something to be put on documents, and perhaps kept in stock.

    Rates and the discount are in percent; only what is "taxed" has a `vat_rate` other than zero. `lump_sum_rate` is the
    Polish income tax on revenue; `pkwiu`, `cn`, `pkob` and `gtu` classify the goods for Polish offices. `quantity` is
    how many a line of it begins with, and the net and the gross price are those of that quantity. `sought_name` is
    the name without case and accents.

    From `stock` to `last_purchase_price` stands what its moves come to (`core/inventory/stock.py`): how many there are,
    how many were bought and for how much, what one of them cost on average and at last. `low_since` is the day on which
    the stock fell below `min_quantity`. What is not `track_quantity` has moves only where somebody says so.
    """

    name: str
    unit: str | None = None
    vat_treatment: VatTreatment = "taxed"
    vat_rate: Decimal = ZERO
    lump_sum_rate: Decimal | None = None
    pkwiu: str | None = None
    cn: str | None = None
    pkob: str | None = None
    gtu: str | None = None
    quantity: Decimal = Decimal(1)
    unit_net_price_before_discount: Decimal = ZERO
    discount: Decimal = ZERO
    unit_net_price: Decimal = ZERO
    net_price: Decimal = ZERO
    gross_price: Decimal = ZERO
    purchase_unit_net_price: Decimal = ZERO
    purchase_unit_gross_price: Decimal = ZERO
    sought_name: Sought = ""
    sku: str | None = None
    article_number_type: ArticleNumberType = "ian"
    article_number: str | None = None
    supply_type: SupplyType = "goods"
    suggested_for: SuggestedFor = "both"
    private_note: Paragraphs | None = None
    archived: bool = False
    retail_prices: tuple[RetailPrice, ...] = ()
    track_quantity: bool = False
    min_quantity: Decimal | None = None
    max_quantity: Decimal | None = None
    allow_below_zero: bool = False
    stock: Decimal = ZERO
    bought: Decimal = ZERO
    bought_value: Decimal = ZERO
    average_purchase_price: Decimal = ZERO
    last_purchase_price: Decimal | None = None
    low_since: dt.date | None = None

    @property
    def is_low(self) -> bool:
        return self.track_quantity and self.min_quantity is not None and self.stock < self.min_quantity


def best_products(books: Books, text: str, most: int, among: tuple[Condition, ...] = (NOT_ARCHIVED,)) -> list[Product]:
    """The few that fit a text best: those whose names begin with it before the others."""
    fitting = Selection((Condition("name", "cont", text), *among), order=(Order("name"),))
    return best_named(books, Product, text, most, fitting, among)


def add_product(books: Books, given: Given) -> Product:
    """Add a product; a None among the given values is the attribute's default.

    Raises:
        Invalid: a value breaks a rule.

    """
    values = {"name": ""} | {name: value for name, value in given.items() if value is not None}
    new = Product(books.account.id, 0, 1, books.now, books.now, **values)
    _price(new, values.keys())
    new.sought_name = sought(new.name)
    _check(books, new, given)
    product = books.add_new(new)
    books.note_event(Event("product_added", product))
    return product


def change_product(books: Books, product_id: int, given: Given) -> Product:
    """Change the given values and the prices that follow from them; a None takes a value away.

    Raises:
        NotFound: there is no such product.
        Invalid: a value breaks a rule.

    """
    old = books.find(Product, product_id)
    empty = {"name": ""} | defaults_of(Product)
    new = changed(old, **{name: empty[name] if value is None else value for name, value in given.items()})
    _price(new, {name for name, value in given.items() if value is not None or name in _RATE})
    new.sought_name = sought(new.name)
    _check(books, new, given)
    kept = books.change(old, new)
    if kept is not old:
        books.note_event(Event("product_changed", kept, differences(old, kept)))
    return kept


def delete_product(books: Books, product_id: int) -> None:
    """Delete a product; documents keep what they say.

    Raises:
        NotFound: there is no such product.
        InUse: it was in stock.

    """
    product = books.find(Product, product_id)
    if in_use(books, product):
        raise InUse(Product.table_name)
    books.note_event(Event("product_deleted", product))
    remove_whole(books, product)


def tax_on(net: Decimal, vat_rate: Decimal) -> Decimal:
    return rounded(net * vat_rate / HUNDRED)


def _price(product: Product, given: AbstractSet[str]) -> None:
    """Compute the prices that were not given: from the net price, else by the unit, else from the gross price."""
    for name in _FINE:
        if (number := getattr(product, name)) is not None:
            setattr(product, name, fine(number))
    _price_unit(product, given)
    if "net_price" in given:
        if "gross_price" not in given:
            product.gross_price = product.net_price + tax_on(product.net_price, product.vat_rate)
        return
    if given & _UNIT or ("quantity" in given and product.unit_net_price):
        product.net_price = rounded(product.unit_net_price * product.quantity)
    elif "gross_price" in given:
        product.net_price = rounded(product.gross_price * HUNDRED / (HUNDRED + product.vat_rate))
        product.unit_net_price = rounded(product.net_price / product.quantity) if product.quantity else ZERO
        product.unit_net_price_before_discount = product.unit_net_price
        return
    if given & (_UNIT | _RATE | {"quantity"}):
        product.gross_price = product.net_price + tax_on(product.net_price, product.vat_rate)


def _price_unit(product: Product, given: AbstractSet[str]) -> None:
    if "unit_net_price" in given:
        if "unit_net_price_before_discount" not in given:
            product.unit_net_price_before_discount = product.unit_net_price
    elif given & {"unit_net_price_before_discount", "discount"}:
        left = (HUNDRED - product.discount) / HUNDRED
        product.unit_net_price = rounded(product.unit_net_price_before_discount * left)


def _check(books: Books, product: Product, given: Given) -> None:
    problems = Problems(given.unread)
    check_texts(Product, given, problems)
    if not product.name.strip() and "name" not in problems:
        problems.add("name", "blank")
    if len(product.name) > LONGEST_INDEXED:
        problems.add("name", "too_long", LONGEST_INDEXED)
    if product.vat_treatment not in get_args(VatTreatment):
        problems.add("vat_treatment", "not_in_list")
    _check_sku(books, product, given, problems)
    for name in ("net_price", "gross_price"):
        if abs(getattr(product, name)) >= LARGEST:
            problems.add(name, "too_large")
    problems.refuse()


def _check_sku(books: Books, product: Product, given: Given, problems: Problems) -> None:
    """No two products have the same, and what is counted has one."""
    product.sku = (product.sku or "").strip() or None
    if product.sku is None:
        if product.track_quantity:
            problems.add("sku", "blank")
    elif len(product.sku) > LONGEST_INDEXED:
        problems.add("sku", "too_long", LONGEST_INDEXED)
    elif "sku" in given and "sku" not in problems:
        other = books.look_up(Product, sku=product.sku)
        if other is not None and other.id != product.id:
            problems.add("sku", "taken")
    if len(product.article_number or "") > LONGEST_INDEXED:
        problems.add("article_number", "too_long", LONGEST_INDEXED)


_FINE = (
    *("quantity", "discount", "vat_rate", "min_quantity", "max_quantity"),
    *("unit_net_price", "unit_net_price_before_discount", "purchase_unit_net_price", "purchase_unit_gross_price"),
)
"""Given in as many places as somebody likes."""

_UNIT = frozenset({"unit_net_price", "unit_net_price_before_discount", "discount"})
_RATE = frozenset({"vat_rate", "vat_treatment"})
