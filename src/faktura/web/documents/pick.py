"""What the combobox of a line offers: earlier lines of the customer, and what the catalogue has."""

from flask import render_template, request

from faktura.core.books.books import Books
from faktura.core.invoices.offers import Offer, offered_lines
from faktura.core.people.accounts import Account
from faktura.web.documents import pages
from faktura.web.documents.fields import typed_rate
from faktura.web.door.books import read_books
from faktura.web.door.lists import id_asked

MOST = 8


@pages.get("/<slug>/invoices/lines")
def pick_line(slug: str) -> str:
    text, contact_id = request.args.get("query", "").strip(), id_asked("contact_id")

    def work(books: Books) -> tuple[Account, list[Offer]]:
        return books.account, offered_lines(books, text, contact_id, MOST)

    account, offers = read_books(slug, work, "invoices")
    rows = [(offer, typed_rate(offer.vat_rate, offer.vat_treatment)) for offer in offers]
    return render_template("documents/offers.html", account=account, offers=rows)
