"""What an event changed, and what was deleted by one, as people read it: labels, and values in their language."""

import datetime as dt
import functools
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from flask_babel import format_date, format_datetime, format_decimal, get_locale, gettext

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.history import Happening
from faktura.core.catalogue import Product
from faktura.core.codes import country_name
from faktura.core.contacts import Contact
from faktura.core.countries.pl.lists import vat_exemptions
from faktura.core.documents.record import AttachedFile, Line, Payment
from faktura.core.documents.third_parties import ThirdParty
from faktura.core.invoices.record import Invoice
from faktura.outputs.words.words import METHODS, labels_in
from faktura.store.records import Tenant
from faktura.web.contacts.form import ROLES
from faktura.web.door.languages import language_name
from faktura.web.door.names import KINDS, STATUSES
from faktura.web.history.labels import label_of

NOTHING = "–"

LONGEST = 300
"""Letters of a value that are shown."""

RECORDS: Mapping[str, type[Tenant]] = {cls.table_name: cls for cls in (Invoice, Contact, Product, BankAccount)}


class Change(NamedTuple):
    """An attribute; its values are None where they have no words, so that only it is named."""

    label: str
    old: str | None
    new: str | None


class Kept(NamedTuple):
    """What an attribute of a deleted record held."""

    label: str
    value: str


def changes_of(happening: Happening) -> list[Change]:
    """In the order in which the record has its attributes."""
    return [
        Change(label, *(_said(happening.kind, name, value) for value in values))
        for name, values in (happening.details or {}).items()
        if (label := label_of(name)) is not None
    ]


def kept_of(happening: Happening) -> list[Kept]:
    """What was deleted, without what it did not have."""
    found = (
        (label, _said(happening.kind, name, value))
        for name, value in (happening.snapshot or {}).items()
        if (label := label_of(name)) is not None
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
    return typing.get_type_hints(RECORDS[kind]) if kind in RECORDS else {}


def _spelled(name: str, value: Any) -> str | None:
    if isinstance(value, str):
        return _code(name, value)
    if isinstance(value, tuple | list):
        parts = [_spelled(name, part) for part in value]
        return None if None in parts else "; ".join(filter(None, parts))
    for kind, spell in _SPELLED:
        if isinstance(value, kind):
            return spell(value)
    return None


def _code(name: str, value: str) -> str | None:
    """A text as it is, and a code by its name, where it has one."""
    name = name.removeprefix("buyer_").removeprefix("delivery_")
    if name == "payment_method":
        return labels_in(str(get_locale()))[value] if value in METHODS else None
    if name == "vat_exemption":
        return vat_exemptions()[value].basis if value in vat_exemptions() else value
    if name in _NAMED:
        return _NAMED[name](value)
    return None if name in _NAMELESS else value


def _decimal(number: Decimal) -> str:
    return format_decimal(number, format="#,##0.00####")


def _line(line: Line) -> str:
    quantity = format_decimal(line.quantity, format="#,##0.######")
    return f"{line.name}: {quantity} {line.unit}".rstrip() + f" × {_decimal(line.entered)}"


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
    (AttachedFile, lambda file: file.filename),
    (ThirdParty, lambda party: party.name),
)

_NAMED: Mapping[str, Callable[[str], str]] = {
    "status": lambda code: str(STATUSES.get(code, code)),
    "kind": lambda code: str(KINDS.get(code, code)),
    "role": lambda code: str(ROLES.get(code, code)),
    "language": language_name,
    "country": lambda code: country_name(code, str(get_locale())),
}

_NAMELESS = frozenset(
    {
        "price_mode",
        "tally",
        "oss",
        "follow_up",
        "iban_visibility",
        "correction_reason",
        "transaction_kind",
        "permission",
    }
)
"""Their values are codes without words, so that only the attribute is named."""
