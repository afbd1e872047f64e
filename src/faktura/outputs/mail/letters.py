"""A letter as an e-mail, handed to a mail server."""

import contextlib
import datetime as dt
import smtplib
import ssl
import time
from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import NamedTuple

import msgspec

from faktura.outputs.mail.box import MailBox, Post
from faktura.outputs.mail.server import MailServer
from faktura.outputs.mail.watched import Listener, connected

DEADLINE = 200.0
"""Seconds that sending one letter may take altogether: less than the lease of a job."""

LONGEST_WAIT = 30.0
"""Seconds to wait for one answer of the server; for its last, to the letter itself, as long as there is time."""

GOODBYE = 5.0

PERMANENT = 5
TO_THE_OPERATOR = {530, 534, 535, 538}
"""Who sends is not let in: RFC 4954, 6. That says nothing of the letter."""

Reply = tuple[int, bytes]


class Attached(NamedTuple):
    """A file that goes with a letter; the type is one of MIME's, such as application/pdf."""

    filename: str
    content_type: str
    content: bytes


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent: the `reference` and `written_at` are the same each time that it is."""

    reference: str
    written_at: dt.datetime
    recipient: str
    subject: str
    body: str
    copy: str | None = None
    language: str = ""
    sender_name: str = ""
    reply_to: str | None = None
    attached: tuple[Attached, ...] = ()


class Undelivered(Exception):  # noqa: N818 (says what a letter is)
    """A letter was not taken; the text is what the server or the network said."""


class RefusedForGood(Undelivered):
    """The server will not take this letter at any time."""


class NotNow(Undelivered):
    """The server cannot be reached or used at present, or said to come again."""


def send(server: Post, letter: Letter, listener: Listener | None = None, deadline: float = DEADLINE) -> str:
    """The answer of the server that took the letter; a listener hears what is said, without passwords.

    What goes wrong before the letter itself is told counts as passing, even a wrong password: that is for the operator
    to put right, and no fault of the letter. Where the recipient is accepted and the copy is not, it goes without copy.

    Raises:
        RefusedForGood: the server refused the letter, its sender or its recipient with 5xx; or it is no letter.
        NotNow: 4xx, or no connection as it should be.

    """
    try:
        content = as_email(server, letter).as_bytes(policy=SMTP)
    except ValueError as error:
        raise RefusedForGood(str(error)) from None
    if isinstance(server, MailBox):
        return _put_into(server, content, listener)
    try:
        with _admitted(server, listener, deadline) as talk:
            return _hand_over(talk, _ascii(server.sender), letter, content)
    except smtplib.SMTPResponseException as error:
        raise NotNow(_told((error.smtp_code, _bytes(error.smtp_error)))) from None
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(f"{type(error).__name__}: {error}") from None


def _put_into(box: MailBox, content: bytes, listener: Listener | None) -> str:
    answer = box.take(content)
    if listener is not None:
        listener("> DATA")
        listener(f"< {_told(answer)}")
    return _told(_expect_well(answer))


def as_email(server: Post, letter: Letter) -> EmailMessage:
    """The letter with its head; a line break in what belongs there is refused with ValueError."""
    email = EmailMessage(policy=SMTP)
    email["From"] = Address(letter.sender_name or server.sender_name, addr_spec=_ascii(server.sender))
    email["To"] = Address(addr_spec=_ascii(letter.recipient))
    if letter.copy:
        email["Cc"] = Address(addr_spec=_ascii(letter.copy))
    if letter.reply_to:
        email["Reply-To"] = Address(letter.sender_name, addr_spec=_ascii(letter.reply_to))
    email["Subject"] = letter.subject
    email["Date"] = format_datetime(letter.written_at)
    email["Message-ID"] = f"<{letter.reference}@{_domain(server.sender)}>"
    # In seven bits, which every server on the way passes on as they are.
    email.set_content(letter.body, charset="utf-8", cte="quoted-printable")
    if letter.language:
        email["Content-Language"] = letter.language
    for attached in letter.attached:
        kind, _, subkind = attached.content_type.partition("/")
        email.add_attachment(attached.content, maintype=kind, subtype=subkind, filename=attached.filename)
    if letter.attached:
        # The same each time, and in no part: an equals sign stands otherwise in quoted-printable and in base64.
        email.set_boundary(f"=_{letter.reference}")
    return email


class _Talk:
    """A connection to a mail server, and the instant by which all must be said."""

    def __init__(self, smtp: smtplib.SMTP, until: float) -> None:
        self.smtp = smtp
        self._until = until

    def in_time(self, longest: float = LONGEST_WAIT) -> smtplib.SMTP:
        """The connection, for one more question.

        Raises:
            TimeoutError: there is no time left for it.

        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the mail server is too slow")
        if self.smtp.sock is not None:
            self.smtp.sock.settimeout(min(left, longest))
        return self.smtp


@contextlib.contextmanager
def _admitted(server: MailServer, listener: Listener | None, deadline: float) -> Iterator[_Talk]:
    """A talk with the server once it has let us in; a password is not told to the network in the clear.

    Raises:
        NotNow: the server offers no encryption, and there is something to hide.

    """
    until = time.monotonic() + deadline
    trust = ssl.create_default_context(cafile=server.ca_file)
    own_name = _domain(server.sender)
    early = trust if server.encryption == "from_the_start" else None
    smtp = connected(server.host, server.port, own_name, listener, timeout=min(deadline, LONGEST_WAIT), context=early)
    with contextlib.closing(smtp):
        talk = _Talk(smtp, until)
        talk.in_time().ehlo_or_helo_if_needed()
        if server.encryption != "from_the_start":
            _encrypt(talk, server, trust)
        if server.user:
            talk.in_time().login(server.user, server.password)
        yield talk


def _encrypt(talk: _Talk, server: MailServer, trust: ssl.SSLContext) -> None:
    if talk.smtp.has_extn("starttls"):
        talk.in_time().starttls(context=trust)
        talk.in_time().ehlo()
    elif server.encryption == "required" or (server.user and not server.is_here):
        raise NotNow("The server does not offer STARTTLS")


def _hand_over(talk: _Talk, sender: str, letter: Letter, content: bytes) -> str:
    size = [f"size={len(content)}"] if talk.smtp.has_extn("size") else []
    _expect_well(talk.in_time().mail(sender, size))
    _expect_well(talk.in_time().rcpt(_ascii(letter.recipient)))
    left_out = ""
    if letter.copy:
        answer = talk.in_time().rcpt(_ascii(letter.copy))
        left_out = "" if _is_well(answer) else f"; without the copy: {_told(answer)}"
    answer = _expect_well(_data(talk, content))
    with contextlib.suppress(OSError, smtplib.SMTPException):
        talk.in_time(GOODBYE).quit()
    return _told(answer) + left_out


def _data(talk: _Talk, content: bytes) -> Reply:
    try:
        return talk.in_time(DEADLINE).data(content)
    except smtplib.SMTPDataError as error:
        return error.smtp_code, _bytes(error.smtp_error)


def _expect_well(answer: Reply) -> Reply:
    code = answer[0]
    if _is_well(answer):
        return answer
    if code // 100 == PERMANENT and code not in TO_THE_OPERATOR:
        raise RefusedForGood(_told(answer))
    raise NotNow(_told(answer))


def _is_well(answer: Reply) -> bool:
    return answer[0] // 100 == 2  # noqa: PLR2004 (RFC 5321, 4.2.1)


def _told(answer: Reply) -> str:
    code, text = answer
    return f"{code} {text.decode('utf-8', 'replace')}"


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _ascii(address: str) -> str:
    """The address with its domain as it stands in the DNS."""
    from email_validator import validate_email  # noqa: PLC0415 (its tables delay a start by 30 ms)

    checked = validate_email(address, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    return str(checked.ascii_email)


def _domain(address: str) -> str:
    return _ascii(address).rpartition("@")[2]
