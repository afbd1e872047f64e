"""The products of an account: looked for and sorted, all in the address."""

from typing import NamedTuple

from flask import request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.catalogue import NOT_ARCHIVED, Product
from faktura.store.queries import Condition, Order, Selection
from faktura.web.door.books import read_books
from faktura.web.door.lists import order_of, rows_asked, sort_asked
from faktura.web.door.sizes import sized
from faktura.web.products import pages

SORTS = {
    "name": (Order("name"),),
    "price": (Order("unit_net_price"), Order("name")),
    "added": (Order("created_at"),),
}


PARTS = {
    "all": lazy_gettext("All"),
    "low": lazy_gettext("Running low"),
    "aside": lazy_gettext("Set aside"),
}
CONDITIONS = {
    "all": (),
    "low": (NOT_ARCHIVED, Condition("low_since", "null", value=False)),
    "aside": (Condition("archived", "eq", value=True),),
}


class Asked(NamedTuple):
    """What the address asks for."""

    query: str
    sort: str
    part: str

    def selection(self) -> Selection:
        named = (Condition("name", "cont", self.query),) if self.query else ()
        return Selection((*CONDITIONS[self.part], *named), order=order_of(SORTS, self.sort))


@pages.get("/<slug>/inventory_items")
def show_all(slug: str) -> Response:
    part = request.args.get("part", "all")
    query, sort = request.args.get("query", "").strip(), sort_asked(SORTS, "name")
    asked = Asked(query, sort, part if part in PARTS else "all")
    account, rows = read_books(slug, lambda books: (books.account, rows_asked(books, Product, asked.selection())))
    return sized("products/list.html", "products/rows.html", account=account, rows=rows, asked=asked, parts=PARTS)
