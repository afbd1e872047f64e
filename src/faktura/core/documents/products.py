"""Lines that are made of a product: what nobody said of them is as it says, and what is counted is to be moved."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from faktura.core.books.books import Books
from faktura.core.catalogue import Product
from faktura.core.documents.record import Document, Line, Stocked
from faktura.core.errors import Given, Problems
from faktura.core.money.amounts import rounded
from faktura.core.texts import check_texts
from faktura.store.queries import Condition, Selection

NAMING = frozenset({"product_id", "sku", "product_if_there"})
"""By what a line names a product; one that it had before is named `product_if_there`, because it may be gone since."""


class _Found(NamedTuple):
    by_id: dict[int, Product]
    by_sku: dict[str, Product]


def with_products(
    books: Books, paper: Document, lines: Sequence[Given], old: Sequence[Line], problems: Problems
) -> Sequence[Given]:
    """The lines, those that name a product with all that follows from it; `paper` is what they stand on.

    A line that names the product that it was made of before stays as it is.
    """
    if not any(NAMING & values.keys() for values in lines):
        return lines
    found = _found(books, lines)
    before = {line.id: line.product_id for line in old}
    return [
        _filled(paper, values, found, before.get(values.get("id", 0)), problems) if NAMING & values.keys() else values
        for values in lines
    ]


def same_products(lines: Sequence[Given], old: Sequence[Line]) -> list[Given]:
    """Lines that name no product, each made of that of the old one that says the same."""
    left = [line for line in old if line.product_id is not None]
    return [_of_the_same(values, left) for values in lines] if left else list(lines)


def text_of(product: Product) -> str:
    """What a line says of it: its name, then the numbers that it has, each on a line."""
    numbers = (("SKU", product.sku), (product.article_number_type.upper(), product.article_number))
    return "\r\n".join([product.name, *(f"{kind}: {number}" for kind, number in numbers if number)])


def _found(books: Books, lines: Iterable[Given]) -> _Found:
    ids = {values[name] for values in lines for name in ("product_id", "product_if_there") if values.get(name)}
    skus = {values["sku"].strip() for values in lines if values.get("sku")}
    of_skus = Selection((Condition("sku", "in", tuple(sorted(skus))),))
    return _Found(
        {product.id: product for product in books.some(Product, sorted(ids))},
        {product.sku or "": product for product in (books.all(Product, of_skus) if skus else ())},
    )


def _filled(paper: Document, given: Given, found: _Found, before: int | None, problems: Problems) -> Given:
    values = Given({name: value for name, value in given.items() if name not in NAMING}, given.unread)
    if before is not None and given.get("product_id") == before and before not in found.by_id:
        return values  # gone since
    product = _named(given, found, problems)
    if product is None:
        is_taken_away = given.keys() & {"product_id", "product_if_there"}
        return Given(values | _OF_NOTHING, given.unread) if is_taken_away else values
    if product.id != before:
        code = product.sku or product.article_number or None
        values |= {"product_id": product.id, "item_code": code, "stocked": _stocked(product)}
    if values.get("id") is None and "product_if_there" not in given:
        _fill(paper, values, product)
        # What is empty is filled in.
        return Given(values, {name: found for name, found in given.unread.items() if found[0].code != "blank"})
    return Given(values, given.unread)


def _named(given: Given, found: _Found, problems: Problems) -> Product | None:
    if (product_id := given.get("product_id")) is not None:
        if product_id not in found.by_id:
            problems.add("lines.product_id", "not_in_list")
        return found.by_id.get(product_id)
    if sku := (given.get("sku") or "").strip():
        check_texts(Line, {"sku": given["sku"]}, problems, "lines.")
        if sku not in found.by_sku:
            problems.add("lines.sku", "not_in_list")
        return found.by_sku.get(sku)
    return found.by_id.get(given.get("product_if_there") or 0)


def _fill(paper: Document, values: dict[str, Any], product: Product) -> None:
    """What was said, and is not empty, counts more."""
    usual: dict[str, Any] = {"name": text_of(product), "unit": product.unit or ""}
    if values.get("vat_rate") is None and values.get("vat_treatment") is None:
        usual |= {"vat_rate": product.vat_rate, "vat_treatment": product.vat_treatment}
    if all(values.get(name) is None for name in _PRICES):
        usual["unit_price" if paper.price_mode == "without_vat" else "net_unit"] = _price_on(paper, product)
    values.update({name: value for name, value in usual.items() if values.get(name) in (None, "")})


def _price_on(paper: Document, product: Product) -> Decimal | None:
    """Of one without VAT, in the currency of the paper: the price that is said for it, or what its own is worth."""
    price = product.purchase_unit_net_price if paper.is_bought else product.unit_net_price
    if paper.currency == paper.native_currency:
        return price
    said = None if paper.is_bought else next((p for p in product.retail_prices if p.currency == paper.currency), None)
    if said is not None:
        return said.amount
    return rounded(price / paper.exchange_rate) if paper.exchange_rate else None


def _stocked(product: Product) -> Stocked | None:
    if not product.track_quantity:
        return None
    number = product.article_number or None
    return Stocked(product.sku, product.article_number_type if number else None, number)


def _of_the_same(values: Given, left: list[Line]) -> Given:
    """Of several lines that say the same each is found once, as long as there are others."""
    same = [line for line in left if line.name == values.get("name")]
    if not same or NAMING & values.keys():
        return values
    if len(same) > 1:
        left.remove(same[0])
    return Given(values | {"product_if_there": same[0].product_id}, values.unread)


_OF_NOTHING = {"product_id": None, "item_code": None, "stocked": None}

_PRICES = ("unit_price", "net", "gross", "unit_price_before_discount")
