"""Full text over folded text: an FTS5 trigram index on SQLite, pg_trgm on PostgreSQL."""

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

import sqlalchemy as sa

from faktura.store.records import SEARCH_TEXT, Record, Tenant
from faktura.store.statements import Query

if TYPE_CHECKING:
    from faktura.store.transaction import Transaction

TRIGRAM = 3

_ACCENTS = re.compile("[\u0300-\u036f]+")
_UNFOLDABLE = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)


def folded(text: str) -> str:
    """The text without case and accents, as it is searched."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", lowered)).translate(_UNFOLDABLE)


def text_of(record: Record) -> str:
    """The folded searched attributes, a line each, so that no word spans two of them."""
    return folded("\n".join(value for name in record.searched if (value := getattr(record, name))))


def account_token(account_id: int) -> str:
    """Three private-use characters, one trigram, that stand for an account: one index serves them all."""
    return "".join(chr(0xE000 + (account_id >> shift & 0xFFF)) for shift in (24, 12, 0))


def add(tx: "Transaction", record: Record, text: str) -> None:
    if tx.engine == "sqlite" and isinstance(record, Tenant):
        tx.write(_fts_insert(record.table.name), rowid=record.id, body=_document(record, text))


def discard(tx: "Transaction", record: Record, text: str) -> None:
    if tx.engine == "sqlite" and isinstance(record, Tenant):
        tx.write(_fts_delete(record.table.name), rowid=record.id, body=_document(record, text))


def change(tx: "Transaction", record: Record, old: str, new: str) -> None:
    if old != new:
        discard(tx, record, old)
        add(tx, record, new)


def fts_name(table: str) -> str:
    return f"{table}_search"


def words_of(text: str) -> list[str]:
    return folded(text).split()


def matching(cls: type[Record], words: int, long_words: int, engine: str) -> list[sa.ColumnElement[bool]]:
    """Conditions that hold for records whose text has every word somewhere.

    The values are bound as `word_0` … `word_n` and, on SQLite where a word has three letters or more, the index's own
    query as `fts`.
    """
    conditions: list[sa.ColumnElement[bool]] = []
    if engine == "sqlite":
        text = cls.table.c[SEARCH_TEXT]
        conditions = [sa.func.instr(text, sa.bindparam(f"word_{n}", type_=sa.Text)) > 0 for n in range(words)]
        if long_words:
            fts = sa.table(fts_name(cls.table.name), sa.column("rowid"), sa.column(fts_name(cls.table.name)))
            found = sa.select(fts.c.rowid).where(fts.c[fts.name].op("MATCH")(sa.bindparam("fts")))
            conditions.append(cls.table.c.id.in_(found))
        return conditions
    text = cls.table.c[SEARCH_TEXT]
    return [text.like(sa.bindparam(f"like_{n}", type_=sa.Text), escape="\\") for n in range(words)]


def values_for(account_id: int, words: list[str]) -> dict[str, str]:
    values = {f"word_{n}": word for n, word in enumerate(words)}
    values |= {f"like_{n}": f"%{escaped(word)}%" for n, word in enumerate(words)}
    phrases = [_quoted(word) for word in words if len(word) >= TRIGRAM]
    values["fts"] = " AND ".join([_quoted(account_token(account_id)), *phrases])
    return values


def _document(record: Tenant, text: str) -> str:
    return f"{account_token(record.account_id)}\n{text}"


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@functools.cache
def _fts_insert(table: str) -> Query:
    fts = sa.table(fts_name(table), sa.column("rowid", sa.Integer), sa.column("body", sa.Text))
    return Query(sa.insert(fts).values(rowid=sa.bindparam("rowid"), body=sa.bindparam("body")))


@functools.cache
def _fts_delete(table: str) -> Query:
    name = fts_name(table)
    fts = sa.table(name, sa.column(name, sa.Text), sa.column("rowid", sa.Integer), sa.column("body", sa.Text))
    values = {name: "delete", "rowid": sa.bindparam("rowid"), "body": sa.bindparam("body")}
    return Query(sa.insert(fts).values(values))
