"""The tools of a running sandbox, reached by its control address, and that control itself."""

import http.client
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from faktura.agents.desk import Refused
from faktura.agents.spelling import Said

PATIENCE = 60
"""Seconds that an answer may take."""

LONGEST = 20_000
"""Letters of one answer of the control: letters with their texts may be long."""


class Control(NamedTuple):
    """A tool that is an address of the control; `body` is the argument that is its body."""

    name: str
    says: str
    method: str
    path: str
    body: str = ""


CONTROLS = {
    one.name: one
    for one in (
        Control("sandbox_state", "The state of the sandbox: clock, limits, accounts.", "GET", ""),
        Control(
            "sandbox_change",
            'Change the state by a JSON merge patch, such as {"clock": "2026-12-24T12:00:00Z"}; null sets back.',
            "PATCH",
            "",
            "patch",
        ),
        Control("sandbox_reset", "Bring the example data and the default state back.", "POST", "/reset"),
        Control("sandbox_mails", "The letters that the sandbox sent, which reach nobody.", "GET", "/mails"),
        Control("sandbox_webhooks", "What the sandbox's own receiver of webhooks was told.", "GET", "/webhooks"),
    )
}


class RemoteDesk:
    """A world of a sandbox by its address, and one account in it: the first where none is named."""

    def __init__(self, url: str, slug: str | None) -> None:
        self._url = urlsplit(url.rstrip("/"))
        self._slug = slug or self._first()

    def tools(self) -> list[Said]:
        tools: list[Said] = self._ask("GET", "/tools")
        return [*tools, *(_described(one) for one in CONTROLS.values())]

    def call(self, name: str, arguments: Mapping[str, Any]) -> Any:
        control = CONTROLS.get(name)
        if control is None:
            return self._ask("POST", f"/tools/{self._slug}/{name}", dict(arguments))
        answer = self._ask(control.method, control.path, arguments.get(control.body) if control.body else None)
        text = json.dumps(answer, ensure_ascii=False)
        return answer if len(text) <= LONGEST else {"cut": text[:LONGEST]}

    def _first(self) -> str:
        accounts = self._ask("GET", "")["accounts"]
        return str(next(iter(accounts)))

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        sent = None if body is None else json.dumps(body).encode()
        headers = {"User-Agent": "faktura mcp"} | ({} if sent is None else {"Content-Type": "application/json"})
        of = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
        connection = of(self._url.hostname or "", self._url.port, timeout=PATIENCE)
        try:
            connection.request(method, f"{self._url.path}/sandbox{path}", sent, headers)
            answer = connection.getresponse()
            status, said = answer.status, answer.read()
        except OSError as error:
            raise Refused(
                f"No sandbox answers at {self._url.geturl()}: {error}. Start one by `faktura sandbox`."
            ) from None
        finally:
            connection.close()
        return self._read(status, said)

    def _read(self, status: int, said: bytes) -> Any:
        try:
            read = json.loads(said)
        except ValueError:
            message = f"{self._url.geturl()} is no sandbox of faktura: it answers {status} without JSON."
            raise Refused(message) from None
        if status >= http.client.BAD_REQUEST:
            raise Refused(str(read.get("error_description", read)))
        return read


def _described(one: Control) -> Said:
    properties: Said = {one.body: {"type": "object"}} if one.body else {}
    takes = {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}
    return {"name": one.name, "says": one.says, "takes": takes, "writes": one.method != "GET"}
