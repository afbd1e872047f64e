"""A form whose token is no longer good writes nothing; where its view keeps what was typed, that is shown again."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect

V = TypeVar("V", bound=Callable[..., Any])

_KEEPS = "keeps_typed"


def set_up(app: Flask) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    tokens = CSRFProtect(app)

    def check() -> None:
        """Everything but a form that is shown again is refused here, and that at the first word it would write."""
        view = current_app.view_functions.get(request.endpoint or "")
        if request.method not in current_app.config["WTF_CSRF_METHODS"] or view is None:
            return
        try:
            tokens.protect()
        except CSRFError as error:
            if not shows_again(view):
                raise
            g.expired = error

    app.before_request(check)


def keeps_typed(view: V) -> V:
    """Say of a view that it writes through `forms.saving.save` and does nothing else."""
    setattr(view, _KEEPS, True)
    return view


def shows_again(view: object) -> bool:
    """Whether the view keeps what was typed."""
    return bool(getattr(view, _KEEPS, False))


def is_expired() -> bool:
    """Whether the form's token is no longer good, so that it may do nothing but be shown again."""
    return g.get("expired") is not None


def refuse_expired() -> None:
    """Let nothing be written for a form that has expired.

    Raises:
        CSRFError: it has.

    """
    expired: CSRFError | None = g.get("expired")
    if expired is not None:
        raise expired
