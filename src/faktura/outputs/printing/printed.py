"""A document that is to be printed: what it says, in which language, and as which copies."""

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from typing import Literal, NamedTuple

import msgspec

from faktura.outputs.reading.facts import Facts

Copy = Literal["", "original", "copy", "duplicate"]

Copies = Literal[
    "regular",
    "double_regular",
    "original",
    "copy",
    "duplicate",
    "original_copy",
    "original_duplicate",
    "copy_duplicate",
]

COPIES: Mapping[Copies, tuple[Copy, ...]] = {
    "regular": ("",),
    "double_regular": ("", ""),
    "original": ("original",),
    "copy": ("copy",),
    "duplicate": ("duplicate",),
    "original_copy": ("original", "copy"),
    "original_duplicate": ("original", "duplicate"),
    "copy_duplicate": ("copy", "duplicate"),
}
"""How often the document stands in the file, and what each of them says that it is."""


FACTUR_X = "factur-x.xml"
"""How a file is called that makes a Factur-X of the PDF that carries it."""


class Attached(msgspec.Struct, frozen=True):
    """A text that a PDF carries with it, which says the same as the document (PDF/A-3: an alternative of it)."""

    name: str
    media_type: str
    description: str
    content: str


class PrintedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """Languages are those of the word files; another is printed in English, "pe" is Polish with English.

    A duplicate bears the day on which it was made.
    """

    facts: Facts
    language: str
    copies: Copies = "regular"
    duplicated_on: dt.date | None = None
    attached: tuple[Attached, ...] = ()


class Print(NamedTuple):
    """What a file depends on, all of which names it, and how the document is made when its turn comes."""

    key: Hashable
    make: Callable[[], PrintedDocument]
