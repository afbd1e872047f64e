"""The bytes that a request carries: whether there are any, and all of them."""

import falcon

from faktura.wire.arrival import FIRST_BYTES, KEY, Arrival, ReadOn
from faktura.wire.requests import Unintelligible

CUT = "The request body ends before its end, or is garbled on its way"


class TooLarge(Exception):  # noqa: N818 (says what a request is)
    """A body above the limit of its route."""


def carries_body(request: falcon.Request) -> bool:
    """Whether there is anything to read, or was to be."""
    env = request.env
    arrival: Arrival | None = env.get(KEY)
    if arrival is not None:
        return bool(arrival.body) or arrival.cut or not arrival.whole
    return env.get("CONTENT_LENGTH", "") not in {"", "0"} or "HTTP_TRANSFER_ENCODING" in env


def read_body(request: falcon.Request, most_bytes: int) -> bytes:
    """The whole body; where the server hands over what has arrived, the request waits for the rest without its thread.

    Raises:
        TooLarge: it is longer than `most_bytes`; no more than that is read.
        Unintelligible: it ends before its announced end, or where nobody can know whether it does.
        ReadOn: the rest has not arrived yet.

    """
    length = request.content_length
    if length is not None and length > most_bytes:
        raise TooLarge
    arrival: Arrival | None = request.env.get(KEY)
    if arrival is None:
        return _read_input(request, length, most_bytes)
    if arrival.cut:
        raise Unintelligible(CUT)
    if len(arrival.body) > most_bytes:
        raise TooLarge
    if not arrival.whole:
        raise ReadOn(most_bytes)
    return arrival.body


def read_small_body(request: falcon.Request) -> bytes | None:
    """The body, where the whole of it may be read before it is known who sends it.

    Raises:
        Unintelligible: see read_body.

    """
    try:
        return read_body(request, FIRST_BYTES)
    except (TooLarge, ReadOn):
        return None


def _read_input(request: falcon.Request, length: int | None, most_bytes: int) -> bytes:
    """What plain WSGI hands over; a body without a length has an end only where the server marks it."""
    if length is None and not request.env.get("wsgi.input_terminated"):
        raise Unintelligible(CUT)
    body: bytes = request.env["wsgi.input"].read(most_bytes + 1 if length is None else length)
    if length is None and len(body) > most_bytes:
        raise TooLarge
    if length is not None and len(body) != length:
        raise Unintelligible(CUT)
    return body
