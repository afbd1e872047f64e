"""The page on which people read an API document and try it out; it needs no network and no inline script."""

from html import escape
from pathlib import Path

STATIC = Path(__file__).parent / "static"

FILES = {
    "docs.js": "text/javascript; charset=utf-8",
    "swagger/swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger/swagger-ui.css": "text/css; charset=utf-8",
}
"""What the page loads, below its static address, with the content type of each."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The header of the page: Swagger UI carries its icons as data: addresses, everything else comes from here."""


def docs_page(title: str, document_url: str, static_url: str) -> str:
    """HTML for the document at an address; `static_url`, without a slash at its end, is where FILES are served."""
    here = escape(static_url)
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="stylesheet" href="{here}/swagger/swagger-ui.css">
</head>
<body>
<div id="docs" data-document="{escape(document_url)}"></div>
<noscript><p>This page needs scripts; the document itself is <a href="{escape(document_url)}">JSON</a>.</p></noscript>
<script src="{here}/swagger/swagger-ui-bundle.js"></script>
<script src="{here}/docs.js"></script>
</body>
</html>
"""


def static_file(name: str) -> bytes | None:
    """One of FILES, or None for any other name."""
    return (STATIC / name).read_bytes() if name in FILES else None
