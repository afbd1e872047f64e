"""What follows a proforma: a tax document over each payment, and the final invoice."""

from flask import render_template
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.invoices.compose import compose_invoice
from faktura.core.invoices.correct import final_of
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.follow_up import create_tax_document
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.web.documents import pages
from faktura.web.documents.page import address_of, document_page
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Date
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import save

FINAL = Form(Date("taxable_on", lazy_gettext("Date of the supply"), required=True))


@pages.get("/<slug>/invoices/<id:invoice_id>/follow-up")
def follow_up(slug: str, invoice_id: int) -> str:
    today = read_books(slug, lambda books: books.today, "invoices", "write")
    return _page(slug, invoice_id, FINAL.filled(taxable_on=today))


@pages.post("/<slug>/invoices/<id:invoice_id>/follow-up")
@keeps_typed
def follow_up_now(slug: str, invoice_id: int) -> Response:
    return save(
        slug,
        FINAL.posted(),
        lambda books, given: issue_invoice(books, _given(books, invoice_id, given)),
        then=lambda made: address_of(slug, made),
        again=lambda filled: _page(slug, invoice_id, filled),
        done=lazy_gettext("The final invoice was issued."),
        scope="invoices",
    )


@pages.post("/<slug>/invoices/<id:invoice_id>/payments/<id:payment_id>/tax-document")
@keeps_typed
def document_payment(slug: str, invoice_id: int, payment_id: int) -> Response:
    def verb(books: Books, _: Given) -> Invoice:
        made = create_tax_document(books, invoice_id, payment_id).payment
        return find_invoice(books, made.tax_document_id or 0)

    return save(
        slug,
        NOTHING.posted(),
        verb,
        then=lambda made: address_of(slug, made),
        again=lambda filled: document_page(slug, invoice_id, filled),
        done=lazy_gettext("The tax document was issued."),
        scope="invoices",
    )


def _page(slug: str, invoice_id: int, filled: Filled) -> str:
    """With the final invoice as it would be now; what stands in the way of it is said in the form."""

    def work(books: Books) -> dict[str, object]:
        invoice = find_invoice(books, invoice_id)
        given = filled.given()
        seen = compose_invoice(books, _given(books, invoice_id, given)) if invoice.kind == "proforma" else None
        return {"account": books.account, "invoice": invoice, "seen": seen}

    return render_template("documents/follow_up.html", filled=filled, **read_books(slug, work, "invoices", "write"))


def _given(books: Books, invoice_id: int, given: Given) -> Given:
    return Given(final_of(books, invoice_id) | given, given.unread)
