"""What waits for KSeF, why, and when it will be done; what it refused; what it took; what was issued beside it."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from flask import render_template, request
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from faktura.core.books.books import Books
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import KsefConnection, connection_of
from faktura.core.ksef.duty import Outside, outside_ksef
from faktura.core.ksef.listing import NEEDY, UNDER_WAY, sendings_in
from faktura.core.ksef.mark import SendingState
from faktura.core.ksef.sendings import KsefSending
from faktura.core.people.accounts import Account
from faktura.store.queries import Condition, Order, Selection
from faktura.web.door.books import read_books
from faktura.web.door.lists import Rows, rows_asked
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.ksef import pages
from faktura.web.ksef.words import Stage, expected, rest_of, stage_of
from faktura.web.settings.ksef_words import ENVIRONMENTS, standing_of

PARTS: Mapping[str, tuple[tuple[SendingState, ...], LazyString]] = {
    "under_way": (UNDER_WAY, lazy_gettext("On their way")),
    "refused": (NEEDY, lazy_gettext("Refused")),
    "accepted": (("accepted",), lazy_gettext("In KSeF")),
}
"""By what the address asks for, the states that stand under it, and its words."""

NEWEST_FIRST = (Order("id", descending=True),)


class Passing(NamedTuple):
    """A document on its way; it is None where it was deleted since."""

    sending: KsefSending
    invoice: Invoice | None
    stage: Stage


class Queue(NamedTuple):
    """A page of the list with its heads; so many are `ready` to leave."""

    account: Account
    connection: KsefConnection | None
    outside: Outside | None
    counts: Mapping[str, int]
    ready: int
    rows: Rows[KsefSending]
    passing: list[Passing]


@pages.get("/<slug>/ksef")
def show_all(slug: str) -> str:
    return queue_page(slug, NOTHING.filled())


def queue_page(slug: str, filled: Filled) -> str:
    part = request.args.get("part", "")
    part = part if part in PARTS else "under_way"
    queue = read_books(slug, lambda books: _queue(books, part), "invoices")
    return render_template(
        "ksef/list.html",
        **queue._asdict(),
        filled=filled,
        part=part,
        parts=PARTS,
        environments=ENVIRONMENTS,
        standing=standing_of(queue.connection) if queue.connection else None,
        expected=expected(queue.ready) if queue.ready else "",
    )


def _queue(books: Books, part: str) -> Queue:
    connection = connection_of(books)
    chosen = sendings_in(PARTS[part][0])
    rows = rows_asked(books, KsefSending, msgspec.structs.replace(chosen, order=NEWEST_FIRST))
    invoices = {one.id: one for one in books.some(Invoice, sorted({row.invoice_id for row in rows.records}))}
    until, now = rest_of(books, connection), books.now
    passing = [
        Passing(row, invoices.get(row.invoice_id), stage_of(row, connection, until, now)) for row in rows.records
    ]
    counts = {name: books.count(KsefSending, sendings_in(states)) for name, (states, _) in PARTS.items()}
    return Queue(
        books.account,
        connection,
        outside_ksef(books),
        counts,
        books.count(KsefSending, _ready(books)),
        rows,
        passing,
    )


def _ready(books: Books) -> Selection:
    return Selection((*sendings_in(("waiting",)).conditions, Condition("next_at", "lteq", books.now)))
