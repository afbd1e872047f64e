"""Files beside an invoice (2.6), downloaded."""

from faktura.core.invoices.find import find_invoice
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.parts.attachments import download
from faktura.wire.endpoints import Answer, Endpoint, File


def download_attachment(call: Call) -> Answer:
    return download(call, find_invoice(call.books, call.id))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/accounts/{slug}/invoices/{id}/attachments/{attachment_id}/download",
        serve=download_attachment,
        about="Download a file beside an invoice",
        answers={200: File()},
        scope="invoices",
    ),
)
