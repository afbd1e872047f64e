"""The contacts of an account: looked for, and looked at."""

from flask import Blueprint, render_template, request

from faktura.core.accounts import Account
from faktura.core.books import Books
from faktura.core.contacts import Contact, find_contact, street_line
from faktura.core.errors import Blocked
from faktura.core.office import Office
from faktura.core.users import User, place_of
from faktura.store.queries import Order, Selection
from faktura.web.database import read
from faktura.web.people import person

pages = Blueprint("contacts", __name__)

PAGE_LENGTH = 40
LAST_PAGE = 1_000_000
LARGEST_ID = 2**31 - 1


@pages.get("/<slug>/subjects")
def show_all(slug: str) -> str:
    user, text, page = person().user, request.args.get("query", "").strip(), _page()

    def work(office: Office) -> tuple[Account, list[Contact]]:
        books = _books(office, user, slug)
        chosen = Selection(text=text, order=(Order("name"),))
        stamps = books.stamps(Contact, chosen, PAGE_LENGTH + 1, (page - 1) * PAGE_LENGTH)
        found = {contact.id: contact for contact in books.some(Contact, [record_id for record_id, _ in stamps])}
        return books.account, [found[record_id] for record_id, _ in stamps if record_id in found]

    account, found = read(work)
    return render_template(
        "contacts.html",
        account=account,
        contacts=found[:PAGE_LENGTH],
        query=text,
        page=page,
        more=len(found) > PAGE_LENGTH,
    )


@pages.get(f"/<slug>/subjects/<int(max={LARGEST_ID}):contact_id>")
def show(slug: str, contact_id: int) -> str:
    user = person().user

    def work(office: Office) -> tuple[Account, Contact]:
        books = _books(office, user, slug)
        return books.account, find_contact(books, contact_id)

    account, contact = read(work)
    return render_template("contact.html", account=account, contact=contact, street=street_line(contact))


def _books(office: Office, user: User, slug: str) -> Books:
    """The books of the account with this slug.

    Raises:
        NotFound: the person is no member of such an account.
        Blocked: the account is closed.

    """
    account = place_of(office, user, slug).account
    if account.blocked:
        raise Blocked(account.unpaid_invoices)
    return Books(office.tx, account, user.id, office.now)


def _page() -> int:
    text = request.args.get("page", "1")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_PAGE)) else 1
    return min(max(number, 1), LAST_PAGE)
