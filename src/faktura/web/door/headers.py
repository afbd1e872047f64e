"""What every page tells the browser to refuse: scripts, foreign content, frames, and keeping private pages."""

import re
from urllib.parse import urlsplit

from flask import Flask, g, request
from werkzeug.wrappers import Response

from faktura.wire.safety import OF_PAGES, headers_of_data, headers_of_files

_PLAIN_HOST = re.compile(r"[a-z0-9.-]+(:\d+)?")


def set_up(app: Flask) -> None:
    app.after_request(protect)


def protect(response: Response) -> Response:
    targets = " ".join(["'self'", *g.get("form_targets", ())])
    headers = response.headers
    headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action {targets}"
    )
    of_answer = headers_of_files if request.endpoint == "static" else headers_of_data
    headers.update((*of_answer(request.environ), *OF_PAGES))
    return response


def let_forms_lead_to(address: str) -> None:
    """Chromium holds the redirect after a form against form-action too.

    An address whose host cannot be named there, an IPv6 one or an app's own scheme, is let through by its scheme.
    """
    parts = urlsplit(address)
    named = parts.scheme in {"http", "https"} and _PLAIN_HOST.fullmatch(parts.netloc.lower())
    g.form_targets = (f"{parts.scheme}://{parts.netloc}" if named else f"{parts.scheme}:",)
