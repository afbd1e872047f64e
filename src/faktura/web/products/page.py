"""A product by itself."""

from flask import render_template

from faktura.core.catalogue import Product
from faktura.web.door.books import read_books
from faktura.web.products import pages


@pages.get("/<slug>/inventory_items/<id:product_id>")
def show(slug: str, product_id: int) -> str:
    account, product = read_books(slug, lambda books: (books.account, books.find(Product, product_id)))
    return render_template("products/page.html", account=account, product=product)
