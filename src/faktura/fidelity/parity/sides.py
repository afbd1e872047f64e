"""A side of the comparison: the double or the real service, asked over HTTP at a pace that its limits allow."""

import http.client
import ssl
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

PATIENCE = 60
LONGEST_WAIT = 120
"""Seconds that a service may have us wait before the same request is sent again."""

TRIES = 4


class Unreached(Exception):  # noqa: N818 (says what a side is)
    """A side does not answer, or lets nobody in; the text holds nothing secret."""


class Reply(NamedTuple):
    """An answer; `body` is None where it is no JSON."""

    status: int
    media: str
    headers: frozenset[str]
    body: Any


class Side:
    """One of both: `url` is where its contract begins, `headers` are what lets us in."""

    def __init__(self, name: str, url: str, pause: float = 0, ca_file: str | None = None) -> None:
        self.name = name
        self.url = url.rstrip("/")
        self.headers: dict[str, str] = {}
        self._pause = pause
        self._ca_file = ca_file

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Reply:
        """The answer; one that says to come later is waited for.

        Raises:
            Unreached: nobody answers.

        """
        for attempt in range(1, TRIES + 1):
            time.sleep(self._pause)
            status, said, content = self._once(method, path, body, self.headers if headers is None else headers)
            if status != http.client.TOO_MANY_REQUESTS or attempt == TRIES:
                break
            wait = said.get("retry-after", "")
            time.sleep(min(int(wait), LONGEST_WAIT) if wait.isdecimal() else LONGEST_WAIT)
        media = said.get("content-type", "").partition(";")[0].strip().lower()
        return Reply(status, media, frozenset(said), _json(content))

    def _once(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(self.url)
        connection = self._connection(parts.scheme, parts.netloc)
        sent = None if body is None else msgspec.json.encode(body)
        said = {"User-Agent": "faktura parity (parity@faktura.example)", "Accept": "application/json", **headers}
        if sent is not None:
            said["Content-Type"] = "application/json"
        try:
            connection.request(method, parts.path + path, sent, said)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Unreached(f"The {self.name} does not answer: {type(error).__name__}.") from None
        finally:
            connection.close()

    def _connection(self, scheme: str, netloc: str) -> http.client.HTTPConnection:
        if scheme == "https":
            context = ssl.create_default_context(cafile=self._ca_file)
            return http.client.HTTPSConnection(netloc, timeout=PATIENCE, context=context)
        return http.client.HTTPConnection(netloc, timeout=PATIENCE)


def _json(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content) if content else None
    except msgspec.DecodeError:
        return None
