"""A forgotten password: a link by e-mail, by which another one is set."""

from flask import Blueprint, render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.people.own_password import ask_for_reset, reset_password, who_resets
from faktura.web.door.database import read, service, write
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.people import note
from faktura.web.forms.fields import Text
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import lead_on
from faktura.web.setup.you import PASSWORD, good_password

pages = Blueprint("reset", __name__)

WHOSE = Form(Text("email", lazy_gettext("E-mail address"), type="email", required=True, autocomplete="username"))
ANOTHER = Form(PASSWORD)


@pages.get("/reset")
def show() -> str:
    return _ask(WHOSE.filled())


@pages.post("/reset")
@keeps_typed
def ask() -> Response:
    """The answer is the same whether anybody has the address or nobody."""
    filled, page = WHOSE.posted(), f"{service().public_url}/reset/"

    def do() -> str:
        write(lambda office: ask_for_reset(office, filled.typed["email"] or "", page))
        return url_for("sign_in.show")

    done = lazy_gettext("If somebody has this address here, a link was sent to it. It opens for an hour.")
    return lead_on(do, filled, again=_ask, done=done)


@pages.get("/reset/<secret>")
def choose(secret: str) -> str:
    return _choose(secret, ANOTHER.filled())


@pages.post("/reset/<secret>")
@keeps_typed
def set_password(secret: str) -> Response:
    filled, user = ANOTHER.posted(), read(lambda office: who_resets(office, secret))

    def do() -> str:
        hashed = good_password(filled.typed["password"] or "", user.email, user.full_name)
        write(lambda office: reset_password(office, secret, hashed))
        note("password_changed", user)
        return url_for("sign_in.show")

    done = lazy_gettext("The password was changed. Sign in with it.")
    return lead_on(do, filled, again=lambda filled: _choose(secret, filled), done=done)


def _ask(filled: Filled) -> str:
    return render_template("people/reset.html", filled=filled, by_mail=service().sends_mail)


def _choose(secret: str, filled: Filled) -> str:
    user = read(lambda office: who_resets(office, secret))
    return render_template("people/another_password.html", filled=filled, email=user.email)
