"""What a document says of KSeF: codes by which whoever holds a print of it sees that it is the real one."""

from collections.abc import Iterator

from faktura.core.invoices.record import Invoice
from faktura.outputs.reading.facts import Code

NO_NUMBER_YET = "OFFLINE"
CERTIFICATE = "CERTYFIKAT"
"""What has to stand below a code, in whatever language the print is."""


def verification_of(invoice: Invoice) -> tuple[Code, ...]:
    """Those of bytes that KSeF may hold: what it refused is no invoice, unless the customer was given it before."""
    mark = invoice.ksef
    if mark is None or (mark.state == "rejected" and mark.mode == "online"):
        return ()
    return tuple(_codes(mark.link, mark.certificate_link, invoice.ksef_number))


def _codes(link: str, certificate_link: str, number: str | None) -> Iterator[Code]:
    if link:
        yield Code(link, number or NO_NUMBER_YET)
    if certificate_link:
        yield Code(certificate_link, CERTIFICATE)
