"""An invoice as PDF (2.6)."""

import logging
from concurrent.futures import Future

from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.record import Invoice
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.parts.attachments import disposition
from faktura.outputs.printing.document import file_name, print_invoice
from faktura.outputs.printing.press import NotPrinted
from faktura.outputs.reading.context import context_of
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint, File

log = logging.getLogger(__name__)

PDF = "application/pdf"

PATIENCE = 4.0
"""Seconds after which the answer is 204: clients that give up after five get it, and ask again."""


def download_pdf(call: Call) -> Answer:
    """Printed when the transaction is over, and kept for the version of the invoice; 204 says that it is not ready."""
    invoice, printer = find_invoice(call.books, call.id), call.service.printer
    account, context = call.account, context_of(call.books, invoice)

    def print_it() -> Answer:
        file = print_invoice(printer, account, invoice, context)
        return Answer(200, finish=lambda: _answer(invoice, file), waits_for=file, patience=PATIENCE)

    return Answer(200, finish=print_it)


def _answer(invoice: Invoice, file: Future[bytes]) -> Answer:
    if not file.done():
        return NO_CONTENT
    headers = (
        ("Content-Transfer-Encoding", "binary"),
        ("Content-Disposition", disposition(file_name(invoice))),
    )
    try:
        return Answer(200, file.result(), headers=headers, content_type=PDF)
    except NotPrinted:
        log.exception("invoice not printed", extra={"id": invoice.id})
        return NO_CONTENT


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
