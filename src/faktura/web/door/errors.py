"""Pages for what goes wrong: what the core refuses, what HTTP knows, and failures of the program."""

import logging
from http import HTTPStatus

from flask import Flask, g, make_response, render_template, request
from flask_babel import format_decimal, gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadHost, HTTPException, MethodNotAllowed, SecurityError, TooManyRequests
from werkzeug.wrappers import Response

from faktura.core.errors import Blocked, NotAllowed, NotFound, Refusal
from faktura.store.errors import Unavailable
from faktura.web.forms.sentences import reason

log = logging.getLogger(__name__)

TOO_LARGE = 413

TEXTS: dict[int, tuple[LazyString, LazyString]] = {
    400: (
        lazy_gettext("This request makes no sense to us"),
        lazy_gettext("The address or the form you sent is incomplete. Go back and try again."),
    ),
    402: (
        lazy_gettext("This account is blocked"),
        lazy_gettext("It is closed until its unpaid invoices are settled."),
    ),
    403: (lazy_gettext("You may not do this"), lazy_gettext("Ask the owner of the account to let you.")),
    404: (
        lazy_gettext("There is no such page"),
        lazy_gettext("It may have been deleted, or it belongs to an account that you are not a member of."),
    ),
    405: (lazy_gettext("This page does not work that way"), lazy_gettext("Go back and try again.")),
    409: (lazy_gettext("This cannot be done now"), lazy_gettext("Go back, load the page again and look at it.")),
    413: (lazy_gettext("That was too much"), lazy_gettext("The form you sent is too large.")),
    429: (lazy_gettext("Too many attempts"), lazy_gettext("Wait a moment and try again.")),
    500: (
        lazy_gettext("Something went wrong"),
        lazy_gettext("It is our fault, and it was written down. Try again in a moment."),
    ),
    503: (
        lazy_gettext("Not right now"),
        lazy_gettext("Maintenance is in progress, or too many people are signing in. Try again in a moment."),
    ),
}

EXPIRED_FORM = lazy_gettext("The form has expired. Go back, load the page again and repeat what you did.")

AWAY = lazy_gettext("Your data cannot be reached right now. Try again in a moment.")


def set_up(app: Flask) -> None:
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(NotFound, lambda _: page(HTTPStatus.NOT_FOUND))
    app.register_error_handler(NotAllowed, lambda _: page(HTTPStatus.FORBIDDEN))
    app.register_error_handler(Blocked, blocked)
    app.register_error_handler(Refusal, lambda refusal: page(HTTPStatus.CONFLICT, reason(refusal)))
    app.register_error_handler(Unavailable, unavailable)
    app.register_error_handler(Exception, failed)


def of_http(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    response = page(
        status, EXPIRED_FORM if isinstance(error, CSRFError) else _too_large() if status == TOO_LARGE else None
    )
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "5"
    return response


def _too_large() -> str:
    """With how much is taken, where that is known."""
    most = g.get("most_bytes")
    words = str(TEXTS[TOO_LARGE][1])
    return (
        words
        if most is None
        else f"{words} {gettext('At most %(size)s kB are taken.', size=format_decimal(most // 1000))}"
    )


def blocked(error: Blocked) -> Response:
    return page(HTTPStatus.PAYMENT_REQUIRED, unpaid=error.unpaid_invoices, closed=g.seat.account.slug)


def unavailable(error: Unavailable) -> Response:
    """As for `failed`, the page asks the database nothing."""
    g.failed = True
    response = page(HTTPStatus.SERVICE_UNAVAILABLE, AWAY)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def failed(error: Exception) -> Response:
    """The page asks nobody who is signed in: that might be what failed."""
    log.error("page failed", exc_info=error)
    g.failed = True
    return page(HTTPStatus.INTERNAL_SERVER_ERROR)


def page(status: int, text: str | LazyString | None = None, unpaid: tuple[str, ...] = (), closed: str = "") -> Response:
    if isinstance(request.routing_exception, BadHost | SecurityError):
        # Without a host there are no addresses, which every page is full of.
        return Response("The Host header names no host.\n", HTTPStatus.BAD_REQUEST, content_type="text/plain")
    known = status if status in TEXTS else int(HTTPStatus.BAD_REQUEST)
    title, usual = TEXTS[known]
    return make_response(
        render_template("error.html", status=status, title=title, text=text or usual, unpaid=unpaid, closed=closed),
        status,
    )
