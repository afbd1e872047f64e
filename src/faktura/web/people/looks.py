"""The language before the sign-in, the colours and the keys of a browser: chosen by anybody, kept in cookies."""

from http import HTTPStatus

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from faktura.web.door.cookies import KEPT_FOR, behind_tls
from faktura.web.door.frame import KEYS_COOKIE, THEME_COOKIE, THEMES
from faktura.web.door.languages import LANGUAGE_COOKIE, LANGUAGES
from faktura.web.door.people import local_address

pages = Blueprint("looks", __name__)


@pages.post("/me/language")
def choose_language() -> Response:
    return _kept(LANGUAGE_COOKIE, request.form.get("language", ""), LANGUAGES)


@pages.post("/me/theme")
def choose_theme() -> Response:
    """An empty one is that of the system."""
    return _kept(THEME_COOKIE, request.form.get("theme", ""), ("", *THEMES))


@pages.post("/me/shortcuts")
def choose_keys() -> Response:
    return _kept(KEYS_COOKIE, request.form.get("keys", ""), ("on", "off"))


def _kept(name: str, chosen: str, among: tuple[str, ...]) -> Response:
    if chosen not in among:
        abort(HTTPStatus.BAD_REQUEST)
    answer = redirect(local_address(request.args.get("next", "")), HTTPStatus.SEE_OTHER)
    answer.set_cookie(name, chosen, max_age=KEPT_FOR, secure=behind_tls(), httponly=True, samesite="Lax")
    return answer
