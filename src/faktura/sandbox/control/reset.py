"""The way back to the example data; credentials, tokens and sessions stay, failed sign-ins are forgotten."""

import functools
from pathlib import Path

import sqlalchemy as sa

from faktura.core.books.jobs_to_do import HOUSE
from faktura.core.people.accounts import Account
from faktura.core.people.api_keys import ApiKey
from faktura.core.people.applications import Application
from faktura.core.people.sign_in import SignInFailures
from faktura.core.people.users import User
from faktura.core.registries.answers import RegistryAnswer
from faktura.core.registries.days import RegistryDay
from faktura.sandbox.folder import opened
from faktura.store.records import RECORDS, Record, Shared, Tenant
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of

Kept = Shared | Tenant

Example = dict[type[Kept], list[Kept]]
"""Every record of the example data, with the ids they had first."""

KEPT: tuple[type[Shared], ...] = (User, Application, ApiKey)
"""Those of the example come back as they were, and others stay."""

FORGOTTEN: tuple[type[Shared], ...] = (SignInFailures,)


def read_example(file: Path) -> Example:
    with opened(file) as database:
        return database.read(lambda tx: {cls: _all(tx, cls) for cls in [*_replaced(), *KEPT]})


def bring_example_back(tx: Transaction, example: Example) -> None:
    for cls in [*_replaced(), *FORGOTTEN]:
        for record in _all(tx, cls):
            tx.remove(record)
    for cls in KEPT:
        ids = {record.id for record in example[cls]}
        for record in _all(tx, cls):
            if record.id in ids:
                tx.remove(record)
    for records in example.values():
        for record in records:
            tx.insert(record)


def forget_answers(tx: Transaction) -> None:
    """What registries answered, and how often they were asked."""
    for cls in (RegistryAnswer, RegistryDay):
        for record in _all(tx, cls):
            tx.remove(record)


def _replaced() -> list[type[Kept]]:
    return [Account, *(cls for cls in RECORDS.values() if issubclass(cls, Tenant))]


def _all(tx: Transaction, cls: type[Kept]) -> list[Kept]:
    """Jobs of the house belong to no example."""
    return [record for record in tx.records(cls, _select(cls)) if getattr(record, "account_id", None) != HOUSE]


@functools.cache
def _select(cls: type[Record]) -> Query:
    return Query(sa.select(*columns_of(cls)).order_by(cls.table.c.id))
