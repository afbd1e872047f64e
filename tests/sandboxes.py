"""A running sandbox in the hands of a test."""

import base64
import json
from pathlib import Path
from typing import Any

from tests.running import Answer, Server

API = "/fakturoid/api/v3"
SUBJECTS = f"{API}/accounts/applecorp/subjects.json"
JSON = {"Content-Type": "application/json"}


class Sandbox:
    """The server, what it told in sandbox.json, and an access token of the owner of applecorp."""

    def __init__(self, server: Server, data: Path) -> None:
        self.server = server
        self.data = data
        self.told: dict[str, Any] = json.loads((data / "sandbox.json").read_bytes())
        self.token = self.sign_in()

    def sign_in(self) -> str:
        """A new access token by client credentials."""
        part = self.told["fakturoid"]
        pair = base64.b64encode(f"{part['client_id']}:{part['client_secret']}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}", **JSON}
        answer = self.server.ask("POST", f"{API}/oauth/token", {"grant_type": "client_credentials"}, headers)
        assert answer.status == 200, answer.body
        return str(answer.json["access_token"])

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """As the owner of applecorp; an underscore in the name of a header stands for a hyphen."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.server.ask(method, path, body, {"Authorization": f"Bearer {self.token}", **JSON, **named})

    def with_key(self, name: str, method: str, path: str, body: Any = None) -> Answer:
        return self.server.ask(method, path, body, {"X-inFakt-ApiKey": self.told["infakt"][name], **JSON})

    def control(self, patch: Any) -> Answer:
        return self.server.ask("PATCH", "/sandbox", patch, JSON)

    def reset(self) -> Answer:
        return self.server.ask("POST", "/sandbox/reset")

    def state(self) -> Any:
        return self.server.ask("GET", "/sandbox").json
