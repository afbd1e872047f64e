"""Who is signed in, and the way to the sign-in for everybody else."""

from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask, abort, g, redirect, request, url_for
from flask.globals import request_ctx
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from faktura.core.people.credentials import Credential
from faktura.core.people.first_run import nobody_is_here
from faktura.core.people.sign_in import signed_in
from faktura.core.people.users import User
from faktura.web.door.database import read, service
from faktura.wire import security

OPEN = {
    *("static", "sign_in.show", "sign_in.check", "looks.choose_language", "looks.choose_theme"),
    *("panel.show", "panel.switch", "panel.reset", "panel.sign_in", "panel.add_rule", "panel.delete_rule"),
    *("panel.change_worlds", "checkpoints.make", "checkpoints.rewind"),
    *("setup.show", "setup.enter", "invitation.show", "invitation.accept"),
    *("reset.show", "reset.ask", "reset.choose", "reset.set_password"),
    *("public_invoice.show", "public_invoice.by_token", "public_invoice.pdf", "public_invoice.download"),
    "public_invoice.as_isdoc",
    "portal.show",
}
"""The only endpoints that nobody needs to be signed in for."""


class Person(UserMixin):
    """A person who is signed in, by the secret of their session."""

    def __init__(self, user: User, secret: str) -> None:
        self.user = user
        self.secret = secret

    def get_id(self) -> str:
        return self.secret


def set_up(app: Flask) -> None:
    login: Any = LoginManager(app)
    login.session_protection = None
    login.user_loader(find_person)
    app.before_request(refuse_what_no_page_takes)
    app.before_request(ask_to_sign_in)


def person() -> Person:
    """Whoever asks for a page that is not open."""
    return cast("Person", current_user)


def note(event: security.Event, user: User | None, **ids: int | str) -> None:
    """Write into the log what a person did, or what somebody did in their name."""
    security.note(event, request.remote_addr or "", user=user.id if user else None, **ids)


def person_if_any() -> Person | None:
    found = person()
    return found if found.is_authenticated else None


def find_person(secret: str) -> Person | None:
    if g.get("failed"):
        return None
    found = read(lambda office: signed_in(office, secret))
    if found is None:
        return None
    service().last_uses.see(Credential("session", found.session.id), service().clock.now())
    return Person(found.user, secret)


def refuse_what_no_page_takes() -> None:
    """No text column takes a NUL, no query has other letters than ASCII; and in maintenance only reads are served."""
    if not request.query_string.isascii():
        abort(400)
    if "\0" in request.path or any("\0" in text for _, text in [*request.args.items(), *request.form.items()]):
        abort(400)
    if request.method == "POST" and service().modes.read_only and request.blueprint not in {"panel", "checkpoints"}:
        abort(503)


def ask_to_sign_in() -> Response | None:
    if request.endpoint is None or request.endpoint in OPEN or person_if_any() is not None:
        return None
    if request.endpoint == "home.show" and read(nobody_is_here):
        return redirect(url_for("setup.show"))
    return to_sign_in()


def to_sign_in() -> Response:
    """To the sign-in, and from there to the page that was asked for, or on which the form stood."""
    there = request.full_path.removesuffix("?") if request.method in {"GET", "HEAD"} else _page_of_form()
    return redirect(url_for("sign_in.show", next=there))


def _page_of_form() -> str:
    """A browser names the page from which it sends a form; where it does not, the address may be that of a page."""
    origin, _, rest = (request.referrer or "").partition(request.host_url)
    if request.referrer and not origin:
        return local_address(f"/{rest}")
    adapter = request_ctx.url_adapter
    is_page = adapter is not None and adapter.test(request.environ["PATH_INFO"], "GET")
    return request.path if is_page else url_for("home.show")


def local_address(address: str) -> str:
    """The address, where it leads to a page of this server; else the first page."""
    plain = address.isprintable() and "\\" not in address and address.startswith("/") and not address.startswith("//")
    try:
        parts = urlsplit(address)
    except ValueError:
        return url_for("home.show")
    return address if plain and not parts.scheme and not parts.netloc else url_for("home.show")
