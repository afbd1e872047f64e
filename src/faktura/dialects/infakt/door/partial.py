"""Partial answers (1.7): `fields=number,services(name,tax_symbol)`."""

import functools
import re
from typing import Any

import msgspec

from faktura.dialects.infakt.door import errors
from faktura.wire.fields import Field, Shape, list_of

LONGEST = 4000
DEEPEST = 8

Wanted = dict[str, "Wanted | None"]
"""Names, and for those with parentheses the names inside."""

_ITEM = re.compile(r"\s*([^\s,()]+|[,()])\s*")


@functools.lru_cache(maxsize=256)
def part_of(shape: Shape[Any, Any], fields: str) -> Shape[Any, Any]:
    """The resource with nothing but the fields asked for, and what identifies it.

    Raises:
        Failure: the parentheses do not match.

    """
    wanted = parse(fields)
    return _narrowed(shape, wanted) if wanted else shape


def parse(fields: str) -> Wanted:
    """The tree of names; empty items are passed over.

    Raises:
        Failure: the parentheses do not match, or the text is too long or too deep to be meant.

    """
    if len(fields) > LONGEST:
        raise errors.wrong_value("fields")
    levels: list[Wanted] = [{}]
    last = ""
    for item in _ITEM.findall(fields):
        if item == "(":
            if not last or len(levels) == DEEPEST:
                raise errors.wrong_value("fields")
            inside: Wanted = {}
            levels[-1][last] = inside
            levels.append(inside)
        elif item == ")":
            levels.pop()
            if not levels:
                raise errors.wrong_value("fields")
        elif item != ",":
            levels[-1].setdefault(item, None)
        last = "" if item in "()," else item
    if len(levels) != 1:
        raise errors.wrong_value("fields")
    return levels[0]


def _narrowed(shape: Shape[Any, Any], wanted: Wanted) -> Shape[Any, Any]:
    names = {field.name for field in shape.fields}
    always = "id" if "id" in names else "uuid"
    kept = (_inside(field, wanted.get(field.name)) for field in shape.fields if field.name in {always, *wanted})
    return type(shape)(shape.name, shape.record, tuple(kept))


def _inside(field: Field, wanted: Wanted | None) -> Field:
    if not wanted or field.kind.shape is None:
        return field
    return msgspec.structs.replace(field, kind=list_of(_narrowed(field.kind.shape, wanted)))
