"""All that happened to a document in one order: what people and programs did, and the letters about it."""

import datetime as dt
from typing import NamedTuple

from flask_babel import lazy_gettext

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.invoices.record import Invoice
from faktura.core.messages import LeftOut, Message, messages_about
from faktura.store.queries import Condition, Order, Selection
from faktura.web.documents import pages
from faktura.web.forms.sentences import REASONS
from faktura.web.history.events import Done, done_in

MOST = 100

LAST_FIRST = (Order("id", descending=True),)

TOLD_BY_LETTERS = {"invoice_sent", "invoice_reminded", "invoice_thanked"}
"""Events that a letter stands for, which says more of it."""


class Moment(NamedTuple):
    """An event or a letter; a letter that failed `is_last` where none was written after it."""

    at: dt.datetime
    done: Done | None = None
    letter: Message | None = None
    is_last: bool = False


def timeline_of(books: Books, invoice: Invoice) -> list[Moment]:
    """The last first."""
    letters = books.some_in_order(Message, messages_about(invoice), MOST)
    moments = [Moment(one.created_at, letter=one, is_last=one is letters[0]) for one in letters]
    written = {letter.created_at for letter in letters}
    of_document = Condition("kind", "eq", Invoice.table_name), Condition("record_id", "eq", invoice.id)
    happened = books.some_in_order(Happening, Selection(of_document, order=LAST_FIRST), MOST)
    told = [h for h in happened if h.name not in TOLD_BY_LETTERS or h.created_at not in written]
    moments += [Moment(done.happening.created_at, done=done) for done in done_in(books, told)]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:MOST]


@pages.app_template_filter("left_out")
def left_out(one: LeftOut) -> str:
    """What a letter went without, and why."""
    return f"{_WITHOUT[one.e_invoice]} {REASONS[one.reason]()}"


_WITHOUT = {
    "isdoc_in_pdf": lazy_gettext("Its PDF carries no ISDOC:"),
    "isdoc": lazy_gettext("It went without an ISDOC file:"),
    "ubl": lazy_gettext("It went without a UBL file:"),
}
