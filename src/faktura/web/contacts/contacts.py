"""The contacts of an account: looked for, and looked at."""

from flask import Blueprint, render_template, request

from faktura.core.books.office import Office
from faktura.core.contacts import Contact, find_contact, street_line
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.store.queries import Condition, Order, Selection
from faktura.web.documents.showing import Entry, entries_of
from faktura.web.door.database import read
from faktura.web.door.lists import NEWEST_FIRST, PAGE_LENGTH, open_books, page_asked, page_of, some_of
from faktura.web.door.people import person

pages = Blueprint("contacts", __name__)

LAST_DOCUMENTS = 10


@pages.get("/<slug>/subjects")
def show_all(slug: str) -> str:
    user, text, page = person().user, request.args.get("query", "").strip(), page_asked()

    def work(office: Office) -> tuple[Account, list[Contact]]:
        books, _ = open_books(office, user, slug)
        return books.account, page_of(books, Contact, Selection(text=text, order=(Order("name"),)), page)

    account, found = read(work)
    return render_template(
        "contacts.html",
        account=account,
        contacts=found[:PAGE_LENGTH],
        query=text,
        page=page,
        more=len(found) > PAGE_LENGTH,
    )


@pages.get("/<slug>/subjects/<id:contact_id>")
def show(slug: str, contact_id: int) -> str:
    user = person().user

    def work(office: Office) -> tuple[Account, Contact, list[Entry]]:
        """With the contact's last documents, where the person may see documents."""
        books, scopes = open_books(office, user, slug)
        contact = find_contact(books, contact_id)
        theirs = Selection((Condition("contact_id", "eq", contact.id),), order=NEWEST_FIRST)
        documents = some_of(books, Invoice, theirs, LAST_DOCUMENTS) if "invoices" in scopes else []
        return books.account, contact, entries_of(books, documents)

    account, contact, documents = read(work)
    return render_template(
        "contact.html", account=account, contact=contact, street=street_line(contact), documents=documents
    )
