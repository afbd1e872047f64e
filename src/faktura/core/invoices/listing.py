"""Which documents a list shows: what people choose by, as selections."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal, get_args

import msgspec

from faktura.core.books.books import Books
from faktura.core.documents.record import CORRECTIONS, DocumentKind
from faktura.core.invoices.debts import SALES, UNPAID, overdue
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.listing import KsefPart, documents_under
from faktura.store.queries import Condition, Order, Selection

Part = Literal["all", "unpaid", "overdue", "paid", "proformas", "corrections"]
PARTS: tuple[Part, ...] = get_args(Part)

Day = Literal["issued_on", "taxable_on", "due_on", "paid_on"]
DAYS: tuple[Day, ...] = get_args(Day)


class Filters(msgspec.Struct, frozen=True):
    """Everything that is not chosen leaves all; `day` says what `since` and `until` are of, and both days count."""

    part: Part = "all"
    text: str = ""
    kind: DocumentKind | None = None
    contact_id: int | None = None
    day: Day = "issued_on"
    since: dt.date | None = None
    until: dt.date | None = None
    currency: str | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    tag: str | None = None
    ksef: KsefPart | None = None


def chosen_by(filters: Filters, today: dt.date, order: tuple[Order, ...] = ()) -> Selection:
    """Without what is chosen by `ksef`, which takes a look into the books: `found_by` does that, too."""
    conditions = (*part_of(filters.part, today).conditions, *_conditions(filters))
    return Selection(conditions, _as_figures(filters.text), order, everywhere=True)


def found_by(books: Books, filters: Filters, order: tuple[Order, ...] = ()) -> Selection:
    chosen = chosen_by(filters, books.today, order)
    if filters.ksef is None:
        return chosen
    return msgspec.structs.replace(chosen, conditions=(*chosen.conditions, *documents_under(books, filters.ksef)))


def part_of(part: Part, today: dt.date) -> Selection:
    """The documents under one head of the list, which stand under others as well."""
    match part:
        case "unpaid":
            return UNPAID
        case "overdue":
            return overdue(today)
        case "paid":
            return Selection((Condition("status", "eq", "paid"), SALES))
        case "proformas":
            return Selection((Condition("kind", "eq", "proforma"),))
        case "corrections":
            return Selection((Condition("kind", "in", tuple(sorted(CORRECTIONS))),))
        case "all":
            return Selection()


def counts(books: Books) -> Mapping[Part, int]:
    """How many documents stand under each head."""
    return {part: books.count(Invoice, part_of(part, books.today)) for part in PARTS}


def _conditions(filters: Filters) -> Iterator[Condition]:
    for attribute in ("kind", "contact_id", "currency"):
        if (value := getattr(filters, attribute)) is not None:
            yield Condition(attribute, "eq", value)
    if filters.since is not None:
        yield Condition(filters.day, "gteq", filters.since)
    if filters.until is not None:
        yield Condition(filters.day, "lteq", filters.until)
    if filters.least is not None:
        yield Condition("gross_total", "gteq", filters.least)
    if filters.most is not None:
        yield Condition("gross_total", "lteq", filters.most)
    if filters.tag:
        yield Condition("tag_lines", "holds", f"\n{filters.tag}\n")


def _as_figures(text: str) -> str:
    """An amount as it is kept: "1 250,50" is 1250.50; any other text is as it was."""
    amount = _AMOUNT.fullmatch(text.strip())
    return text if amount is None else re.sub(r"\s", "", amount[1]) + (f".{amount[2]}" if amount[2] else "")


_AMOUNT = re.compile(r"(-?\d{1,3}(?:[ \u00a0\u202f]\d{3})+|-?\d+)(?:,(\d{1,2}))?")
