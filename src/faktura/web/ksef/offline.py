"""A document is issued beside KSeF by one press, and goes there as soon as that is possible."""

from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.outputs.e_invoices.ksef_offline import send_offline
from faktura.web.documents.page import address_of, document_page
from faktura.web.door.database import service
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.form import NOTHING
from faktura.web.forms.saving import save
from faktura.web.ksef import pages


@pages.post("/<slug>/ksef/<id:invoice_id>/send-offline")
@keeps_typed
def send_beside(slug: str, invoice_id: int) -> Response:
    key = service().secret_key

    def verb(books: Books, _: Given) -> None:
        send_offline(books, invoice_id, key)

    return save(
        slug,
        NOTHING.posted(),
        verb,
        then=lambda _: f"{address_of(slug, invoice_id)}#ksef",
        again=lambda filled: document_page(slug, invoice_id, filled),
        done=lazy_gettext("The document is issued, and its print has both codes. It goes to KSeF by itself."),
        scope="invoices",
    )
