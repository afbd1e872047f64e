"""Which costs a list shows, and in which order (20.1): what it is chosen by comes bare or inside `q`."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from faktura.core.contacts import tax_digits
from faktura.core.received.listing import ENTERED
from faktura.core.received.standing import Standing, standings
from faktura.dialects.infakt.costs.fields import KINDS, SOURCES
from faktura.dialects.infakt.costs.statuses import with_accounting, with_either, with_payment
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.searching import MOST_IN_LIST
from faktura.dialects.infakt.door.values import CURRENCY, DATE, INSTANT, MONEY, TEXT
from faktura.store.queries import Condition, Operator, Order
from faktura.wire.endpoints import Parameter
from faktura.wire.fields import Kind, Unreadable
from faktura.wire.values import read_text

A_DAY = "YYYY-MM-DD"


class Filter(NamedTuple):
    """What a filter compares; of scans nothing is known but when they came."""

    attribute: str
    operator: Operator
    kind: Kind
    of_scans: bool = False


def _read_since(value: Any) -> dt.datetime:
    """As costs say it, with a space before the offset, or as the rest of the API."""
    instant: dt.datetime = INSTANT.read(read_text(value).replace(" +", "+").replace(" -", "-"))
    return instant


def _read_until(value: Any) -> dt.datetime:
    """A day alone lasts until its end."""
    instant = _read_since(value)
    is_day = len(read_text(value).strip().strip('"')) == len(A_DAY)
    try:
        return instant + dt.timedelta(days=1, microseconds=-1) if is_day else instant
    except OverflowError:
        raise Unreadable("not_a_date") from None


SINCE, UNTIL = Kind(INSTANT.schema, _read_since), Kind(INSTANT.schema, _read_until)
TAX_CODE = Kind(TEXT.schema, lambda value: tax_digits(read_text(value)))

COMPARED: Mapping[str, Filter] = {
    "created_at_gteq": Filter("created_at", "gteq", SINCE, of_scans=True),
    "created_at_lteq": Filter("created_at", "lteq", UNTIL, of_scans=True),
    "issue_date_gteq": Filter("issued_on", "gteq", DATE),
    "issue_date_lteq": Filter("issued_on", "lteq", DATE),
    "due_date_gteq": Filter("due_on", "gteq", DATE),
    "due_date_lteq": Filter("due_on", "lteq", DATE),
    "net_in_cents_gteq": Filter("net_total", "gteq", MONEY),
    "net_in_cents_lteq": Filter("net_total", "lteq", MONEY),
    "gross_in_cents_gteq": Filter("gross_total", "gteq", MONEY),
    "gross_in_cents_lteq": Filter("gross_total", "lteq", MONEY),
    "currency_eq": Filter("currency", "eq", CURRENCY),
    "currency_in": Filter("currency", "in", CURRENCY),
    "seller_tax_code_eq": Filter("seller_tax_digits", "eq", TAX_CODE),
}

STANDINGS: Mapping[str, Callable[[Collection[str]], set[Standing]]] = {
    "payment_document_statuses_symbol_in": with_payment,
    "cost_accounting_document_statuses_symbol_in": with_accounting,
    "document_statuses_symbol_in": with_either,
}

WORDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "kind_in": ("progress", KINDS),
    "source_eq": ("source", SOURCES),
}
"""By filter, an attribute and the word for each of its values."""

FILTERS = (*COMPARED, *STANDINGS, *WORDS)

FILTERING = (
    *(Parameter(name, found.kind, "Chosen by a value, bare or inside q") for name, found in COMPARED.items()),
    *(Parameter(name, TEXT, "Words, of which any is found") for name in (*STANDINGS, *WORDS)),
)

ORDERED: Mapping[str, str] = {
    "gross_price": "gross_total",
    "net_price": "net_total",
    "tax_price": "vat_total",
    "category": "category",
    "issue_date": "issued_on",
    "received_date": "received_on",
    "due_date": "due_on",
    "accounted_at": "accounted_on",
    "created_at": "created_at",
}
"""By key, an attribute of the core."""

WITH_SCANS = frozenset({"category", "accounted_at", "created_at"})
"""Those that scans have a place by; by the others they come after all costs."""

NEWEST_FIRST = (Order("id", descending=True),)


def conditions_of(parameters: Mapping[str, Any]) -> tuple[Condition, ...]:
    """All filters together.

    Raises:
        Failure: a value is not of its attribute's kind.

    """
    asked = parameters.get("q")
    searched = [(f"q[{name}]", name, value) for name, value in asked.items()] if isinstance(asked, Mapping) else []
    bare = [(name, name, value) for name, value in parameters.items()]
    sent = [(spelled, name, value) for spelled, name, value in (*bare, *searched) if name in FILTERS]
    return tuple(dict.fromkeys((*_compared(sent), *_standing(sent), *_worded(sent))))


def order_of(asked: Any) -> tuple[Order, ...]:
    """What has no value comes last, whichever way."""
    name, direction = (*asked.split(), "", "")[:2] if isinstance(asked, str) else ("", "")
    direction = direction.lower() or "asc"
    if name not in ORDERED or direction not in {"asc", "desc"}:
        return NEWEST_FIRST
    by = Order(ORDERED[name], descending=direction == "desc", nulls_last=True)
    return (by,) if name in WITH_SCANS else (Order("progress"), by)


Sent = list[tuple[str, str, Any]]
"""Filters as they were spelled, by name, with their values."""


def _compared(sent: Sent) -> Iterator[Condition]:
    for spelled, name, value in sent:
        found = COMPARED.get(name)
        if found is None or value is None or value == "":
            continue
        if not found.of_scans:
            yield ENTERED
        try:
            read = tuple(map(found.kind.read, _texts(value))) if found.operator == "in" else found.kind.read(value)
        except Unreadable:
            raise errors.wrong_value(spelled) from None
        yield Condition(found.attribute, found.operator, read)


def _standing(sent: Sent) -> Iterator[Condition]:
    asked = [STANDINGS[name](_words(spelled, value)) for spelled, name, value in sent if name in STANDINGS]
    if asked:
        yield Condition("standing", "in", tuple(sorted(standings().intersection(*asked))))


def _worded(sent: Sent) -> Iterator[Condition]:
    for spelled, name, value in sent:
        if name in WORDS:
            attribute, words = WORDS[name]
            wanted = _words(spelled, value)
            yield Condition(attribute, "in", tuple(core for core, word in words.items() if word in wanted))


def _words(spelled: str, value: Any) -> list[str]:
    try:
        return [read_text(one) for one in _texts(value)]
    except Unreadable:
        raise errors.wrong_value(spelled) from None


def _texts(value: Any) -> list[Any]:
    found = [one for one in (value if isinstance(value, list) else [value]) if one is not None]
    if len(found) > MOST_IN_LIST:
        raise Unreadable("not_in_list")
    return found
