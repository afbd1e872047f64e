"""What is done with a product: it is deleted."""

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.catalogue import Product, delete_product
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.saving import save
from faktura.web.products import pages


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
