"""A document as a member of its account sees it, with all that happened to it."""

from typing import NamedTuple

from flask import render_template

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.documents.links import links_of
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message, messages_about
from faktura.core.people.accounts import Account
from faktura.store.queries import Condition, Order, Selection
from faktura.web.documents import pages
from faktura.web.documents.showing import Entry, Shown, entries_of, shown
from faktura.web.door.books import open_books
from faktura.web.door.database import read
from faktura.web.door.lists import some_of
from faktura.web.door.people import person
from faktura.web.history.events import Done, done_in

MOST_HAPPENINGS = 100
MOST_OTHERS = 50

LAST_FIRST = (Order("id", descending=True),)


class Looked(NamedTuple):
    """A document as a member sees it."""

    account: Account
    document: Shown
    related: list[Entry]
    history: list[Done]
    messages: list[Message]


@pages.get("/<slug>/invoices/<id:invoice_id>")
def show(slug: str, invoice_id: int) -> str:
    user = person().user

    def work(office: Office) -> Looked:
        books, _ = open_books(office, user, slug, "invoices")
        invoice = find_invoice(books, invoice_id)
        return Looked(
            books.account,
            shown(books, invoice, user.language),
            entries_of(books, books.some(Invoice, _linked(books, invoice)[:MOST_OTHERS])),
            _history(books, invoice),
            some_of(books, Message, messages_about(invoice), MOST_OTHERS),
        )

    return render_template("documents/page.html", **read(work)._asdict())


def _linked(books: Books, invoice: Invoice) -> list[int]:
    """The ids of the documents that it has to do with, every correction and follower among them."""
    links = links_of(books, invoice)
    ends = (link.beyond(invoice) for link in (*links.out, *links.into))
    return sorted({document_id for kind, document_id in ends if kind == Invoice.table_name})


def _history(books: Books, invoice: Invoice) -> list[Done]:
    """The last first."""
    of_document = Condition("kind", "eq", Invoice.table_name), Condition("record_id", "eq", invoice.id)
    return done_in(books, some_of(books, Happening, Selection(of_document, order=LAST_FIRST), MOST_HAPPENINGS))
