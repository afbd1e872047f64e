"""What is sent to the control address."""

from typing import Any

import falcon

from faktura.sandbox.control.state import Wrong
from faktura.wire.bodies import carries_body, read_body
from faktura.wire.requests import parse_json

MOST_BYTES = 64 * 1024


def read_object(req: falcon.Request) -> dict[str, Any]:
    """The JSON object that the body is.

    Raises:
        Wrong: it is another value.
        Unintelligible: it is no JSON.

    """
    sent = parse_json(read_body(req, MOST_BYTES))
    if not isinstance(sent, dict):
        message = "The body must be a JSON object"
        raise Wrong(message)
    return sent


def read_options(req: falcon.Request) -> dict[str, Any]:
    """The same; where nothing is sent, nothing was wanted."""
    return read_object(req) if carries_body(req) else {}
