"""A contact by itself, with its last documents."""

from typing import NamedTuple

from flask import render_template

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, find_contact, street_line
from faktura.core.invoices.balance import Balance, balance_of, unpaid_of
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.core.registries.checks import last_checks
from faktura.outside.registries.payer import question_about
from faktura.store.queries import Condition, Selection
from faktura.web.contacts import pages
from faktura.web.documents.showing import Entry, entries_of
from faktura.web.door.books import may, read_books
from faktura.web.door.database import service
from faktura.web.door.lists import NEWEST_FIRST, some_of
from faktura.web.registries.proofs import Proof, proofs_of

LAST_DOCUMENTS = 10
MOST_UNPAID = 20


class Looked(NamedTuple):
    """A contact as a member sees it."""

    account: Account
    contact: Contact
    street: str | None
    documents: list[Entry]
    unpaid: list[Entry]
    balance: Balance | None
    found: list[Proof]
    may_ask: bool


@pages.get("/<slug>/subjects/<id:contact_id>")
def show(slug: str, contact_id: int) -> str:
    def work(books: Books) -> Looked:
        contact = find_contact(books, contact_id)
        unpaid = books.some_in_order(Invoice, unpaid_of(contact_id), MOST_UNPAID) if may("invoices") else []
        return Looked(
            books.account,
            contact,
            street_line(contact),
            last_documents(books, contact),
            entries_of(books, unpaid),
            balance_of(books, contact_id) if may("invoices") else None,
            proofs_of(last_checks(books, contact_id)),
            question_about(service().registries, books.account, contact) is not None,
        )

    return render_template("contacts/page.html", **read_books(slug, work)._asdict())


def last_documents(books: Books, contact: Contact) -> list[Entry]:
    """Where the person may see documents."""
    found = some_of(books, Invoice, documents_of(contact), LAST_DOCUMENTS) if may("invoices") else []
    return entries_of(books, found)


def documents_of(contact: Contact) -> Selection:
    return Selection((Condition("contact_id", "eq", contact.id),), order=NEWEST_FIRST)
