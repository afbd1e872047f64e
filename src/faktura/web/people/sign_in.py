"""Signing in and out."""

import math
import threading
from http import HTTPStatus

from flask import Blueprint, abort, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext, ngettext
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from faktura.core.people import sign_in
from faktura.core.people.sign_in import Locked
from faktura.core.people.users import User, password_fits
from faktura.web.door.database import read, write
from faktura.web.door.known_browsers import known_browser, remember_browser
from faktura.web.door.people import Person, local_address, note, person, person_if_any

pages = Blueprint("sign_in", __name__)

AT_ONCE = 2
WAITING = 4

# A password takes a tenth of a second and 64 MB to look at. So that a flood of sign-ins takes neither all memory nor
# all threads, few are looked at and few more may wait.
looking = threading.BoundedSemaphore(AT_ONCE)
_places = threading.BoundedSemaphore(AT_ONCE + WAITING)


@pages.get("/sign-in")
def show() -> Response:
    if person_if_any() is not None:
        return redirect(_next())
    return _form()


@pages.post("/sign-in")
def check() -> Response:
    try:
        entered = look_at(request.form.get("email", ""), request.form.get("password", ""))
    except Refused as refused:
        return refused.answered(_form(refused.words))
    return welcome(entered)


class Refused(Exception):  # noqa: N818 (says what a sign-in is)
    """Nobody was let in, for now or with this password; the words say so to whoever tried."""

    def __init__(self, words: str, wait: int | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.wait = wait

    def answered(self, answer: Response) -> Response:
        """The page as an answer to it."""
        answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY if self.wait is None else HTTPStatus.TOO_MANY_REQUESTS
        if self.wait is not None:
            answer.headers["Retry-After"] = str(self.wait)
        return answer


def look_at(email: str, password: str) -> Person:
    """The person whose address and password these are, when it is their turn to be looked at.

    Raises:
        Refused: they are nobody's, or too many failed.

    """
    if not _places.acquire(blocking=False):
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    try:
        entered = enter(email.strip(), password)
    except Locked as locked:
        raise Refused(_wait(locked.seconds), locked.seconds) from None
    finally:
        _places.release()
    if entered is None:
        raise Refused(gettext("The e-mail address or the password is wrong."))
    return entered


def welcome(entered: Person) -> Response:
    """A session begins, and leads on to the page that was asked for."""
    begin_session(entered)
    response = redirect(_next(), HTTPStatus.SEE_OTHER)
    remember_browser(response, entered.user)
    return response


def begin_session(entered: Person) -> None:
    """Nothing of the cookie from before is kept, so that nobody can have prepared it."""
    session.clear()
    login_user(entered)


@pages.post("/sign-out")
def leave() -> Response:
    user, secret = person().user, person().secret
    write(lambda office: sign_in.sign_out(office, secret))
    note("signed_out", user)
    logout_user()
    session.clear()
    return redirect(url_for("sign_in.show"), HTTPStatus.SEE_OTHER)


def enter(email: str, password: str) -> Person | None:
    """The person whose address and password these are.

    Raises:
        Locked: too many sign-ins failed; the password was not looked at.

    """
    address = request.remote_addr or ""
    user = read(lambda office: office.look_up(User, email=email.lower()))
    browser = known_browser(user)
    try:
        attempt = write(lambda office: sign_in.begin_attempt(office, email, address, browser))
    except Locked:
        note("sign_in_braked", user)
        raise
    with looking:
        fits = password_fits(user, password)
    if user is None or not fits:
        note("sign_in_failed", user)
        return None
    entered = Person(user, write(lambda office: sign_in.admit(office, user, attempt)))
    note("signed_in", user)
    return entered


def _form(problem: str = "") -> Response:
    page = render_template("sign_in.html", problem=problem, email=request.form.get("email", ""), next=_next())
    return make_response(page)


def _next() -> str:
    return local_address(request.values.get("next", ""))


def _wait(seconds: int) -> str:
    minutes = math.ceil(seconds / 60)
    return ngettext(
        "Too many sign-ins failed. Try again in %(num)d minute.",
        "Too many sign-ins failed. Try again in %(num)d minutes.",
        minutes,
    )
