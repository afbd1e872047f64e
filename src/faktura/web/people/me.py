"""The person: name, language, and how the pages look to them."""

from flask import Blueprint, render_template, url_for
from flask_babel import lazy_gettext, refresh
from werkzeug.wrappers import Response

from faktura.core.people.users import change_user
from faktura.web.door.database import write
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.frame import keys_of_sections
from faktura.web.door.people import person
from faktura.web.forms.fields import Choice, Text
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import lead_on

pages = Blueprint("me", __name__)

LANGUAGES = (("cs", "Čeština"), ("en", "English"), ("pl", "Polski"))

ME = Form(
    Text("full_name", lazy_gettext("Your name"), required=True, autocomplete="name"),
    Choice("language", lazy_gettext("Language"), options=lambda: LANGUAGES),
)


@pages.get("/me")
def show() -> str:
    return _page(ME.filled(person().user))


@pages.post("/me")
@keeps_typed
def change() -> Response:
    filled, user = ME.posted(), person().user

    def do() -> str:
        person().user = write(lambda office: change_user(office, user, filled.given()))
        refresh()
        return url_for("me.show")

    return lead_on(do, filled, again=_page, done=lazy_gettext("Your settings were changed."))


@pages.get("/me/shortcuts")
def shortcuts() -> str:
    return render_template("people/shortcuts.html", sections=keys_of_sections())


def _page(about: Filled) -> str:
    return render_template("people/me.html", about=about)
