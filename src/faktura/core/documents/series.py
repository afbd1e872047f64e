"""Whether the numbers of each series are there once and without a gap, as `faktura db check` asks."""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from faktura.core.books.history import Happening
from faktura.core.documents.numbering import NumberFormat, NumberSeries, NumbersLeftOut, counter_in
from faktura.core.documents.numbers import Place
from faktura.store.records import RECORDS, Tenant
from faktura.store.statements import Query
from faktura.store.transaction import Transaction

Said = Iterator[tuple[str, str]]

Series = tuple[int, str]
"""A format and a period."""

Range = tuple[int, int]


class Numbered(NamedTuple):
    """A document that has a place in a series; `table` is that of its sort."""

    table: str
    id: int
    kind: str
    number: str
    number_format_id: int
    period: str
    counter: int


class Account(NamedTuple):
    """The series of one account, and the documents in them; `deleted` ones the history keeps."""

    id: int
    patterns: dict[int, str]
    counted: dict[Series, int]
    documents: list[Numbered]
    deleted: list[Numbered]
    left_out: list[tuple[int, str, int, int]]


def wrong_numbers(tx: Transaction) -> Said:
    """The kind of what is wrong with documents and a sentence, over all accounts and sorts."""
    issuing = (account_id for cls in placed_sorts() for account_id in _ids(tx, _issuing(cls)))
    for account_id in sorted({*_ids(tx, _NUMBERING), *issuing}):
        account = _account(tx, account_id)
        yield from _left_behind(account)
        yield from _gaps(account)
        yield from _doubles(account)
        yield from _out_of_place(account)
        yield from _not_deleted(account)


def placed_sorts() -> list[type[Tenant]]:
    """All sorts of records that have places in series."""
    return [cls for cls in RECORDS.values() if issubclass(cls, Tenant) and {*Place._fields} <= {*cls.__struct_fields__}]


def _account(tx: Transaction, account_id: int) -> Account:
    """Documents of all sorts, each sort with its own formats or with those of others."""
    tables = {cls.table_name: cls for cls in placed_sorts()}
    deleted = (_as_numbered(*row) for row in tx.rows(_DELETED, account_id=account_id) if row[0] in tables)
    return Account(
        account_id,
        dict(tx.rows(_PATTERNS, account_id=account_id)),
        {(format_id, period): last for format_id, period, last in tx.rows(_SERIES, account_id=account_id)},
        [
            Numbered(name, *row)
            for name, cls in tables.items()
            for row in tx.rows(_numbered(cls), account_id=account_id)
        ],
        [document for document in deleted if document.counter is not None],
        [(row[0], row[1], row[2], row[3]) for row in tx.rows(_LEFT_OUT, account_id=account_id)],
    )


def _as_numbered(table: str, document_id: int, number: str, snapshot: dict[str, Any]) -> Numbered:
    place = (snapshot[name] for name in ("number_format_id", "period", "counter"))
    return Numbered(table, document_id, snapshot["kind"], number, *place)


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
    first: dict[tuple[str, str, str], int] = {}
    for document in (*account.deleted, *account.documents):
        other = first.setdefault((document.table, document.kind, document.number), document.id)
        if other != document.id:
            yield "double", f"{_document(account, document)}: has the number {document.number}, as {other} has or had"


def _out_of_place(account: Account) -> Said:
    for document in account.documents:
        pattern = account.patterns.get(document.number_format_id)
        if pattern is not None and counter_in(pattern, document.number, _day_in(document.period)) != document.counter:
            place = f"counter {document.counter} of {document.period}"
            yield "place", f"{_document(account, document)}: has the number {document.number}, which is not {place}"


def _not_deleted(account: Account) -> Said:
    there = {(document.table, document.id) for document in account.documents}
    for document in account.deleted:
        if (document.table, document.id) in there:
            yield "not deleted", f"{_document(account, document)}: is there, but the history says that it was deleted"


def _day_in(period: str) -> dt.date:
    year, _, month = period.partition("-")
    return dt.date(int(year), int(month or 1), 1)


def _named(account: Account, series: Series) -> str:
    return f"number_series of account {account.id}, format {series[0]}, {series[1]}"


def _document(account: Account, document: Numbered) -> str:
    return f"{document.table} account_id {account.id}, id {document.id}"


def _ids(tx: Transaction, query: Query) -> list[int]:
    return [account_id for (account_id,) in tx.rows(query)]


_s, _f, _l, _h = (cls.table.c for cls in (NumberSeries, NumberFormat, NumbersLeftOut, Happening))
_account_id: sa.BindParameter[int] = sa.bindparam("account_id")

_NUMBERING = Query(sa.select(_s.account_id).distinct())
_PATTERNS = Query(sa.select(_f.id, _f.pattern).where(_f.account_id == _account_id))
_SERIES = Query(sa.select(_s.number_format_id, _s.period, _s.last).where(_s.account_id == _account_id))
_LEFT_OUT = Query(sa.select(_l.number_format_id, _l.period, _l.first, _l.last).where(_l.account_id == _account_id))
_DELETED = Query(
    sa.select(_h.kind, _h.record_id, _h.number, _h.snapshot)
    .where(_h.account_id == _account_id, _h.number.is_not(None))
    .order_by(_h.id)
)


@functools.cache
def _issuing(cls: type[Tenant]) -> Query:
    return Query(sa.select(cls.table.c.account_id).distinct())


@functools.cache
def _numbered(cls: type[Tenant]) -> Query:
    c = cls.table.c
    placed = sa.select(c.id, c.kind, c.number, c.number_format_id, c.period, c.counter)
    return Query(placed.where(c.account_id == _account_id, c.counter.is_not(None)).order_by(c.id))
