"""XML of somebody else, read so that nothing in it leads elsewhere or grows; elements are found by local names."""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from faktura.core.money.amounts import fine, rounded
from faktura.core.received.received_invoice import ZERO, Doubt, Warned
from faktura.inputs.e_invoices.refusing import NoInvoice
from faktura.xml import careful, lxml

if TYPE_CHECKING:
    from lxml import etree

MOST_BYTES = 5 << 20
MOST_TAGS, MOST_ATTRIBUTES = 300_000, 50_000
"""By the signs `<` and `=`: some thousand lines have fewer, unless they are made to fill the memory."""

_KNOWN = (b"isdoc.cz/", b"oasis:names:specification:ubl", b"un:unece:uncefact", b"urn:ferd:", b"crd.gov.pl/wzor")
"""What stands in files of formats that are read here, even in broken ones."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,20})?|\.\d{1,20})", re.ASCII)
"""As schemas write it, below a billion thousands, which is what books hold."""

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T.*|Z|[+-]\d\d:\d\d)?|(\d{4})(\d\d)(\d\d)", re.ASCII)


class Element:
    """An element, or one that is not there, in which nothing is found. `warnings` are of the whole file."""

    __slots__ = ("_children", "_element", "warnings")

    def __init__(self, element: "etree._Element | None", warnings: list[Warned]) -> None:
        self._element = element
        self._children: dict[str, list[Element]] | None = None
        self.warnings = warnings

    def __bool__(self) -> bool:
        return self._element is not None

    @property
    def name(self) -> str:
        return "" if self._element is None else str(self._element.tag).rpartition("}")[2]

    @property
    def namespace(self) -> str:
        return "" if self._element is None else str(self._element.tag).rpartition("}")[0].removeprefix("{")

    def attribute(self, name: str) -> str:
        return "" if self._element is None else str(self._element.get(name) or "").strip()

    def all(self, path: str) -> "list[Element]":
        """Those at a path like `Party/Contact`; a step may have names of older versions beside its own: `Tax|VAT`."""
        found = [self]
        for step in path.split("/"):
            names = step.split("|")
            found = [child for one in found for name in names for child in one._named(name)]  # noqa: SLF001 (of one class)
        return found

    def one(self, path: str) -> "Element":
        """The first of them."""
        found = self.all(path)
        return found[0] if found else Element(None, self.warnings)

    def has_within(self, name: str, namespace: str) -> bool:
        """Whether there is such an element anywhere inside."""
        return self._element is not None and next(self._element.iter(f"{{{namespace}}}{name}"), None) is not None

    def paragraphs(self, path: str = "") -> str:
        """Its text with its line breaks."""
        found = self.one(path) if path else self
        if found._element is None:  # noqa: SLF001 (of one class)
            return ""
        return str(found._element.text or "").replace("\r\n", "\n").strip()  # noqa: SLF001 (of one class)

    def text(self, path: str = "") -> str:
        """In one line."""
        return " ".join(self.paragraphs(path).split())

    def first_text(self, *paths: str) -> str:
        """What stands at the first of the paths where something does."""
        return next(filter(None, map(self.text, paths)), "")

    def code(self, path: str, letters: int) -> str:
        """Of a currency or a country, in capitals; nothing where it is none."""
        found = self.text(path).upper()
        return found if len(found) == letters and found.isascii() and found.isalpha() else ""

    def number(self, path: str = "") -> Decimal | None:
        """With as many places as are kept of what is no amount; what is no number breaks its schema."""
        found = self._number(path)
        return None if found is None else fine(found)

    def amount(self, *paths: str) -> Decimal:
        """In hundredths, from the first of the paths where one stands; nothing where none does."""
        found = next((found for path in paths if (found := self._number(path)) is not None), ZERO)
        return rounded(found)

    def says(self, path: str) -> bool:
        """Whether it is said that something is so."""
        return self.text(path).lower() in {"true", "1"}

    def warn(self, doubt: Doubt, detail: str) -> None:
        """Of something about this element."""
        line = 0 if self._element is None else self._element.sourceline
        self.warnings.append(Warned(doubt, f"{line}: {self.name}: {detail[:200]}"))

    def day(self, path: str) -> dt.date | None:
        found = self.one(path)
        if not (text := found.text()):
            return None
        if (parts := _DAY.fullmatch(text)) is not None:
            try:
                return dt.date(*(int(part) for part in parts.groups() if part))
            except ValueError:
                pass
        found.warn("breaks_schema", text)
        return None

    def _number(self, path: str) -> Decimal | None:
        found = self.one(path) if path else self
        if not (text := found.text()):
            return None
        if _NUMBER.fullmatch(text):
            return Decimal(text)
        found.warn("breaks_schema", text)
        return None

    def _named(self, name: str) -> "list[Element]":
        if self._children is None:
            self._children = {}
            for child in self._child_elements():
                self._children.setdefault(child.name, []).append(child)
        return self._children.get(name, [])

    def _child_elements(self) -> "Iterator[Element]":
        return iter(()) if self._element is None else (Element(child, self.warnings) for child in self._element)


def root_of(content: bytes) -> Element:
    """The root of a file.

    Raises:
        NoInvoice: it is too large, declares a type of its own, or is no XML.

    """
    if len(content) > MOST_BYTES or content.count(b"<") > MOST_TAGS or content.count(b"=") > MOST_ATTRIBUTES:
        raise NoInvoice("too_large")
    etree: Any = lxml()
    try:
        root = etree.fromstring(content, careful(remove_comments=True, remove_pis=True))
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise _no_xml(content, str(error)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise NoInvoice("doctype")
    return Element(root, [])


def _no_xml(content: bytes, message: str) -> NoInvoice:
    """A type is refused as one also where the parser was not ready to read it."""
    plain = content.replace(b"\0", b"")
    if b"<!DOCTYPE" in plain:
        return NoInvoice("doctype")
    return NoInvoice("damaged" if any(known in plain for known in _KNOWN) else "not_an_e_invoice", message[:200])
