"""A running sandbox in the hands of a test."""

import base64
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.running import Answer, Server, wait_until

API = "/fakturoid/api/v3"
SUBJECTS = f"{API}/accounts/applecorp/subjects.json"
JSON = {"Content-Type": "application/json"}


class Sandbox:
    """The server, what it told in sandbox.json, and an access token of the owner of applecorp."""

    def __init__(self, server: Server, data: Path) -> None:
        self.server = server
        self.data = data
        self.told: dict[str, Any] = json.loads((data / "sandbox.json").read_bytes())
        # Without that dialect some tests are left which need none.
        self.token = self.sign_in() if "fakturoid" in self.told else ""

    def sign_in(self) -> str:
        """A new access token by client credentials."""
        part = self.told["fakturoid"]
        pair = base64.b64encode(f"{part['client_id']}:{part['client_secret']}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}", **JSON}
        answer = self.server.ask("POST", f"{API}/oauth/token", {"grant_type": "client_credentials"}, headers)
        assert answer.status == 200, answer.body
        return str(answer.json["access_token"])

    def sign_in_at(self, path: str, password: str) -> Answer:
        """The answer to the form that stands where a page is asked for by somebody who is not signed in."""
        form = self.server.ask("GET", self.server.ask("GET", path).headers["location"])
        fields = dict(re.findall(r'name="(csrf_token|next)" value="([^"]*)"', form.body.decode()))
        fields |= {"email": self.told["web"]["email"], "password": password}
        cookie = form.headers["set-cookie"].partition(";")[0]
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        return self.server.ask("POST", "/sign-in", headers=headers, raw=urlencode(fields).encode())

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


def send(sandbox: Sandbox, subject: str = "Faktura", text: str = "Dobrý den") -> Any:
    """A letter about the first invoice of applecorp, as the box of the sandbox shows it once it was handed over."""
    path = f"{API}/accounts/applecorp/invoices"
    invoice = sandbox.call("GET", f"{path}.json").json[0]
    newest = max((mail["id"] for mail in mails(sandbox)), default=0)
    letter = {"email": "buyer@example.com", "subject": subject, "message": text}
    answer = sandbox.call("POST", f"{path}/{invoice['id']}/message.json", letter)
    assert answer.status in {201, 204}, answer.body
    wait_until(lambda: any(mail["id"] > newest for mail in mails(sandbox)))
    return mails(sandbox)[0]


def mails(sandbox: Sandbox) -> Any:
    return sandbox.server.ask("GET", "/sandbox/mails").json["mails"]
