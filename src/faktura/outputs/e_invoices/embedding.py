"""What a PDF carries with it for programs: PDF/A-3 with the same invoice as a file inside."""

from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.printing.printed import Attached
from faktura.outputs.reading.settled import Settled

IN_PDF = "-isdoc.pdf"
"""How the name of such a PDF ends."""


def with_isdoc(settled: Settled) -> Attached:
    """The file under the name by which programs find it."""
    return Attached("invoice.isdoc", "text/xml", "ISDOC 6.0.2", isdoc(settled).decode())
