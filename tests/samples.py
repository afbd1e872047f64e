"""A record with an attribute of every type, and a sort of documents beside invoices; only tests have them."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

import sqlalchemy as sa

from faktura.core.documents.record import MAY_BE_GONE, SHOWN_IDS, Document, DocumentKind, leads_of
from faktura.store import schema
from faktura.store.comparing import Condition
from faktura.store.database import Database
from faktura.store.kept_sums import KeptSums
from faktura.store.records import RECORDS, Record, Tenant, index, metadata, record, unique


@record(
    "samples",
    unique("account_id", "code"),
    index("account_id", "number"),
    searched=("name", "note"),
    sums=KeptSums(
        of=("amount",),
        by=("name",),
        days=("day",),
        told=(Condition("amount", "gt", Decimal(0)), Condition("number", "null", value=True)),
    ),
)
class Sample(Tenant):
    found_by: ClassVar[tuple[str, ...]] = ("code", "amount")

    name: str = ""
    note: str | None = None
    code: str | None = None
    number: int | None = None
    amount: Decimal | None = None
    day: dt.date | None = None
    at: dt.datetime | None = None
    flag: bool | None = None
    data: bytes | None = None
    words: tuple[str, ...] = ()
    values: dict[str, Any] | None = None


@record("slips", refers=leads_of("slips"), remembers=MAY_BE_GONE, copied=SHOWN_IDS)
class Slip(Document):
    """A paper with nothing of its own; the history has no words for it, and calls it an invoice."""

    noun = "invoice"

    kind: DocumentKind = "invoice"


def _tables(cls: type[Record]) -> list[sa.Table]:
    return [cls.table, *([cls.sums_table] if cls.sums else [])]


def _forget(cls: type[Record]) -> None:
    del RECORDS[cls.table_name]
    for table in _tables(cls):
        metadata.remove(table)


_forget(Sample)
_forget(Slip)


@contextlib.contextmanager
def declared(cls: type[Record]) -> Iterator[None]:
    """Have the schema know the record for a while."""
    RECORDS[cls.table_name] = cls
    for table in _tables(cls):
        metadata._add_table(table.name, None, table)  # noqa: SLF001 (the inverse of remove, which MetaData lacks)
    try:
        yield
    finally:
        _forget(cls)


def lay_out(database: Database, cls: type[Record]) -> None:
    """Create the table of a record that is declared now."""
    with schema.engine_for(database).begin() as connection:
        for table in _tables(cls):
            table.create(connection)
        for extra in schema.extras():
            if extra.engine == database.engine and cls.table_name in extra.name:
                connection.exec_driver_sql(extra.definition)
