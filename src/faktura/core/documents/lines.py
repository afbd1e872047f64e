"""Lines as they are given: read, joined with those that a document has, and checked."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar, get_args

import msgspec

from faktura.core.books.books import Books
from faktura.core.documents.products import NAMING, with_products
from faktura.core.documents.record import ZERO, Document, Draft, Line
from faktura.core.documents.totals import HUNDRED, Terms, priced
from faktura.core.errors import Given, NotFound, Problems
from faktura.core.money.amounts import LARGEST, fine, rounded
from faktura.core.texts import check_texts
from faktura.core.vat_treatment import VatTreatment

T = TypeVar("T")

MOST_LINES = 1000


def given_lines(
    books: Books,
    paper: Document,
    given: Sequence[Given],
    old: Sequence[Line],
    problems: Problems,
    *,
    kept_in: type[Draft] | None = None,
    repriced: bool = False,
) -> tuple[Line, ...]:
    """The lines of a paper after those given: a known `id` changes its line, or takes it away with `remove`.

    A line may name a product (`NAMING`), of which it then says what was not given. They are `kept_in` a record of the
    sort of the paper where it is not another.

    The others are added. Lines stand in the order in which they are given. A line's price is its `unit_price`, or the
    `net` or the `gross` of the whole line; net goes before gross. `repriced` is whether the document's prices mean
    something else from now on. What is wrong stands under "lines.<attribute>".

    Raises:
        NotFound: a line has an id that the document does not have.

    """
    kept: dict[int, Line | None] = {line.id: line for line in old}
    added: list[Given] = []
    order: dict[int, None] = {}
    for values in with_products(books, paper, given, old, problems):
        for attribute, found in values.unread.items():
            for problem in found:
                problems.add(f"lines.{attribute}", problem.code, problem.limit)
        line_id = values.get("id")
        if line_id is None:
            if not values.get("remove"):
                added.append(values)
                order[-len(added)] = None
            continue
        if (known := kept.get(line_id)) is None:
            raise NotFound("lines")
        kept[line_id] = None if values.get("remove") else _line(known, line_id, values, problems, repriced=repriced)
        order[line_id] = None
    if len(kept) + len(added) > MOST_LINES:
        problems.add("lines", "too_long", MOST_LINES)
        return tuple(old)
    ids = books.next_ids(kept_in or type(paper), len(added))
    new = {
        -place: _new_line(line_id, values, problems)
        for place, (line_id, values) in enumerate(zip(ids, added, strict=True), 1)
    }
    return tuple(in_order(kept, kept | new, order))


def copied_lines(books: Books, cls: type[Draft], original: Draft) -> tuple[Line, ...]:
    """The same lines for another paper, under ids of their own."""
    ids = books.next_ids(cls, len(original.lines))
    return tuple(_copied(line, line_id) for line, line_id in zip(original.lines, ids, strict=True))


def _copied(line: Line, line_id: int) -> Line:
    """It moves by itself what it moves."""
    stocked = line.stocked and msgspec.structs.replace(line.stocked, move_id=None)
    return msgspec.structs.replace(line, id=line_id, stocked=stocked)


def line_again(line: Line, quantity: Decimal | None = None, factor: int = 1) -> Given:
    """What a new line is made of that is like this one, of so much of it, at its price times the factor."""
    wanted = line.quantity if quantity is None else quantity
    part = wanted / line.quantity if line.quantity else ZERO
    again = {name: getattr(line, name) for name in _PLAIN - _OF_ITS_OWN} | {"quantity": wanted}
    if line.purchase_price is not None:
        again["purchase_price"] = rounded(line.purchase_price * part) * factor
    if line.additional:
        again["additional"] = rounded(line.additional * part) * factor
    if line.product_id is not None:
        again["product_if_there"] = line.product_id
    if line.basis == "unit":
        return Given(again | {"unit_price": line.entered * factor})
    if line.basis == "gross":
        return Given(again | {"gross": rounded(line.entered * part) * factor})
    return Given(
        again
        | {"net": rounded((line.net - line.additional) * part) * factor, "unit_price": line.unit_net_price * factor}
    )


class MadeLine(Given):
    """A new line that was made of what was given, and what is wrong with it, before its document was looked at."""

    def __init__(self, given: Given) -> None:
        super().__init__(given, given.unread)
        problems = Problems()
        self.line = _line(None, 0, given, problems)
        self.problems = tuple(problems.found())
        # Most documents are priced so, and the price is kept.
        priced(self.line, Terms())
        self._of = (given, given.unread)

    @property
    def holds(self) -> bool:
        """Whether nothing of what it was made of was changed."""
        return self._of == (self, self.unread)


def made_ahead(given: Given) -> Given:
    """The same, with all that can be made of it by itself: a long document is made before a writer's turn."""
    is_new = given.get("id") is None and not given.get("remove")
    return MadeLine(given) if is_new and not NAMING & given.keys() else given


def in_order(old: Collection[int], every: Mapping[int, T | None], order: Collection[int]) -> Iterator[T]:
    """Those in the order follow it, in the places that the old ones of them have; old ones not in it keep theirs.

    All are found by their keys among `every`, with a None for one that is gone.
    """
    given = iter([(key, one) for key in order if (one := every[key]) is not None])
    for old_key in old:
        one = every[old_key]
        if one is None:
            continue
        if old_key not in order:
            yield one
            continue
        for key, other in given:
            yield other
            if key in old:
                break
    yield from (one for _, one in given)


def texts_of(lines: Iterable[Line]) -> str:
    """What lines say, as it is searched."""
    return "\n".join(line.name for line in lines)


def _new_line(line_id: int, given: Given, problems: Problems) -> Line:
    if not isinstance(given, MadeLine) or not given.holds:
        return _line(None, line_id, given, problems)
    for attribute, problem in given.problems:
        problems.add(attribute, problem.code, problem.limit)
    return msgspec.structs.replace(given.line, id=line_id)


def _line(old: Line | None, line_id: int, given: Given, problems: Problems, *, repriced: bool = False) -> Line:
    """Raises nothing: a line that is wrong adds to the problems and comes back in some state."""
    check_texts(Line, given, problems, "lines.")
    values: dict[str, Any] = {"name": "", "entered": ZERO} if old is None else msgspec.structs.asdict(old)
    for name, value in given.items():
        if name in _PLAIN:
            values[name] = _EMPTY[name] if value is None else fine(value) if name in _FINE else value
    needs_price = old is None and not given.unread.keys() & _PRICES
    prices = _prices_of(given) if old is None else _other_prices(_prices_of(given), old, values, repriced=repriced)
    _enter(values, prices, is_new=needs_price, problems=problems)
    _take_margin(old, values, given, problems)
    treatment = values.get("vat_treatment", "taxed")
    if treatment != "taxed":
        values["vat_rate"] = ZERO
        if treatment not in _TREATMENTS:
            problems.add("lines.vat_treatment", "not_in_list")
    values["id"] = line_id
    line = Line(**values)
    if not ZERO <= line.vat_rate <= HUNDRED:
        problems.add("lines.vat_rate", "not_in_list")
    if not line.name.strip() and "name" not in given.unread:
        problems.add("lines.name", "blank")
    if line.quantity <= 0 and "quantity" not in given.unread and line.group is None:
        problems.add("lines.quantity", "not_positive")
    if not ZERO <= line.additional < LARGEST:
        problems.add("lines.additional", "malformed")
        line = msgspec.structs.replace(line, additional=ZERO)
    if abs(line.entered * line.quantity) >= LARGEST:
        problems.add("lines.unit_price", "too_large")
        line = msgspec.structs.replace(line, entered=ZERO)
    return line


def _prices_of(given: Given) -> dict[str, Any]:
    return {name: given[name] for name in _PRICES if given.get(name) is not None}


def _other_prices(prices: dict[str, Any], old: Line, values: Mapping[str, Any], *, repriced: bool) -> dict[str, Any]:
    """The prices that count: a net price sent back as it was shown changes nothing of what was entered.

    Where that would come to another net price from now on, the net price is what was entered.
    """
    is_plain = old.basis == "unit" and old.unit_net_price == old.entered
    if is_plain or prices.get("unit_price") != old.unit_net_price:
        return prices
    shown = prices.pop("unit_price")
    depends_on = _RATE if old.basis in {"unit", "net_unit"} else {*_RATE, "quantity"}
    if repriced or any(values[name] != getattr(old, name) for name in depends_on):
        prices["net_unit"] = shown
    return prices


def _enter(values: dict[str, Any], prices: dict[str, Any], *, is_new: bool, problems: Problems) -> None:
    """Put what was entered among a line's values, and what it is the price of."""
    before = prices.get("unit_price_before_discount")
    discount = values.get("discount", ZERO)
    if "unit_price" not in prices and (before is not None or (discount and not is_new)):
        before = values.get("unit_price_before_discount") if before is None else before
        if before is not None and not {"net", "gross"} & prices.keys():
            prices["unit_price"] = rounded(before * (HUNDRED - discount) / HUNDRED)
    if before is not None:
        values["unit_price_before_discount"] = before
    if "net" in prices:
        values.update(basis="net", entered=prices["net"], unit_net_price=prices.get("unit_price", ZERO))
    elif "unit_price" in prices:
        values.update(basis="unit", entered=prices["unit_price"])
    elif "net_unit" in prices:
        values.update(basis="net_unit", entered=prices["net_unit"])
    elif "gross" in prices:
        values.update(basis="gross", entered=prices["gross"])
    elif is_new:
        problems.add("lines.unit_price", "blank")


def _take_margin(old: Line | None, values: dict[str, Any], given: Given, problems: Problems) -> None:
    """What was bought to be sold so is its price less the margin that is said; it stays when another price is said."""
    if given.get("margin") is not None:
        gross = given.get("gross", old.gross if old is not None else None)
        values["purchase_price"] = None if gross is None else rounded(gross) - rounded(given["margin"])
    price = values.get("purchase_price")
    if price is None:
        values["margin_zero_rated"] = False
        return
    values["vat_treatment"] = "margin"
    if not ZERO <= price < LARGEST:
        problems.add("lines.purchase_price", "too_large")
        values["purchase_price"] = ZERO


_PRICES = {"unit_price", "net_unit", "net", "gross", "unit_price_before_discount"}

_RATE = frozenset({"vat_rate", "vat_treatment"})

_FINE = frozenset({"quantity", "vat_rate", "discount"})

_TREATMENTS = frozenset(get_args(VatTreatment))

_PLAIN = frozenset(
    {
        *("name", "quantity", "unit", "vat_rate", "vat_treatment", "discount", "pkwiu", "cn", "pkob", "gtin", "gtu"),
        *("lump_sum_rate", "group", "after", "product_id", "stocked", "purchase_price", "margin_zero_rated"),
        *("additional", "item_code"),
    }
)

_OF_ITS_OWN = frozenset({"group", "after", "product_id", "item_code", "stocked"})

_EMPTY: dict[str, Any] = {
    field.name: field.default for field in msgspec.structs.fields(Line) if field.default is not msgspec.NODEFAULT
} | {"name": ""}
