"""A printed document as the template reads it: the finished texts, and what paper needs besides."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from faktura.outputs.printing.fonts import FONTS, printable
from faktura.outputs.printing.printed import COPIES, PrintedDocument
from faktura.outputs.printing.widths import HALF, line_measures, rate_measures
from faktura.outputs.reading.facts import Code
from faktura.outputs.reading.qr import svg
from faktura.outputs.reading.sheet import sheet_of
from faktura.outputs.reading.tongue import Tongue


def typeset(document: PrintedDocument) -> dict[str, Any]:
    """What the template reads as JSON."""
    tongue = Tongue(document.language)
    sheet = sheet_of(document.facts, document.language)
    content = msgspec.to_builtins(sheet) | {
        "copies": list(_copies(document, tongue)),
        "page": tongue.labels["page"],
        "logo_alt": tongue.labels["logo"],
        "colour": document.facts.colour,
    }
    attached = [msgspec.structs.astuple(file) for file in document.attached]
    content["table"] |= line_measures(sheet.table)
    measures = [rate_measures(table) for table in sheet.rate_tables]
    content["rate_tables"] = [table | of for table, of in zip(content["rate_tables"], measures, strict=True)]
    content["beside"] = all(of["width"] <= HALF for of in measures)
    ready: dict[str, Any] = _ready(content)
    codes = [_code(code, tongue) for code in document.facts.codes]
    verification = [_code(code, tongue) for code in document.facts.verification]
    return ready | {"codes": codes, "verification": verification, "fonts": list(FONTS), "attached": attached}


def _copies(document: PrintedDocument, tongue: Tongue) -> Iterator[str]:
    """What each copy says that it is; a duplicate has a day of its own (art. 106l (3))."""
    for copy in COPIES[document.copies]:
        name = tongue.labels[copy] if copy else ""
        if copy == "duplicate" and document.duplicated_on:
            name += f", {tongue.labels['duplicated_on']}: {tongue.date(document.duplicated_on)}"
        yield name


def _code(code: Code, tongue: Tongue) -> dict[str, Any]:
    alt = f"{tongue.labels['code']}: {code.payload}"
    return {"svg": svg(code.payload), "alt": alt, "caption": code.caption, "size": _size_of(code.payload)}


def _size_of(payload: str) -> int:
    """Millimetres that a code is wide, so that a camera tells the points of a long one apart."""
    return USUAL_CODE if len(payload) <= LONG_PAYLOAD else LARGE_CODE


USUAL_CODE, LARGE_CODE = 32, 48
LONG_PAYLOAD = 250


def _ready(value: Any) -> Any:
    """The same in letters that can be printed, with places at which long words may be broken."""
    if isinstance(value, str):
        return _LONG_WORD.sub(_loosened, printable(value))
    if isinstance(value, dict):
        return {name: _ready(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_ready(inner) for inner in value]
    return value


def _loosened(found: re.Match[str]) -> str:
    return _BETWEEN_LETTERS.sub(BREAK, found[0])


BREAK = "\u200b"
"""Where a word may be broken if it is longer than a line, which only the template knows."""

_LONG_WORD = re.compile(r"[^\s\u200b]{16,}")
_BETWEEN_LETTERS = re.compile(r"(?<=[!-\u0589])(?=[!-\u02ff\u0370-\u0589])")
"""But for writings whose letters are joined, and for marks that stand above a letter."""
