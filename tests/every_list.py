"""Every way to ask for a list: from what doors and pages declare, with values that many, few and none have."""

import contextlib
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

import sqlalchemy as sa

from faktura.store.columns import Exact, Moment
from faktura.store.database import Database
from faktura.store.records import Tenant
from faktura.store.statements import Query
from faktura.wire.fields import Kind

SOUGHT = {"query": ("praha", "000007", "nobody"), "tags": ("vip", "nobody"), "tag": ("vip", "nobody")}
"""What texts are looked for by."""

A_YEAR = dt.timedelta(days=365)


class Asked(NamedTuple):
    """A list with what is asked of it, by name."""

    path: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.query)

    def __str__(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


class Values:
    """What the records of an account have in their attributes."""

    def __init__(self, database: Database, account_id: int) -> None:
        self._database = database
        self._account_id = account_id
        self._found: dict[tuple[str, str], list[Any]] = {}

    def of(self, cls: type[Tenant], attribute: str) -> list[Any]:
        """A value that most have, one that fewest have, and one that none has; of what has an order its both ends."""
        key = cls.table_name, attribute
        if key not in self._found:
            self._found[key] = self._find(cls, cls.table.c[attribute])
        return self._found[key]

    def _find(self, cls: type[Tenant], column: sa.Column[Any]) -> list[Any]:
        if isinstance(column.type, sa.Boolean):
            return [True, False]
        is_ours = cls.table.c.account_id == sa.bindparam("account_id")
        if not isinstance(column.type, sa.Text | sa.Integer):
            ends = sa.select(sa.func.min(column, type_=column.type), sa.func.max(column, type_=column.type))
            [(least, most)] = self._rows(ends.where(is_ours))
            least, most = (least, most) if least is not None else (_ANY[type(column.type)],) * 2
            step = 1 if isinstance(least, Decimal) else A_YEAR
            return [least, most, least - step, most + step]
        groups = sa.select(column, sa.func.count()).where(is_ours, column.is_not(None)).group_by(column)
        counted = [value for value, _ in sorted(self._rows(groups), key=lambda row: row[1])]
        nothing = "nobody-has-this" if isinstance(column.type, sa.Text) else 2_000_000_000
        return [*dict.fromkeys([*counted[-1:], *counted[:1]]), nothing]

    def _rows(self, statement: sa.Select[Any]) -> list[tuple[Any, ...]]:
        return self._database.read(lambda tx: tx.rows(Query(statement), account_id=self._account_id))


_ANY: Mapping[type[sa.types.TypeEngine[Any]], Any] = {
    sa.Date: dt.date(2026, 1, 1),
    Moment: dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    Exact: Decimal(1),
}
"""What is asked of a list that has nothing."""


def spelled(kind: Kind, values: Iterable[Any]) -> list[str]:
    """As the values stand in an address; a kind that is a choice among codes has no word for what nobody has."""
    if named := [str(value) for value in kind.schema.get("enum", ()) if value is not None]:
        return named
    found = []
    for value in values:
        with contextlib.suppress(ValueError, KeyError):
            shown = value if kind.show is None else kind.show(value)
            found.append(str(shown).lower() if isinstance(shown, bool) else str(shown))
    return found


def combined(path: str, asked: Mapping[str, Sequence[str]]) -> Iterator[Asked]:
    """Nothing asked; each name with each of its values; each two names with the first and the last of theirs."""
    yield Asked(path)
    for name, values in asked.items():
        yield from (Asked(path, ((name, value),)) for value in values)
    for one, other in itertools.combinations(asked, 2):
        for a, b in itertools.product((asked[one][0], asked[one][-1]), (asked[other][0], asked[other][-1])):
            yield Asked(path, ((one, a), (other, b)))
