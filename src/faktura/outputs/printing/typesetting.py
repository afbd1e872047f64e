"""A printed document as the template reads it: the finished texts, and what paper needs besides."""

import unicodedata
from collections.abc import Iterator
from typing import Any

import msgspec

from faktura.outputs.printing.printed import COPIES, PrintedDocument
from faktura.outputs.reading.facts import Code
from faktura.outputs.reading.qr import svg
from faktura.outputs.reading.sheet import sheet_of
from faktura.outputs.reading.tongue import Tongue


def typeset(document: PrintedDocument) -> dict[str, Any]:
    """What the template reads as JSON."""
    tongue = Tongue(document.language)
    content = msgspec.to_builtins(sheet_of(document.facts, document.language)) | {
        "copies": list(_copies(document, tongue)),
        "codes": [_code(code, tongue) for code in document.facts.codes],
        "page": tongue.labels["page"],
        "logo_alt": tongue.labels["logo"],
    }
    printable: dict[str, Any] = _printable(content)
    return printable


def _copies(document: PrintedDocument, tongue: Tongue) -> Iterator[str]:
    """What each copy says that it is; a duplicate has a day of its own (art. 106l (3))."""
    for copy in COPIES[document.copies]:
        name = tongue.labels[copy] if copy else ""
        if copy == "duplicate" and document.duplicated_on:
            name += f", {tongue.labels['duplicated_on']}: {tongue.date(document.duplicated_on)}"
        yield name


def _code(code: Code, tongue: Tongue) -> dict[str, str]:
    return {"svg": svg(code.payload), "alt": f"{tongue.labels['code']}: {code.payload}", "caption": code.caption}


def _printable(value: Any) -> Any:
    """The same without control characters, which no font can show."""
    if isinstance(value, str):
        return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) != "Cc")
    if isinstance(value, dict):
        return {name: _printable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return value
