"""Where all settings of an account are found."""

from flask import render_template

from faktura.web.door.books import read_books
from faktura.web.settings import pages


@pages.get("/<slug>/settings")
def show(slug: str) -> str:
    return render_template("settings/page.html", account=read_books(slug, lambda books: books.account))
