"""The head of a request, as WSGI has it."""

import sys
from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from faktura.intake.responses import Refused

Environ = dict[str, Any]
Scope = dict[str, Any]

REQUEST_ID = "faktura.request_id"

_ALWAYS: Environ = {
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}

_ONCE = {"HTTP_HOST", "CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_AUTHORIZATION"}


def environ_of(scope: Scope, request_id: str) -> Environ:
    """The WSGI environment of a head, without its body.

    A header whose name has an underscore is left out: it would pass for the one that has a hyphen there.

    Raises:
        Refused: not exactly one Host (RFC 9112, 3.2), or two lengths.

    """
    server, client = scope["server"], scope["client"]
    path: str = scope["path"]
    environ = {
        **_ALWAYS,
        "SCRIPT_NAME": scope.get("root_path", ""),
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": path if path.isascii() else path.encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": server[1],
        "REMOTE_ADDR": client[0],
        "wsgi.url_scheme": scope["scheme"],
        REQUEST_ID: request_id,
    }
    for name, value in scope["headers"]:
        key = _variable(name)
        if key in environ:
            if key in _ONCE:
                raise Refused(400, "invalid_request", f"The header {name.decode('latin-1').title()} stands twice")
            environ[key] += ("; " if key == "HTTP_COOKIE" else ", ") + value.decode("latin-1")
        elif key:
            environ[key] = value.decode("latin-1")
    if not environ.get("HTTP_HOST") and scope["http_version"] == "1.1":  # the server fills in an empty one
        raise Refused(400, "invalid_request", "The header Host is missing")
    if "CONTENT_LENGTH" in environ and "HTTP_TRANSFER_ENCODING" in environ:
        raise Refused(400, "invalid_request", "The request has both Content-Length and Transfer-Encoding")
    return environ


def brings_body(environ: Environ) -> bool:
    return "HTTP_TRANSFER_ENCODING" in environ or environ.get("CONTENT_LENGTH", "0") != "0"


def turn_of(scope: Scope) -> Hashable:
    """Whose turn a request takes among those that wait for a thread: by where it comes from and what it says it is.

    Nobody has looked at either yet. Whoever says something else each time waits among all, as without turns.
    """
    said = [value for name, value in scope["headers"] if name in _SAYS_WHO or name.endswith(b"apikey")]
    return scope["client"][0], tuple(said)


_SAYS_WHO = {b"authorization", b"cookie"}


@lru_cache(maxsize=512)
def _variable(header: bytes) -> str:
    """The name of a header in the environment, or nothing for one that is left out."""
    name = header.decode("latin-1").upper()
    if "_" in name:
        return ""
    name = name.replace("-", "_")
    return name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
