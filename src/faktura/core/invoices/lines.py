"""Lines as they are given: read, joined with those that a document has, and checked."""

from collections.abc import Iterable, Sequence
from typing import Any, get_args

import msgspec

from faktura.core.books import Books
from faktura.core.catalogue import VatTreatment
from faktura.core.errors import Given, NotFound, Problems
from faktura.core.invoices.record import ZERO, Invoice, Line
from faktura.core.invoices.totals import HUNDRED
from faktura.core.money import LARGEST, rounded

MOST_LINES = 1000


def given_lines(books: Books, given: Iterable[Given], old: Sequence[Line], problems: Problems) -> tuple[Line, ...]:
    """The lines of a document after those given: a known `id` changes its line, or takes it away with `remove`.

    The others are added. A line's price is its `unit_price`, or the `net` or the `gross` of the whole line; net goes
    before gross. What is wrong stands under "lines.<attribute>".

    Raises:
        NotFound: a line has an id that the document does not have.

    """
    kept: dict[int, Line | None] = {line.id: line for line in old}
    added: list[Line] = []
    for values in given:
        for attribute, found in values.unread.items():
            for problem in found:
                problems.add(f"lines.{attribute}", problem.code, problem.limit)
        line_id = values.get("id")
        if line_id is None:
            if not values.get("remove"):
                added.append(_line(None, values, problems))
            continue
        if (known := kept.get(line_id)) is None:
            raise NotFound("lines")
        kept[line_id] = None if values.get("remove") else _line(known, values, problems)
    if len(kept) + len(added) > MOST_LINES:
        problems.add("lines", "too_long", MOST_LINES)
        return tuple(old)
    new = iter(books.next_ids(Invoice, len(added)))
    numbered = (msgspec.structs.replace(line, id=next(new)) for line in added)
    return (*(line for line in kept.values() if line is not None), *numbered)


def texts_of(lines: Iterable[Line]) -> str:
    """What lines say, as it is searched."""
    return "\n".join(line.name for line in lines)


def _line(old: Line | None, given: Given, problems: Problems) -> Line:
    """Raises nothing: a line that is wrong adds to the problems and comes back in some state."""
    values: dict[str, Any] = {
        name: _EMPTY[name] if value is None else value for name, value in given.items() if name in _PLAIN
    }
    line = msgspec.structs.replace(old or Line(0, "", ZERO), **values)
    needs_price = old is None and not given.unread.keys() & set(_PRICES)
    line = _entered(line, _price_of(given, old), is_new=needs_price, problems=problems)
    if line.vat_treatment not in get_args(VatTreatment):
        problems.add("lines.vat_treatment", "not_in_list")
    if line.vat_treatment != "taxed":
        line = msgspec.structs.replace(line, vat_rate=ZERO)
    if not ZERO <= line.vat_rate <= HUNDRED:
        problems.add("lines.vat_rate", "not_in_list")
    if not line.name.strip() and "name" not in given.unread:
        problems.add("lines.name", "blank")
    if line.quantity <= 0 and "quantity" not in given.unread and line.group is None:
        problems.add("lines.quantity", "not_positive")
    if abs(line.entered * line.quantity) >= LARGEST:
        problems.add("lines.unit_price", "too_large")
        line = msgspec.structs.replace(line, entered=ZERO)
    return line


def _price_of(given: Given, old: Line | None) -> dict[str, Any]:
    """The prices that count; a net price sent back as it was shown changes nothing of what was entered."""
    prices = {name: given[name] for name in _PRICES if given.get(name) is not None}
    if old is not None and old.unit_net_price != old.entered and prices.get("unit_price") == old.unit_net_price:
        del prices["unit_price"]
    return prices


def _entered(line: Line, prices: dict[str, Any], *, is_new: bool, problems: Problems) -> Line:
    before = prices.get("unit_price_before_discount")
    if "unit_price" not in prices and (before is not None or (line.discount and not is_new)):
        before = line.unit_price_before_discount if before is None else before
        if before is not None and not {"net", "gross"} & prices.keys():
            prices["unit_price"] = rounded(before * (HUNDRED - line.discount) / HUNDRED)
    if before is not None:
        line = msgspec.structs.replace(line, unit_price_before_discount=before)
    if "net" in prices:
        unit = prices.get("unit_price", ZERO)
        return msgspec.structs.replace(line, basis="net", entered=prices["net"], unit_net_price=unit)
    if "unit_price" in prices:
        return msgspec.structs.replace(line, basis="unit", entered=prices["unit_price"])
    if "gross" in prices:
        return msgspec.structs.replace(line, basis="gross", entered=prices["gross"])
    if is_new:
        problems.add("lines.unit_price", "blank")
    return line


_PRICES = ("unit_price", "net", "gross", "unit_price_before_discount")

_PLAIN = frozenset(
    {
        *("name", "quantity", "unit", "vat_rate", "vat_treatment", "discount", "pkwiu", "cn", "pkob", "gtin", "gtu"),
        *("lump_sum_rate", "group", "after"),
    }
)

_EMPTY: dict[str, Any] = {
    field.name: field.default for field in msgspec.structs.fields(Line) if field.default is not msgspec.NODEFAULT
} | {"name": ""}
