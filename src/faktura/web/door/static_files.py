"""Styles, scripts and pictures: kept by browsers for good, for their address changes with what is in them."""

import gzip
import hashlib
import mimetypes
import re
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, abort, request
from werkzeug.wrappers import Response

FOLDER = Path(__file__).parent.parent / "static"

FOR_A_YEAR = "public, max-age=31536000, immutable"

_VERSIONED = re.compile(r"(?P<version>[0-9a-f]{12})/(?P<name>.+)")
_UNSEEN = re.compile(rb"/\*.*?\*/|(?<=[{};,])\s+|(?<=[a-z]:)\s+|\s+(?=>)|(?<=>)\s+|\s+(?=[{}])|;\s*(?=\})", re.DOTALL)
"""Of styles what no browser needs: comments, most spaces, and the last semicolon of each block."""

_TYPES = {".css", ".js", ".svg"}


class StaticFile(NamedTuple):
    content: bytes
    pressed: bytes
    """By gzip."""
    content_type: str


def set_up(app: Flask) -> None:
    """All files share one version, so that a script may import another by its name."""
    files = {path.relative_to(FOLDER).as_posix(): _read(path) for path in FOLDER.rglob("*") if path.suffix in _TYPES}
    version = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:12]

    def show(filename: str) -> Response:
        asked = _VERSIONED.fullmatch(filename)
        file = files.get(asked["name"] if asked else filename) or abort(404)
        return _answer(file, for_good=asked is not None and asked["version"] == version)

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = f"{version}/{values['filename']}"

    app.add_url_rule("/static/<path:filename>", "static", show)
    app.url_defaults(add_version)


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    if path.suffix == ".css":
        content = _UNSEEN.sub(b"", content)
    return StaticFile(content, gzip.compress(content, mtime=0), mimetypes.guess_type(path.name)[0] or "")


def _answer(file: StaticFile, *, for_good: bool) -> Response:
    """An old address has the file of today, which nobody may keep under it."""
    pressed = request.accept_encodings.quality("gzip") > 0
    answer = Response(file.pressed if pressed else file.content, content_type=f"{file.content_type}; charset=utf-8")
    answer.headers["Cache-Control"] = FOR_A_YEAR if for_good else "no-cache"
    answer.headers["Vary"] = "Accept-Encoding"
    if pressed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer
