"""What fits a text, of every noun a few: the page of the search and the palette ask the same."""

from typing import NamedTuple

from flask import g, url_for

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, best_contacts
from faktura.core.invoices.listing import Filters, chosen_by
from faktura.core.invoices.record import Invoice
from faktura.core.received import listing as received
from faktura.core.received.record import Expense
from faktura.web.door.books import may
from faktura.web.door.frame import Entry, pages_called
from faktura.web.door.lists import NEWEST_FIRST, some_of
from faktura.web.door.names import KINDS, NUMBERED
from faktura.web.forms.form import Option

MOST = 5


class Found(NamedTuple):
    """Pages by their names, records by what they say."""

    pages: list[Entry]
    contacts: list[Contact]
    documents: list[Invoice]
    expenses: list[Expense]

    def options(self, slug: str) -> list[Option]:
        contacts = [
            Option(c.name, c.registration_no or "", address=url_for("contacts.show", slug=slug, contact_id=c.id))
            for c in self.contacts
        ]
        documents = [
            Option(
                f"{KINDS[d.kind]} {d.number}",
                d.buyer_name,
                address=url_for("invoices.show", slug=slug, invoice_id=d.id),
            )
            for d in self.documents
        ]
        expenses = [
            Option(
                f"{NUMBERED['expense']} {e.number}",
                e.seller.name,
                address=url_for("expenses.show", slug=slug, expense_id=e.id),
            )
            for e in self.expenses
        ]
        return [*(Option(page.label, address=page.address) for page in self.pages), *contacts, *documents, *expenses]


def find(books: Books, text: str, most: int = MOST) -> Found:
    """Documents and expenses are among it where the person may see them; of an empty text only pages are."""
    pages = pages_called(g.seat, text)
    if not text:
        return Found(pages, [], [], [])
    fitting = chosen_by(Filters(text=text), books.today, NEWEST_FIRST)
    documents = some_of(books, Invoice, fitting, most) if may("invoices") else []
    bought = received.chosen_by(received.Filters(text=text))
    expenses = some_of(books, Expense, bought, most) if may("expenses") else []
    return Found(pages[:most], best_contacts(books, text, most), documents, expenses)
