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


class Silent(OSError):  # noqa: N818 (says what the sandbox does)
    """Nobody answers; the text says where, and how a sandbox is started."""

    def __init__(self, url: str, why: Exception) -> None:
        super().__init__(f"No sandbox answers at {url}: {why}. Start one by `faktura sandbox`.")


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
        """What is answered, as JSON; that an assertion does not hold is an answer, too.

        Raises:
            Refused: the answer is no success, or not that of a sandbox.
            Silent: nobody answers.

        """
        status, content = self._answer(method, path, body, headers)
        try:
            said = None if status == http.client.NO_CONTENT else json.loads(content)
        except ValueError:
            where = _sandbox_of(self.url)
            why = f"{where} is no sandbox of faktura: it answers {status} without JSON."
            raise Refused(status, "error", why) from None
        if status >= http.client.BAD_REQUEST and status != http.client.EXPECTATION_FAILED:
            raise _refusal(status, said)
        return said

    def _answer(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """The status and the body, whatever they are."""
        parts = urlsplit(self.url)
        said = {"User-Agent": "faktura", "Content-Type": "application/json", **headers}
        try:
            connection = self._connection(parts.scheme, parts.netloc)
            try:
                connection.request(method, parts.path + path, None if body is None else json.dumps(body), said)
                answer = connection.getresponse()
                return answer.status, answer.read()
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise Silent(_sandbox_of(self.url), error) from error

    def _connection(self, scheme: str, netloc: str) -> http.client.HTTPConnection:
        if scheme == "https":
            context = ssl.create_default_context(cafile=self.ca_file)
            return http.client.HTTPSConnection(netloc, timeout=PATIENCE, context=context)
        return http.client.HTTPConnection(netloc, timeout=PATIENCE)


def control_of(url: str, ca_file: str | None = None) -> Control:
    """That of the sandbox, or of the world, whose addresses begin with `url`."""
    return Control(f"{url.rstrip('/')}/sandbox", ca_file)


def _sandbox_of(url: str) -> str:
    return url.removesuffix("/sandbox")


def _refusal(status: int, said: Any) -> Refused:
    try:
        return Refused(status, said["error"], said["error_description"])
    except (TypeError, KeyError):
        return Refused(status, "error", json.dumps(said, ensure_ascii=False)[:200])
