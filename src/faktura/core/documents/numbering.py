"""How documents are numbered: without a gap in what was given out, and never twice."""

import datetime as dt
import functools
import re
from collections.abc import Mapping
from typing import Literal

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.errors import NotFound
from faktura.store.records import Tenant, changed, index, record, unique
from faktura.store.statements import Query
from faktura.store.transaction import columns_of

TOKEN = re.compile(r"#(yyyy|yy|mm|d+)#")

Numbered = Literal[
    "invoice",
    "proforma",
    "correction",
    "tax_document",
    "final_invoice",
    "margin_invoice",
    "oss_invoice",
    "oss_correction",
    "expense",
    "internal_invoice",
    "fiscal_report",
    "internal_evidence",
    "daily_revenue",
]


Why = Literal["given", "renumbered", "written", "elsewhere"]


@record("number_formats")
class NumberFormat(Tenant):
    """A pattern of literal text and the tokens #yyyy#, #yy#, #mm# and #ddd…#, the counter with as many digits."""

    kind: Numbered
    pattern: str
    default: bool = False
    archived: bool = False


@record(
    "number_series",
    unique("account_id", "number_format_id", "period"),
    paged=False,
    refers={"number_format_id": "number_formats"},
)
class NumberSeries(Tenant):
    """How far a format has counted in a period, which is a year or a month: "2026" or "2026-11"."""

    number_format_id: int
    period: str
    last: int


@record(
    "numbers_left_out",
    index("account_id", "number_format_id", "period"),
    paged=False,
    refers={"number_format_id": "number_formats"},
)
class NumbersLeftOut(Tenant):
    """The counters from `first` to `last` of a series that no document took, or gave back, and why.

    A number `given` from outside lies further on; a document was `renumbered`; another document has the number already,
    which was `written` by hand; the firm had counted so far `elsewhere`, before its books came here. Deleted documents
    keep their numbers, which the history has.
    """

    number_format_id: int
    period: str
    first: int
    last: int
    why: Why


def number(pattern: str, counter: int, issued_on: dt.date) -> str:
    """The number that the counter gives on a day; a counter wider than its digits is written whole."""

    def fill(token: re.Match[str]) -> str:
        match token[1]:
            case "yyyy":
                return f"{issued_on.year:04}"
            case "yy":
                return f"{issued_on.year % 100:02}"
            case "mm":
                return f"{issued_on.month:02}"
            case digits:
                return f"{counter:0{len(digits)}}"

    return TOKEN.sub(fill, pattern)


def last_counter(pattern: str) -> int:
    """The highest counter that fits the digits of the pattern."""
    digits = max((len(token) for token in TOKEN.findall(pattern) if token.startswith("d")), default=1)
    return int("9" * digits)


def period_of(pattern: str, issued_on: dt.date) -> str:
    """What the counter counts within: it begins anew each month where the pattern tells the month, else each year."""
    return f"{issued_on.year:04}-{issued_on.month:02}" if "#mm#" in pattern else f"{issued_on.year:04}"


def counter_in(pattern: str, text: str, issued_on: dt.date) -> int | None:
    """The counter of a number that the pattern could have given on a day, or None where it could not."""
    counter = counter_spelled(pattern, text, issued_on)
    return counter if counter is not None and number(pattern, counter, issued_on) == text else None


def counter_spelled(pattern: str, text: str, issued_on: dt.date) -> int | None:
    """The same, also of a number with zeros that the pattern would not have written: 2027-00999 for 2027-0999."""
    found = _reading(pattern, issued_on).fullmatch(text)
    return int(found[1]) if found and int(found[1]) else None


def format_for(books: Books, kind: Numbered, format_id: int | None = None) -> NumberFormat:
    """The named format, else the default one of the kind, else that of invoices.

    Raises:
        NotFound: the named one is not there, is archived, or numbers what has a series of its own.

    """
    if format_id is not None:
        named = books.find(NumberFormat, format_id)
        if named.archived or (named.kind != kind and {named.kind, kind} & _BY_THEMSELVES):
            raise NotFound(NumberFormat.table_name)
        return named
    usable = _usable(books)
    found = [f for f in usable if f.kind == kind]
    if not found:
        pattern = _first_pattern(books.account.country, kind)
        if pattern is None:
            return format_for(books, "invoice")
        return books.add(NumberFormat, kind=kind, pattern=pattern, default=True)
    return max(found, key=lambda f: (f.default, -f.id))


def next_number(books: Books, kind: Numbered, issued_on: dt.date) -> str:
    """The number that the next document of the kind would get; it is not taken."""
    known = [f for f in _usable(books) if f.kind == kind]
    if known:
        chosen = max(known, key=lambda f: (f.default, -f.id))
        return number(chosen.pattern, counted(books, chosen, issued_on) + 1, issued_on)
    first = _first_pattern(books.account.country, kind)
    return next_number(books, "invoice", issued_on) if first is None else number(first, 1, issued_on)


def counted(books: Books, number_format: NumberFormat, issued_on: dt.date) -> int:
    """How far the format has counted in the period of a day."""
    series = _series(books, number_format, issued_on)
    return series.last if series else 0


def first_patterns(country: str) -> Mapping[str, str]:
    """The patterns that an account begins with; a kind that is not there is numbered with the invoices."""
    return _FIRST_PATTERNS.get(country, _OTHERWISE)


def _first_pattern(country: str, kind: Numbered) -> str | None:
    """Papers without a buyer are never numbered with the invoices, whatever the country."""
    return first_patterns(country).get(kind) or _OF_PAPERS.get(kind)


def take_counter(books: Books, number_format: NumberFormat, issued_on: dt.date) -> int:
    """Count one further; the transaction that took it keeps it, or gives it back by failing."""
    period = period_of(number_format.pattern, issued_on)
    series = {"account_id": books.account.id, "number_format_id": number_format.id, "period": period}
    counted = books.tx.rows(_COUNT_ON, **series, now=books.now)
    if counted:
        return int(counted[0][0])
    books.add(NumberSeries, number_format_id=number_format.id, period=period, last=1)
    return 1


def pass_counter(books: Books, number_format: NumberFormat, issued_on: dt.date, counter: int) -> None:
    """Let the series go on behind a counter that came from outside."""
    series = _series(books, number_format, issued_on)
    before = series.last if series else 0
    period = period_of(number_format.pattern, issued_on)
    if before + 1 < counter:
        leave_out(books, number_format.id, period, before + 1, counter - 1, "given")
    if series is None:
        books.add(NumberSeries, number_format_id=number_format.id, period=period, last=counter)
    elif series.last < counter:
        books.change(series, changed(series, last=counter))


def begin_series(books: Books, number_format: NumberFormat, issued_on: dt.date, following: int) -> None:
    """Let the series go on with a counter because the firm gave out those before it elsewhere."""
    series, last = _series(books, number_format, issued_on), following - 1
    before, period = series.last if series else 0, period_of(number_format.pattern, issued_on)
    if last <= before:
        return
    leave_out(books, number_format.id, period, before + 1, last, "elsewhere")
    if series is None:
        books.add(NumberSeries, number_format_id=number_format.id, period=period, last=last)
    else:
        books.change(series, changed(series, last=last))


def leave_out(books: Books, format_id: int, period: str, first: int, last: int, why: Why) -> None:
    """Write down that no document has these numbers, so that a gap has its reason."""
    books.add(NumbersLeftOut, number_format_id=format_id, period=period, first=first, last=last, why=why)


def _usable(books: Books) -> list[NumberFormat]:
    return books.tx.records(NumberFormat, _USABLE, account_id=books.account.id)


def _series(books: Books, number_format: NumberFormat, issued_on: dt.date) -> NumberSeries | None:
    period = period_of(number_format.pattern, issued_on)
    return books.look_up(NumberSeries, number_format_id=number_format.id, period=period)


@functools.lru_cache(maxsize=1024)
def _reading(pattern: str, issued_on: dt.date) -> re.Pattern[str]:
    """What numbers of the pattern look like on a day; the counter has its digits at least, and no more than nine."""
    parts, end = [], 0
    for token in TOKEN.finditer(pattern):
        parts.append(re.escape(pattern[end : token.start()]))
        if token[1].startswith("d"):
            group = "(" if "(" not in "".join(parts) else "(?:"
            parts.append(f"{group}[0-9]{{{len(token[1])},9}})")
        else:
            parts.append(re.escape(number(token[0], 0, issued_on)))
        end = token.end()
    return re.compile("".join(parts) + re.escape(pattern[end:]))


_f, _s = NumberFormat.table.c, NumberSeries.table.c

_USABLE = Query(
    sa.select(*columns_of(NumberFormat)).where(_f.account_id == sa.bindparam("account_id"), _f.archived.is_(sa.false()))
)

_COUNT_ON = Query(
    sa.update(NumberSeries.table)
    .where(
        _s.account_id == sa.bindparam("account_id"),
        _s.number_format_id == sa.bindparam("number_format_id"),
        _s.period == sa.bindparam("period"),
    )
    .values(last=_s.last + 1, version=_s.version + 1, updated_at=sa.bindparam("now", type_=_s.updated_at.type))
    .returning(_s.last)
)

_EXPENSE = "N#yyyy##mm##dd#"

_OTHERWISE = {"invoice": "#yyyy#-#dddd#", "proforma": "1-#yyyy#-#dddd#", "expense": _EXPENSE}

_OF_PAPERS: Mapping[str, str] = {
    "internal_invoice": "#d#/FW/#mm#/#yyyy#",
    "fiscal_report": "RO/#d#/#mm#/#yyyy#",
    "internal_evidence": "#d#/DW/#mm#/#yyyy#",
    "daily_revenue": "#d#/UD/#mm#/#yyyy#",
}

_BY_THEMSELVES: frozenset[str] = frozenset({"expense", *_OF_PAPERS})
"""Kinds whose formats number nothing else."""

_FIRST_PATTERNS: Mapping[str, Mapping[str, str]] = {
    "PL": {
        "invoice": "#d#/#mm#/#yyyy#",
        "proforma": "#d#/PROF/#mm#/#yyyy#",
        "correction": "#d#/KOR/#mm#/#yyyy#",
        "tax_document": "#d#/ZAL/#mm#/#yyyy#",
        "final_invoice": "#d#/RZL/#mm#/#yyyy#",
        "margin_invoice": "#d#/MAR/#mm#/#yyyy#",
        "oss_invoice": "#d#/OSS/#mm#/#yyyy#",
        "oss_correction": "#d#/OSS-KOR/#mm#/#yyyy#",
        "expense": _EXPENSE,
        **_OF_PAPERS,
    }
}
