"""Sessions in which documents are sent, and what KSeF says of what it was sent."""

import base64
import contextlib
import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from faktura.core.ksef.connection import KsefConnection
from faktura.core.ksef.progress import Said
from faktura.core.ksef.sendings import KsefSending
from faktura.outside.ksef.failures import Refused
from faktura.outside.ksef.line import Line

if TYPE_CHECKING:
    from ksef_client.models import FormCode, SessionInvoiceStatusResponse, StatusInfo
    from ksef_client.services.crypto import EncryptionData

LONGEST_USE = dt.timedelta(minutes=10)
MOST_INVOICES = 50
"""What one key encrypts."""

PAGE = 100

UNKNOWN_KEY = 21470
CLOSED = 21180
NOT_IN_THIS_SESSION = frozenset({21155, 21173, CLOSED})
"""It is full, unknown or closed."""

UNDER_WAY = frozenset({100, 150, 170})
"""Codes of a session that is open, or closed and not worked through."""

OPEN, IN_WORK = 100, 150
"""The second is a batch that is closed, whose documents are decided together."""

ORIGINAL = "originalKsefNumber"
ITS_SESSION = "originalSessionReferenceNumber"


class Session:
    """An open session with its key, which is nowhere else than in this process."""

    def __init__(self, reference: str, key: bytes, iv: bytes, opened_at: dt.datetime) -> None:
        self.reference = reference
        self.key = key
        self.iv = iv
        self.ends_at = opened_at + LONGEST_USE
        self.sent = 0

    def is_used_up(self, now: dt.datetime) -> bool:
        """Whether another key is due; a clock that was moved back makes none last longer."""
        return self.sent >= MOST_INVOICES or not self.ends_at - LONGEST_USE <= now < self.ends_at


class Look(NamedTuple):
    """What KSeF says of one document that it was sent; `original` is what a duplicate doubles, and from where."""

    reference: str
    digest: str
    said: Said
    ksef_number: str | None
    original: str | None
    original_session: str | None


_KEPT: dict[tuple[str, str, int], Session] = {}
"""By address, firm and account, the session that is open."""


def kept_session(connection: KsefConnection) -> Session | None:
    """The one that this process has open."""
    return _KEPT.get(_of(connection))


def open_session(line: Line, now: dt.datetime) -> Session:
    """A new one with a fresh key, which this process keeps; whatever a line raises may come of it."""
    from ksef_client.models import OpenOnlineSessionRequest  # noqa: PLC0415 (not without KSeF)

    hidden = hidden_key(line)
    asked = OpenOnlineSessionRequest(
        encryption=hidden.encryption_info,  # type: ignore[arg-type]
        form_code=form_of_invoices(),
    )
    with opening(line):
        opened = line.call(
            "session",
            lambda client, access: client.sessions.open_online_session(asked, access_token=access, upo_v43=True),
        )
    session = _KEPT[_of(line.connection)] = Session(opened.reference_number, hidden.key, hidden.iv, now)
    return session


def hidden_key(line: Line) -> "EncryptionData":
    """A fresh key, and what tells it to KSeF alone."""
    from ksef_client.services.crypto import build_encryption_data  # noqa: PLC0415 (not without KSeF)

    public = line.public_key("SymmetricKeyEncryption")
    return build_encryption_data(public.certificate, public_key_id=public.public_key_id)


def form_of_invoices() -> "FormCode":
    """What is sent in a session: FA(3)."""
    from ksef_client.models import FormCode  # noqa: PLC0415 (not without KSeF)

    return FormCode(system_code="FA (3)", schema_version="1-0E", value="FA")


@contextlib.contextmanager
def opening(line: Line) -> Iterator[None]:
    """Where KSeF has other keys by now, those are asked for the next time."""
    try:
        yield
    except Refused as refused:
        if refused.code == UNKNOWN_KEY:
            line.forget_public_keys()
        raise


def forget_session(connection: KsefConnection) -> None:
    """Send nothing more by the key that is kept."""
    _KEPT.pop(_of(connection), None)


def close_session(line: Line, reference: str) -> bool:
    """Let nothing more come into it, and KSeF work through it; whether it does.

    It does also where somebody has closed it. A batch cannot be closed before all its parts are there.
    """
    if (kept := kept_session(line.connection)) is not None and kept.reference == reference:
        forget_session(line.connection)
    try:
        if is_batch(reference):
            line.call("batch", lambda client, access: client.sessions.close_batch_session(reference, access))
        else:
            line.call("session", lambda client, access: client.sessions.close_online_session(reference, access))
    except Refused as refused:
        return refused.code == CLOSED
    return True


def is_batch(reference: str) -> bool:
    """Whether it was opened for many documents together, which its name says."""
    return "-SB-" in reference


def send_invoice(line: Line, session: Session, sending: KsefSending) -> str:
    """Send it, and come back with the name that KSeF gives it."""
    from ksef_client.services.crypto import build_send_invoice_request  # noqa: PLC0415 (not without KSeF)

    asked = build_send_invoice_request(
        sending.xml,
        session.key,
        session.iv,
        offline_mode=sending.mode != "online",
        hash_of_corrected_invoice=sending.corrected_digest,
    )
    session.sent += 1
    answer = line.call(
        "send",
        lambda client, access: client.sessions.send_online_invoice(session.reference, asked, access_token=access),
    )
    return answer.reference_number


def look_at(line: Line, session_ref: str, invoice_ref: str) -> Look:
    """How far it has come."""
    return _look(
        line.call(
            "status",
            lambda client, access: client.sessions.get_session_invoice_status(
                session_ref, invoice_ref, access_token=access
            ),
        )
    )


def all_in(line: Line, session_ref: str) -> Iterator[Look]:
    """Everything that arrived in a session; of one that KSeF does not know, nothing did."""
    token: str | None = None
    while True:
        after = token
        page = line.call(
            "session_invoices",
            lambda client, access: client.sessions.get_session_invoices(
                session_ref,
                page_size=PAGE,
                continuation_token=after,  # noqa: B023 (called before it changes)
                access_token=access,
            ),
        )
        yield from map(_look, page.invoices)
        token = page.continuation_token
        if not token:
            return


def state_of(line: Line, session_ref: str) -> int:
    """Its code."""
    return line.call(
        "session_misc", lambda client, access: client.sessions.get_session_status(session_ref, access)
    ).status.code


def digest_at(line: Line, ksef_number: str) -> str:
    """Of the bytes that KSeF holds under a number."""
    held = line.call(
        "download", lambda client, access: client.invoices.get_invoice_bytes(ksef_number, access_token=access)
    )
    return base64.b64encode(hashlib.sha256(held.content).digest()).decode()


def receipt_of(line: Line, session_ref: str, ksef_number: str) -> bytes:
    """The UPO: what KSeF signs about having it."""
    return line.call(
        "session_misc",
        lambda client, access: client.sessions.get_session_invoice_upo_by_ksef(
            session_ref, ksef_number, access_token=access
        ),
    )


def is_number(text: str | None) -> bool:
    """Whether it is a number of KSeF's, by its check digits."""
    from ksef_client.utils.ksef_number import is_valid_ksef_number  # noqa: PLC0415 (not without KSeF)

    return text is not None and is_valid_ksef_number(text)


def _of(connection: KsefConnection) -> tuple[str, str, int]:
    return connection.api_url, connection.tax_no, connection.account_id


def _look(answer: "SessionInvoiceStatusResponse") -> Look:
    extensions = answer.status.extensions or {}
    return Look(
        answer.reference_number or "",
        answer.invoice_hash or "",
        _said(answer.status),
        answer.ksef_number,
        extensions.get(ORIGINAL),
        extensions.get(ITS_SESSION),
    )


def _said(status: "StatusInfo") -> Said:
    return Said(status.code, status.description or "", tuple(status.details or ()))
