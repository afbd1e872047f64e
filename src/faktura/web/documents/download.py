"""A document as a file that other programs read: what it is for them, by itself, with all beside it, inside its PDF."""

import io
import logging
from collections.abc import Callable
from concurrent.futures import Future
from http import HTTPStatus
from typing import NamedTuple

from flask import abort, send_file
from flask_babel import gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.documents.attachments import find_attachment
from faktura.core.e_invoices import Profile
from faktura.core.errors import Invalid
from faktura.core.invoices.agreed import profile_for
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.outputs.e_invoices.embedding import with_files
from faktura.outputs.e_invoices.fa3.prepare import file_for_ksef
from faktura.outputs.e_invoices.isdoc import MEDIA_TYPE, isdoc
from faktura.outputs.e_invoices.isdocx import MEDIA_TYPE as ZIP
from faktura.outputs.e_invoices.isdocx import isdocx
from faktura.outputs.e_invoices.syntaxes import Name, standard_file
from faktura.outputs.printing.document import file_name, print_invoice
from faktura.outputs.printing.press import NotPrinted
from faktura.outputs.reading.context import Context, told_context_of
from faktura.outputs.reading.settled import Settled
from faktura.outputs.reading.settling import settle
from faktura.web.documents import pages
from faktura.web.door.books import read_books
from faktura.web.door.database import service
from faktura.web.door.errors import page
from faktura.web.door.waiting import is_done
from faktura.web.ksef.before import would_refuse

log = logging.getLogger(__name__)

PRINTING = 20.0
"""Seconds that somebody waits for a print, which goes on after them."""


class Told(NamedTuple):
    """A document as other programs are told of it, and the files beside it."""

    account: Account
    invoice: Invoice
    context: Context
    settled: Settled
    profile: Profile
    beside: list[tuple[str, bytes]]


@pages.get("/<slug>/invoices/<id:invoice_id>/document.isdoc")
def as_isdoc(slug: str, invoice_id: int) -> Response:
    told = _told(slug, invoice_id)
    return _file(isdoc(told.settled), MEDIA_TYPE, file_name(told.invoice, ".isdoc"))


@pages.get("/<slug>/invoices/<id:invoice_id>/document.isdocx")
def as_isdocx(slug: str, invoice_id: int) -> Response:
    told = _told(slug, invoice_id, with_files=True)
    printed = _printed(told.invoice, lambda: print_invoice(service().printer, *told[:3]))
    archive = isdocx(told.settled, file_name(told.invoice, ""), printed, told.beside)
    return _file(archive, ZIP, file_name(told.invoice, ".isdocx"))


@pages.get("/<slug>/invoices/<id:invoice_id>/document.ubl.xml")
def as_ubl(slug: str, invoice_id: int) -> Response:
    return _in_standard(slug, invoice_id, "ubl")


@pages.get("/<slug>/invoices/<id:invoice_id>/document.cii.xml")
def as_cii(slug: str, invoice_id: int) -> Response:
    return _in_standard(slug, invoice_id, "cii")


@pages.get("/<slug>/invoices/<id:invoice_id>/document.fa3.xml")
def as_fa3(slug: str, invoice_id: int) -> Response:
    """What KSeF has or is to get, or would get now; what it would refuse is said instead."""

    def work(books: Books) -> tuple[Invoice, bytes]:
        invoice = find_invoice(books, invoice_id)
        return invoice, file_for_ksef(books, invoice)

    try:
        invoice, file = read_books(slug, work, "invoices")
    except Invalid as invalid:
        wrong = would_refuse(invalid.problems, slug, None)
        said = "; ".join(": ".join(filter(None, (one.label, one.words))) for one in wrong)
        return page(HTTPStatus.CONFLICT, f"{gettext('KSeF would refuse it:')} {said}")
    return _file(file, MEDIA_TYPE, file_name(invoice, ".fa3.xml"))


@pages.get("/<slug>/invoices/<id:invoice_id>/document-isdoc.pdf")
def in_pdf(slug: str, invoice_id: int) -> Response:
    return _in_pdf(slug, invoice_id, "isdoc")


@pages.get("/<slug>/invoices/<id:invoice_id>/document-facturx.pdf")
def as_factur_x(slug: str, invoice_id: int) -> Response:
    return _in_pdf(slug, invoice_id, "facturx")


def _in_standard(slug: str, invoice_id: int, syntax: Name) -> Response:
    """A UBL by the rules that were agreed on, a CII by those of the standard alone, as Factur-X has it."""
    told = _told(slug, invoice_id)
    file = standard_file(told.settled, syntax, told.profile if syntax == "ubl" else None)
    return _file(file, MEDIA_TYPE, file_name(told.invoice, f".{syntax}.xml"))


def _in_pdf(slug: str, invoice_id: int, carried: str) -> Response:
    told = _told(slug, invoice_id)
    attached = with_files(told.settled, (carried,))
    printed = _printed(told.invoice, lambda: print_invoice(service().printer, *told[:3], attached=attached))
    return _file(printed, "application/pdf", file_name(told.invoice, f"-{carried}.pdf"))


def _told(slug: str, invoice_id: int, *, with_files: bool = False) -> Told:
    def work(books: Books) -> Told:
        invoice = find_invoice(books, invoice_id)
        context = told_context_of(books, invoice)
        kept = [find_attachment(books, invoice, file.id) for file in invoice.attachments if with_files]
        beside = [(file.filename, file.content) for file in kept]
        return Told(books.account, invoice, context, settle(invoice, context), profile_for(books, invoice), beside)

    return read_books(slug, work, "invoices")


def _printed(invoice: Invoice, begin: Callable[[], Future[bytes]]) -> bytes:
    file = begin()
    if not is_done(file, PRINTING):
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    try:
        return file.result()
    except NotPrinted as error:
        log.warning("document %s was not printed: %s", invoice.id, error)
        abort(HTTPStatus.SERVICE_UNAVAILABLE)


def _file(content: bytes, media_type: str, name: str) -> Response:
    return send_file(io.BytesIO(content), media_type, as_attachment=True, download_name=name, etag=False)
