"""The tools of a running sandbox, reached by its control address, and that control itself."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from faktura.agents.desk import Refused
from faktura.agents.spelling import Said
from faktura.outside import sandbox

LONGEST = 20_000
"""Letters of one answer of the control: letters with their texts may be long."""


class Control(NamedTuple):
    """A tool that is an address of the control, with arguments for the parts of the path in braces.

    `body` is the argument that is its body, or the query where it is only read. Of what happens `in_account` the body
    names the account, and it may be left out as a query may.
    """

    name: str
    says: str
    method: str
    path: str
    body: str = ""
    in_account: bool = False
    only_asks: bool = False

    @property
    def parts(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def needs(self) -> list[str]:
        optional = self.in_account or self.method == "GET" or not self.body
        return [*self.parts, *(() if optional else (self.body,))]

    def described(self) -> Said:
        properties: Said = {name: {"type": "integer" if name == "id" else "string"} for name in self.parts}
        if self.body:
            properties[self.body] = {"type": "object"}
        takes = {"type": "object", "properties": properties, "required": self.needs, "additionalProperties": False}
        return {
            "name": self.name,
            "says": self.says,
            "takes": takes,
            "writes": not (self.method == "GET" or self.only_asks),
        }


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
        Control(
            "sandbox_checkpoint",
            "Keep the whole world as it is under a name: letters a to z, digits and hyphens.",
            "POST",
            "/checkpoints/{name}",
        ),
        Control(
            "sandbox_changes",
            "What was added, changed and deleted since a checkpoint, with old and new values.",
            "GET",
            "/checkpoints/{name}/changes",
        ),
        Control(
            "sandbox_rewind",
            "Make the world what it was at a checkpoint: records, ids, clock, letters, messages.",
            "POST",
            "/checkpoints/{name}/rewind",
        ),
        Control("sandbox_faults", "The rules by which requests fail, and how many each hit.", "GET", "/faults"),
        Control(
            "sandbox_add_fault",
            'Have requests of programs fail, such as {"method": "POST", "path": "/accounts/*/invoices.json", '
            '"count": 1, "fault": {"status": 503}}; other faults are {"latency_ms": 900}, {"cut": "before"} '
            'and {"lost": true}.',
            "POST",
            "/faults",
            "rule",
        ),
        Control("sandbox_remove_fault", "Remove a rule by its id.", "DELETE", "/faults/{id}"),
        Control(
            "sandbox_requests",
            'The last requests of programs, the newest first; filters are such as {"method": "POST", "status": "4xx", '
            '"path": "/accounts/*/invoices.json", "contains": "a text", "since": 17, "limit": 10}.',
            "GET",
            "/requests",
            "filters",
        ),
        Control(
            "sandbox_assert",
            'Whether requests came as expected, such as {"method": "POST", "path": "/accounts/*/invoices.json", '
            '"body": {"subject_id": 1}, "times": 1}; if not, what comes nearest, and where it differs.',
            "POST",
            "/requests/assert",
            "expected",
            only_asks=True,
        ),
        Control("sandbox_stories", "The stories that can be played, with their steps.", "GET", "/scenarios"),
        Control(
            "sandbox_play",
            "Begin a story of the account, and play its first step; options are such as "
            '{"record": 1, "whole": true}: who plays the main part, and that all steps are played.',
            "POST",
            "/scenarios/{story}",
            "options",
            in_account=True,
        ),
        Control("sandbox_play_on", "The next step of a story that was begun.", "POST", "/scenarios/{story}/next"),
        Control("sandbox_events", "The events that webhooks tell of, and which can be triggered.", "GET", "/events"),
        Control(
            "sandbox_trigger",
            "Make an event of the account happen, on records that are made for it.",
            "POST",
            "/events/{event}",
            in_account=True,
        ),
    )
}


class RemoteDesk:
    """A world of a sandbox by its address, and one account in it: the first where none is named."""

    def __init__(self, url: str, slug: str | None) -> None:
        self._control = sandbox.control_of(url)
        self._slug = slug or self._first()

    def tools(self) -> list[Said]:
        tools: list[Said] = self._ask("GET", "/tools")
        return [*tools, *(one.described() for one in CONTROLS.values())]

    def call(self, name: str, arguments: Mapping[str, Any]) -> Any:
        control = CONTROLS.get(name)
        if control is None:
            return self._ask("POST", f"/tools/{self._slug}/{name}", dict(arguments))
        path, body = self._request(control, arguments)
        answer = self._ask(control.method, path, body)
        text = json.dumps(answer, ensure_ascii=False)
        return answer if len(text) <= LONGEST else {"cut": text[:LONGEST]}

    def _request(self, control: Control, arguments: Mapping[str, Any]) -> tuple[str, Any]:
        """The address and the body of a call."""
        if missing := [name for name in control.needs if name not in arguments]:
            raise Refused(f"The arguments of {control.name} do not fit: {' and '.join(missing)} is missing.")
        parts = {name: quote(str(arguments[name]), safe="") for name in control.parts}
        path = control.path.format(**parts)
        body = arguments.get(control.body) if control.body else None
        if control.method == "GET":
            return path + ("?" + urlencode(body) if body else ""), None
        return path, {"account": self._slug, **(body or {})} if control.in_account else body

    def _first(self) -> str:
        accounts = self._ask("GET", "")["accounts"]
        return str(next(iter(accounts)))

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        try:
            return self._control.ask(method, path, body)
        except (sandbox.Refused, sandbox.Silent) as refused:
            raise Refused(str(refused)) from None
