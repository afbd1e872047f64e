"""XML of the outside world, read so that nothing in it leads elsewhere or grows."""

from typing import TYPE_CHECKING, Any

from faktura.outside.http import Unanswered
from faktura.xml import careful, lxml

if TYPE_CHECKING:
    from lxml import etree


def read_xml(body: bytes, origin: str) -> "etree._Element":
    """The root of an answer.

    Raises:
        Unanswered: it is no XML, or declares what no answer of ours needs.

    """
    etree: Any = lxml()
    try:
        root: etree._Element = etree.fromstring(body, careful())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unanswered(f"{origin}: {error}") from None
    if root.getroottree().docinfo.doctype:
        raise Unanswered(f"{origin} declares a type of its own")
    return root
