"""A talk with a mail server while somebody listens: each line that is said, but no password."""

import smtplib
from collections.abc import Callable
from typing import Any

Listener = Callable[[str], object]

VERBS = {"ehlo", "helo", "mail", "rcpt", "data", "rset", "quit", "starttls"}
"""What is said in the clear; anything else may be an answer to who wants to know the password."""

HIDDEN = "***"


class _Watched(smtplib.SMTP):
    """Says what is said to the server after `>` and by it after `<`."""

    listener: Listener

    def putcmd(self, cmd: str, args: str = "") -> None:
        if cmd.lower() in VERBS:
            self.listener(f"> {cmd} {args}".rstrip())
        else:
            self.listener(f"> AUTH {args.partition(' ')[0]} {HIDDEN}" if cmd.upper() == "AUTH" else f"> {HIDDEN}")
        super().putcmd(cmd, args)

    def getreply(self) -> tuple[int, bytes]:
        code, text = super().getreply()
        for line in text.decode("utf-8", "replace").splitlines() or [""]:
            self.listener(f"< {code} {line}".rstrip())
        return code, text


class _WatchedEncrypted(_Watched, smtplib.SMTP_SSL):
    pass


def connected(
    host: str, port: int, own_name: str, listener: Listener | None, *, timeout: float, context: Any = None
) -> smtplib.SMTP:
    """The connection, encrypted from the start where it has a context of TLS."""
    if listener is None:
        if context is None:
            return smtplib.SMTP(host, port, own_name, timeout=timeout)
        return smtplib.SMTP_SSL(host, port, own_name, timeout=timeout, context=context)
    heard = {"listener": staticmethod(listener)}
    if context is None:
        plain: smtplib.SMTP = type("Heard", (_Watched,), heard)(host, port, own_name, timeout=timeout)
        return plain
    encrypted: smtplib.SMTP = type("Heard", (_WatchedEncrypted,), heard)(
        host, port, own_name, timeout=timeout, context=context
    )
    return encrypted
