"""What the combobox of a line of an expense offers: the products that are bought, at what they cost."""

from flask import render_template, request

from faktura.core.invoices.offers import offered_to_buy
from faktura.web.documents.fields import typed_rate
from faktura.web.documents.pick import MOST
from faktura.web.door.books import read_books
from faktura.web.expenses import pages


@pages.get("/<slug>/expenses/lines")
def pick_line(slug: str) -> str:
    text = request.args.get("query", "").strip()
    account, offers = read_books(slug, lambda books: (books.account, offered_to_buy(books, text, MOST)), "expenses")
    rows = [(offer, typed_rate(offer.vat_rate, offer.vat_treatment)) for offer in offers]
    return render_template("documents/offers.html", account=account, offers=rows)
