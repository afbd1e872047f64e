"""The contacts of an account: looked for, filtered and sorted, all in the address."""

from typing import NamedTuple

from flask import request
from werkzeug.wrappers import Response

from faktura.core.contacts import Contact
from faktura.store.queries import Condition, Order, Selection
from faktura.web.contacts import pages
from faktura.web.contacts.form import ROLES
from faktura.web.door.books import read_books
from faktura.web.door.lists import order_of, rows_asked, sort_asked
from faktura.web.door.sizes import sized

SORTS = {
    "name": (Order("name"),),
    "city": (Order("city"), Order("name")),
    "added": (Order("created_at"),),
}


class Asked(NamedTuple):
    """What the address asks for."""

    query: str
    role: str
    sort: str

    def selection(self) -> Selection:
        conditions = (Condition("role", "eq", self.role),) if self.role else ()
        return Selection(conditions, self.query, order_of(SORTS, self.sort), everywhere=True)


@pages.get("/<slug>/subjects")
def show_all(slug: str) -> Response:
    asked = _asked()
    account, rows = read_books(slug, lambda books: (books.account, rows_asked(books, Contact, asked.selection())))
    return sized(
        "contacts/list.html", "contacts/rows.html", account=account, rows=rows, asked=asked, roles=ROLES.items()
    )


def _asked() -> Asked:
    role = request.args.get("role", "")
    return Asked(request.args.get("query", "").strip(), role if role in ROLES else "", sort_asked(SORTS, "name"))
