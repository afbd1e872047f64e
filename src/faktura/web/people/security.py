"""How a person gets in: their password, and another one."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.office import Office
from faktura.core.people.own_password import WrongPassword, change_own_password, check_old_password
from faktura.core.people.passwords import WeakPassword, hash_good_password
from faktura.core.people.sign_in import Locked, begin_attempt, take_back
from faktura.core.people.users import User
from faktura.web.door.database import write
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.known_browsers import known_browser, remember_browser
from faktura.web.door.people import note, person
from faktura.web.forms.fields import Text
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import Wrong, lead_on
from faktura.web.forms.sentences import weakness
from faktura.web.people.sign_in import looking

pages = Blueprint("security", __name__)

PASSWORD = Form(
    Text("old", lazy_gettext("Password of today"), type="password", required=True, autocomplete="current-password"),
    Text("new", lazy_gettext("New password"), type="password", required=True, autocomplete="new-password"),
)


@pages.get("/me/security")
def show() -> str:
    return _page(PASSWORD.filled())


@pages.post("/me/security")
@keeps_typed
def change_password() -> Response:
    """Everybody else who got in with the old one is out."""
    filled, user = PASSWORD.posted(), person().user

    def do() -> str:
        person().user = _change_password(user, filled.typed["old"] or "", filled.typed["new"] or "")
        note("password_changed", user)
        return url_for("security.show")

    done = lazy_gettext("The password was changed. Every other browser is signed out.")
    answer = lead_on(do, filled, again=_page, done=done)
    if person().user is not user:
        remember_browser(answer, person().user)
    return answer


def _change_password(user: User, old: str, new: str) -> User:
    """Behind the brake of signing in: whoever sits at somebody's browser may not guess here either."""
    address, browser, secret = request.remote_addr or "", known_browser(user), person().secret
    try:
        attempt = write(lambda office: begin_attempt(office, user.email, address, browser))
        with looking:
            check_old_password(user, old)
            hashed = hash_good_password(new, user.email, user.full_name)
    except Locked:
        note("sign_in_braked", user)
        raise Wrong("old", gettext("Too many passwords were wrong. Wait a moment and try again.")) from None
    except WrongPassword:
        raise Wrong("old", gettext("This is not your password.")) from None
    except WeakPassword as weak:
        write(lambda office: take_back(office, attempt))
        raise Wrong("new", weakness(weak)) from None

    def change(office: Office) -> User:
        take_back(office, attempt)
        return change_own_password(office, user, hashed, secret)

    return write(change)


def _page(filled: Filled) -> str:
    return render_template("people/security.html", password=filled)
