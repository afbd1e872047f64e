"""An invoice as PDF (2.6)."""

import logging
from collections.abc import Callable
from concurrent.futures import Future

from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.record import Invoice
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.parts.attachments import disposition
from faktura.outputs.e_invoices.embedding import CARRIED, with_files
from faktura.outputs.printing.document import file_name, print_invoice
from faktura.outputs.printing.press import NotPrinted
from faktura.outputs.reading.context import context_of, told_context_of
from faktura.outputs.reading.settling import settle
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint, File, Parameter
from faktura.wire.values import choice

log = logging.getLogger(__name__)

PDF = "application/pdf"

PATIENCE = 4.0
"""Seconds after which the answer is 204: clients that give up after five get it, and ask again."""

EMBED = Parameter(
    "embed", choice(*CARRIED, ",".join(CARRIED)), "What the PDF carries with it for programs", extension=True
)


def download_pdf(call: Call) -> Answer:
    """Printed when the transaction is over, and kept for the version of the invoice; 204 says that it is not ready."""
    invoice, printer, account = find_invoice(call.books, call.id), call.service.printer, call.account
    formats = [name for name in (call.query.get(EMBED.name) or "").split(",") if name]
    context = told_context_of(call.books, invoice) if formats else context_of(call.books, invoice)
    attached = with_files(settle(invoice, context), formats) if formats else ()
    name = file_name(invoice, "-".join(("", *formats)) + ".pdf")

    def print_it() -> Answer:
        file = print_invoice(printer, account, invoice, context, attached=attached)
        finish = lambda: sent_when_printed(invoice, file, lambda printed: sent(printed, name, PDF))  # noqa: E731
        return Answer(200, finish=finish, waits_for=file, patience=PATIENCE)

    return Answer(200, finish=print_it)


def sent_when_printed(invoice: Invoice, file: Future[bytes], send: Callable[[bytes], Answer]) -> Answer:
    if not file.done():
        return NO_CONTENT
    try:
        return send(file.result())
    except NotPrinted:
        log.exception("invoice not printed", extra={"id": invoice.id})
        return NO_CONTENT


def sent(content: bytes, name: str, media_type: str) -> Answer:
    headers = (("Content-Transfer-Encoding", "binary"), ("Content-Disposition", disposition(name)))
    return Answer(200, content, headers=headers, content_type=media_type)


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET",
        path="/accounts/{slug}/invoices/{id}/download.pdf",
        serve=download_pdf,
        about="Download an invoice as PDF",
        parameters=(EMBED,),
        answers={200: File(PDF), 204: None},
        refuses=(422,),
        scope="invoices",
    ),
)
