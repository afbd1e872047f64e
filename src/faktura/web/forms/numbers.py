"""Numbers as people type them: with a comma or a point, with spaces between thousands, or as a sum of several."""

import re
from collections.abc import Iterator
from decimal import Decimal, DecimalException

from babel import numbers
from flask_babel import get_locale

LONGEST = 100

_PIECE = re.compile(r"\d+(?:[.,]\d+)?|[.,]\d+|[-+*/()]")
_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_SIGNS = str.maketrans({"−": "-", "×": "*", ":": "/"})


class NoNumber(ValueError):  # noqa: N818 (says what was typed)
    """What was typed is no number."""


def number_in(typed: str) -> Decimal:
    """The number, or what a sum such as 3*450+20 comes to.

    Raises:
        NoNumber: it is neither.

    """
    text = _SPACES.sub("", typed).translate(_SIGNS)
    if len(text) > LONGEST or not text.isascii() or _PIECE.sub("", text):
        raise NoNumber(typed)
    pieces = _Pieces([*_PIECE.findall(text), ""])
    try:
        found = _sum(pieces)
    except (DecimalException, RecursionError):
        raise NoNumber(typed) from None
    if pieces.next or not found.is_finite():
        raise NoNumber(typed)
    return found


def typed_number(number: Decimal) -> str:
    """As it would be typed in the language of the page."""
    return str(numbers.format_decimal(number, "0.##########", locale=get_locale(), decimal_quantization=False))


class _Pieces:
    """The pieces of a sum, of which `next` is looked at."""

    def __init__(self, pieces: list[str]) -> None:
        self._rest: Iterator[str] = iter(pieces)
        self.next = next(self._rest)

    def take(self) -> str:
        taken, self.next = self.next, next(self._rest, "")
        return taken


def _sum(pieces: _Pieces) -> Decimal:
    found = _product(pieces)
    while pieces.next in {"+", "-"}:
        found = found + _product(pieces) if pieces.take() == "+" else found - _product(pieces)
    return found


def _product(pieces: _Pieces) -> Decimal:
    found = _single(pieces)
    while pieces.next in {"*", "/"}:
        found = found * _single(pieces) if pieces.take() == "*" else found / _single(pieces)
    return found


def _single(pieces: _Pieces) -> Decimal:
    piece = pieces.take()
    if piece == "-":
        return -_single(pieces)
    if piece == "(":
        found = _sum(pieces)
        if pieces.take() != ")":
            raise NoNumber
        return found
    if piece in {"", "+", "*", "/", ")"}:
        raise NoNumber
    return Decimal(piece.replace(",", "."))
