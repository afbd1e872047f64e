"""The control address of a sandbox or of a world, asked over HTTP."""

import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

PATIENCE = 60
"""Seconds."""

NOTHING: Mapping[str, str] = {}


class Refused(Exception):  # noqa: N818 (says what the sandbox says)
    """The control address refused what was asked; the text says why, and what is known."""

    def __init__(self, status: int, code: str, why: str) -> None:
        super().__init__(f"{why} ({status} {code})")
        self.status = status
        self.code = code


class Control:
    """Asks below `url`; over HTTPS it trusts the authority of the file, or whom this machine trusts."""

    def __init__(self, url: str, ca_file: str | None = None) -> None:
        self.url = url.rstrip("/")
        self.ca_file = ca_file

    def get(self, path: str = "", /, **query: object) -> Any:
        return self.ask("GET", path + ("?" + urlencode(query) if query else ""))

    def post(self, path: str, body: Any = None) -> Any:
        return self.ask("POST", path, body)

    def patch(self, body: Any) -> Any:
        return self.ask("PATCH", "", body)

    def delete(self, path: str) -> None:
        self.ask("DELETE", path)

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] = NOTHING) -> Any:
        """What is answered, as JSON.

        Raises:
            Refused: the answer is no success.
            OSError: nobody answers.

        """
        status, content = self.answer(method, path, body, headers)
        if status >= http.client.BAD_REQUEST:
            raise refusal(status, content)
        return json.loads(content) if content else None

    def answer(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] = NOTHING
    ) -> tuple[int, bytes]:
        """The status and the body, whatever they are."""
        parts = urlsplit(self.url)
        connection = self._connection(parts.scheme, parts.netloc)
        said = {"User-Agent": "faktura.testing", "Content-Type": "application/json", **headers}
        try:
            connection.request(method, parts.path + path, None if body is None else json.dumps(body), said)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _connection(self, scheme: str, netloc: str) -> http.client.HTTPConnection:
        if scheme == "https":
            context = ssl.create_default_context(cafile=self.ca_file)
            return http.client.HTTPSConnection(netloc, timeout=PATIENCE, context=context)
        return http.client.HTTPConnection(netloc, timeout=PATIENCE)


def refusal(status: int, content: bytes) -> Refused:
    """What the control address says where it refuses."""
    try:
        said = json.loads(content)
        return Refused(status, said["error"], said["error_description"])
    except (ValueError, TypeError, KeyError):
        return Refused(status, "error", content.decode(errors="replace")[:200])
