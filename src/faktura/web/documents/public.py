"""A document as its customer opens it: no sign-in, the token in the address is the key."""

import io
import logging
import re
from http import HTTPStatus
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, send_file, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.documents.attachments import find_attachment
from faktura.core.invoices.events import mark_seen
from faktura.core.invoices.find import find_invoice_by_token
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.outputs.e_invoices.isdoc import MEDIA_TYPE, isdoc
from faktura.outputs.printing.document import file_name, print_invoice
from faktura.outputs.printing.press import NotPrinted
from faktura.outputs.reading.context import Context, context_of, told_context_of
from faktura.outputs.reading.payment import transfers_for
from faktura.outputs.reading.settling import settle, unfit
from faktura.web.documents.breadth import breadth
from faktura.web.documents.showing import Asked, Shown, asked_by, shown
from faktura.web.door.customers import books_of, count, is_member, is_opened, language_asked
from faktura.web.door.database import read, service, write
from faktura.web.door.waiting import is_done

log = logging.getLogger(__name__)


class Paying(NamedTuple):
    """Whom the customer asks, and how they pay."""

    account: Account
    payments: list[Asked]


PRINTING = 20.0
"""Seconds that somebody waits for a print, which goes on after them."""

pages = Blueprint("public_invoice", __name__)
pages.add_app_template_filter(breadth)


pages.before_request(count)


@pages.get("/<slug>/p/<token>/<path:number>")
@pages.get("/<slug>/p/<token>", endpoint="by_token")
def show(slug: str, token: str, number: str | None = None) -> Response | str:
    """A number that is not the document's, or is no longer, leads to the address without a number.

    Links on the page keep the secret that it was opened by, which may be good for some time only.
    """
    opened, paying = read(lambda office: _shown(office, slug, token))
    if number is not None and _letters(number) != _letters(opened.invoice.number):
        return redirect(url_for("public_invoice.by_token", slug=slug, token=token, language=language_asked() or None))
    if opened.invoice.seen_on is None and is_opened() and not is_member(slug):
        write(lambda office: mark_seen(*_opened(office, slug, token)), turn=opened.invoice.account_id)
    with force_locale(opened.sheet.language):
        return render_template(
            "public_invoice.html",
            document=opened,
            slug=slug,
            token=token,
            has_isdoc=opened.invoice.seller.country in {"CZ", "SK"} and unfit(opened.invoice) is None,
            **paying._asdict(),
        )


@pages.get("/<slug>/p/<token>/<path:number>.pdf")
def pdf(slug: str, token: str, number: str) -> Response:
    """The document on paper; it is printed when the transaction is over, and kept for its version."""
    account, invoice, context = read(lambda office: _with_context(office, slug, token))
    if _letters(number) != _letters(invoice.number):
        return redirect(url_for("public_invoice.by_token", slug=slug, token=token))
    file = print_invoice(service().printer, account, invoice, context)
    if not is_done(file, PRINTING):
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    try:
        content = file.result()
    except NotPrinted as error:
        log.warning("document %s was not printed: %s", invoice.id, error)
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    return _file(content, "application/pdf", file_name(invoice))


@pages.get("/<slug>/p/<token>/<path:number>.isdoc")
def as_isdoc(slug: str, token: str, number: str) -> Response:
    """The document for the programs of its customer."""

    def work(office: Office) -> tuple[Invoice, Context]:
        books, invoice = _opened(office, slug, token)
        return invoice, told_context_of(books, invoice)

    invoice, context = read(work)
    if _letters(number) != _letters(invoice.number):
        return redirect(url_for("public_invoice.by_token", slug=slug, token=token))
    return _file(isdoc(settle(invoice, context)), MEDIA_TYPE, file_name(invoice, ".isdoc"))


@pages.get("/<slug>/files/<token>/<id:attachment_id>")
def download(slug: str, token: str, attachment_id: int) -> Response:
    """A file beside the document; a browser must not show it, it may hold anything."""
    kept = read(lambda office: find_attachment(*_opened(office, slug, token), attachment_id))
    return _file(kept.content, kept.content_type, kept.filename)


def _file(content: bytes, content_type: str, name: str) -> Response:
    response = send_file(io.BytesIO(content), content_type, as_attachment=True, download_name=name, etag=False)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _shown(office: Office, slug: str, token: str) -> tuple[Shown, Paying]:
    books, invoice = _opened(office, slug, token)
    language = language_asked() or invoice.language
    payments = [asked_by(together, language, books.today) for together in transfers_for([invoice])]
    return shown(books, invoice, language), Paying(books.account, payments)


def _with_context(office: Office, slug: str, token: str) -> tuple[Account, Invoice, Context]:
    books, invoice = _opened(office, slug, token)
    return books.account, invoice, context_of(books, invoice)


def _opened(office: Office, slug: str, token: str) -> tuple[Books, Invoice]:
    """The document that the token opens.

    Raises:
        NotFound: there is none in an account of that name.

    """
    books = books_of(office, slug)
    return books, find_invoice_by_token(books, token)


def _letters(number: str) -> str:
    """Servers and browsers tidy up slashes and dots in an address, so that these tell nothing."""
    return re.sub(r"[\W_]", "", number)
