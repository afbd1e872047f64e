"""What a PDF carries with it for programs: PDF/A-3 with the same invoice as files inside."""

from collections.abc import Callable, Iterable, Mapping

from faktura.outputs.e_invoices.cii import cii
from faktura.outputs.e_invoices.en16931 import standard
from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.printing.printed import FACTUR_X, Attached
from faktura.outputs.reading.settled import Settled


def with_files(settled: Settled, formats: Iterable[str]) -> tuple[Attached, ...]:
    """The files under the names by which programs find them.

    Raises:
        WrongState: one of the formats cannot say what the document is.

    """
    return tuple(CARRIED[name](settled) for name in formats)


def _isdoc(settled: Settled) -> Attached:
    return Attached("invoice.isdoc", "text/xml", "ISDOC 6.0.2", isdoc(settled).decode())


def _factur_x(settled: Settled) -> Attached:
    return Attached(FACTUR_X, "text/xml", "Factur-X", cii(standard(settled, "en16931")).decode())


CARRIED: Mapping[str, Callable[[Settled], Attached]] = {"isdoc": _isdoc, "facturx": _factur_x}
"""By what callers name them."""
