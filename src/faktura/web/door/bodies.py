"""What pages take is a form, whole: of at most 64 KiB, or of what its view says where it is long or brings a file."""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from flask import Flask, abort, current_app, g, request

from faktura.web.door.people import OPEN, person_if_any, to_sign_in
from faktura.wire.arrival import FIRST_BYTES, KEY, Arrival, ReadOn
from faktura.wire.requests import FORM, MOST_PARAMETERS, MULTIPART, Unintelligible, parse_form, parse_multipart

V = TypeVar("V", bound=Callable[..., Any])

_MOST = "most_bytes"

MOST_FIELDS = 16_000
"""Of a form that may be long: those of a thousand lines, twice."""


def set_up(app: Flask) -> None:
    app.config.update(MAX_CONTENT_LENGTH=FIRST_BYTES, MAX_FORM_MEMORY_SIZE=FIRST_BYTES)
    app.before_request(refuse_what_is_not_whole)


def takes_up_to(most_bytes: int) -> Callable[[V], V]:
    """Say of a view how large a form it takes, of whoever is signed in."""

    def mark(view: V) -> V:
        setattr(view, _MOST, most_bytes)
        return view

    return mark


def refuse_what_is_not_whole() -> None:
    """Flask would make the best of half a form.

    Raises:
        ReadOn: the form may be larger than what has arrived; it is asked again when it is there.

    """
    most = _most_bytes()
    arrival: Arrival | None = request.environ.get(KEY)
    if arrival is not None and arrival.cut:
        abort(400)
    if (request.content_length or 0) > most:
        _refuse_too_much()
    if arrival is not None and not arrival.whole:
        if most == FIRST_BYTES or len(arrival.body) > most:
            _refuse_too_much()
        raise ReadOn(most)
    request.max_content_length = request.max_form_memory_size = most
    body = request.get_data()
    try:
        if request.mimetype == FORM:
            parse_form(body, MOST_PARAMETERS if most == FIRST_BYTES else MOST_FIELDS)
        elif request.mimetype == MULTIPART:
            parse_multipart(body, request.content_type or "")
    except Unintelligible:
        abort(400)


def _refuse_too_much() -> NoReturn:
    """Whoever may send so much once they have signed in is asked to do so."""
    if _most_of_view() > FIRST_BYTES and request.endpoint not in OPEN and person_if_any() is None:
        abort(to_sign_in())
    g.most_bytes = _most_bytes()
    abort(413)


def _most_bytes() -> int:
    most = _most_of_view()
    return most if most == FIRST_BYTES or person_if_any() is not None else FIRST_BYTES


def _most_of_view() -> int:
    view = current_app.view_functions.get(request.endpoint or "")
    most: int = getattr(view, _MOST, FIRST_BYTES)
    return most
