"""How the documents of a firm look: its logo and its colour."""

from http import HTTPStatus

from flask import make_response, render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.accounts.change import change_account
from faktura.core.accounts.drawing import MEGABYTE, MOST_MEGABYTES, redraw
from faktura.core.accounts.logo import Drawn, keep_logo, logo_of, remove_logo
from faktura.core.books.books import Books
from faktura.core.errors import Given, Invalid
from faktura.web.door.bodies import takes_up_to
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import File, Text, YesNo
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save
from faktura.web.settings import pages

MOST_BYTES = MOST_MEGABYTES * MEGABYTE + 64 * 1024
"""Of a form with a logo."""

LOGO = File("logo", lazy_gettext("Logo"), accept=".png,.jpg,.jpeg", hint=lazy_gettext("PNG or JPEG, up to 1 MB."))
COLOUR = Text("colour", lazy_gettext("Colour"), hint=lazy_gettext("Such as #0a6e5c; empty for none."))

LOOK = Form(LOGO, YesNo("without_logo", lazy_gettext("Print no logo any more")), COLOUR)


@pages.get("/<slug>/settings/look")
def look(slug: str) -> str:
    account = read_books(slug, lambda books: books.account, deed="manage")
    return _form(slug, LOOK.filled(colour=account.colour))


@pages.post("/<slug>/settings/look")
@takes_up_to(MOST_BYTES)
@keeps_typed
def change_look(slug: str) -> Response:
    filled = LOOK.posted()
    try:
        drawn = drawn_in(filled)
    except Invalid as invalid:
        return make_response(_form(slug, filled.refused(invalid)), HTTPStatus.UNPROCESSABLE_ENTITY)
    return save(
        slug,
        filled,
        lambda books, given: _change(books, given, drawn),
        then=lambda _: url_for("settings.look", slug=slug),
        again=lambda filled: _form(slug, filled),
        done=lazy_gettext("The settings were saved."),
        deed="manage",
    )


@pages.get("/<slug>/settings/logo")
def logo(slug: str) -> Response:
    found = read_books(slug, logo_of, deed="manage")
    if found is None:
        return Response(status=HTTPStatus.NOT_FOUND)
    return Response(found.content, content_type=found.media_type)


def drawn_in(filled: Filled) -> Drawn | None:
    """The logo that came with a form, drawn by ourselves.

    Raises:
        Invalid: it is too large, or no such picture.

    """
    file = filled.typed["logo"]
    return redraw(file.content) if file else None


def _change(books: Books, given: Given, drawn: Drawn | None) -> None:
    if drawn is not None:
        keep_logo(books, drawn)
    elif given.get("without_logo"):
        remove_logo(books)
    change_account(books, given.only("colour"))


def _form(slug: str, filled: Filled) -> str:
    account = read_books(slug, lambda books: books.account, deed="manage")
    return render_template("settings/look.html", account=account, filled=filled)
