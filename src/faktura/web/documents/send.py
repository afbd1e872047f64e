"""A document goes out by e-mail: the letter is filled in, seen and changed before it leaves."""

from typing import cast

from flask import render_template, request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.codes import DocumentLanguage
from faktura.core.documents.to_do import is_late
from faktura.core.errors import Given
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.letters import send_letter
from faktura.outputs.mail.wording import letter_for
from faktura.web.documents import pages
from faktura.web.documents.page import address_of, public_address
from faktura.web.door.books import read_books
from faktura.web.door.database import service
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.choices import DOCUMENT_LANGUAGES, languages_named
from faktura.web.forms.fields import Choice, Paragraphs, Text, YesNo
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save

LETTER = Form(
    Text("recipient", lazy_gettext("To"), type="email", required=True),
    Text("copy", lazy_gettext("Copy to"), type="email"),
    Text("subject", lazy_gettext("Subject"), required=True),
    Paragraphs("body", lazy_gettext("Text"), required=True),
    YesNo("attached", lazy_gettext("Attach the document as PDF")),
    YesNo("isdoc", lazy_gettext("Attach it as an ISDOC file")),
    YesNo("ubl", lazy_gettext("Attach it as a UBL file")),
)

IN = Form(Choice("language", lazy_gettext("Language"), options=languages_named))


@pages.get("/<slug>/invoices/<id:invoice_id>/send")
def send(slug: str, invoice_id: int) -> str:
    invoice = read_books(slug, lambda books: find_invoice(books, invoice_id), "invoices", "write")
    link, language = public_address(invoice, slug), _language()
    letter = read_books(slug, lambda books: letter_for(books, invoice_id, link, language), "invoices")
    beside = {name: name in letter.e_invoices for name in ("isdoc", "ubl")}
    return _page(slug, invoice_id, LETTER.filled(letter, attached=letter.print_as, **beside))


@pages.post("/<slug>/invoices/<id:invoice_id>/send")
@keeps_typed
def send_now(slug: str, invoice_id: int) -> Response:
    language = _language()
    return save(
        slug,
        LETTER.posted(),
        lambda books, given: send_letter(books, invoice_id, Given(given | {"language": language}, given.unread)),
        then=lambda _: address_of(slug, invoice_id) + "#timeline",
        again=lambda filled: _page(slug, invoice_id, filled),
        done=lazy_gettext("The letter is on its way. Below stands what the mail server says."),
        scope="invoices",
    )


def _page(slug: str, invoice_id: int, filled: Filled) -> str:
    account, invoice = read_books(
        slug, lambda books: (books.account, find_invoice(books, invoice_id)), "invoices", "write"
    )
    chosen = IN.filled(language=_language() or invoice.language)
    return render_template(
        "documents/send.html",
        account=account,
        invoice=invoice,
        filled=filled,
        chosen=chosen,
        link=public_address(invoice, slug),
        reminds=is_late(invoice),
        sends_mail=service().sends_mail,
    )


def _language() -> DocumentLanguage | None:
    """The one that the address asks for."""
    asked = request.args.get("language", "")
    return cast("DocumentLanguage", asked) if asked in DOCUMENT_LANGUAGES else None
