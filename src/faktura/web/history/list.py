"""Everything that happened in an account, the last first."""

from flask import render_template

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.people.accounts import Account
from faktura.core.people.users import SCOPES_OF_KINDS
from faktura.store.queries import Condition, Order, Selection
from faktura.web.door.books import may, read_books
from faktura.web.door.lists import Rows, rows_asked
from faktura.web.history import pages
from faktura.web.history.changes import RECORDS
from faktura.web.history.events import Done, done_in

LAST_FIRST = (Order("id", descending=True),)

KINDS = (*RECORDS, "stock_moves", "accounts", "number_formats", "users", "applications", "api_keys")


@pages.get("/<slug>/history")
def show_all(slug: str) -> str:
    account, rows, done = read_books(slug, _asked)
    return render_template("history/list.html", account=account, rows=rows, history=done)


def _asked(books: Books) -> tuple[Account, Rows[Happening], list[Done]]:
    rows = rows_asked(books, Happening, events_seen())
    return books.account, rows, done_in(books, rows.records)


def events_seen() -> Selection:
    """What the person may see of all that happened, the last first."""
    closed = {kind for kind, scope in SCOPES_OF_KINDS.items() if not may(scope)}
    conditions = (Condition("kind", "in", tuple(kind for kind in KINDS if kind not in closed)),) if closed else ()
    return Selection(conditions, order=LAST_FIRST)
