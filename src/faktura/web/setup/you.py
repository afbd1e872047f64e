"""The first step: whoever has the address that the server printed becomes its first person."""

from http import HTTPStatus

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import get_locale, lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.office import Office
from faktura.core.errors import Invalid, NotFound, Problem
from faktura.core.people import sign_in
from faktura.core.people.first_run import is_expected, nobody_is_here, open_house
from faktura.core.people.first_secrets import FirstSecret
from faktura.core.people.invitations import Newcomer
from faktura.core.people.passwords import WeakPassword, hash_good_password
from faktura.web.door.database import read, write
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.known_browsers import remember_browser
from faktura.web.door.people import Person, note, person_if_any
from faktura.web.forms.fields import Choice, Text
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import Wrong, lead_on
from faktura.web.forms.sentences import weakness
from faktura.web.people.sign_in import begin_session, looking
from faktura.web.setup import pages

LANGUAGES = {"cs": "Čeština", "en": "English", "pl": "Polski"}

FULL_NAME = Text("full_name", lazy_gettext("Your name"), required=True, autocomplete="name")
LANGUAGE = Choice("language", lazy_gettext("Your language"), options=LANGUAGES.items)
PASSWORD = Text(
    "password",
    lazy_gettext("Password"),
    type="password",
    required=True,
    autocomplete="new-password",
    hint=lazy_gettext("10 letters or more. Several words that have nothing to do with each other make a good one."),
)

YOU = Form(
    FULL_NAME,
    Text("email", lazy_gettext("E-mail address"), type="email", required=True, autocomplete="username"),
    PASSWORD,
    LANGUAGE,
)


@pages.get("/setup")
def show() -> Response:
    if not read(nobody_is_here):
        return redirect(url_for("home.show"))
    secret = request.args.get("secret", "")
    if not read(lambda office: is_expected(office, secret)):
        return make_response(render_template("setup/closed.html"), HTTPStatus.FORBIDDEN)
    return make_response(_form(YOU.filled(language=str(get_locale())), secret))


@pages.post("/setup")
@keeps_typed
def enter() -> Response:
    filled, secret = YOU.posted(), request.form.get("secret", "")

    def do() -> str:
        begin_session(_begin(filled, secret))
        return url_for("setup.firm")

    return remembered(lead_on(do, filled, again=lambda filled: _form(filled, secret)))


def newcomer_in(filled: Filled, email: str) -> Newcomer:
    """Who fills in such a form, with a good password.

    Raises:
        Invalid: there is no such language.
        Wrong: it is no good password.

    """
    typed, language = filled.typed, filled.typed["language"]
    if language not in LANGUAGES:
        raise Invalid({"language": [Problem("not_in_list")]})
    full_name = (typed["full_name"] or "").strip()
    return Newcomer(full_name, good_password(typed["password"] or "", email, full_name), language)


def good_password(password: str, email: str, full_name: str) -> str:
    """The hash of what was typed into the field `password`.

    Raises:
        Wrong: it is no good password.

    """
    try:
        with looking:
            return hash_good_password(password, email, full_name)
    except WeakPassword as weak:
        raise Wrong("password", weakness(weak)) from None


def remembered(answer: Response) -> Response:
    """The answer to whoever has just been let in, or has not."""
    entered = person_if_any()
    if entered is not None:
        remember_browser(answer, entered.user)
    return answer


def _begin(filled: Filled, secret: str) -> Person:
    """Be the first person, and signed in."""
    if not read(lambda office: is_expected(office, secret)):
        raise NotFound(FirstSecret.table_name)
    email = (filled.typed["email"] or "").strip()
    newcomer = newcomer_in(filled, email)

    def work(office: Office) -> Person:
        user = open_house(office, secret, email, newcomer)
        return Person(user, sign_in.admit(office, user, []))

    first = write(work)
    note("signed_in", first.user)
    return first


def _form(filled: Filled, secret: str) -> str:
    return render_template("setup/you.html", filled=filled, secret=secret)
