"""What pages take is a form, whole, of at most 64 KiB."""

from flask import Flask, abort, request

from faktura.wire.arrival import FIRST_BYTES, KEY, Arrival
from faktura.wire.requests import FORM, MULTIPART, Unintelligible, parse_form, parse_multipart


def set_up(app: Flask) -> None:
    app.config.update(MAX_CONTENT_LENGTH=FIRST_BYTES, MAX_FORM_MEMORY_SIZE=FIRST_BYTES)
    app.before_request(refuse_what_is_not_whole)


def refuse_what_is_not_whole() -> None:
    """Flask would make the best of half a form."""
    arrival: Arrival | None = request.environ.get(KEY)
    if arrival is not None and arrival.cut:
        abort(400)
    if arrival is not None and not arrival.whole:
        abort(413)
    body = request.get_data()
    try:
        if request.mimetype == FORM:
            parse_form(body)
        elif request.mimetype == MULTIPART:
            parse_multipart(body, request.content_type or "")
    except Unintelligible:
        abort(400)
