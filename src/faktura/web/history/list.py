"""Everything that happened in an account, the last first."""

from flask import render_template

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.store.queries import Condition, Order, Selection
from faktura.web.door.books import may, read_books
from faktura.web.door.lists import Rows, rows_asked
from faktura.web.history import pages
from faktura.web.history.changes import RECORDS
from faktura.web.history.events import Done, done_in

LAST_FIRST = (Order("id", descending=True),)

OTHER_KINDS = (*(kind for kind in RECORDS if kind != Invoice.table_name), "accounts", "number_formats", "users")
OTHER_KINDS += ("applications", "api_keys")
"""Records whose events are open to whoever may not see documents."""


@pages.get("/<slug>/history")
def show_all(slug: str) -> str:
    account, rows, done = read_books(slug, _asked)
    return render_template("history/list.html", account=account, rows=rows, history=done)


def _asked(books: Books) -> tuple[Account, Rows[Happening], list[Done]]:
    conditions = () if may("invoices") else (Condition("kind", "in", OTHER_KINDS),)
    rows = rows_asked(books, Happening, Selection(conditions, order=LAST_FIRST))
    return books.account, rows, done_in(books, rows.records)
