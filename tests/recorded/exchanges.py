"""A request as it was sent and what was answered to it, and the lines by which they go to and fro."""

import contextlib
import http.client
import re
import time
from typing import NamedTuple

from tests.running import PATIENCE

SPARE = "127.0.0.9"
"""Who waits for a print asks from here, which is counted apart."""

COUNTS = frozenset({"x-ratelimit", "x-ratelimit-policy"})

SOURCES = ("127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.3")
"""The addresses that the lines come from: what is kept for one client is not given to another."""

NOT_READY = 204

BROKEN = 0
"""Stands for a status where the line ended before an answer was whole."""

OF_THE_MOMENT = frozenset({"date", "x-request-id", "set-cookie"})
"""Headers in which no two answers have anything in common; cookies are signed together with the real time."""

SIGNED = re.compile(rb'(name="(?:csrf_token|once)" value=)"[^"]*"')
"""What forms are signed with has the time in it, and its length with it."""

Headers = tuple[tuple[str, str], ...]

SIZE = re.compile(rb'("bytes": ?)\d+')
"""How much a checkpoint holds follows from tables and indexes."""


class Sent(NamedTuple):
    """A request of which every byte is known but those of the server's address."""

    line: int
    method: str
    path: str
    headers: Headers
    body: bytes


class Got(NamedTuple):
    status: int
    headers: Headers
    body: bytes

    @property
    def comparable(self) -> "Got":
        """The answer without what is of the moment; the order of headers means nothing."""
        body = SIZE.sub(rb"\1", SIGNED.sub(rb"\1", self.body))
        without = OF_THE_MOMENT | ({"content-length"} if body != self.body else set())
        headers = ((name.lower(), value) for name, value in self.headers)
        return Got(self.status, tuple(sorted(one for one in headers if one[0] not in without)), body)


class Exchange(NamedTuple):
    sent: Sent
    got: Got


class Lines:
    """Connections to a server that are kept open; one request is on its way at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._open = [
            http.client.HTTPConnection(host, port, timeout=PATIENCE, source_address=(source, 0))
            for source in (*SOURCES, SPARE)
        ]

    def close(self) -> None:
        for one in self._open:
            one.close()

    def send(self, sent: Sent) -> Got:
        """The answer; a print that is not ready yet, which is a matter of time, is waited for."""
        got = waited = self._send(sent)
        deadline = time.monotonic() + PATIENCE
        while waited.status == NOT_READY and sent.method == "GET" and time.monotonic() < deadline:
            waited = self._send(sent._replace(line=len(SOURCES)))
        if waited is got:
            return got
        counted = (one for one in got.headers if one[0].lower() in COUNTS)
        return waited._replace(headers=(*(one for one in waited.headers if one[0].lower() not in COUNTS), *counted))

    def _send(self, sent: Sent) -> Got:
        line = self._open[sent.line]
        try:
            line.putrequest(sent.method, sent.path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.headers:
                line.putheader(name, value.encode())
            line.endheaders()
            if sent.body:
                # Who refuses a body may have ended the line already, and has answered all the same.
                with contextlib.suppress(ConnectionError):
                    line.send(sent.body)
            answer = line.getresponse()
            return Got(answer.status, tuple(answer.getheaders()), answer.read())
        except (OSError, http.client.HTTPException) as error:
            line.close()
            return Got(BROKEN, (), type(error).__name__.encode())
