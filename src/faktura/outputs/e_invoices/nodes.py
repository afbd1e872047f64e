"""An XML file, written element by element in the order of its schema."""

from collections.abc import Mapping

from lxml import etree


class Node:
    """An element that gets its children one after the other; a name is `prefix:Name`."""

    def __init__(self, element: etree._Element, namespaces: Mapping[str, str]) -> None:
        self._element = element
        self._namespaces = namespaces

    @classmethod
    def root(cls, name: str, namespaces: Mapping[str, str], default: str | None = None) -> "Node":
        """With the namespaces declared; names of the prefix `default` are written without one."""
        declared = {None if prefix == default else prefix: address for prefix, address in namespaces.items()}
        prefix, _, local = name.partition(":")
        return cls(etree.Element(f"{{{namespaces[prefix]}}}{local}", nsmap=declared), namespaces)

    def add(self, name: str, text: str | None = None, **attributes: str) -> "Node":
        prefix, _, local = name.partition(":")
        element = etree.SubElement(self._element, f"{{{self._namespaces[prefix]}}}{local}", attributes)
        element.text = text
        return Node(element, self._namespaces)

    def add_known(self, name: str, text: str) -> None:
        """An element that is left out where there is nothing to say."""
        if text:
            self.add(name, text)

    def written(self) -> bytes:
        content: bytes = etree.tostring(self._element, encoding="UTF-8", xml_declaration=True)
        return content
