"""Whose a request is, before anything of it is read but its head: by its token, or by the program that asks for one."""

import base64
import binascii

from faktura.core.books.office import Office
from faktura.core.people.applications import Application
from faktura.core.people.tokens import user_with_token
from faktura.dialects import Head

BEARER = "bearer "
BASIC = "basic "
CLIENT = "client "


def secret_of(head: Head) -> str:
    """The token, or after a word the program's client id."""
    said = head.headers.get("authorization", "")
    if said[: len(BEARER)].lower() == BEARER:
        return said[len(BEARER) :].strip()
    client_id = _user_in(said[len(BASIC) :]) if said[: len(BASIC)].lower() == BASIC else head.query.get("client_id", "")
    return CLIENT + client_id if client_id else ""


def gave_out(office: Office, secret: str) -> bool:
    if secret.startswith(CLIENT):
        return office.look_up(Application, client_id=secret.removeprefix(CLIENT)) is not None
    return user_with_token(office, secret) is not None


def _user_in(basic: str) -> str:
    try:
        return base64.b64decode(basic).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
