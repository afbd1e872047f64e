"""What a bookkeeper is given of a period: documents by the day that decides, and what was received in it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

import msgspec

from faktura.core.books.books import Books
from faktura.core.documents.record import CORRECTIONS, ZERO
from faktura.core.errors import Problems
from faktura.core.invoices.batches import MOST, Batch, Verb, order_members
from faktura.core.invoices.debts import InCurrency, by_currency
from faktura.core.invoices.record import Invoice
from faktura.core.received.listing import ENTERED
from faktura.core.received.record import Expense
from faktura.store.queries import Condition, Order, Selection

Sort = Literal["invoices", "corrections", "tax_documents", "proformas", "received"]
SORTS: tuple[Sort, ...] = get_args(Sort)

KINDS: Mapping[Sort, tuple[str, ...]] = {
    "invoices": ("invoice", "final_invoice", "margin_invoice", "oss_invoice"),
    "corrections": tuple(sorted(CORRECTIONS)),
    "tax_documents": ("tax_document",),
    "proformas": ("proforma",),
}


class Period(msgspec.Struct, frozen=True):
    """Both days count; `sorts` are what is wanted of it."""

    since: dt.date
    until: dt.date
    sorts: frozenset[Sort]


def documents_of(period: Period) -> list[Selection]:
    """Those whose tax becomes due in it; where no such day is known, and of proformas, those issued in it."""
    taxed = tuple(kind for sort in SORTS if sort in period.sorts - {"proformas", "received"} for kind in KINDS[sort])
    chosen = []
    if taxed:
        of_kinds, untaxed = Condition("kind", "in", taxed), Condition("taxable_on", "null", value=True)
        chosen = [_within(period, "taxable_on", of_kinds), _within(period, "issued_on", of_kinds, untaxed)]
    if "proformas" in period.sorts:
        chosen.append(_within(period, "issued_on", Condition("kind", "in", KINDS["proformas"])))
    return chosen


def received_in(period: Period) -> list[Selection]:
    """What was received in it, in which its VAT is deducted."""
    return [_within(period, "received_on", ENTERED)] if "received" in period.sorts else []


def sums_of(books: Books, period: Period) -> Sequence[InCurrency]:
    """What the documents come to."""
    return _together(one for chosen in documents_of(period) for one in by_currency(books, chosen))


def sums_received(books: Books, period: Period) -> Sequence[InCurrency]:
    """The same of what was received."""
    attributes = ("net_total", "gross_total", "left_to_pay")
    found = [one for chosen in received_in(period) for one in books.sums(Expense, chosen, attributes, ("currency",))]
    return [InCurrency(one.group[0], one.records, *one.amounts) for one in found]


def order_period(books: Books, period: Period, verb: Verb, given: Mapping[str, object]) -> Batch:
    """Have a file made of all that is wanted; what was received is told to accounting programs alone.

    Raises:
        Invalid: there is nothing, or too much.

    """
    documents = [one for chosen in documents_of(period) for one, _ in books.stamps(Invoice, chosen, MOST + 1, 0)]
    wanted = received_in(period) if verb == "pohoda" else []
    expenses = [one for chosen in wanted for one, _ in books.stamps(Expense, chosen, MOST + 1, 0)]
    return order_members(books, documents, expenses, verb, given, Problems())


def _within(period: Period, day: str, *further: Condition) -> Selection:
    days = Condition(day, "gteq", period.since), Condition(day, "lteq", period.until)
    return Selection((*further, *days), order=(Order("issued_on"), Order("number")))


def _together(sums: Iterable[InCurrency]) -> list[InCurrency]:
    """One for each currency."""
    found: dict[str, InCurrency] = {}
    for one in sums:
        old = found.get(one.currency, InCurrency(one.currency, 0, ZERO, ZERO, ZERO))
        net, gross, left = old.net + one.net, old.gross + one.gross, old.left + one.left
        found[one.currency] = InCurrency(one.currency, old.documents + one.documents, net, gross, left)
    return list(found.values())
