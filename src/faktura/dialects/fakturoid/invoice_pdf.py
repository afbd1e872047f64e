"""Invoices as PDF files (2.6), which are ready at once."""

import logging

from faktura.core.invoices.find import find_invoice
from faktura.dialects.fakturoid.door import Call
from faktura.dialects.fakturoid.invoice_attachments import disposition
from faktura.outputs.invoice_print import file_name, pdf_of
from faktura.outputs.printer import NotPrinted
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint, File

log = logging.getLogger(__name__)

PDF = "application/pdf"


def download_pdf(call: Call) -> Answer:
    """Printed when the transaction is over, and kept for the version of the invoice; 204 says that it is not ready."""
    invoice, printer = find_invoice(call.books, call.id), call.service.printer

    def print_it() -> Answer:
        headers = (
            ("Content-Transfer-Encoding", "binary"),
            ("Content-Disposition", disposition(file_name(invoice))),
        )
        try:
            file = pdf_of(printer, invoice)
        except NotPrinted:
            log.exception("invoice not printed", extra={"id": invoice.id})
            return NO_CONTENT
        return Answer(200, file, headers=headers, content_type=PDF)

    return Answer(200, finish=print_it)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/accounts/{slug}/invoices/{id}/download.pdf",
        serve=download_pdf,
        about="Download an invoice as PDF",
        answers={200: File(PDF), 204: None},
        scope="invoices",
    ),
)
