"""A product is added or changed."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.catalogue import Product
from faktura.core.errors import Given, Problem
from faktura.core.inventory.items import add_item, change_item
from faktura.core.people.accounts import Account
from faktura.web.documents.fields import TREATMENTS, Desk, desk_of, typed_rate
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Choice, Field, Money, Text, YesNo
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.numbers import typed_number
from faktura.web.forms.saving import save
from faktura.web.products import pages

PRICE = "unit_net_price_before_discount"

NUMBERS = {"ian": "IAN", "ean": "EAN", "isbn": "ISBN"}


def product_form(desk: Desk, *, is_new: bool = False) -> Form:
    """With the VAT rates of the account, if it charges any."""
    return Form(
        Text("name", lazy_gettext("Name"), required=True),
        Text("unit", lazy_gettext("Unit"), hint=lazy_gettext("Such as an hour or a piece.")),
        Money(PRICE, lazy_gettext("Price of a unit without VAT") if desk.charges else lazy_gettext("Price of a unit")),
        *_vat(desk),
        Money("discount", lazy_gettext("Discount, %")),
        Money("purchase_unit_net_price", lazy_gettext("Purchase price of a unit")),
        *of_stock(is_new=is_new),
    )


def of_stock(*, is_new: bool) -> tuple[Field, ...]:
    """How many there are is typed of a new product; afterwards only moves change it."""
    begins = (Money("stock", lazy_gettext("In stock"), hint=lazy_gettext("How many there are now.")),)
    return (
        YesNo("track_quantity", lazy_gettext("Count how many are in stock")),
        Text("sku", lazy_gettext("Stock keeping unit"), hint=lazy_gettext("What is counted needs one of its own.")),
        *(begins if is_new else ()),
        Money("min_quantity", lazy_gettext("Fewest that should be in stock")),
        YesNo("allow_below_zero", lazy_gettext("More may go out than there is")),
        Choice("article_number_type", lazy_gettext("Kind of article number"), options=NUMBERS.items),
        Text("article_number", lazy_gettext("Article number")),
    )


OF_STOCK = tuple(field.name for field in of_stock(is_new=True))


def _vat(desk: Desk) -> tuple[Field, ...]:
    if not desk.charges:
        return ()
    rates = [(str(rate), f"{typed_number(rate)} %") for rate in desk.rates]
    return (Choice("vat", lazy_gettext("VAT"), options=lambda: [*rates, *TREATMENTS.items()]),)


def told(given: Given) -> Given:
    """In words of the catalogue: a choice of VAT is a rate, or a treatment without one."""
    values, unread = dict(given), dict(given.unread)
    vat = values.pop("vat", None)
    if vat in TREATMENTS:
        values |= {"vat_treatment": vat, "vat_rate": Decimal(0)}
    elif vat is not None:
        try:
            values |= {"vat_treatment": "taxed", "vat_rate": Decimal(vat)}
        except InvalidOperation:
            unread["vat"] = [Problem("not_in_list")]
    return Given(values, unread)


def changes_in(product: Product, given: Given) -> Given:
    """What differs from the product: a price that nobody touched is not computed again."""
    changed = {name: value for name, value in given.items() if value != getattr(product, name)}
    return Given(changed, given.unread)


@pages.get("/<slug>/inventory_items/new")
def new(slug: str) -> str:
    desk = read_books(slug, desk_of, deed="write")
    return _form(slug, product_form(desk, is_new=True).filled(vat=str(desk.rates[0]) if desk.rates else None))


@pages.post("/<slug>/inventory_items/new")
@keeps_typed
def add(slug: str) -> Response:
    return save(
        slug,
        product_form(read_books(slug, desk_of), is_new=True).posted(),
        lambda books, given: add_item(books, told(given)),
        then=lambda product_id: url_for("inventory_items.show", slug=slug, product_id=product_id),
        again=lambda filled: _form(slug, filled),
        done=lazy_gettext("The product was added."),
    )


@pages.get("/<slug>/inventory_items/<id:product_id>/edit")
def edit(slug: str, product_id: int) -> str:
    desk, product = read_books(slug, lambda books: (desk_of(books), books.find(Product, product_id)), deed="write")
    return _form(slug, product_form(desk).filled(_shown(product)), product_id)


@pages.post("/<slug>/inventory_items/<id:product_id>/edit")
@keeps_typed
def change(slug: str, product_id: int) -> Response:
    def work(books: Books, given: Given) -> Product:
        return change_item(books, product_id, changes_in(books.find(Product, product_id), told(given)))

    return save(
        slug,
        product_form(read_books(slug, desk_of)).posted(),
        work,
        then=lambda _: url_for("inventory_items.show", slug=slug, product_id=product_id),
        again=lambda filled: _form(slug, filled, product_id),
        done=lazy_gettext("The product was changed."),
    )


def _shown(product: Product) -> dict[str, Any]:
    names = ("name", "unit", PRICE, "discount", "purchase_unit_net_price", *OF_STOCK)
    return {name: getattr(product, name) for name in names} | {
        "vat": typed_rate(product.vat_rate, product.vat_treatment)
    }


def _form(slug: str, filled: Filled, product_id: int | None = None) -> str:
    def work(books: Books) -> tuple[Account, Product | None]:
        return books.account, None if product_id is None else books.find(Product, product_id)

    account, product = read_books(slug, work)
    return render_template("products/form.html", account=account, product=product, filled=filled, of_stock=OF_STOCK)
