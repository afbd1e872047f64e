"""A file that holds an invoice becomes what the invoice says of itself, with what must be known about it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from faktura.core.contacts import tax_digits
from faktura.core.received.received_invoice import Doubt, Enclosed, Format, Named, ReceivedInvoice, Warned
from faktura.inputs.e_invoices.cii import read_cii
from faktura.inputs.e_invoices.elements import Element
from faktura.inputs.e_invoices.fa3 import read_fa3
from faktura.inputs.e_invoices.isdoc import read_isdoc
from faktura.inputs.e_invoices.recognise import Recognised, recognise
from faktura.inputs.e_invoices.said import Said, doubts_about, signed
from faktura.inputs.e_invoices.ubl import read_ubl

FaultsIn = Callable[[bytes, Format], Sequence[str]]
"""What the schema of a format says against an XML; nothing where there is no schema of it."""

MOST_OF_A_DOUBT = 10
"""Warnings of one kind: whoever reads them needs no more to see what the file is."""

LONGEST_DETAIL = 300

_SIGNATURES = "http://www.w3.org/2000/09/xmldsig#"


class ReadFile(NamedTuple):
    """An invoice, and the files that came inside of the same one."""

    invoice: ReceivedInvoice
    enclosed: tuple[Enclosed, ...]


def read_invoice(content: bytes, faults_in: FaultsIn) -> ReadFile:
    """What an invoice says: an ISDOC, ISDOCX, UBL, CII or FA(3), or a PDF that carries one of them.

    Raises:
        NoInvoice: there is none in it that is read here.

    """
    return read_recognised(recognise(content), faults_in)


def read_recognised(found: Recognised, faults_in: FaultsIn) -> ReadFile:
    """The same of a file that is recognised already; raises as `read_invoice` does."""
    said = signed(_READERS[found.format](found.root))
    warnings = tuple(_shortened((*_of_file(found, faults_in), *found.root.warnings, *doubts_about(said))))
    invoice = replace(said.invoice, version=found.version, warnings=warnings)
    return ReadFile(invoice, (*found.enclosed, *said.enclosed))


def not_for_us(buyer: Named, ours: Collection[str]) -> Warned | None:
    """A warning where a buyer is named by numbers, and none of them is one of `ours`: of the register, or of VAT."""
    theirs = [number for number in (buyer.registration_no, buyer.vat_no, buyer.local_vat_no) if number]
    known = _bare(ours)
    if not theirs or not known or known & _bare(theirs):
        return None
    return Warned("not_for_us", ", ".join(filter(None, (buyer.name, *theirs)))[:LONGEST_DETAIL])


def _bare(numbers: Iterable[str]) -> set[str]:
    """Without blanks, the letters of a country and zeros before: some programs leave these out."""
    return {digits.lstrip("0") for number in numbers if (digits := tax_digits(number.strip()))}


def _of_file(found: Recognised, faults_in: FaultsIn) -> Iterator[Warned]:
    if not found.is_current:
        yield Warned("older_version", found.version)
    else:
        yield from (Warned("breaks_schema", fault) for fault in faults_in(found.content, found.format))
    if found.root.has_within("Signature", _SIGNATURES):
        yield Warned("signature_not_verified")


def _shortened(warnings: Iterable[Warned]) -> Iterator[Warned]:
    """Each once, and not too many of one kind."""
    counts: dict[Doubt, int] = {}
    for warned in dict.fromkeys(warnings):
        counts[warned.doubt] = counts.get(warned.doubt, 0) + 1
        if counts[warned.doubt] <= MOST_OF_A_DOUBT:
            yield replace(warned, detail=warned.detail[:LONGEST_DETAIL])


_READERS: Mapping[Format, Callable[[Element], Said]] = {
    "isdoc": read_isdoc,
    "ubl": read_ubl,
    "cii": read_cii,
    "fa3": read_fa3,
}
