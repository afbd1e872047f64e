"""What an operator reads of who got in and who was turned away: a line of the log each, under one name.

A line has the name of what happened and the address that it came from, and where they are known the ids of the person,
the account and the application; never what somebody typed or showed.
"""

import datetime as dt
import logging
import threading
from collections.abc import Hashable
from typing import Literal, Protocol

Event = Literal[
    "signed_in",
    "sign_in_failed",
    "sign_in_braked",
    "signed_out",
    "sessions_ended",
    "password_changed",
    "consent_given",
    "consent_denied",
    "consent_ended",
    "application_added",
    "application_secret_renewed",
    "application_ended",
    "application_shut_out",
    "api_key_added",
    "api_key_ended",
    "credentials_used",
    "credentials_refused",
    "grant_refused",
]

ALARMING: set[Event] = {"sign_in_braked", "credentials_refused", "grant_refused"}

MOST = 10_000
"""Addresses and credentials that a process keeps in mind."""

FIRST_BURST = 10
BURST = dt.timedelta(hours=1)

log = logging.getLogger("faktura.security")


def note(event: Event, address: str, **ids: int | str | None) -> None:
    """Call it when what happened is kept: after the transaction."""
    level = logging.WARNING if event in ALARMING else logging.INFO
    log.log(
        level, event, extra={"address": address, **{name: value for name, value in ids.items() if value is not None}}
    )


class Caller(Protocol):
    """Whose credentials were looked up."""

    @property
    def user_id(self) -> int: ...
    @property
    def account_id(self) -> int: ...


class Uses:
    """The first use of a token or a key from an address on a day is noted, once a process."""

    def __init__(self) -> None:
        self._seen: set[tuple[Hashable, str]] = set()
        self._day = dt.date.min
        self._lock = threading.Lock()

    def see(self, credential: Hashable, caller: Caller, address: str, day: dt.date) -> None:
        with self._lock:
            if day != self._day or len(self._seen) >= MOST:
                self._seen.clear()
                self._day = day
            if (credential, address) in self._seen:
                return
            self._seen.add((credential, address))
        note("credentials_used", address, user=caller.user_id, account=caller.account_id)


class Refusals:
    """Tokens, keys and secrets that open nothing: an address that brings ten, a hundred … within an hour is noted."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[dt.datetime, int]] = {}
        self._lock = threading.Lock()

    def count(self, address: str, now: dt.datetime) -> None:
        with self._lock:
            began, count = self._counts.get(address, (now, 0))
            if not dt.timedelta() <= now - began < BURST:
                began, count = now, 0
            if len(self._counts) >= MOST:
                self._counts.clear()
            self._counts[address] = (began, count := count + 1)
        if count >= FIRST_BURST and count == 10 ** (len(str(count)) - 1):
            note("credentials_refused", address, times=count)
