"""By what documents are listed and searched (1.5, 2.6, 2.9)."""

import re
from typing import Any

import msgspec

from faktura.dialects.fakturoid.door.paging import SOUGHT
from faktura.dialects.fakturoid.door.values import TEXT
from faktura.dialects.fakturoid.parts.terms import read_tags
from faktura.store.queries import Condition
from faktura.wire.endpoints import Parameter
from faktura.wire.fields import Kind, Unreadable
from faktura.wire.requests import parse_query
from faktura.wire.values import read_integer


def _read_sought_id(value: Any) -> int | None:
    """What is no id is nobody's."""
    try:
        return read_integer(value)
    except Unreadable:
        return 0


SUBJECT_ID = Parameter(
    "subject_id", Kind({"anyOf": [{"type": "integer"}, {"type": "string"}]}, _read_sought_id), "Of this subject"
)
NUMBER = Parameter("number", SOUGHT, "With this number")
VARIABLE_SYMBOL = Parameter("variable_symbol", SOUGHT, "With this variable symbol")
TAGS = Parameter("tags", TEXT, "Tags that a document must all have, with commas between them; or several parameters")


def sought(query: dict[str, Any]) -> list[Condition]:
    """What the filters of one attribute stand for; an empty one leaves all."""
    return [Condition(core, "eq", query[name]) for name, core in _NAMED.items() if query.get(name) not in {None, ""}]


def tagged(query: str) -> tuple[Condition, ...]:
    """Documents that have all the tags of a query."""
    return tuple(Condition("tag_lines", "holds", f"\n{tag}\n") for tag in sought_tags(query))


def sought_tags(query: str) -> tuple[str, ...]:
    """`tags[]=a&tags[]=b`, `tags[0]=a&tags[1]=b`, `tags=a&tags=b`, `tags=a,b` and `tags=["a","b"]` (1.5)."""
    found: list[Any] = []
    for name, text in parse_query(query):
        if name == "tags" and text.startswith("["):
            try:
                found += msgspec.json.decode(text, type=list[str])
            except msgspec.DecodeError:
                found.append(text)
        elif name == "tags":
            found += text.split(",")
        elif _BRACKETED.fullmatch(name):
            found.append(text)
    return read_tags(found)


_NAMED = {
    "subject_id": "contact_id",
    "number": "number",
    "variable_symbol": "variable_symbol",
    "status": "status",
}
"""By filter, the attribute of the core."""

_BRACKETED = re.compile(r"tags\[\d*\]")
