"""Full text over folded text: an FTS5 trigram index on SQLite, pg_trgm on PostgreSQL."""

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from faktura.store.records import Record, Tenant
from faktura.store.statements import Cursor, Query

TRIGRAM = 3
PAIR = 2

MOST_WORDS = 64
"""A text is looked for by that many of its words: each is a condition, and engines take a limited number of those."""

TRIGRAMS_OF_A_WORD = 4
"""So many, spread over it, leave few texts that have them and not the word; more take longer to read than those."""

LONG = 12
"""Letters of a word that has as many trigrams without a letter in common. PostgreSQL is asked for those only."""

MOST_TRIGRAMS = 256
"""So many tell one text from another; what they find is then looked through for the whole words."""

LARGEST_ID = 2**32 - 1
ACCOUNT_SHIFT = 32
"""A document of the SQLite index is numbered account first, so that a search reads its own account's entries only."""

_PARTS = re.compile(r"[^\W_]{3,}")
"""Letters and figures side by side."""

_FIGURES = re.compile("[0-9]{2,}")

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


def text_of(record: Record, engine: str) -> str:
    """The folded searched attributes, a line each, so that no word spans two of them; behind them what it is found by.

    Of amounts stand the figures, with two places at least. For PostgreSQL each two figures that stand side by side
    follow as a word, which has a trigram: two figures alone have none.
    """
    text = _said(record)
    pairs = _pairs(text) if engine == "postgresql" else ()
    return f"{text}\n{' '.join(sorted(pairs))} " if pairs else text


def _pairs(text: str) -> set[str]:
    return {figures[n : n + PAIR] for figures in _FIGURES.findall(text) for n in range(len(figures) - 1)}


def _said(record: Record) -> str:
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


def texts_name(table: str) -> str:
    """The table of what a table's records say: on SQLite the index itself, which keeps the texts that it is of."""
    return f"{table}_search"


@functools.cache
def texts(table: str, engine: str) -> sa.TableClause:
    key = [sa.column(name, sa.Integer) for name in ("account_id", "id")]
    key = key if engine == "postgresql" else [sa.column("rowid", sa.BigInteger)]
    return sa.table(texts_name(table), *key, sa.column("body", sa.Text))


@functools.cache
def kept_texts(table: str) -> sa.TableClause:
    """Where FTS5 keeps what an index on SQLite is of; to read it there takes a third less than through FTS5."""
    return sa.table(f"{texts_name(table)}_content", sa.column("id", sa.BigInteger), sa.column("c0", sa.Text))


def tells(record: Record, names: Sequence[str]) -> bool:
    """Whether any of these attributes stands in the text of the record."""
    return bool(record.searched) and any(name in record.searched or name in record.found_by for name in names)


class Entry(NamedTuple):
    """What a transaction still owes the index of SQLite: whether it has the document, and what that says now."""

    table: str
    rowid: int
    is_there: bool
    body: str | None


def entry(record: Tenant, body: str | None, *, is_there: bool) -> Entry:
    return Entry(record.table_name, record.account_id << ACCOUNT_SHIFT | record.id, is_there, body)


def write_entries(cursor: Cursor, entries: list[Entry]) -> None:
    """Bring the SQLite index up to date at the end of a transaction.

    In the order of rowids and outside all savepoints: a step back or a savepoint makes FTS5 write out what it gathered.
    """
    first = {(owed.table, owed.rowid): owed.is_there for owed in reversed(entries)}
    last = {(owed.table, owed.rowid): owed.body for owed in entries}
    for (table, rowid), body in sorted(last.items(), key=_place):
        if first[table, rowid]:
            _delete_entry(table).on("sqlite").write(cursor, {"document": rowid})
        if body is not None:
            _insert_entry(table).on("sqlite").write(cursor, {"document": rowid, "body": body})


def write_texts(cursor: Cursor, engine: str, records: Sequence[Tenant]) -> None:
    """Write the texts of records of one kind that have none yet."""
    if engine == "sqlite":
        write_entries(cursor, [entry(one, text_of(one, engine), is_there=False) for one in records])
    elif records:
        rows = [[one.account_id, one.id, text_of(one, engine)] for one in records]
        _insert_text(records[0].table_name).on(engine).write_all(cursor, rows)


def words_of(text: str) -> list[str]:
    """The folded words, each once."""
    return list(dict.fromkeys(folded(text).split()))[:MOST_WORDS]


class Source(NamedTuple):
    """Where to select from, under which conditions, what puts the rows into the order of ids, and their texts."""

    table: sa.FromClause
    conditions: list[sa.ColumnElement[bool]]
    id: sa.ColumnElement[int]
    text: sa.ColumnElement[str] | None = None


def source(cls: type[Tenant], engine: str, *, indexed: bool, walked: bool) -> Source:
    """Records with their texts: those that the index of SQLite finds, or all of the account's.

    SQLite looks the records of texts up, and only where it is to walk the records, the texts of those.
    """
    id_ = cls.table.c.id
    if engine == "postgresql":
        found = texts(cls.table_name, engine)
        return Source(cls.table.join(found, is_of(cls, engine)), [], id_, found.c.body)
    kept = kept_texts(cls.table_name)
    if walked:
        return Source(cls.table.join(kept, kept.c.id == _document(cls)), [], id_, kept.c.c0)
    entries = texts(cls.table_name, engine)
    document = entries.c.rowid if indexed else kept.c.id
    named = document.op("&")(sa.literal_column(str(LARGEST_ID)))
    # An id that is equal would be looked up in the index of the key, and the version in the row.
    looked_up = id_.between(named, named)
    low, high = (sa.bindparam(f"fts_{end}", type_=sa.BigInteger) for end in ("low", "high"))
    own = document.between(low, high)
    if not indexed:
        return Source(kept.join(cls.table, looked_up), [own], document, kept.c.c0)
    matched = sa.column(entries.name).op("MATCH")(sa.bindparam("fts", type_=sa.Text))
    # SQLite leaves an outer join out of which nothing is read: where only attributes of the record are looked through.
    read = entries.join(kept, kept.c.id == document, isouter=True)
    return Source(read.join(cls.table, looked_up), [own, matched], document, kept.c.c0)


def is_of(cls: type[Record], engine: str) -> sa.ColumnElement[bool]:
    """Whether a text is that of a record."""
    found, of = texts(cls.table_name, engine).c, cls.table.c
    if engine == "postgresql":
        return sa.and_(found.account_id == of.account_id, found.id == of.id)
    return found.rowid == _document(cls)


def _document(cls: type[Record]) -> sa.ColumnElement[int]:
    of = cls.table.c
    return of.account_id.op("<<")(sa.literal_column(str(ACCOUNT_SHIFT))).op("|")(of.id)


def having_words(
    cls: type[Tenant],
    text: sa.ColumnElement[str],
    counts: tuple[int, int],
    engine: str,
    *,
    everywhere: bool = False,
) -> list[sa.ColumnElement[bool]]:
    """Conditions that hold for records whose text has every word somewhere; the words are bound as word_0 and so on.

    There are `counts` of words, and of texts that are contained in an attribute: those are looked for there by a
    condition of their own, and here only so that an index finds them. Where a word stands behind the searched
    attributes only, the record is found `everywhere` alone.
    """
    words, contained = counts
    bound = [sa.bindparam(f"word_{n}", type_=sa.Text) for n in range(words + contained)]
    if engine == "postgresql":
        wholes = [sa.bindparam(f"whole_{n}", type_=sa.Text) for n in range(words + contained)]
        return [text.like(word) for word in bound] + [_unless_none(text, whole) for whole in wholes]
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
        looked_for = [(word, rest) for word in words] + [(text, "%") for text in contained]
        return {name: value for n, (word, rest) in enumerate(looked_for) for name, value in _patterns(n, word, rest)}
    low = account_id << ACCOUNT_SHIFT
    values: dict[str, Any] = {"fts": _trigrams([*words, *contained]), "fts_low": low, "fts_high": low + LARGEST_ID}
    return values | {f"word_{n}": word for n, word in enumerate(words)}


def _patterns(n: int, word: str, rest: str) -> Iterator[tuple[str, str | None]]:
    """What the index is asked for, and what the text is then looked through for where that is less than the word."""
    whole, less = f"%{escaped(word)}{rest}", _less_than(word)
    return iter([(f"word_{n}", less or whole), (f"whole_{n}", whole if less else None)])


def _less_than(word: str) -> str:
    """What the index is asked for in place of the word; nothing where that is the word."""
    if len(word) == PAIR and _FIGURES.fullmatch(word):
        return f"%{word} %"
    pieces = "%".join(_pieces(word)) if len(word) >= LONG else ""
    return pieces and f"%{pieces}%"


def _pieces(word: str) -> list[str]:
    """Trigrams without a letter in common, of letters and figures, since pg_trgm has no others.

    Of each part of the word the first, then the last ones: parts that stand together are rarer than all of one part.
    """
    ranked = sorted(
        (min(2 * n, 2 * (count - n) - 1), part.start() + n * TRIGRAM)
        for part in _PARTS.finditer(word)
        for count in [len(part[0]) // TRIGRAM]
        for n in range(count)
    )
    places = sorted(place for _, place in ranked[:TRIGRAMS_OF_A_WORD])
    return [word[place : place + TRIGRAM] for place in places]


def _unless_none(text: sa.ColumnElement[str], pattern: sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    """Compared as a number, so that PostgreSQL neither asks the index nor takes it for one more rare condition."""
    return pattern.is_(None) | (sa.cast(text.like(pattern), sa.Integer) != sa.literal_column("0"))


def escaped(text: str) -> str:
    """The text as LIKE finds it letter by letter, with a backslash as escape."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _trigrams(words: list[str]) -> str:
    """The index keeps no positions, so it is asked for documents that have all the trigrams, in whatever order."""
    found = {word[n : n + TRIGRAM] for word in words for n in _places(len(word))}
    return " AND ".join('"' + trigram.replace('"', '""') + '"' for trigram in sorted(found)[:MOST_TRIGRAMS])


def _places(length: int) -> list[int]:
    """Where trigrams begin that are spread over a word, the first at its beginning, the last at its end."""
    last = length - TRIGRAM
    if last <= 0:
        return [0] * (last == 0)
    steps = min(TRIGRAMS_OF_A_WORD - 1, -(-last // TRIGRAM))
    return [last * n // steps for n in range(steps + 1)]


def _place(owed: tuple[tuple[str, int], str | None]) -> tuple[str, int]:
    return owed[0]


@functools.cache
def _insert_entry(table: str) -> Query:
    return Query(sa.insert(texts(table, "sqlite")).values(rowid=sa.bindparam("document"), body=sa.bindparam("body")))


@functools.cache
def _insert_text(table: str) -> Query:
    names = ("account_id", "id", "body")
    return Query(sa.insert(texts(table, "postgresql")).values({name: sa.bindparam(name) for name in names}))


@functools.cache
def _delete_entry(table: str) -> Query:
    found = texts(table, "sqlite")
    return Query(sa.delete(found).where(found.c.rowid == sa.bindparam("document")))


def inserting_text(inserted: sa.Insert, cls: type[Record]) -> sa.Insert:
    """PostgreSQL: a statement that also writes the text, bound as `body` before all else, and returns the id."""
    new = inserted.returning(cls.table.c.account_id, cls.table.c.id).cte("new")
    row = sa.select(new.c.account_id, new.c.id, sa.bindparam("body", type_=sa.Text))
    found = texts(cls.table_name, "postgresql")
    return sa.insert(found).from_select(("account_id", "id", "body"), row).returning(found.c.id)


def changing_text(changed: sa.Update, cls: type[Record]) -> sa.Update:
    """The same for the record `old_account_id`, `old_id`, whose text becomes `new_body`."""
    found = texts(cls.table_name, "postgresql")
    return changed.add_cte(sa.update(found).where(*_of_old(found)).values(body=sa.bindparam("new_body")).cte("text"))


def deleting_text(deleted: sa.Delete, cls: type[Record]) -> sa.Delete:
    found = texts(cls.table_name, "postgresql")
    return deleted.add_cte(sa.delete(found).where(*_of_old(found)).cte("text"))


def _of_old(found: sa.TableClause) -> list[sa.ColumnElement[bool]]:
    return [found.c[name] == sa.bindparam(f"old_{name}") for name in ("account_id", "id")]
