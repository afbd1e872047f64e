"""A form that is sent when its session has ended: whoever typed it signs in at the same address, and has it again."""

from http import HTTPStatus
from urllib.parse import urlencode

from flask import (
    Flask,
    after_this_request,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext, refresh
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response
from wtforms import ValidationError

from faktura.web.door.expired_forms import shows_again
from faktura.web.door.known_browsers import remember_browser, whose_browser
from faktura.web.door.people import OPEN, person_if_any, to_sign_in
from faktura.web.door.sizes import is_part
from faktura.web.people.sign_in import Refused, begin_session, look_at
from faktura.wire.arrival import FIRST_BYTES
from faktura.wire.requests import MOST_PARAMETERS

EMAIL, PASSWORD = "sign-in-email", "sign-in-password"
OWN = ("csrf_token", EMAIL, PASSWORD)

SECRET = ("password", "old", "new", "token")
"""Fields that are never handed back: what is typed there is typed again."""

ROOM = 2048
"""Bytes for what signs in, of the 64 KiB that are taken of somebody who has not signed in yet."""


def set_up(app: Flask) -> None:
    app.before_request(say_in_part)
    app.before_request(let_in_again)


def say_in_part() -> Response | None:
    """A script that asks for a part of a page gets no page to sign in at: the form that is typed in would be gone.

    The button in the part sends that form whole, which is then kept as any other is.
    """
    if not is_part() or request.method == "GET" or request.endpoint in OPEN or person_if_any() is not None:
        return None
    keeps = shows_again(current_app.view_functions.get(request.endpoint or ""))
    return make_response(render_template("people/ended.html", keeps=keeps), HTTPStatus.FORBIDDEN)


def let_in_again() -> Response | None:
    """Ask for the password where a form would be lost; with it, the request goes on as that of an expired form.

    A signed cookie says who used this browser last; nobody else is shown what they typed. Nothing is written before
    the form, which then has a token of the new session, is sent once more.
    """
    if not _is_ended():
        return None
    if PASSWORD not in request.form:
        return _ask() if _fits() else _too_long()
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return _ask(status=HTTPStatus.BAD_REQUEST)
    try:
        entered = look_at(request.form.get(EMAIL, ""), request.form.get(PASSWORD, ""))
    except Refused as refused:
        return refused.answered(_ask(refused.words))
    typed_it = whose_browser() == entered.user.id
    begin_session(entered)
    refresh()
    if not typed_it:
        return remember_browser_in(redirect(url_for("home.show"), HTTPStatus.SEE_OTHER))
    after_this_request(remember_browser_in)
    return None


def remember_browser_in(answer: Response) -> Response:
    entered = person_if_any()
    if entered is not None:
        remember_browser(answer, entered.user)
    return answer


def _is_ended() -> bool:
    """Whether a person's form would be shown again by its view, had their session not ended."""
    view = current_app.view_functions.get(request.endpoint or "")
    return (
        request.method == "POST"
        and request.endpoint not in OPEN
        and "HX-Request" not in request.headers
        and shows_again(view)
        and whose_browser() is not None
        and person_if_any() is None
    )


def _typed() -> list[tuple[str, str]]:
    return [(name, text) for name, text in request.form.items(multi=True) if name not in {*OWN, *SECRET}]


def _fits() -> bool:
    typed = _typed()
    return len(typed) + len(OWN) <= MOST_PARAMETERS and len(urlencode(typed)) <= FIRST_BYTES - ROOM


def _ask(problem: str = "", status: int = HTTPStatus.FORBIDDEN) -> Response:
    page = render_template(
        "people/sign_in_again.html",
        problem=problem,
        email=request.form.get(EMAIL, ""),
        typed=_typed(),
        files=any(file.filename for file in request.files.values()),
    )
    return make_response(page, status)


def _too_long() -> Response:
    flash(gettext("You were signed out, and what you sent was too long to be kept meanwhile."))
    return to_sign_in()
