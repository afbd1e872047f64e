"""A credit note on one page: what is taken back is chosen, seen with its totals, and issued."""

from http import HTTPStatus

from flask import make_response, render_template, request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.countries.known import country_of
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.compose import Composition, compose_invoice
from faktura.core.invoices.correct import correction_of, find_correctable
from faktura.core.invoices.corrected import corrected
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.outputs.words.words import labels_in
from faktura.web.documents import pages
from faktura.web.documents.page import address_of
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Money, Paragraphs, Text
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save

QUANTITIES = "quantities."

UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY


@pages.get("/<slug>/invoices/<id:invoice_id>/correct")
def correct(slug: str, invoice_id: int) -> Response:
    invoice = read_books(slug, lambda books: find_correctable(books, invoice_id), "invoices", "write")
    text = labels_in(invoice.language)["discount"]
    return _looked(slug, invoice, _form(invoice).filled({"text": text} | dict.fromkeys(_names(invoice)) | _EMPTY))


@pages.post("/<slug>/invoices/<id:invoice_id>/correct")
@keeps_typed
def correct_now(slug: str, invoice_id: int) -> Response:
    """It is issued once its total was seen."""
    invoice = read_books(slug, lambda books: find_correctable(books, invoice_id), "invoices", "write")
    filled = _form(invoice).posted()
    seen = read_books(slug, lambda books: _composed(books, invoice_id, filled.given()))
    if request.form.get("seen") != str(seen.invoice.gross_total):
        return _looked(slug, invoice, filled, seen)
    return save(
        slug,
        filled,
        lambda books, given: issue_invoice(books, correction_of(books, invoice_id, _chosen(given))),
        then=lambda made: address_of(slug, made),
        again=lambda filled: _page(slug, invoice, filled, seen),
        done=lazy_gettext("The credit note was issued."),
        scope="invoices",
    )


def _looked(slug: str, invoice: Invoice, filled: Filled, seen: Composition | None = None) -> Response:
    """What is wrong with what was chosen is said; before anything is, nothing is wrong."""
    problems = seen.problems if seen else {}
    filled = filled.refused(Invalid(problems)) if problems else filled
    return make_response(_page(slug, invoice, filled, None if problems else seen), UNFIT if problems else HTTPStatus.OK)


def _page(slug: str, invoice: Invoice, filled: Filled, seen: Composition | None) -> str:
    account, now = read_books(slug, lambda books: (books.account, corrected(books, invoice)), "invoices", "write")
    country = country_of(invoice.seller.country)
    return render_template(
        "documents/correct.html",
        account=account,
        invoice=invoice,
        now=now,
        filled=filled,
        seen=seen.invoice if seen else None,
        says_why=country.correction_says_why,
    )


def _composed(books: Books, invoice_id: int, given: Given) -> Composition:
    return compose_invoice(books, correction_of(books, invoice_id, _chosen(given)))


def _form(invoice: Invoice) -> Form:
    lines = [Money(name, line.name) for name, line in zip(_names(invoice), invoice.lines, strict=True)]
    amount = Money("amount", lazy_gettext("Amount with VAT"))
    text = Text("text", lazy_gettext("What it is for"))
    return Form(*lines, amount, text, Paragraphs("reason", lazy_gettext("Reason")))


def _names(invoice: Invoice) -> list[str]:
    return [f"{QUANTITIES}{line.id}" for line in invoice.lines]


_EMPTY = dict.fromkeys(("amount", "reason"))


def _chosen(given: Given) -> Given:
    """The quantities by the ids of their lines."""
    found = {int(n.removeprefix(QUANTITIES)): value for n, value in given.items() if n.startswith(QUANTITIES)}
    others = {name: value for name, value in given.items() if not name.startswith(QUANTITIES)}
    return Given(others | {"quantities": found}, given.unread)
