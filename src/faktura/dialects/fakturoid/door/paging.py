"""Pages and date filters of collections (1.5)."""

from typing import Any

from faktura.dialects.fakturoid.door.values import MOMENT, TEXT
from faktura.store.queries import Condition, Operator
from faktura.wire.endpoints import Parameter
from faktura.wire.fields import Kind
from faktura.wire.values import BLANKS, read_text

PAGE_LENGTH = 40
LAST_PAGE = 10_000_000


def read_page(value: Any) -> int:
    """What is no page number is page 1; however large it is, a page beyond the end is one that has nothing."""
    text = str(value).strip(BLANKS)
    if not (text.isascii() and text.isdecimal()):
        return 1
    digits = text.lstrip("0")
    return int(digits or 1) if len(digits) < len(str(LAST_PAGE)) else LAST_PAGE


PAGE = Parameter(
    "page",
    Kind({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}], "default": 1}, read_page),
    "Page of 40 records; what is no number of a page is the first",
)
SOUGHT = Kind(TEXT.schema, lambda value: read_text(value).strip())
SINCE = Parameter("since", MOMENT, "Created at this time or later")
UNTIL = Parameter("until", MOMENT, "Created at this time or earlier")
UPDATED_UNTIL = Parameter("updated_until", MOMENT, "Changed at this time or earlier")
UPDATED_SINCE = Parameter("updated_since", MOMENT, "Changed at this time or later")
CUSTOM_ID = Parameter("custom_id", SOUGHT, "The record with this id of the client's application")

_FILTERS: dict[str, tuple[str, Operator]] = {
    "since": ("created_at", "gteq"),
    "until": ("created_at", "lteq"),
    "updated_since": ("updated_at", "gteq"),
    "updated_until": ("updated_at", "lteq"),
    "custom_id": ("custom_id", "eq"),
}


def offset_of(query: dict[str, Any]) -> int:
    page: int = query.get("page", 1)
    return (page - 1) * PAGE_LENGTH


def filters_of(query: dict[str, Any]) -> tuple[Condition, ...]:
    """The conditions that a query's filters stand for; both bounds are inclusive."""
    return tuple(Condition(*_FILTERS[name], value) for name, value in query.items() if name in _FILTERS)
