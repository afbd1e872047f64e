"""What differs between a checkpoint and now, as a list that a person or a test can read."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from faktura.core.people.accounts import Account
from faktura.store.copies import Copy
from faktura.store.differences import Compared, Difference, compared
from faktura.store.records import RECORDS, Record, Tenant, differing
from faktura.store.sqlite import SqliteDatabase

MOST = 500
"""Records."""

LONGEST = 1000
"""Characters of a text."""

LEFT_OUT = ("hash", "secret", "token", "key", "authorization", "arguments")
"""Last words in the names of attributes that open something; arguments of jobs may, and have no names."""


class OldAndNew(msgspec.Struct):
    old: Any
    new: Any


class Change(msgspec.Struct, omit_defaults=True):
    """A record by its table and account; `changed` has the attributes that did, `attributes` all of what is or was."""

    change: Literal["added", "changed", "deleted"]
    record: str
    account: str | None
    id: Any
    attributes: Mapping[str, Any] = {}
    changed: Mapping[str, OldAndNew] = {}


class Changes(msgspec.Struct):
    """In the order of accounts, tables and keys; `cut` where there are more than so many."""

    changes: list[Change]
    cut: bool


def changes_since(copy: Copy, database: SqliteDatabase) -> Changes:
    found: list[Change] = []
    with compared(database, copy, MOST + 1) as states:
        slugs = _slugs(states)
        for cls in RECORDS.values():
            found += [_change(cls, one, slugs) for one in states.differences(cls)]
            if len(found) > MOST:
                break
    shown = sorted(found[:MOST], key=lambda one: (one.account or "", one.record))
    return Changes(shown, len(found) > MOST)


def _slugs(states: Compared) -> dict[int, str]:
    return {account.id: account.slug for account in states.all(Account)}


def _change(cls: type[Record], one: Difference[Record], slugs: Mapping[int, str]) -> Change:
    record = one.new or one.old
    assert record is not None  # noqa: S101 (there is no difference without either)
    account = slugs.get(record.account_id) if isinstance(record, Tenant) else None
    named = cls.table_name, account, getattr(record, cls.key[-1])
    if one.old is None:
        return Change("added", *named, attributes=dict(_shown(record)))
    if one.new is None:
        return Change("deleted", *named, attributes=dict(_shown(record)))
    old, new = dict(_shown(one.old)), dict(_shown(one.new))
    names = [name for name in differing(one.old, one.new) if name in old]
    return Change("changed", *named, changed={name: OldAndNew(old[name], new[name]) for name in names})


def _shown(record: Record) -> Iterator[tuple[str, Any]]:
    for name in record.__struct_fields__:
        if not _is_left_out(name):
            yield name, _readable(getattr(record, name))


def _is_left_out(name: object) -> bool:
    return isinstance(name, str) and name.rpartition("_")[2] in LEFT_OUT


def _readable(value: Any) -> Any:
    """What JSON has words for, without what opens something, and no longer than anybody reads."""
    if isinstance(value, bytes):
        return {"bytes": len(value)}
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    if isinstance(value, msgspec.Struct):
        return _readable(msgspec.structs.asdict(value))
    if isinstance(value, Mapping):
        return {str(name): _readable(one) for name, one in value.items() if not _is_left_out(name)}
    if isinstance(value, list | tuple | set | frozenset):
        return [_readable(one) for one in value]
    return msgspec.to_builtins(value)
