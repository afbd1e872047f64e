"""A browser in which a person signed in before is known by a signed cookie; guesses of others do not brake it."""

import secrets

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from faktura.core.people.users import User
from faktura.web.door.cookies import KEPT_FOR, behind_tls, cookie_name


def known_browser(user: User | None) -> str | None:
    """The browser, where this person signed in with it under the password of today."""
    whose, password_version, browser = _remembered()
    return str(browser) if user and (whose, password_version) == (user.id, user.password_version) else None


def whose_browser() -> int | None:
    """The id of the person who signed in here last, under whatever password."""
    whose, *_ = _remembered()
    return whose if isinstance(whose, int) else None


def remember_browser(response: Response, user: User) -> None:
    value = _signer().dumps((user.id, user.password_version, known_browser(user) or secrets.token_hex(8)))
    response.set_cookie(_name(), value, max_age=KEPT_FOR, secure=behind_tls(), httponly=True, samesite="Lax")


def _remembered() -> tuple[object, object, object]:
    try:
        whose, password_version, browser = _signer().loads(request.cookies.get(_name(), ""))
    except (BadData, TypeError, ValueError):
        return None, None, None
    return whose, password_version, browser


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="known browser")


def _name() -> str:
    return cookie_name("faktura-known")
