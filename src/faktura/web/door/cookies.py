"""The cookie that holds who is signed in: out of reach of scripts, and sent over TLS only where there is TLS."""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface

from faktura.web.door.database import service

KEPT_FOR = 400 * 24 * 60 * 60
"""Seconds; browsers keep no cookie longer."""


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie; HttpOnly is its default.

    Over TLS its name begins with __Host-: then a browser takes it from this very host only, and from no plain page.
    """

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002 (Flask's signature)
        return cookie_name("faktura")

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 (Flask's signature)
        return behind_tls()

    def get_cookie_samesite(self, app: Flask) -> str:  # noqa: ARG002 (Flask's signature)
        return "Lax"


def cookie_name(name: str) -> str:
    """What holds who is signed in below an address is not what does at another of the same host."""
    return ("__Host-" if behind_tls() else "") + name + request.root_path.replace("/", "-")


def behind_tls() -> bool:
    return request.is_secure or service().public_url.startswith("https:")
