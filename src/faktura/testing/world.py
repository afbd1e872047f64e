"""A world in the hands of a test: its addresses and credentials, and the verbs that change it and look into it."""

import base64
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import msgspec

from faktura.outside.sandbox import Control

Told = Mapping[str, Any]
"""What stands in sandbox.json."""


class Integration(msgspec.Struct, frozen=True):
    """An application that asks people for consent."""

    client_id: str
    client_secret: str
    redirect_uri: str


class Fakturoid(msgspec.Struct, frozen=True):
    """Client credentials of the owner of `slug`, who has no access to `foreign_slug`."""

    base_url: str
    client_id: str
    client_secret: str
    slug: str
    foreign_slug: str
    integration: Integration
    ca_file: str | None = None

    def token(self) -> str:
        """A new access token."""
        pair = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}"}
        api = Control(self.base_url, self.ca_file)
        answer = api.ask("POST", "/oauth/token", {"grant_type": "client_credentials"}, headers)
        return str(answer["access_token"])


class Infakt(msgspec.Struct, frozen=True):
    """Keys: to an account, to the same one only for reading, to another one."""

    base_url: str
    api_key: str
    read_only_api_key: str
    foreign_api_key: str


class Clock:
    """The clock of a world, by which it decides what is due, expired and allowed."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def now(self) -> dt.datetime:
        """Where it stands, or what it is really."""
        standing = self._control.get()["clock"]
        return dt.datetime.now(dt.UTC) if standing is None else dt.datetime.fromisoformat(standing)

    def stand_at(self, instant: dt.datetime | str) -> None:
        """Let it stand at an instant with an offset, in ISO 8601 where it is a text."""
        spelled = instant if isinstance(instant, str) else instant.isoformat()
        self._control.patch({"clock": spelled})

    def advance(self, **by: float) -> None:
        """Let it stand so much later: `days=3`, `hours=1`, and whatever a timedelta is made of."""
        self.stand_at(self.now() + dt.timedelta(**by))

    def go(self) -> None:
        """Let it go with the real time again."""
        self._control.patch({"clock": None})


class World:
    """One isolated set of accounts, credentials, clock, letters and messages.

    Every verb may raise `faktura.testing.Refused`, which says what is wrong.
    """

    def __init__(self, told: Told) -> None:
        self.told = told
        self.name: str = told.get("name", "main")
        self.base_url: str = told["base_url"]
        self.control_url: str = told["control_url"]
        self.ca_file: str | None = told.get("ca_file")
        self.control = Control(self.control_url, self.ca_file)
        self.clock = Clock(self.control)

    @property
    def fakturoid(self) -> Fakturoid:
        return msgspec.convert({**self.told["fakturoid"], "ca_file": self.ca_file}, Fakturoid)

    @property
    def infakt(self) -> Infakt:
        return msgspec.convert(self.told["infakt"], Infakt)

    @property
    def state(self) -> dict[str, Any]:
        """As `GET /sandbox` shows it."""
        return dict(self.control.get())

    def change(self, **patch: Any) -> dict[str, Any]:
        """Merge this into the state: `change(read_only=True)`."""
        return dict(self.control.patch(patch))

    def reset(self) -> None:
        """Bring the example data and the usual state back; credentials stay."""
        self.control.post("/reset")

    @property
    def mails(self) -> list[dict[str, Any]]:
        """The letters that were sent, the newest first."""
        return list(self.control.get("/mails")["mails"])

    @property
    def webhooks(self) -> list[dict[str, Any]]:
        """The messages that the sandbox's own receiver took, the newest first."""
        return list(self.control.get("/webhooks")["webhooks"])

    def checkpoint(self, name: str) -> None:
        """Keep the world as it is under a name."""
        self.control.post(f"/checkpoints/{name}")

    def rewind(self, name: str) -> None:
        """Make the world what it was then: records, ids, clock, letters, messages."""
        self.control.post(f"/checkpoints/{name}/rewind")

    def changes(self, name: str) -> list[dict[str, Any]]:
        """What was added, changed and deleted since then, with old and new values."""
        return list(self.control.get(f"/checkpoints/{name}/changes")["changes"])

    def do_jobs(self) -> int:
        """Have all jobs done that are due now, such as letters and webhooks; how many that were."""
        return int(self.control.post("/jobs")["done"])

    def fault(self, fault: Mapping[str, Any], **terms: Any) -> "Fault":
        """Have something happen to requests that fit the terms: `fault({"lost": True}, method="POST", count=1)`."""
        return Fault(self.control, self.control.post("/faults", {"fault": fault, **terms})["id"])

    def requests(self, **filters: object) -> list[dict[str, Any]]:
        """Those of the ledger that fit, the newest first: `requests(method="POST", status="4xx")`."""
        return list(self.control.get("/requests", **filters)["requests"])

    def assert_request(self, **expected: Any) -> list[int]:
        """Require it in the ledger: `assert_request(method="POST", path="/accounts/*/invoices.json", key="order-7")`.

        Raises:
            AssertionError: it is not there, or not as often as `times` says (once); shows what comes nearest.

        """
        judged = self.control.post("/requests/assert", expected)
        if not judged["holds"]:
            raise AssertionError(json.dumps(judged, indent=2, ensure_ascii=False))
        return list(judged["found"])

    def play(self, story: str, **options: Any) -> dict[str, Any]:
        """Begin a story, and play its first step, or with `whole=True` all of them."""
        return dict(self.control.post(f"/scenarios/{story}", options))

    def play_on(self, story: str) -> dict[str, Any]:
        """The next step of a story that was begun."""
        return dict(self.control.post(f"/scenarios/{story}/next"))

    def trigger(self, event: str, **options: Any) -> dict[str, Any]:
        """Make an event happen, on a record that is made for it."""
        return dict(self.control.post(f"/events/{event}", options))


class Fault:
    """A rule by which something happens to requests."""

    def __init__(self, control: Control, number: int) -> None:
        self._control = control
        self.id = number

    @property
    def hits(self) -> int:
        """How many requests it happened to."""
        return int(self._control.get(f"/faults/{self.id}")["hits"])

    def end(self) -> None:
        self._control.delete(f"/faults/{self.id}")
