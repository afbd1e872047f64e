"""Secrets are sealed anew when the server gets another key."""

import functools
from collections.abc import Sequence
from typing import Annotated, NamedTuple, cast, get_args, get_origin, get_type_hints

from faktura.core.sealing import Sealed, is_sealed_by, sealed, unsealed
from faktura.store.database import Database
from faktura.store.every import every, of_row, transaction
from faktura.store.records import RECORDS, Record, Tenant, changed
from faktura.store.statements import Row


class Rotated(NamedTuple):
    """How many secrets were sealed anew, how many were already, and the places of those that none of the keys opens."""

    done: int
    already: int
    lost: tuple[str, ...]


def rotate_secrets(database: Database, old_keys: Sequence[str], key: str) -> Rotated:
    """Seal by the key whatever one of the old keys opens; all of it in one transaction.

    What none of them opens stays as it is: whoever gave it has to give it again.
    """
    done, already, lost = 0, 0, list[str]()
    with transaction(database) as tx:
        for cls in RECORDS.values():
            names = sealed_in(cls)
            for rows in every(tx, cls) if names else ():
                for one in map(functools.partial(_tenant, cls), rows):
                    anew, here, beyond = _anew(one, names, old_keys, key)
                    done, already, lost = done + len(anew), already + here, [*lost, *beyond]
                    if anew:
                        tx.replace(one, changed(one, version=one.version + 1, **anew))
    return Rotated(done, already, tuple(lost))


def sealed_in(cls: type[Record]) -> tuple[str, ...]:
    """The attributes of a record that hold secrets."""
    if not issubclass(cls, Tenant):
        return ()
    hints = get_type_hints(cls, include_extras=True)
    return tuple(name for name, hint in hints.items() if _is_sealed(hint))


def _tenant(cls: type[Record], row: Row) -> Tenant:
    return cast("Tenant", of_row(cls, row))


def _is_sealed(hint: object) -> bool:
    return hint == Sealed or any(get_origin(part) is Annotated and part == Sealed for part in get_args(hint))


def _anew(
    one: Tenant, names: Sequence[str], old_keys: Sequence[str], key: str
) -> tuple[dict[str, bytes], int, list[str]]:
    """What changes, how many need not, and what cannot."""
    anew: dict[str, bytes] = {}
    here, beyond = 0, list[str]()
    for name, kept in ((name, getattr(one, name)) for name in names):
        if kept is None:
            continue
        if is_sealed_by(key, kept):
            here += 1
            continue
        account_id, place = one.account_id, f"{one.table_name}.{name}"
        opened = (unsealed(old, account_id, place, kept) for old in old_keys)
        text = next((found for found in opened if found is not None), None)
        if text is None:
            beyond.append(f"{place} of account {account_id}")
        else:
            anew[name] = sealed(key, account_id, place, text)
    return anew, here, beyond
