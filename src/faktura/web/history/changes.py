"""What an event changed, and what was deleted by one, as people read it: labels, and values in their language."""

import datetime as dt
import functools
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import msgspec
from flask_babel import format_date, format_datetime, format_decimal, gettext

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.history import Happening
from faktura.core.catalogue import Product, RetailPrice
from faktura.core.contacts import Contact
from faktura.core.documents.numbering import NumberFormat
from faktura.core.documents.record import AttachedFile, Line, Payment
from faktura.core.documents.third_parties import ThirdParty
from faktura.core.generators.record import Generator
from faktura.core.inventory.record import StockMove
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import KsefConnection
from faktura.core.papers.record import Paper
from faktura.core.people.accounts import Account, ReminderStep
from faktura.core.people.users import Membership, User
from faktura.core.received.record import Expense, Note
from faktura.store.records import Record, Tenant
from faktura.web.door.names import step_name
from faktura.web.history.codes import code_name
from faktura.web.history.labels import label_of

NOTHING = "–"

LONGEST = 300
"""Letters of a value that are shown."""

RECORDS: Mapping[str, type[Tenant]] = {
    cls.table_name: cls for cls in (Invoice, Expense, Paper, Generator, Contact, Product, BankAccount)
}

SHAPES: Mapping[str, type[Record]] = {
    **RECORDS,
    **{cls.table_name: cls for cls in (StockMove, Account, NumberFormat, KsefConnection)},
    User.table_name: Membership,
}
"""Whose attributes the events of a table name; those of a person are about their place in the account."""


class Change(NamedTuple):
    """An attribute; its values are None where they have no words, so that only it is named."""

    label: str
    old: str | None
    new: str | None


class Kept(NamedTuple):
    """What an attribute of a deleted record held."""

    label: str
    value: str


class Detailed(Protocol):
    """What says of a record by attribute what it held and what it holds."""

    @property
    def kind(self) -> str: ...

    @property
    def details(self) -> dict[str, tuple[Any, Any]] | None: ...


def changes_of(happening: Detailed) -> list[Change]:
    """In the order in which the record has its attributes."""
    return [
        Change(label, *(_said(happening.kind, name, value) for value in values))
        for name, values in (happening.details or {}).items()
        if (label := label_of(happening.kind, name)) is not None
    ]


def kept_of(happening: Happening) -> list[Kept]:
    """What was deleted, without what it did not have."""
    found = (
        (label, _said(happening.kind, name, value))
        for name, value in (happening.snapshot or {}).items()
        if (label := label_of(happening.kind, name)) is not None
    )
    return [Kept(label, said) for label, said in found if said not in {None, NOTHING}]


def _said(kind: str, name: str, value: Any) -> str | None:
    if value is None or value in ("", [], ()):
        return NOTHING
    said = _spelled(name, _read(kind, name, value))
    return said if said is None or len(said) <= LONGEST else f"{said[:LONGEST]}…"


def _read(kind: str, name: str, value: Any) -> Any:
    """The value as the record has it; one that its attribute no longer takes stays as it was written down."""
    hint = _hints(kind).get(name)
    if hint is None:
        return value
    try:
        return msgspec.convert(value, hint, strict=False)
    except msgspec.ValidationError:
        return value


@functools.cache
def _hints(kind: str) -> Mapping[str, Any]:
    return typing.get_type_hints(SHAPES[kind]) if kind in SHAPES else {}


def _spelled(name: str, value: Any) -> str | None:
    if isinstance(value, str):
        return code_name(name, value)
    if isinstance(value, tuple | list):
        parts = [_spelled(name, part) for part in value]
        return None if None in parts else "; ".join(filter(None, parts))
    for kind, spell in _SPELLED:
        if isinstance(value, kind):
            return spell(value)
    return None


def _decimal(number: Decimal) -> str:
    return format_decimal(number, format="#,##0.00####")


def _line(line: Line) -> str:
    quantity = format_decimal(line.quantity, format="#,##0.######")
    return f"{line.name}: {quantity} {line.unit}".rstrip() + f" × {_decimal(line.entered)}"


def _step(step: ReminderStep) -> str:
    return step_name(step) if step.on else gettext("%(step)s (off)", step=step_name(step))


def _payment(payment: Payment) -> str:
    return f"{format_date(payment.paid_on)}: {_decimal(payment.amount)}"


_SPELLED: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: gettext("Yes") if value else gettext("No")),
    (Decimal, _decimal),
    (int, str),
    (dt.datetime, format_datetime),
    (dt.date, format_date),
    (Line, _line),
    (Payment, _payment),
    (Note, lambda note: note.content),
    (AttachedFile, lambda file: file.filename),
    (RetailPrice, lambda price: f"{_decimal(price.amount)} {price.currency}"),
    (ThirdParty, lambda party: party.name),
    (ReminderStep, _step),
)
