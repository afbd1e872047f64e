"""Whether a database is whole: beneath its records, record by record, what they point to, what the business asks."""

import functools
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, get_args, get_type_hints

import sqlalchemy as sa

from faktura.store import schema
from faktura.store.backup import TOLD_EVERY, Tell
from faktura.store.counters import largest_id, last_ids, numbered
from faktura.store.damage import (
    REINDEX,
    damage_of_file,
    damage_of_indexes,
    missing_extras,
    texts_of_nobody,
    wrong_kept_sums,
    wrong_text_index,
)
from faktura.store.database import Database
from faktura.store.errors import Unready
from faktura.store.every import UNREADABLE, count, every_readable, of_row, snapshot
from faktura.store.findings import Findings
from faktura.store.pointers import Lost, lost_in_columns, lost_inside
from faktura.store.postgres import PostgresDatabase
from faktura.store.records import RECORDS, Record
from faktura.store.search import text_of
from faktura.store.statements import Row
from faktura.store.transaction import Transaction

Said = Iterable[tuple[str, str]]
"""The kind of what is wrong, and a sentence; of a single record without its name."""


class Audit(NamedTuple):
    """What the business asks for beside: of single records of a class and those that extend it, and of all together."""

    of_each: Mapping[type[Record], Callable[[Any], Said]] = {}
    of_all: Sequence[Callable[[Transaction], Said]] = ()

    def rule_for(self, cls: type[Record]) -> Callable[[Any], Said] | None:
        return next((rule for base, rule in self.of_each.items() if issubclass(cls, base)), None)


def check(database: Database, tell: Tell, audit: Audit = Audit()) -> list[str]:  # noqa: B008 (immutable)
    """What is wrong, a line each; nothing where all is well. Others may write meanwhile."""
    findings: list[str] = []
    try:
        schema.require_head(database)
        findings += missing_extras(database)
        if not findings:
            _look_inside(database, findings, audit, tell)
    except Unready as unready:
        findings.append(str(unready))
    except sqlite3.DatabaseError as error:
        findings.append(f"the file is damaged: {error}")
    return findings


def _look_inside(database: Database, findings: list[str], audit: Audit, tell: Tell) -> None:
    with snapshot(database) as tx:
        if database.engine == "sqlite":
            findings += damage_of_file(tx, tell)
        if findings:
            return
        for table in schema.searched_tables() if database.engine == "sqlite" else []:
            findings += wrong_text_index(tx, table, tell)
        for cls in RECORDS.values():
            findings += texts_of_nobody(tx, cls) if cls.searched else ()
            findings += wrong_kept_sums(tx, cls, tell) if cls.sums else ()
        found = Findings()
        last = last_ids(tx)
        largest = {table: largest_id(tx, table) for table in numbered()}
        ever = {table: max(last[table], largest[table]) for table in last}
        for cls in RECORDS.values():
            _Records(tx, cls, audit.rule_for(cls), ever, found).look_through(tell)
        for table in numbered():
            if largest[table] > last[table]:
                line = f"{table}: there is an id {largest[table]}, but only {last[table]} were handed out"
                found.add(table, "ids", line)
        for look in audit.of_all:
            _audit(tx, look, found)
        findings += found.lines()
    if isinstance(database, PostgresDatabase):
        findings += damage_of_indexes(database, tell)


def _audit(tx: Transaction, look: Callable[[Transaction], Said], found: Findings) -> None:
    """A record that cannot be read was found before; what it keeps from being looked at is said."""
    try:
        for kind, sentence in look(tx):
            found.add(sentence.split()[0], kind, sentence)
    except UNREADABLE as error:
        found.add("audit", look.__name__, f"{look.__name__.replace('_', ' ')}: cannot be looked for: {error}")


class _Records(NamedTuple):
    """The records of one kind, and where what is wrong with them is written down."""

    tx: Transaction
    cls: type[Record]
    rule: Callable[[Any], Said] | None
    last_ids: dict[str, int]
    found: Findings

    def look_through(self, tell: Tell) -> None:
        table, whole, seen = self.cls.table_name, count(self.tx, self.cls), 0
        tell(f"{table}: {whole} records")
        for rows in every_readable(self.tx, self.cls, self._unreadable):
            for row in rows:
                for kind, sentence in self._said(row):
                    self.found.add(table, kind, f"{_named(self.cls, _key(self.cls, row))}: {sentence}")
            self._lost(lost_inside(self.tx, self.cls, rows, self.last_ids))
            seen += len(rows)
            if seen % TOLD_EVERY == 0:
                tell(f"{table}: {seen} of {whole} read")
        self._lost(lost_in_columns(self.tx, self.cls, self.last_ids))

    def _said(self, row: Row) -> Said:
        if not_numbers := list(_not_numbers(self.cls, row)):
            return not_numbers
        return *_record(self.cls, row, self.tx.engine), *(self.rule(of_row(self.cls, row)) if self.rule else ())

    def _unreadable(self, key: Row, error: Exception) -> None:
        self.found.add(self.cls.table_name, "unreadable", f"{_named(self.cls, key)}: cannot be read: {error}")

    def _lost(self, pointers: Iterable[Lost]) -> None:
        table = self.cls.table_name
        for lost in pointers:
            name = lost.pointer.name
            if lost.names is None:
                self.found.add(table, name, f"{table}: {name} leads to {lost.table}, which is no table")
                continue
            never = "never was" if lost.pointer.outlives else "is not"
            line = f"{_named(self.cls, lost.key)}: {name} is {lost.names}, which {never} among {lost.table}"
            self.found.add(table, name, line)


def _named(cls: type[Record], key: Row) -> str:
    return f"{cls.table_name} {', '.join(f'{name} {value}' for name, value in zip(cls.key, key, strict=True))}"


def _key(cls: type[Record], row: Row) -> Row:
    return tuple(row[cls.__struct_fields__.index(name)] for name in cls.key)


def _not_numbers(cls: type[Record], row: Row) -> Iterator[tuple[str, str]]:
    """SQLite keeps a text in a column of numbers, too, where somebody else writes it there."""
    for place, name in _numbers(cls):
        if not isinstance(row[place], int | None):
            yield name, f"{name} is {row[place]!r}, which is no number"


@functools.cache
def _numbers(cls: type[Record]) -> tuple[tuple[int, str], ...]:
    columns = [cls.table.c[name] for name in cls.__struct_fields__]
    return tuple((n, column.name) for n, column in enumerate(columns) if isinstance(column.type, sa.Integer))


def _record(cls: type[Record], row: Row, engine: str) -> Iterator[tuple[str, str]]:
    """What holds of every record, whatever its business."""
    values = dict(zip(cls.__struct_fields__, row, strict=False))
    if values.get("version", 1) < 1:
        yield "version", f"the version is {values['version']}, less than 1"
    if "created_at" in values and values["updated_at"] < values["created_at"]:
        yield "times", "was changed before it was created"
    for name, words in _words(cls).items():
        if values[name] not in words:
            yield name, f"{name} is {values[name]!r}, which it cannot be"
    if cls.searched and row[-1] != text_of(of_row(cls, row), engine):
        yield "text", f"the searched text is not that of the record; {REINDEX}"


@functools.cache
def _words(cls: type[Record]) -> dict[str, frozenset[Any]]:
    """By attribute of few words, those that it may be."""
    hints = get_type_hints(cls)
    return {name: words for name in cls.__struct_fields__ if (words := frozenset(_literals(hints[name])))}


def _literals(hint: Any) -> Iterator[Any]:
    """The words of a Literal, and None where it may be missing; nothing for another type."""
    if type(hint) is type(Literal["a"]):
        yield from get_args(hint)
        return
    options = [list(_literals(option)) for option in get_args(hint) if option is not type(None)]
    if len(options) == 1 and options[0] and type(None) in get_args(hint):
        yield from (*options[0], None)
