"""XML of the outside world, read so that nothing in it leads elsewhere or grows."""

from typing import TYPE_CHECKING, Any

from faktura.outside.http import Unanswered
from faktura.xml import lxml

if TYPE_CHECKING:
    from lxml import etree


def read_xml(body: bytes, origin: str) -> "etree._Element":
    """The root of an answer.

    Raises:
        Unanswered: it is no XML, or declares what no answer of ours needs.

    """
    etree: Any = lxml()
    # One parser for each answer: it is not to be shared between threads.
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root: etree._Element = etree.fromstring(body, safe)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unanswered(f"{origin}: {error}") from None
    if root.getroottree().docinfo.doctype:
        raise Unanswered(f"{origin} declares a type of its own")
    return root
