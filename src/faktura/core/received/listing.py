"""Which expenses a list shows: what people and programs choose by, as selections."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Literal, get_args

import msgspec

from faktura.core.books.books import Books
from faktura.core.received.record import Expense, ExpenseKind
from faktura.core.received.standing import SETTLEMENTS, Accounting, standings
from faktura.store.queries import Condition, Order, Selection

Part = Literal["all", "unpaid", "overdue", "paid"]
PARTS: tuple[Part, ...] = get_args(Part)

ENTERED = Condition("progress", "eq", "entered")
"""A scan that nobody has entered yet is no expense."""

NEWEST_FIRST = (Order("id", descending=True),)

_PARTS: Mapping[Part, tuple[Condition, ...]] = {
    "all": (),
    "unpaid": (Condition("status", "in", ("open", "overdue")),),
    "overdue": (Condition("status", "eq", "overdue"),),
    "paid": (Condition("status", "eq", "paid"),),
}


_OF_ENTERED = frozenset(SETTLEMENTS) - {"none"}


class Filters(msgspec.Struct, frozen=True):
    """Everything that is not chosen leaves all; both days of issue count."""

    part: Part = "all"
    text: str = ""
    kind: ExpenseKind | None = None
    contact_id: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    tag: str | None = None
    accounting: Accounting | None = None
    category: str | None = None


def chosen_by(filters: Filters, order: tuple[Order, ...] = NEWEST_FIRST) -> Selection:
    conditions = (ENTERED, *_PARTS[filters.part], *_conditions(filters))
    return Selection(conditions, filters.text, order, everywhere=True)


def counts(books: Books) -> Mapping[Part, int]:
    """How many expenses stand under each head."""
    return {part: books.count(Expense, Selection((ENTERED, *_PARTS[part]))) for part in PARTS}


def _conditions(filters: Filters) -> Iterator[Condition]:
    for attribute in ("contact_id", "category", "kind"):
        if (value := getattr(filters, attribute)) is not None:
            yield Condition(attribute, "eq", value)
    if filters.accounting is not None:
        yield Condition("standing", "in", tuple(sorted(standings(_OF_ENTERED, [filters.accounting]))))
    if filters.since is not None:
        yield Condition("issued_on", "gteq", filters.since)
    if filters.until is not None:
        yield Condition("issued_on", "lteq", filters.until)
    if filters.tag:
        yield Condition("tag_lines", "holds", f"\n{filters.tag}\n")
