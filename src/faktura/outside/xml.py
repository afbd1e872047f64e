"""XML of the outside world: written, and read so that nothing in it leads elsewhere or grows."""

from lxml import etree

from faktura.outside.http import Unanswered


def read_xml(body: bytes, origin: str) -> etree._Element:
    """The root of an answer.

    Raises:
        Unanswered: it is no XML, or declares what no answer of ours needs.

    """
    try:
        root = etree.fromstring(body, _safely())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unanswered(f"{origin}: {error}") from None
    if root.getroottree().docinfo.doctype:
        raise Unanswered(f"{origin} declares a type of its own")
    return root


def write_xml(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return written


def _safely() -> etree.XMLParser:
    """One for each answer: a parser is not to be shared between threads."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
