"""What a document was sent to KSeF as, and the confirmation of receipt (UPO) that KSeF gave for it."""

import io

from flask import send_file
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import NotFound
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.sendings import KsefSending, latest_sending
from faktura.outputs.printing.document import file_name
from faktura.web.door.books import read_books
from faktura.web.ksef import pages

XML = "application/xml"


@pages.get("/<slug>/ksef/<id:invoice_id>/invoice.xml")
def invoice_xml(slug: str, invoice_id: int) -> Response:
    """The bytes that KSeF holds, or was last asked to take."""
    invoice, sending = read_books(slug, lambda books: _sent(books, invoice_id), "invoices")
    return _file(sending.xml, file_name(invoice, ".xml"))


@pages.get("/<slug>/ksef/<id:invoice_id>/upo.xml")
def upo(slug: str, invoice_id: int) -> Response:
    invoice, sending = read_books(slug, lambda books: _sent(books, invoice_id), "invoices")
    if sending.upo is None:
        raise NotFound(KsefSending.table_name)
    return _file(sending.upo, file_name(invoice, "-upo.xml"))


def _sent(books: Books, invoice_id: int) -> tuple[Invoice, KsefSending]:
    invoice, sending = find_invoice(books, invoice_id), latest_sending(books, invoice_id)
    if sending is None:
        raise NotFound(KsefSending.table_name)
    return invoice, sending


def _file(content: bytes, name: str) -> Response:
    return send_file(io.BytesIO(content), XML, as_attachment=True, download_name=name, etag=False)
