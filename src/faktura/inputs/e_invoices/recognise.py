"""Which format an invoice is in, wherever it is: a file of its own, packed with others, or attached to a PDF."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from faktura.core.documents.media_types import PDF, media_type_of
from faktura.core.received.received_invoice import Enclosed, Format
from faktura.inputs.e_invoices.elements import Element, root_of
from faktura.inputs.e_invoices.packed import BEGINS, unpacked
from faktura.inputs.e_invoices.refusing import NoInvoice
from faktura.inputs.pdf_text import NotRead, attached_to_pdf

MOST_OF_PDF = 15 << 20

ISDOC = "http://isdoc.cz/namespace/2013"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
FA = "http://crd.gov.pl/wzor/"
STANDARDS = ("en16931", "factur-x")
"""What stands in the names of profiles of the European standard, and of those that are less than it."""


class Recognised(NamedTuple):
    """A format with its own version, and the XML that is in it; one that is not `is_current` is read leniently.

    Files that came inside of the same one are `enclosed`; of those that could not be taken out, its root warns.
    """

    format: Format
    version: str
    is_current: bool
    content: bytes
    root: Element
    enclosed: tuple[Enclosed, ...] = ()


def recognise(content: bytes) -> Recognised:
    """What the file is.

    Raises:
        NoInvoice: it is none, too large, or damaged.

    """
    if content.startswith(BEGINS):
        inside = unpacked(content)
        found = _of_xml(inside.main)
        for name in inside.left_out:
            found.root.warn("file_left_out", name)
        return found._replace(enclosed=inside.enclosed)
    return _of_xml(_attached(content) if media_type_of(content) == PDF else content)


def _attached(pdf: bytes) -> bytes:
    if len(pdf) > MOST_OF_PDF:
        raise NoInvoice("too_large")
    try:
        found = attached_to_pdf(pdf)
    except NotRead as error:
        raise NoInvoice("damaged", str(error)) from None
    if not found:
        raise NoInvoice("not_an_e_invoice", PDF)
    return found


def _of_xml(content: bytes) -> Recognised:
    root = root_of(content)
    for recognises, of in _FORMATS.items():
        if recognises(root):
            version, is_current = _VERSIONS[of](root)
            return Recognised(of, version, is_current, content, root)
    raise NoInvoice("not_an_e_invoice", f"{root.name} {root.namespace}".strip()[:200])


def _is_isdoc(root: Element) -> bool:
    """Older versions have other namespaces."""
    if root.name != "Invoice" or root.namespace.startswith(UBL):
        return False
    return root.namespace == ISDOC or root.attribute("version").startswith("5.")


def _is_ubl(root: Element) -> bool:
    return root.name in {"Invoice", "CreditNote"} and root.namespace.startswith(UBL)


def _is_cii(root: Element) -> bool:
    """The second name is that of ZUGFeRD 1."""
    return root.name in {"CrossIndustryInvoice", "CrossIndustryDocument"}


def _is_fa(root: Element) -> bool:
    return root.name == "Faktura" and root.namespace.startswith(FA)


_FORMATS: Mapping[Callable[[Element], bool], Format] = {
    _is_isdoc: "isdoc",
    _is_ubl: "ubl",
    _is_cii: "cii",
    _is_fa: "fa3",
}


def _isdoc(root: Element) -> tuple[str, bool]:
    version = root.attribute("version")
    return version, root.namespace == ISDOC and version.startswith("6.")


def _ubl(root: Element) -> tuple[str, bool]:
    version = root.first_text("CustomizationID", "UBLVersionID")
    return version, _is_of_standard(version)


def _cii(root: Element) -> tuple[str, bool]:
    context = "ExchangedDocumentContext|SpecifiedExchangedDocumentContext"
    version = root.text(f"{context}/GuidelineSpecifiedDocumentContextParameter/ID")
    return version, root.namespace == CII and _is_of_standard(version)


def _fa(root: Element) -> tuple[str, bool]:
    version = root.one("Naglowek/KodFormularza").attribute("kodSystemowy")
    return version, version == "FA (3)"


def _is_of_standard(version: str) -> bool:
    return any(standard in version.lower() for standard in STANDARDS)


_VERSIONS: Mapping[Format, Callable[[Element], tuple[str, bool]]] = {
    "isdoc": _isdoc,
    "ubl": _ubl,
    "cii": _cii,
    "fa3": _fa,
}
"""Which version of its format a file is in, and whether that is the one that is valid today."""
