"""What KSeF wants of a file besides its schema, as assertions of our own."""

import codecs
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stdnum.exceptions import ValidationError

from faktura.core.countries.numbers import read_nip
from faktura.outputs.e_invoices.fa3.limits import MOST_BYTES
from faktura.outputs.reading.texts import in_paragraphs
from faktura.xml import careful, local_name, lxml

if TYPE_CHECKING:
    from lxml import etree


def broken_rules(file: bytes) -> list[str]:
    """Each in plain words."""
    root = lxml().fromstring(file, careful())
    return [*_of_bytes(file, root), *_numbers(root), *_texts(root)]


def _of_bytes(file: bytes, root: "etree._Element") -> Iterator[str]:
    encoding = root.getroottree().docinfo.encoding or ""
    if file.startswith(codecs.BOM_UTF8) or encoding.upper() != "UTF-8":
        yield "the file is UTF-8, without a byte order mark"
    if list(root.getroottree().iter(lxml().ProcessingInstruction)):
        yield "the file has no processing instructions"
    if len(file) > MOST_BYTES:
        yield f"the file has at most {MOST_BYTES} bytes"


def _numbers(root: "etree._Element") -> Iterator[str]:
    """An internal identifier (IDWew) begins with the number of its firm."""
    for element in _elements(root):
        if local_name(element) in {"NIP", "IDWew"}:
            number = (element.text or "").partition("-")[0]
            try:
                read_nip(number)
            except ValidationError:
                yield f"{element.sourceline}: the check digit of the NIP {number} fits"


def _texts(root: "etree._Element") -> Iterator[str]:
    """Some characters are refused that XML has."""
    for element in _elements(root):
        text = (element.text or "").strip()
        if in_paragraphs(text) != text:
            yield f"{element.sourceline}: {local_name(element)} has no character that KSeF refuses"


def _elements(root: "etree._Element") -> Iterator["etree._Element"]:
    return (element for element in root.iter() if isinstance(element.tag, str))
