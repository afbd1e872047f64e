"""What the account says of itself, shown in a form and changed by it: as much of it as the form has fields for."""

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.accounts.change import change_account
from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.web.door.books import read_books
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save


def show_account(slug: str, form: Form, template: str) -> str:
    account = read_books(slug, lambda books: books.account, deed="manage")
    return render_template(template, account=account, filled=form.filled(account))


def save_account(slug: str, form: Form, template: str) -> Response:
    return save(
        slug,
        form.posted(),
        _change,
        then=lambda _: url_for("settings.show", slug=slug),
        again=lambda filled: _again(slug, filled, template),
        done=lazy_gettext("The settings were saved."),
        deed="manage",
    )


def _change(books: Books, given: Given) -> None:
    change_account(books, given)


def _again(slug: str, filled: Filled, template: str) -> str:
    account = read_books(slug, lambda books: books.account, deed="manage")
    return render_template(template, account=account, filled=filled)
