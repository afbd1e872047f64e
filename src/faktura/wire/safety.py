"""What every answer says for the safety of whoever receives it, at every door."""

from collections.abc import Mapping
from typing import Any

Headers = tuple[tuple[str, str], ...]

NOSNIFF = ("X-Content-Type-Options", "nosniff")
NOT_STORED = ("Cache-Control", "no-store")
ONLY_TLS = ("Strict-Transport-Security", "max-age=31536000")
"""For a year, this host and no other."""

OF_PAGES: Headers = (("X-Frame-Options", "DENY"), ("Referrer-Policy", "same-origin"))
"""For what a browser shows, besides a Content-Security-Policy of its own."""

_OF_DATA = (NOSNIFF, NOT_STORED)
_OF_DATA_OVER_TLS = (*_OF_DATA, ONLY_TLS)


def headers_of_data(environ: Mapping[str, Any]) -> Headers:
    """For an answer that nobody but its receiver may keep."""
    return _OF_DATA_OVER_TLS if environ["wsgi.url_scheme"] == "https" and _is_ours(environ) else _OF_DATA


def headers_of_files(environ: Mapping[str, Any]) -> Headers:
    """For an answer that is the same for everybody, and says itself how long it may be kept."""
    return (NOSNIFF, ONLY_TLS) if environ["wsgi.url_scheme"] == "https" and _is_ours(environ) else (NOSNIFF,)


def _is_ours(environ: Mapping[str, Any]) -> bool:
    """Whether the server speaks for all ports of the host: at `localhost`, others are other programs."""
    return not str(environ.get("HTTP_HOST", "")).partition(":")[0].endswith("localhost")
