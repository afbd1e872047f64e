"""A mail server for tests that keeps what it is given, and refuses what it is told to."""

import contextlib
import ssl
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.running import free_port

USER = "faktura@mail.example"
PASSWORD = "a/horse:b@ttery 50%"


class Received(NamedTuple):
    sender: str
    recipients: list[str]
    email: EmailMessage
    content: bytes
    encrypted: bool
    user: str | None


class Mailroom:
    """What came in; `refusals` are answers to a command that begins with their key, such as "MAIL" or "RCPT a@b.cz"."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.refusals: dict[str, str] = {}
        self.port = 0

    @property
    def emails(self) -> list[EmailMessage]:
        return [received.email for received in self.received]

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.refusals.get("MAIL"):
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if refusal := self.refusals.get(f"RCPT {address}"):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        content = envelope.original_content or b""
        email = message_from_bytes(content, policy=policy.default)
        assert isinstance(email, EmailMessage)
        user = session.auth_data.decode() if session.auth_data else None
        encrypted = server.transport is not None and server.transport.get_extra_info("ssl_object") is not None
        self.received.append(Received(envelope.mail_from or "", envelope.rcpt_tos, email, content, encrypted, user))
        return self.refusals.get("DATA", "250 2.0.0 Taken")


def _admit(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
    assert isinstance(data, LoginPassword)
    good = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
    return AuthResult(success=good, handled=False, auth_data=data.login)


@contextlib.contextmanager
def mail_server(
    certificate: trustme.LeafCert | None = None, *, login: bool = False, smtps: bool = False
) -> Iterator[Mailroom]:
    """A started server, with encryption where it has a certificate: by STARTTLS, or from the start."""
    room = Mailroom()
    room.port = free_port()
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(context)
    controller = Controller(
        room,
        hostname="127.0.0.1",
        port=room.port,
        ssl_context=context if smtps else None,
        tls_context=None if smtps else context,
        auth_required=login,
        auth_require_tls=certificate is not None,
        authenticator=_admit if login else None,
    )
    controller.start()
    try:
        yield room
    finally:
        controller.stop()


def ca_file_of(authority: trustme.CA, folder: Path) -> Path:
    file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return file
