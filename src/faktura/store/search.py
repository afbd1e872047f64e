"""Full text over folded text: an FTS5 trigram index on SQLite, pg_trgm on PostgreSQL."""

import functools
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from faktura.store.records import SEARCH_TEXT, Record, Tenant
from faktura.store.statements import Cursor, Query

TRIGRAM = 3

MOST_WORDS = 64
"""A text is looked for by that many of its words: each is a condition, and engines take a limited number of those."""

MOST_TRIGRAMS = 256
"""So many tell one text from another; what they find is then looked through for the whole words."""

LARGEST_ID = 2**32 - 1
ACCOUNT_SHIFT = 32
"""A document of the SQLite index is numbered account first, so that a search reads its own account's entries only."""

_ACCENTS = re.compile("[\u0300-\u036f]+")
_UNFOLDABLE = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)


def folded(text: str) -> str:
    """The text without case and accents, as it is searched."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", lowered))
    return plain if plain.isascii() else plain.translate(_UNFOLDABLE)


def lowered(text: str) -> str:
    """The text in lower case, letter by letter as PostgreSQL does it, whatever stands beside a letter."""
    return text.replace("Σ", "\N{GREEK SMALL LETTER SIGMA}").replace("İ", "i").lower()


BEHIND = "\x1f"
"""Stands in no text that is kept: what a search of everything finds beside the searched attributes is behind it."""


def text_of(record: Record) -> str:
    """The folded searched attributes, a line each, so that no word spans two of them; behind them what it is found by.

    Of amounts stand the figures, with two places at least.
    """
    text = folded("\n".join(value for name in record.searched if (value := getattr(record, name))))
    if not record.found_by:
        return text
    more = (_figures(value) for name in record.found_by if (value := getattr(record, name)))
    return text + BEHIND + folded("\n".join(more))


def _figures(value: str | Decimal) -> str:
    if isinstance(value, str):
        return value
    whole, _, rest = f"{value.normalize():f}".partition(".")
    return f"{whole}.{rest:0<2}"


class Entry(NamedTuple):
    """What a transaction still owes the index of SQLite: what a document said before, and what it says now."""

    table: str
    rowid: int
    before: str | None
    now: str | None


def entry(record: Tenant, before: str | None, now: str | None) -> Entry:
    return Entry(record.table_name, record.account_id << ACCOUNT_SHIFT | record.id, before, now)


def write_entries(cursor: Cursor, entries: list[Entry]) -> None:
    """Bring the SQLite index up to date at the end of a transaction.

    In the order of rowids and outside all savepoints: a step back or a savepoint makes FTS5 write out what it gathered.
    """
    for table, rowid, before, now in sorted(entries, key=_place):
        if before is not None:
            _fts_delete(table).on("sqlite").write(cursor, {"rowid": rowid, "body": before})
        if now is not None:
            _fts_insert(table).on("sqlite").write(cursor, {"rowid": rowid, "body": now})


def fts_name(table: str) -> str:
    return f"{table}_search"


def words_of(text: str) -> list[str]:
    """The folded words, each once."""
    return list(dict.fromkeys(folded(text).split()))[:MOST_WORDS]


class Source(NamedTuple):
    """Where to select from, under which conditions, and what puts the rows into the order of ids."""

    table: sa.FromClause
    conditions: list[sa.ColumnElement[bool]]
    id: sa.ColumnElement[int]


def source(cls: type[Tenant], *, indexed: bool) -> Source:
    """The records alone, or first the index of SQLite and then the records it names."""
    if not indexed:
        return Source(cls.table, [], cls.table.c.id)
    fts = sa.table(fts_name(cls.table_name), sa.column("rowid"), sa.column(fts_name(cls.table_name)))
    low, high = (sa.bindparam(f"fts_{end}", type_=sa.BigInteger) for end in ("low", "high"))
    found = fts.c[fts.name].op("MATCH")(sa.bindparam("fts", type_=sa.Text)), fts.c.rowid.between(low, high)
    named = cls.table.c.id == fts.c.rowid.op("&")(sa.literal_column(str(LARGEST_ID)))
    return Source(fts.join(cls.table, named), list(found), fts.c.rowid)


def having_words(
    cls: type[Tenant], words: int, contained: int, engine: str, *, everywhere: bool = False
) -> list[sa.ColumnElement[bool]]:
    """Conditions that hold for records whose text has every word somewhere; the words are bound as word_0 and so on.

    Where a word stands behind the searched attributes only, the record is found `everywhere` alone. What is `contained`
    in an attribute is looked for there by a condition of its own, and here only so that an index finds it.
    """
    text = cls.table.c[SEARCH_TEXT]
    bound = [sa.bindparam(f"word_{n}", type_=sa.Text) for n in range(words + contained)]
    if engine == "postgresql":
        return [text.like(word, escape="\\") for word in bound]
    places = [sa.func.instr(text, word) for word in bound[:words]]
    if everywhere or not cls.found_by:
        return [place > 0 for place in places]
    end = sa.func.instr(text, sa.func.char(sa.literal_column(str(ord(BEHIND)))))
    return [place.between(sa.literal_column("1"), end) for place in places]


def values_for(
    cls: type[Tenant],
    account_id: int,
    words: list[str],
    engine: str,
    *,
    contained: Sequence[str] = (),
    everywhere: bool = False,
) -> dict[str, Any]:
    if engine == "postgresql":
        rest = "%" if everywhere or not cls.found_by else f"%{BEHIND}%"
        patterns = [f"%{escaped(word)}{rest}" for word in words] + [f"%{escaped(text)}%" for text in contained]
        return {f"word_{n}": pattern for n, pattern in enumerate(patterns)}
    low = account_id << ACCOUNT_SHIFT
    values: dict[str, Any] = {"fts": _trigrams([*words, *contained]), "fts_low": low, "fts_high": low + LARGEST_ID}
    return values | {f"word_{n}": word for n, word in enumerate(words)}


def escaped(text: str) -> str:
    """The text as LIKE finds it letter by letter, with a backslash as escape."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _trigrams(words: list[str]) -> str:
    """The index keeps no positions, so it is asked for documents that have all the trigrams, in whatever order.

    Those that lie side by side and the last one tell nearly as much as all that overlap, and are read in a third of the
    time.
    """
    found = {word[n : n + TRIGRAM] for word in words for n in _places(len(word))}
    return " AND ".join('"' + trigram.replace('"', '""') + '"' for trigram in sorted(found)[:MOST_TRIGRAMS])


def _places(length: int) -> list[int]:
    """Where trigrams begin that cover a word, the last of them at its end."""
    last = length - TRIGRAM
    return [*range(0, last, TRIGRAM), last] if last >= 0 else []


def _place(owed: Entry) -> tuple[str, int]:
    return owed.table, owed.rowid


@functools.cache
def _fts_insert(table: str) -> Query:
    fts = sa.table(fts_name(table), sa.column("rowid", sa.BigInteger), sa.column("body", sa.Text))
    return Query(sa.insert(fts).values(rowid=sa.bindparam("rowid"), body=sa.bindparam("body")))


@functools.cache
def _fts_delete(table: str) -> Query:
    name = fts_name(table)
    fts = sa.table(name, sa.column(name, sa.Text), sa.column("rowid", sa.BigInteger), sa.column("body", sa.Text))
    values = {name: "delete", "rowid": sa.bindparam("rowid"), "body": sa.bindparam("body")}
    return Query(sa.insert(fts).values(values))
