"""What is read out of an invoice of the structures FA, whatever version: who sold what to whom, and the sums."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from faktura.sandbox.outside.ksef.held import Facts, Party
from faktura.xml import careful, local_name, lxml

if TYPE_CHECKING:
    from lxml import etree

VAT_IN_ZLOTY = "W"
"""The end of the names of sums of VAT that are converted."""

YES = "1"


def read_invoice(content: bytes) -> "etree._Element":
    """The root of an invoice.

    Raises:
        ValueError: it is no XML in UTF-8, or declares a type of its own; the text says which.

    """
    etree_: Any = lxml()
    if content.startswith(b"\xef\xbb\xbf"):
        raise ValueError("Plik zawiera znak BOM.")
    try:
        content.decode()
        root: etree._Element = etree_.fromstring(content, careful())
    except (UnicodeDecodeError, etree_.XMLSyntaxError) as error:
        raise ValueError(f"Plik nie jest dokumentem XML w kodowaniu UTF-8: {error}") from None
    tree = root.getroottree()
    if tree.docinfo.doctype:
        raise ValueError("Dokument zawiera definicję typu (DOCTYPE).")
    if any(isinstance(one, etree_._ProcessingInstruction) for one in tree.iter()):  # noqa: SLF001 (it has no other name)
        raise ValueError("Dokument zawiera instrukcje przetwarzania.")
    return root


def facts_of(root: "etree._Element") -> Facts:
    """The facts.

    Raises:
        ValueError: one is not there, or is not of its kind.

    """
    invoice = _child(root, "Fa")
    if invoice is None:
        raise ValueError("Brak elementu Fa.")
    sums = dict(_sums(invoice))
    try:
        return Facts(
            form=_form(root),
            seller=_party(_child(root, "Podmiot1")),
            buyer=_party(_child(root, "Podmiot2")),
            third=tuple(_party(one) for one in root if local_name(one) == "Podmiot3"),
            number=_text(invoice, "P_2") or "",
            kind=_text(invoice, "RodzajFaktury") or "",
            issued_on=dt.date.fromisoformat(_text(invoice, "P_1") or ""),
            currency=_text(invoice, "KodWaluty") or "",
            net=_sum(value for name, value in sums.items() if name.startswith("P_13")),
            vat=_sum(_vat(sums)),
            gross=Decimal(_text(invoice, "P_15") or ""),
            self_invoiced=_text(invoice, "Adnotacje", "P_17") == YES,
            has_attachment=_child(root, "Zalacznik") is not None,
        )
    except InvalidOperation:
        raise ValueError("Kwota nie jest liczbą.") from None


def _form(root: "etree._Element") -> str:
    code = _find(root, "Naglowek", "KodFormularza")
    return "" if code is None else code.get("kodSystemowy", "")


def _sums(invoice: "etree._Element") -> Iterator[tuple[str, Decimal]]:
    for one in invoice:
        name = local_name(one)
        if name.startswith(("P_13_", "P_14_")):
            yield name, Decimal(one.text or "")


def _vat(sums: dict[str, Decimal]) -> Iterator[Decimal]:
    """In złoty, where it is converted."""
    for name, value in sums.items():
        converted = sums.get(f"{name}{VAT_IN_ZLOTY}")
        if name.startswith("P_14") and not name.endswith(VAT_IN_ZLOTY):
            yield value if converted is None else converted


def _sum(values: Iterator[Decimal]) -> Decimal:
    return sum(values, start=Decimal(0))


def _party(element: "etree._Element | None") -> Party:
    if element is None:
        raise ValueError("Brak podmiotu faktury.")
    name = _text(element, "DaneIdentyfikacyjne", "Nazwa")
    role = int(_text(element, "Rola") or 0)
    if tax_no := _text(element, "DaneIdentyfikacyjne", "NIP"):
        return Party("Nip", tax_no, name, role)
    if internal := _text(element, "DaneIdentyfikacyjne", "IDWew"):
        return Party("InternalId", internal, name, role)
    if vat_no := _text(element, "DaneIdentyfikacyjne", "NrVatUE"):
        return Party("VatUe", f"{_text(element, 'DaneIdentyfikacyjne', 'KodUE') or ''}{vat_no}", name, role)
    if other := _text(element, "DaneIdentyfikacyjne", "NrID"):
        return Party("Other", other, name, role)
    return Party("None", None, name, role)


def _child(element: "etree._Element", name: str) -> "etree._Element | None":
    return next((one for one in element if local_name(one) == name), None)


def _find(element: "etree._Element", *path: str) -> "etree._Element | None":
    found: etree._Element | None = element
    for name in path:
        found = None if found is None else _child(found, name)
    return found


def _text(element: "etree._Element", *path: str) -> str | None:
    found = _find(element, *path)
    return None if found is None else (found.text or "").strip()
