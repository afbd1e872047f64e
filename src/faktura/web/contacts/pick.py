"""What a combobox of contacts offers: the best few, of any number."""

from flask import render_template, request

from faktura.core.books.books import Books
from faktura.core.contacts import best_contacts
from faktura.web.contacts import pages
from faktura.web.door.books import read_books
from faktura.web.forms.form import Option

MOST = 8


@pages.get("/<slug>/subjects/pick")
def pick(slug: str) -> str:
    text = request.args.get("query", "").strip()
    options = read_books(slug, lambda books: contacts_offered(books, text))
    return render_template("pick.html", options=options, text=text, new=request.args.get("new"))


def contacts_offered(books: Books, text: str) -> list[Option]:
    found = best_contacts(books, text, MOST)
    return [Option(c.name, " · ".join(filter(None, (c.registration_no, c.city))), c.id) for c in found]
