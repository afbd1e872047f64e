"""A record is declared once: a msgspec Struct from which its table follows."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar, get_type_hints

import msgspec
import sqlalchemy as sa

from faktura.store.columns import column_of
from faktura.store.kept_sums import KeptSums, table_for


def _looked_up_by(index: sa.Index, table: sa.Table) -> str:  # noqa: ARG001 (SQLAlchemy's signature)
    """The attributes that an index is for, without those that it only brings along."""
    covered = index.info.get("covers", ())
    return "_".join(column.name for column in index.columns if column.name not in covered)


metadata = sa.MetaData(
    naming_convention={
        "looked_up_by": _looked_up_by,
        "ix": "ix_%(table_name)s_%(looked_up_by)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

LONGEST_INDEXED = 500
"""Letters that a text in an index may have: an entry of PostgreSQL's takes 2,704 bytes, and a letter up to four."""


ACCOUNTS = "accounts"
"""The table of the tenants themselves."""


class KindIn(msgspec.Struct, frozen=True):
    """Where a pointer may lead to several tables: the attribute that holds the name of the table."""

    attribute: str


Pointers = Mapping[str, str | KindIn]
"""By attribute, or by `parts.attribute` inside a list of parts, the table whose record is named by its id."""


class Record(msgspec.Struct):
    """What every kept thing has; attributes stand in the order of the table's columns."""

    table: ClassVar[sa.Table]
    table_name: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    searched: ClassVar[tuple[str, ...]] = ()
    found_by: ClassVar[tuple[str, ...]] = ()
    """More that a search of everything looks through, beside what is searched; amounts by their figures."""
    refers: ClassVar[Pointers] = {}
    remembers: ClassVar[Pointers] = {}
    belongs: ClassVar[Pointers] = {}
    copied: ClassVar[tuple[str, ...]] = ()
    watched: ClassVar[bool] = False
    sums: ClassVar[KeptSums | None] = None
    sums_table: ClassVar[sa.Table]


class Shared(Record):
    """A record of the whole house: a user, an application, a token."""

    id: int
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime


class Tenant(Record):
    """A record of one account. The id is unique over all accounts and below 2³¹."""

    account_id: int
    id: int
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime


R = TypeVar("R", bound=Record)

RECORDS: dict[str, type[Record]] = {}


def unique(*names: str) -> sa.UniqueConstraint:
    """No two rows alike in these attributes; rows with a null in one of them never clash."""
    return sa.UniqueConstraint(*names)


def index(
    *names: str, over_all_accounts: str = "", where_set: str | None = None, covers: tuple[str, ...] = ()
) -> sa.Index:
    """An index, of those rows alone where the attribute `where_set` has a value; others then cost nothing.

    What it `covers` is read from it, without the rows. One of a Tenant's that does not begin with the account says why
    it looks over all accounts.
    """
    some: dict[str, Any] = {"sqlite_where": sa.text(f"{where_set} IS NOT NULL")} if where_set else {}
    info = {"over_all_accounts": over_all_accounts, "covers": covers, "where_set": where_set}
    return sa.Index(None, *names, *covers, info=info, **some)


def say_to_postgresql() -> None:
    """Let it know which rows an index is of, before tables are laid out there.

    Where that is declared SQLAlchemy would import its dialect, a tenth of a start on SQLite.
    """
    for index_of_some in (found for table in metadata.tables.values() for found in table.indexes):
        where = index_of_some.dialect_options["sqlite"]["where"]
        if where is not None:
            index_of_some.dialect_options["postgresql"]["where"] = where


def record(  # noqa: PLR0913 (what a declaration may say, each by its name)
    table: str,
    *constraints: sa.UniqueConstraint | sa.Index,
    key: tuple[str, ...] | None = None,
    searched: Sequence[str] = (),
    paged: bool = True,
    watched: bool = False,
    refers: Pointers | None = None,
    remembers: Pointers | None = None,
    belongs: Pointers | None = None,
    copied: tuple[str, ...] = (),
    sums: KeptSums | None = None,
) -> Callable[[type[R]], type[R]]:
    """Declare the table of a Struct.

    `key` is the primary key: (account_id, id) for a Tenant and id for a Shared record where none is named.
    `searched` names the text attributes that full-text search looks through; a table beside keeps their folded text.
    A change or removal of a `watched` record begins a new generation of its Database.
    A `paged` Tenant has an index that holds all that a page of ids and versions needs.
    What a pointer in `refers` names is there as long as the record is, and is in use by that; a pointer in `remembers`
    may outlive what it names. What `belongs` to another record makes no use of it, and is removed together with it.
    Pointers in `copied` show what rows of another record say, and make no use of what they name.
    `sums` are kept in a table of their own, and brought up to date with every change.
    """
    if belongs and (searched or sums):
        message = f"{table}: what belongs to a record is removed unread, so the text index and sums would keep it"
        raise TypeError(message)

    def declare(cls: type[R]) -> type[R]:
        cls.key = key or (("account_id", "id") if issubclass(cls, Tenant) else ("id",))
        cls.searched = tuple(searched)
        cls.refers = ({"account_id": ACCOUNTS} if issubclass(cls, Tenant) else {}) | dict(refers or {})
        cls.remembers = dict(remembers or {})
        cls.belongs = dict(belongs or {})
        cls.copied = copied
        hints = get_type_hints(cls, include_extras=True)
        columns = [column_of(name, hints[name], primary_key=name in cls.key) for name in cls.__struct_fields__]
        cls.table_name = table
        cls.watched = watched
        cls.table = sa.Table(table, metadata, *columns, *constraints, *_page_index(cls, table, paged=paged))
        if sums is not None:
            cls.sums, cls.sums_table = sums, table_for(cls.table, sums)
        RECORDS[table] = cls
        return cls

    return declare


def changed(old: R, **values: Any) -> R:
    """A copy with other values; neither version nor times are touched."""
    return msgspec.structs.replace(old, **values)


def defaults_of(cls: type[Record]) -> dict[str, Any]:
    """What the attributes hold that need not be given."""
    fields = msgspec.structs.fields(cls)
    return {field.name: field.default for field in fields if field.default is not msgspec.NODEFAULT}


def differing(old: Record, new: Record) -> tuple[str, ...]:
    """The names of the attributes in which two states of one record differ."""
    return tuple(name for name in old.__struct_fields__ if getattr(old, name) != getattr(new, name))


def _page_index(cls: type[Record], table: str, *, paged: bool) -> list[sa.Index]:
    if not (paged and issubclass(cls, Tenant)):
        return []
    return [sa.Index(page_index(table), "account_id", "id", "version")]


def is_paged(cls: type[Record]) -> bool:
    return any(index.name == page_index(cls.table_name) for index in cls.table.indexes)


def page_index(table: str) -> str:
    return f"ix_{table}_page"
