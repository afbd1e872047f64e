"""Offset, limit and the envelope of lists (1.4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.links import page_url
from faktura.dialects.infakt.door.values import INTEGER, TEXT
from faktura.wire.endpoints import Parameter
from faktura.wire.fields import Kind, Unreadable
from faktura.wire.parameters import Pairs
from faktura.wire.rendered import encode
from faktura.wire.values import LARGEST_INTEGER, read_text

DEFAULT_LIMIT = 10
LARGEST_LIMIT = 100
LONGEST_NUMBER = 20
"""Digits."""

OFFSET = Parameter(
    "offset", Kind({"type": "integer", "minimum": 0, "default": 0}, INTEGER.read), "Records to pass over"
)
LIMIT = Parameter(
    "limit",
    Kind({"type": "integer", "minimum": 0, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT}, INTEGER.read),
    "Records on a page; more than 100 are 100",
)
ORDER = Parameter("order", TEXT, "An attribute, and asc or desc after a space")
FIELDS = Parameter("fields", TEXT, "Attributes to answer, with those of inner records in parentheses; the id always is")
SEARCH = Parameter("q", Kind({"type": "object"}, read_text), "q[attribute_modifier]=value")

LIST = (SEARCH, FIELDS, ORDER, OFFSET, LIMIT)


class Page:
    """Which part of a list is asked for.

    Raises:
        Failure: an offset or a limit is negative or no number.

    """

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.offset = _count(parameters, "offset", 0)
        self.limit = min(_count(parameters, "limit", DEFAULT_LIMIT), LARGEST_LIMIT)

    def envelope(self, address: str, pairs: Pairs, entities: Sequence[bytes], total: int) -> bytes:
        """The page around its rendered records; both links are always there, also past either end."""
        metainfo = {
            "count": len(entities),
            "total_count": total,
            "next": page_url(address, pairs, self.offset + self.limit, DEFAULT_LIMIT),
            "previous": page_url(address, pairs, max(self.offset - self.limit, 0), DEFAULT_LIMIT),
        }
        return b'{"metainfo":' + encode(metainfo) + b',"entities":[' + b",".join(entities) + b"]}"

    def known_total(self, found: int) -> int | None:
        """The length of the whole list where a page that ends it tells, else None."""
        ends = found < self.limit and (found > 0 or self.offset == 0)
        return self.offset + found if ends else None


def _count(parameters: Mapping[str, Any], name: str, default: int) -> int:
    value = parameters.get(name)
    if value is None:
        return default
    try:
        text = read_text(value).strip()
    except Unreadable:
        raise errors.wrong_value(name) from None
    if not (text.isascii() and text.isdecimal()):
        raise errors.wrong_value(name)
    return min(int(text), LARGEST_INTEGER) if len(text) < LONGEST_NUMBER else LARGEST_INTEGER
