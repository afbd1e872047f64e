"""Files compared with the schemas of their formats, which lie beside; a schema is read once a process."""

import functools
from pathlib import Path
from typing import Literal

from lxml import etree

SCHEMAS = Path(__file__).with_name("schemas")

Format = Literal["isdoc", "isdoc_manifest"]

_FILES: dict[Format, str] = {
    "isdoc": "isdoc/isdoc-invoice-6.0.2.xsd",
    "isdoc_manifest": "isdoc/isdoc-manifest-6.0.2.xsd",
}


def faults_in(content: bytes, of: Format) -> list[str]:
    """What the schema says against the file, each with its line; nothing where it is valid."""
    schema = _schema(of)
    if schema.validate(etree.fromstring(content, careful())):
        return []
    return [f"{fault.line}: {fault.message}" for fault in schema.error_log]


def faults_of_schema(content: bytes, of: str) -> list[str]:
    """The same of a file in any format; nothing is said against one whose schema is not here."""
    return next((faults_in(content, known) for known in _FILES if known == of), [])


def careful() -> etree.XMLParser:
    """A parser that resolves nothing and fetches nothing."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


@functools.cache
def _schema(of: Format) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / _FILES[of], careful()))
