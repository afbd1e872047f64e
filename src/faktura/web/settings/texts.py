"""The texts that stand on every document of a firm."""

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.accounts.change import change_account
from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Paragraphs, Text
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save
from faktura.web.settings import pages

TEXTS = Form(
    Paragraphs("invoice_note", lazy_gettext("Text above the lines")),
    Paragraphs("footer_note", lazy_gettext("Text at the foot")),
    Text("unit_name", lazy_gettext("Usual unit of lines"), hint=lazy_gettext("Such as pcs or hours.")),
)


@pages.get("/<slug>/settings/texts")
def texts(slug: str) -> str:
    return _form(slug, TEXTS.filled(read_books(slug, lambda books: books.account, deed="manage")))


@pages.post("/<slug>/settings/texts")
@keeps_typed
def change_texts(slug: str) -> Response:
    return save(
        slug,
        TEXTS.posted(),
        _change,
        then=lambda _: url_for("settings.show", slug=slug),
        again=lambda filled: _form(slug, filled),
        done=lazy_gettext("The settings were saved."),
        deed="manage",
    )


def _change(books: Books, given: Given) -> None:
    change_account(books, given)


def _form(slug: str, filled: Filled) -> str:
    account = read_books(slug, lambda books: books.account, deed="manage")
    return render_template("settings/texts.html", account=account, filled=filled)
