"""A record with an attribute of every type, for the tests of the store; it belongs to no database of faktura's."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from faktura.store.records import RECORDS, Record, Tenant, index, metadata, record, unique


@record("samples", unique("account_id", "code"), index("account_id", "number"), searched=("name", "note"))
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


def _forget(cls: type[Record]) -> None:
    del RECORDS[cls.table_name]
    metadata.remove(cls.table)


_forget(Sample)


@contextlib.contextmanager
def declared(cls: type[Record]) -> Iterator[None]:
    """Have the schema know the record for a while."""
    RECORDS[cls.table_name] = cls
    metadata._add_table(cls.table_name, None, cls.table)  # noqa: SLF001 (the inverse of remove, which MetaData lacks)
    try:
        yield
    finally:
        _forget(cls)
