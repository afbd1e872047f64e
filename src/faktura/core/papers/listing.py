"""Which papers without a buyer a list shows: those of a kind, of a month, or all."""

import datetime as dt
from collections.abc import Mapping
from typing import get_args

import msgspec

from faktura.core.books.books import Books
from faktura.core.papers.record import Paper, PaperKind
from faktura.store.queries import Condition, Order, Selection

KINDS: tuple[PaperKind, ...] = get_args(PaperKind)

NEWEST_FIRST = (Order("issued_on", descending=True), Order("id", descending=True))


class Filters(msgspec.Struct, frozen=True):
    """Everything that is not chosen leaves all; both days count."""

    kind: PaperKind | None = None
    since: dt.date | None = None
    until: dt.date | None = None


def chosen_by(filters: Filters, order: tuple[Order, ...] = NEWEST_FIRST) -> Selection:
    told = (
        ("kind", "eq", filters.kind),
        ("issued_on", "gteq", filters.since),
        ("issued_on", "lteq", filters.until),
    )
    return Selection(tuple(Condition(*one) for one in told if one[2] is not None), order=order)


def counts(books: Books) -> Mapping[PaperKind, int]:
    """How many there are of each kind."""
    return {kind: books.count(Paper, chosen_by(Filters(kind))) for kind in KINDS}


def day_to_come(books: Books, kind: PaperKind) -> dt.date:
    """The day after that of the newest of a kind, if it is here yet: whoever writes down days does it one by one."""
    newest = books.some_in_order(Paper, chosen_by(Filters(kind)), 1)
    return min(newest[0].issued_on + dt.timedelta(days=1), books.today) if newest else books.today
