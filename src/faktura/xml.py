"""XML, written element by element in the order of its schema. Whoever first needs lxml loads it: 4 MB of a process."""

import functools
import importlib
from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from lxml import etree


@functools.cache
def lxml() -> ModuleType:
    """What lxml has of XML itself."""
    return importlib.import_module("lxml.etree")


def careful(**more: bool) -> "etree.XMLParser":
    """A parser that resolves nothing, fetches nothing and stays small; one for each file: no threads may share it."""
    parser: etree.XMLParser = lxml().XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, **more
    )
    return parser


class Node:
    """An element that gets its children one after the other.

    A name is `prefix:Name`; one without a prefix is of the namespace whose prefix is empty.
    """

    def __init__(self, element: "etree._Element", namespaces: Mapping[str, str]) -> None:
        self._element = element
        self._namespaces = namespaces

    @classmethod
    def root(cls, name: str, namespaces: Mapping[str, str], **attributes: str) -> Self:
        """All namespaces are declared with it."""
        declared = {prefix or None: address for prefix, address in namespaces.items()}
        return cls(lxml().Element(_full(name, namespaces), attributes, nsmap=declared), namespaces)

    def add(self, name: str, text: str | None = None, **attributes: str) -> Self:
        element = lxml().SubElement(self._element, _full(name, self._namespaces), attributes)
        element.text = text
        return type(self)(element, self._namespaces)

    def add_known(self, name: str, text: str) -> None:
        """An element that is left out where there is nothing to say."""
        if text:
            self.add(name, text)

    def written(self, encoding: str = "UTF-8") -> bytes:
        """What the encoding has no letter for is written as a number."""
        content: bytes = lxml().tostring(self._element, encoding=encoding, xml_declaration=True)
        return content


def _full(name: str, namespaces: Mapping[str, str]) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{namespaces[prefix]}}}{local}"


def local_name(element: "etree._Element") -> str:
    """What it is called, whatever its namespace."""
    return str(element.tag).rpartition("}")[2]
