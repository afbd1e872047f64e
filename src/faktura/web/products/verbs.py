"""What is done with a product: it is set aside and offered again, and it is deleted."""

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.catalogue import Product, delete_product
from faktura.core.inventory.items import set_item_aside
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.saving import Undoable, save
from faktura.web.products import pages
from faktura.web.products.page import address_of, product_page

DONE = {"aside": lazy_gettext("The product was set aside."), "offer": lazy_gettext("The product is offered again.")}
OPPOSITES = {"aside": "offer", "offer": "aside"}


@keeps_typed
def put_now(slug: str, product_id: int, where: str) -> Response:
    back = url_for("inventory_items.put", slug=slug, product_id=product_id, where=OPPOSITES[where])
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: set_item_aside(books, product_id, aside=where == "aside"),
        then=lambda _: address_of(slug, product_id),
        again=lambda filled: product_page(slug, product_id, filled),
        done=Undoable(DONE[where], lambda _: back),
    )


for name in DONE:
    pages.add_url_rule(
        f"/<slug>/inventory_items/<id:product_id>/{name}", "put", put_now, methods=["POST"], defaults={"where": name}
    )


@pages.get("/<slug>/inventory_items/<id:product_id>/delete")
def delete(slug: str, product_id: int) -> str:
    return _before_deleting(slug, product_id, NOTHING.filled())


@pages.post("/<slug>/inventory_items/<id:product_id>/delete")
@keeps_typed
def delete_now(slug: str, product_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: delete_product(books, product_id),
        then=lambda _: url_for("inventory_items.show_all", slug=slug),
        again=lambda filled: _before_deleting(slug, product_id, filled),
        done=lazy_gettext("The product was deleted."),
    )


def _before_deleting(slug: str, product_id: int, filled: Filled) -> str:
    account, product = read_books(slug, lambda books: (books.account, books.find(Product, product_id)), deed="write")
    return render_template("products/delete.html", account=account, product=product, filled=filled)
