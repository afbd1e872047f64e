"""Two people change one document or template: what each changed is kept, and what both changed otherwise is known."""

import functools
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar, get_type_hints

import msgspec

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.documents.record import ONE, ZERO, Draft, Line
from faktura.core.errors import Clash, Given, Problem
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import changed

D = TypeVar("D", bound=Draft)

Problems = Mapping[str, list[Problem]]


class Merged(NamedTuple):
    """What one has changed since a version, without what stands as it was then; and where the other did, too.

    Of lines that one left alone only the ids stand in `given`, in their order.
    """

    given: Given
    theirs: Mapping[str, Any]
    lines: Mapping[int, Line | None]

    def refuse(self) -> None:
        """Where both changed the same.

        Raises:
            Clash: they did.

        """
        if self.theirs or self.lines:
            raise Clash(self.theirs, self.lines)


def as_it_was(books: Books, now: D, version: int) -> D:
    """The record at a version, by what the history says was changed since."""
    since = Selection(
        (
            Condition("kind", "eq", now.table_name),
            Condition("record_id", "eq", now.id),
            Condition("record_version", "gt", version),
        ),
        order=(Order("id", descending=True),),
    )
    before: dict[str, Any] = {}
    lines = {line.id: line for line in now.lines}
    for happening in books.all(Happening, since):
        details = dict(happening.details or {})
        old, new = (msgspec.convert(part, list[Line], strict=False) for part in details.pop("lines", ([], [])))
        for line in new:
            lines.pop(line.id, None)
        lines |= {line.id: line for line in old}
        before |= {name: values[0] for name, values in details.items()}
    types = _types(type(now))
    values = {
        name: msgspec.convert(value, types[name], strict=False) for name, value in before.items() if name in types
    }
    return changed(now, **values, lines=tuple(lines.values()))


def merge(was: Draft, now: Draft, values: dict[str, Any], unread: Problems) -> Merged:
    """Take what one has typed, who saw `was`, together with what there is now.

    The values are those that a change would set; `unread` is what could not be read of them.
    """
    values = dict(values)
    rows = values.pop("lines", None)
    mine = {name: value for name, value in values.items() if value != getattr(was, name)}
    held = {name: getattr(now, name) for name in mine}
    theirs = {name: held[name] for name, value in mine.items() if held[name] not in (getattr(was, name), value)}
    clashes: dict[int, Line | None] = {}
    if rows is not None:
        lines = list(_lines(was, now, rows, clashes))
        if lines != [{"id": line.id} for line in was.lines]:
            mine["lines"] = lines
    return Merged(Given(mine, unread), theirs, clashes)


def _lines(was: Draft, now: Draft, rows: list[Given], clashes: dict[int, Line | None]) -> Iterator[Given]:
    """The rows that say something else than the lines did, of the others the ids; and what was left out."""
    before, there = {line.id: line for line in was.lines}, {line.id: line for line in now.lines}
    for row in rows:
        line_id = row.get("id")
        if line_id not in before:
            yield row
            continue
        old, new = before.pop(line_id), there.get(line_id)
        if _says(row) == _says_now(old) and not row.unread:
            if new is not None:
                yield Given({"id": line_id})
            continue
        if new is None or _says_now(new) not in (_says_now(old), _says(row)):
            clashes[line_id] = new
        yield row
    for line_id, old in before.items():
        if (new := there.get(line_id)) is None:
            continue
        if _says_now(new) != _says_now(old):
            clashes[line_id] = new
        yield Given({"id": line_id, "remove": True})


def _says(row: Given) -> tuple[Any, ...]:
    """What a row says, in the order of `_says_now`."""
    price = row.get("unit_price_before_discount", row.get("unit_price"))
    bought_for = row.get("purchase_price")
    treatment = row.get("vat_treatment", "taxed" if bought_for is None else "margin")
    rate = row.get("vat_rate", ZERO) if treatment == "taxed" else ZERO
    texts = row.get("product_if_there"), row.get("name", ""), row.get("unit", "")
    of_margin = bought_for, row.get("margin_zero_rated", False)
    return *texts, row.get("quantity", ONE), price, rate, treatment, row.get("discount", ZERO), *of_margin


def _says_now(line: Line) -> tuple[Any, ...]:
    return (
        *(line.product_id, line.name, line.unit, line.quantity),
        *(price_of(line), line.vat_rate, line.vat_treatment, line.discount),
        *(line.purchase_price, line.margin_zero_rated),
    )


def price_of(line: Line) -> Decimal:
    """The price of a unit as it was entered, before the discount."""
    if line.discount and line.unit_price_before_discount is not None:
        return line.unit_price_before_discount
    return line.entered if line.basis == "unit" else line.unit_net_price


@functools.cache
def _types(cls: type[Draft]) -> Mapping[str, Any]:
    return get_type_hints(cls)
