"""A printed document as a PDF file, set by typst. Only printing processes import this: a fork after it would hang."""

import datetime as dt
import functools
import os
from itertools import product
from pathlib import Path
from typing import Literal

import msgspec
import typst

from faktura.outputs.printing.factur_x import marked
from faktura.outputs.printing.fonts import FOLDERS
from faktura.outputs.printing.printed import FACTUR_X, PrintedDocument
from faktura.outputs.printing.typesetting import typeset

TEMPLATES = Path(__file__).with_name("templates")

Standard = Literal["a-3a", "1.7"]


class Unprintable(Exception):  # noqa: N818 (says what a document is)
    """The template cannot set the document; the text is what typst said."""


def compose(document: PrintedDocument) -> bytes:
    """The file, byte for byte the same for the same document: PDF/A-3a, or plain where that cannot be.

    PDF/A wants a glyph for each letter, which a logo may lack. A logo that is no picture is left out.

    Raises:
        Unprintable: there is a mistake in the template.

    """
    content = typeset(document)
    picture = document.facts.logo
    logos = [picture.content, None] if picture else [None]
    problem = ""
    standards: tuple[Standard, ...] = ("a-3a", "1.7")
    for logo, standard in product(logos, standards):
        _data().write_bytes(msgspec.json.encode(content | {"logo": list(logo)} if logo else content))
        try:
            file = _compile(standard, _moment(document))
            return marked(file) if any(one.name == FACTUR_X for one in document.attached) else file
        except typst.TypstError as error:
            problem = problem or str(error.message)
    raise Unprintable(problem)


def _compile(standard: Standard, moment: dt.datetime) -> bytes:
    compiled = _compiler().compile(format="pdf", pdf_standards=standard, timestamp=moment)
    if not isinstance(compiled, bytes):
        raise Unprintable("typst made no file")
    return compiled


@functools.cache
def _compiler() -> typst.Compiler:
    """With fonts of our own alone, so that a document looks the same on every machine.

    Its inputs never change, as typst would then set all of a document again: it is told where the data are.
    """
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(FOLDERS))
    inputs = {"data": str(_data())}
    template = TEMPLATES / "document.typ"
    return typst.Compiler(template, root="/", font_paths=fonts, ignore_system_fonts=True, sys_inputs=inputs)


@functools.cache
def _data() -> Path:
    """A file in memory that the template reads; no other process does."""
    return Path(f"/proc/self/fd/{os.memfd_create('document')}")


def _moment(document: PrintedDocument) -> dt.datetime:
    """The creation date of the file, to the second, as typst wants it."""
    facts = document.facts
    moment = facts.changed_at or dt.datetime.combine(facts.issued_on, dt.time(), dt.UTC)
    return moment.astimezone(dt.UTC).replace(microsecond=0)
