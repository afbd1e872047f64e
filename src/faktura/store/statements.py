"""A statement is written by SQLAlchemy, compiled once an engine, and then run straight on the driver."""

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple, Protocol

import sqlalchemy as sa
from sqlalchemy.sql.elements import BindParameter

from faktura.store.comparing import is_keepable
from faktura.store.tenancy import require_account, writes_accounts

Row = tuple[Any, ...]
Convert = Callable[[Any], Any]

_DRIVERS: Mapping[str, tuple[str, Literal["qmark", "numeric_dollar"]]] = {
    "sqlite": ("sqlite+pysqlite://", "qmark"),
    "postgresql": ("postgresql+psycopg://", "numeric_dollar"),
}
"""By engine, what SQLAlchemy knows its driver by, and how the driver marks a value."""


class Spelling(NamedTuple):
    """How an engine is spoken to; `data_error` is what its driver raises where a value fits into no column."""

    dialect: sa.Dialect
    data_error: type[Exception]


@functools.cache
def spelling(engine: str) -> Spelling:
    """SQLAlchemy imports it with its driver when the first statement is written for the engine."""
    url, marks = _DRIVERS[engine]
    dialect: Any = sa.make_url(url).get_dialect()
    return Spelling(dialect(paramstyle=marks), dialect.import_dbapi().DataError)


class Cursor(Protocol):
    """What sqlite3 and psycopg cursors have in common."""

    @property
    def rowcount(self) -> int: ...

    @property
    def execute(self) -> Callable[..., Any]: ...
    def executemany(self, sql: Any, parameters: Iterable[Any], /) -> Any: ...
    def fetchall(self) -> list[Row]: ...


class Statement:
    """A compiled statement. Values are given by the names of its bind parameters; constants may be inside.

    It is `of_accounts` where it writes rows of tenants.
    """

    __slots__ = ("_binds", "_conversions", "_data_error", "_options", "_results", "of_accounts", "sql")

    def __init__(
        self, clause: sa.sql.elements.CompilerElement, engine: str, *, planned_by_values: bool = False
    ) -> None:
        require_account(clause)
        dialect, self._data_error = spelling(engine)
        compiled = clause.compile(dialect=dialect)
        assert isinstance(compiled, sa.sql.compiler.SQLCompiler)  # noqa: S101 (tells the type checker what a query compiles to)
        self.sql = compiled.string
        self.of_accounts = writes_accounts(clause)
        self._binds = [_bind(compiled.binds[name], dialect) for name in compiled.positiontup or ()]
        self._conversions = [(n, convert) for n, (_, _, convert) in enumerate(self._binds) if convert is not None]
        self._results = _converters(clause, dialect)
        self._options = {"prepare": False} if planned_by_values and engine == "postgresql" else {}

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        return [
            values.get(name, constant) if convert is None else convert(values.get(name, constant))
            for name, constant, convert in self._binds
        ]

    def run(self, cursor: Cursor, values: Mapping[str, Any]) -> list[Row]:
        """The rows, with every value as its column's type says; a text that no column can hold finds none."""
        parameters = self.parameters(values)
        try:
            cursor.execute(self.sql, parameters, **self._options)
        except (self._data_error, UnicodeEncodeError):
            if all(is_keepable(value) for value in parameters if isinstance(value, str)):
                raise
            return []
        rows = cursor.fetchall()
        if not self._results:
            return rows
        return [self._converted(row) for row in rows]

    def write(self, cursor: Cursor, values: Mapping[str, Any]) -> int:
        """The number of rows written."""
        cursor.execute(self.sql, self.parameters(values))
        return cursor.rowcount

    def write_in_order(self, cursor: Cursor, values: list[Any]) -> None:
        """Write with values in the order in which the statement binds them."""
        self._convert(values)
        cursor.execute(self.sql, values)

    def write_all(self, cursor: Cursor, rows: list[list[Any]]) -> None:
        """The same for many rows; a value that follows itself is converted once."""
        for position, convert in self._conversions:
            before = converted = None
            for values in rows:
                if (value := values[position]) is not None:
                    if value is not before:
                        before, converted = value, convert(value)
                    values[position] = converted
        cursor.executemany(self.sql, rows)

    def _convert(self, values: list[Any]) -> None:
        """No type of ours makes anything of None."""
        for position, convert in self._conversions:
            if (value := values[position]) is not None:
                values[position] = convert(value)

    def _converted(self, row: Row) -> Row:
        values = list(row)
        for position, convert in self._results:
            if (value := values[position]) is not None:
                values[position] = convert(value)
        return tuple(values)


def _bind(parameter: BindParameter[Any], dialect: sa.Dialect) -> tuple[str, Any, Convert | None]:
    convert = parameter.type.dialect_impl(dialect).bind_processor(dialect)
    return parameter.key, parameter.value, convert


def _converters(clause: Any, dialect: sa.Dialect) -> list[tuple[int, Convert]]:
    columns = getattr(clause, "exported_columns", ())
    found = ((n, c.type.dialect_impl(dialect).result_processor(dialect, None)) for n, c in enumerate(columns))
    return [(position, convert) for position, convert in found if convert is not None]


class Query:
    """A statement that is compiled for an engine when it is first run there.

    One that is `planned_by_values` PostgreSQL plans each time it is run: what is best depends on them.
    """

    __slots__ = ("_clause", "_compiled", "_planned_by_values")

    def __init__(self, clause: sa.sql.elements.CompilerElement, *, planned_by_values: bool = False) -> None:
        self._clause = clause
        self._planned_by_values = planned_by_values
        self._compiled: dict[str, Statement] = {}

    def on(self, engine: str) -> Statement:
        statement = self._compiled.get(engine)
        if statement is None:
            statement = Statement(self._clause, engine, planned_by_values=self._planned_by_values)
            self._compiled[engine] = statement
        return statement
