"""What every page has the browser refuse: foreign scripts and content, frames, and keeping private pages."""

import re
from urllib.parse import urlsplit

from flask import Flask, g, request
from werkzeug.wrappers import Response

from faktura.web.door.people import person_if_any
from faktura.wire.safety import OF_PAGES, headers_of_data, headers_of_files

_PLAIN_HOST = re.compile(r"[a-z0-9.-]+(:\d+)?")


WITHOUT_SCRIPTS = {"public_invoice", "portal"}
"""What customers open, who need no scripts; nor does whoever is not signed in."""


def set_up(app: Flask) -> None:
    app.jinja_env.globals["let_scripts_run"] = let_scripts_run
    app.after_request(protect)


def let_scripts_run() -> bool:
    """Whether the page may have scripts; it has none unless its template asks this."""
    g.scripts = person_if_any() is not None and request.blueprint not in WITHOUT_SCRIPTS
    return bool(g.scripts)


def protect(response: Response) -> Response:
    targets = " ".join(["'self'", *g.get("form_targets", ())])
    headers = response.headers
    scripts = "script-src 'self'; connect-src 'self'; " if g.get("scripts") else ""
    headers["Content-Security-Policy"] = (
        f"default-src 'none'; {scripts}style-src 'self'; img-src 'self' data:; "
        f"base-uri 'none'; frame-ancestors 'none'; form-action {targets}"
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
