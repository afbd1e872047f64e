"""Whether the numbers of each series are there once and without a gap, as `faktura db check` asks."""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa

from faktura.core.books.history import Happening
from faktura.core.documents.numbering import NumberFormat, NumberSeries, NumbersLeftOut, counter_in
from faktura.core.documents.record import Deleted, Document
from faktura.store.statements import Query
from faktura.store.transaction import Transaction

Said = Iterator[tuple[str, str]]

Series = tuple[int, str]
"""A format and a period."""

Range = tuple[int, int]


class Numbered(NamedTuple):
    """A document that has a place in a series."""

    id: int
    kind: str
    number: str
    number_format_id: int
    period: str
    counter: int


class Account(NamedTuple):
    """The series of one account, and the documents in them; `deleted` lie in the wastebasket."""

    id: int
    patterns: dict[int, str]
    counted: dict[Series, int]
    documents: list[Numbered]
    deleted: list[Numbered]
    left_out: list[tuple[int, str, int, int]]


def wrong_numbers(cls: type[Document], tx: Transaction) -> Said:
    """The kind of what is wrong with documents of one record and a sentence, over all accounts."""
    for account_id in sorted({*_ids(tx, _NUMBERING), *_ids(tx, _issuing(cls))}):
        account = _account(tx, cls, account_id)
        yield from _left_behind(account)
        yield from _gaps(account)
        yield from _doubles(account)
        yield from _out_of_place(account)
        yield from _deleted_in_silence(tx, cls, account)


def _account(tx: Transaction, cls: type[Document], account_id: int) -> Account:
    found = tx.records(Deleted, _DELETED, account_id=account_id)
    return Account(
        account_id,
        dict(tx.rows(_PATTERNS, account_id=account_id)),
        {(format_id, period): last for format_id, period, last in tx.rows(_SERIES, account_id=account_id)},
        [Numbered(*row) for row in tx.rows(_numbered(cls), account_id=account_id)],
        [_place_of(deleted) for deleted in found if deleted.document.get("counter") is not None],
        [(row[0], row[1], row[2], row[3]) for row in tx.rows(_LEFT_OUT, account_id=account_id)],
    )


def _place_of(deleted: Deleted) -> Numbered:
    place = (deleted.document[name] for name in ("number_format_id", "period", "counter"))
    return Numbered(deleted.document_id, deleted.kind, deleted.number, *place)


def _left_behind(account: Account) -> Said:
    """A series whose next number was given out already."""
    largest: dict[Series, int] = defaultdict(int)
    for document in account.documents:
        series = document.number_format_id, document.period
        largest[series] = max(largest[series], document.counter)
    for series, counter in sorted(largest.items()):
        last = account.counted.get(series)
        if last is None or last < counter:
            counted = "was never begun" if last is None else f"has counted to {last}"
            yield "series", f"{_named(account, series)}: it {counted}, but a document is number {counter}"


def _gaps(account: Account) -> Said:
    """Numbers that the series counted, that no document has or had, and of which nobody wrote down why."""
    taken: dict[Series, list[Range]] = defaultdict(list)
    for document in (*account.documents, *account.deleted):
        taken[document.number_format_id, document.period].append((document.counter, document.counter))
    for format_id, period, first, last in account.left_out:
        taken[format_id, period].append((first, last))
    for series, counted in sorted(account.counted.items()):
        for first, last in _missing(counted, taken[series]):
            numbers = f"number {first}" if first == last else f"numbers {first} to {last}"
            yield "gap", f"{_named(account, series)}: no document has {numbers}, and nothing says why"


def _missing(counted: int, taken: Iterable[Range]) -> Iterator[Range]:
    """The ranges between 1 and what was counted that are not taken."""
    expected = 1
    for first, last in sorted(taken):
        if expected < first:
            yield expected, first - 1
        expected = max(expected, last + 1)
    if expected <= counted:
        yield expected, counted


def _doubles(account: Account) -> Said:
    """Numbers that two documents of a kind took from their series, also where one of them is deleted.

    Numbers from outside that may repeat have no place in a series, and are not looked at.
    """
    first: dict[tuple[str, str], int] = {}
    for document in (*account.deleted, *account.documents):
        other = first.setdefault((document.kind, document.number), document.id)
        if other != document.id:
            yield "double", f"{_document(account, document)}: has the number {document.number}, as {other} has or had"


def _out_of_place(account: Account) -> Said:
    for document in account.documents:
        pattern = account.patterns.get(document.number_format_id)
        if pattern is not None and counter_in(pattern, document.number, _day_in(document.period)) != document.counter:
            place = f"counter {document.counter} of {document.period}"
            yield "place", f"{_document(account, document)}: has the number {document.number}, which is not {place}"


def _deleted_in_silence(tx: Transaction, cls: type[Document], account: Account) -> Said:
    """A deletion explains a gap as long as the history knows of it."""
    if not account.deleted:
        return
    known = {record_id for (record_id,) in tx.rows(_DELETIONS, account_id=account.id, kind=cls.table_name)}
    there = {document.id for document in account.documents}
    for document in account.deleted:
        name = f"wastebasket of account {account.id}: document {document.id}, number {document.number}"
        if document.id not in known:
            yield "silence", f"{name}: the history knows nothing of its deletion"
        if document.id in there:
            yield "not deleted", f"{name}: is among the documents, too"


def _day_in(period: str) -> dt.date:
    year, _, month = period.partition("-")
    return dt.date(int(year), int(month or 1), 1)


def _named(account: Account, series: Series) -> str:
    return f"number_series of account {account.id}, format {series[0]}, {series[1]}"


def _document(account: Account, document: Numbered) -> str:
    return f"invoices account_id {account.id}, id {document.id}"


def _ids(tx: Transaction, query: Query) -> list[int]:
    return [account_id for (account_id,) in tx.rows(query)]


_s, _f, _l, _h = (cls.table.c for cls in (NumberSeries, NumberFormat, NumbersLeftOut, Happening))
_account_id: sa.BindParameter[int] = sa.bindparam("account_id")

_NUMBERING = Query(sa.select(_s.account_id).distinct())
_PATTERNS = Query(sa.select(_f.id, _f.pattern).where(_f.account_id == _account_id))
_SERIES = Query(sa.select(_s.number_format_id, _s.period, _s.last).where(_s.account_id == _account_id))
_LEFT_OUT = Query(sa.select(_l.number_format_id, _l.period, _l.first, _l.last).where(_l.account_id == _account_id))
_DELETED = Query(
    sa.select(*(Deleted.table.c[name] for name in Deleted.__struct_fields__))
    .where(Deleted.table.c.account_id == _account_id)
    .order_by(Deleted.table.c.id)
)
_DELETIONS = Query(
    sa.select(_h.record_id).where(
        _h.account_id == _account_id, _h.kind == sa.bindparam("kind"), _h.name == "invoice_deleted"
    )
)


@functools.cache
def _issuing(cls: type[Document]) -> Query:
    return Query(sa.select(cls.table.c.account_id).distinct())


@functools.cache
def _numbered(cls: type[Document]) -> Query:
    c = cls.table.c
    placed = sa.select(c.id, c.kind, c.number, c.number_format_id, c.period, c.counter)
    return Query(placed.where(c.account_id == _account_id, c.counter.is_not(None)).order_by(c.id))
