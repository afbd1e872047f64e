"""Where e-mail goes out, as FAKTURA_SMTP_URL says it."""

import ipaddress
from email.utils import parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from faktura.core.contacts import is_email
from faktura.settings import Misset

PORTS = {"smtp": 587, "smtps": 465}

Encryption = Literal["offered", "required", "from_the_start"]


class MailServer(msgspec.Struct, frozen=True, kw_only=True):
    """A mail server, how to get in, and who messages come from.

    `encryption` by STARTTLS is used where the server offers it, or required. `ca_file` holds the authorities that its
    certificate is trusted by, where they are not those of the system.
    """

    host: str
    port: int
    sender: str
    sender_name: str = ""
    user: str = ""
    password: str = ""
    encryption: Encryption = "offered"
    ca_file: str | None = None

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine, so that what is sent to it passes no network."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def read_mail_server(url: str) -> MailServer | None:
    """The mail server of an address; there is none where it is empty.

    Raises:
        Misset: it is no such address; the text has nothing of it, for a password may be inside.

    """
    if not url:
        return None
    try:
        split = urlsplit(url)
        host, port = split.hostname, split.port
    except ValueError:
        raise _misset("is no address") from None
    if split.scheme not in PORTS or not host or split.path not in {"", "/"} or split.fragment:
        raise _misset("must read smtp://user:password@host:587?from=…")
    return _with_options(split, host, port or PORTS[split.scheme])


def _with_options(split: SplitResult, host: str, port: int) -> MailServer:
    options = _options(split.query)
    unknown = options.keys() - {"from", "tls", "ca_file"}
    if unknown:
        raise _misset("knows from, tls and ca_file after the question mark, and nothing else")
    name, sender = parseaddr(options.get("from", ""))
    if not is_email(sender):
        raise _misset("must tell after ?from= the address that messages come from")
    if options.get("tls", "required") != "required":
        raise _misset("knows tls=required; without it STARTTLS is used where the server offers it")
    user, password = unquote(split.username or ""), unquote(split.password or "")
    if not (user + password).isascii():
        raise _misset("cannot have letters beyond ASCII in user and password")
    ca_file = options.get("ca_file") or None
    if ca_file is not None and not Path(ca_file).is_file():
        raise _misset("names a ca_file that is not there")
    return MailServer(
        host=host,
        port=port,
        sender=sender,
        sender_name=name,
        user=user,
        password=password,
        encryption="from_the_start" if split.scheme == "smtps" else "required" if "tls" in options else "offered",
        ca_file=ca_file,
    )


def _options(query: str) -> dict[str, str]:
    """A plus sign stands for itself: addresses have some."""
    parts = (part.partition("=") for part in query.split("&") if part)
    return {name: unquote(value) for name, _, value in parts}


def _misset(what: str) -> Misset:
    return Misset(f"FAKTURA_SMTP_URL {what}")
