"""What a combobox of products offers: the best few, of any number."""

from flask import render_template, request

from faktura.core.books.books import Books
from faktura.core.catalogue import Product, best_products
from faktura.web.door.books import read_books
from faktura.web.door.languages import money
from faktura.web.forms.form import Option
from faktura.web.products import pages

MOST = 8


@pages.get("/<slug>/inventory_items/pick")
def pick(slug: str) -> str:
    text = request.args.get("query", "").strip()
    return render_template("pick.html", options=read_books(slug, lambda books: products_offered(books, text)))


def products_offered(books: Books, text: str) -> list[Option]:
    return [Option(p.name, _price(p, books.account.currency), p.id) for p in best_products(books, text, MOST)]


def _price(product: Product, currency: str) -> str:
    return " / ".join(filter(None, (money(product.unit_net_price, currency), product.unit)))
