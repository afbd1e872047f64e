"""One view, two sizes: the page, or the part of it that a script asks for."""

from typing import Any

from flask import make_response, render_template, request
from werkzeug.wrappers import Response


def sized(page: str, part: str, /, **values: Any) -> Response:
    """The template `part` is included in the template `page`, and comes alone where a script puts it into its place."""
    answer = make_response(render_template(part if is_part() else page, **values))
    answer.headers["Vary"] = "HX-Request-Type"
    return answer


def is_part() -> bool:
    """Whether a script asks, and for the part alone."""
    return request.headers.get("HX-Request-Type") == "partial"
