"""The last step: logo, colour, and how documents are numbered."""

from http import HTTPStatus

from flask import current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from faktura.core.accounts.change import change_account
from faktura.core.accounts.logo import Drawn, keep_logo
from faktura.core.books.books import Books
from faktura.core.documents.number_formats import change_number_format
from faktura.core.documents.numbering import format_for
from faktura.core.errors import Given, Invalid
from faktura.outputs.mail.trial import Trial
from faktura.web.door.bodies import takes_up_to
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import is_expired, keeps_typed
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save
from faktura.web.settings.look import COLOUR, LOGO, MOST_BYTES, drawn_in
from faktura.web.settings.mail import about_mail, letter_to_self
from faktura.web.settings.numbers import NEXT, PATTERN, numbers_shown, usual_pattern
from faktura.web.setup import pages
from faktura.web.setup.money import own_slug

LOOK = Form(LOGO, COLOUR, PATTERN, NEXT)


@pages.get("/setup/look")
def look() -> Response | str:
    slug = own_slug()
    if not slug:
        return redirect(url_for("home.show"))
    account, pattern = read_books(slug, lambda books: (books.account, usual_pattern(books)), deed="manage")
    return _form(slug, LOOK.filled(colour=account.colour, pattern=pattern))


@pages.post("/setup/look")
@takes_up_to(MOST_BYTES)
@keeps_typed
def keep_look() -> Response:
    slug, filled = own_slug(), LOOK.posted()
    if "test" in request.form and not is_expired():
        return make_response(_form(slug, filled, letter_to_self()))
    try:
        drawn = drawn_in(filled)
    except Invalid as invalid:
        return make_response(_form(slug, filled.refused(invalid)), HTTPStatus.UNPROCESSABLE_ENTITY)
    return save(
        slug,
        filled,
        lambda books, given: _keep(books, given, drawn),
        then=lambda _: first_document(slug),
        again=lambda filled: _form(slug, filled),
        deed="manage",
    )


def first_document(slug: str) -> str:
    """Where the set-up leads in the end."""
    ready = "invoices.new" in current_app.view_functions
    return url_for("invoices.new" if ready else "overview.show", slug=slug)


def _keep(books: Books, given: Given, drawn: Drawn | None) -> None:
    if drawn is not None:
        keep_logo(books, drawn)
    change_account(books, given.only("colour"))
    change_number_format(books, format_for(books, "invoice").id, given.only("pattern", "next"))


def _form(slug: str, filled: Filled, trial: Trial | None = None) -> str:
    typed = filled.given()
    account, numbers = read_books(slug, lambda books: (books.account, numbers_shown(books, typed)), deed="manage")
    last = first_document(slug)
    shown = {"account": account, "filled": filled, "numbers": numbers, "last": last, **about_mail(trial)}
    return render_template("setup/look.html", **shown)
