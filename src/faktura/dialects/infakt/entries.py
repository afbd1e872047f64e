"""Lists that stand in files instead of the database: searched, sorted and cut as records are.

Of a list that the law has, the file only says by which id this dialect knows each code; the words are the core's.
"""

import csv
import functools
import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, TypeVar

import msgspec
import sqlalchemy as sa

from faktura.store.columns import column_of
from faktura.store.queries import Condition, Order
from faktura.store.search import lowered
from faktura.wire.fields import Shape
from faktura.wire.rendered import encode

FOLDER = Path(__file__).parent / "reference"

KINDS = sa.MetaData()
"""Tables that exist nowhere: they tell the kinds of attributes, as those of records do."""


class Entry(msgspec.Struct, frozen=True):
    """An entry of a list; attributes stand in the order of the file's columns, nothing is an empty field."""

    id: int

    table: ClassVar[sa.Table]
    table_name: ClassVar[str]
    law: ClassVar["Law | None"]


E = TypeVar("E", bound=Entry)


class Law(NamedTuple):
    """A list of the core by code, and by attribute of the dialect's entry the core's attribute."""

    listed: Callable[[], Mapping[str, Any]]
    words: Mapping[str, str]


def entry(file: str, law: Law | None = None) -> Callable[[type[E]], type[E]]:
    """Declare which file holds the entries."""

    def declare(cls: type[E]) -> type[E]:
        kinds = {field.name: field.type for field in msgspec.structs.fields(cls)}
        cls.table_name, cls.law = file, law
        cls.table = sa.Table(file, KINDS, *(column_of(n, kind, primary_key=n == "id") for n, kind in kinds.items()))
        return cls

    return declare


@functools.cache
def entries(cls: type[E]) -> tuple[E, ...]:
    """All of them, in the order of the file."""
    rows = [{name: value or None for name, value in line.items()} for line in _lines(cls)]
    if cls.law is not None:
        rows = [{"id": row["id"], **_words(cls.law, row["code"])} for row in rows]
    return tuple(msgspec.convert(rows, list[cls], strict=False))  # type: ignore[valid-type]  # (it is, at run time)


@functools.cache
def codes(cls: type[Entry]) -> Mapping[int, str]:
    """By id, the codes of the core for the entries of a list of law."""
    return {int(line["id"]): line["code"] for line in _lines(cls)}


@functools.cache
def ids(cls: type[Entry]) -> Mapping[str, int]:
    """The reverse."""
    return {code: entry_id for entry_id, code in codes(cls).items()}


def _lines(cls: type[Entry]) -> list[dict[str, str]]:
    with (FOLDER / f"{cls.table_name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _words(law: Law, code: str | None) -> dict[str, Any]:
    listed = law.listed()[code or ""]
    return {name: getattr(listed, attribute) for name, attribute in law.words.items()}


def select(
    cls: type[E], conditions: Iterable[Condition], order: Iterable[Order], ids: Collection[int] | None
) -> list[E]:
    """Those that meet every condition, of all or of those with these ids; equals stand as in the file."""
    found = [one for one in entries(cls) if ids is None or one.id in ids]
    for condition in conditions:
        found = [one for one in found if _meets(getattr(one, condition.attribute), condition)]
    for by in order:
        found.sort(key=functools.partial(_place, by.attribute), reverse=by.descending)
    return found


@functools.lru_cache(maxsize=64)
def rendered(part: Shape[Any, None]) -> dict[int, bytes]:
    """The answers for a whole list, by id."""
    record: type[Entry] = part.record
    return {one.id: encode(part.show(one, None)) for one in entries(record)}


_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}


def _meets(value: Any, condition: Condition) -> bool:
    if condition.operator == "null":
        return (value is None) is condition.value
    if value is None:
        return False
    if condition.operator == "in":
        return value in condition.value
    if condition.operator == "cont":
        return lowered(condition.value) in lowered(value)
    return _COMPARED[condition.operator](value, condition.value)


def _place(attribute: str, one: Entry) -> tuple[bool, Any]:
    """What has no value comes after all that has; texts in the order of the Polish alphabet."""
    value = getattr(one, attribute)
    if isinstance(value, str):
        value = value.lower().translate(_ALPHABET)
    return value is None, value if value is not None else 0


_ALPHABET = str.maketrans({letter: f"{before}\uffff" for letter, before in zip("ąćęłńóśź", "acelnosz", strict=True)})
_ALPHABET[ord("ż")] = "z\uffff\uffff"
