"""Texts as they are read: what is kept in them is what is seen, and a line is one line."""

import datetime as dt
import functools
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from faktura.core.errors import Given, Problems

Paragraphs = Annotated[str, "may have several lines"]
"""What a note or a letter is declared as; any other text of a record is one line."""

# Embeddings, overrides and isolates of direction show a text in another order than it is kept in; the marks U+200E and
# U+200F do not, and names written from right to left need them. A byte order mark is seen nowhere.
_MISLEADING = "\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff"

_UNFIT_FOR_PARAGRAPHS = re.compile(f"[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f{_MISLEADING}]")
_UNFIT_FOR_A_LINE = re.compile(f"[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029{_MISLEADING}]")


def check_texts(cls: type[msgspec.Struct], given: Mapping[str, Any], problems: Problems, within: str = "") -> None:
    """Add what cannot stand in the texts given for a record; `within` begins the attributes of an inner one."""
    paragraphs = _paragraphs(cls)
    for name, value in given.items():
        if type(value) in _WITHOUT_TEXT or (isinstance(value, str) and value.isprintable()):
            continue  # of all that is unfit, Python prints nothing
        unfit = _UNFIT_FOR_PARAGRAPHS if name in paragraphs else _UNFIT_FOR_A_LINE
        if any(unfit.search(text) for text in _texts(value)):
            problems.add(within + name, "malformed")


def as_seen(text: str) -> str:
    """The text as one line, without what cannot stand in it: for what need not be refused, such as a file's name."""
    return _UNFIT_FOR_A_LINE.sub("", text)


_WITHOUT_TEXT = frozenset({int, bool, float, Decimal, dt.date, dt.datetime, type(None)})


def _texts(value: Any) -> Iterator[str]:
    """Also those inside; what is given for a resource of its own is checked where it is read."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Given):
        return
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, msgspec.Struct):
        yield from _texts(msgspec.structs.astuple(value))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


@functools.cache
def _paragraphs(cls: type[msgspec.Struct]) -> frozenset[str]:
    hints = get_type_hints(cls, include_extras=True)
    return frozenset(
        name for name, hint in hints.items() if _is_paragraphs(hint) or any(map(_is_paragraphs, get_args(hint)))
    )


def _is_paragraphs(hint: Any) -> bool:
    return get_origin(hint) is Annotated and hint == Paragraphs
