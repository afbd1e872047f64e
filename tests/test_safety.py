"""Whichever door is asked for whatever: the answer says how it may be handled."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from faktura.dialects import installed
from tests.running import Server, running

ANYWHERE = ["/", "/healthz", "/readyz", "/sign-in", "/nonsense", "/static/faktura.css", "/sandbox", "/sandbox/nonsense"]
OF_DIALECTS = ["/docs", "/openapi.json", "/docs/swagger/swagger-ui.css"]

FOR_EVERYBODY = ("/static/", "/docs", "/openapi.json")
"""What is the same for everybody may be kept."""


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    folder: Path = tmp_path_factory.mktemp("sandbox")
    with running(folder, "sandbox", "--data", str(folder / "data")) as server:
        told = json.loads((folder / "data" / "sandbox.json").read_bytes())
        yield server, {dialect.name: told[dialect.name]["base_url"] for dialect in installed()}


def test_every_answer_of_every_door_says_how_it_may_be_handled(sandbox: tuple[Server, dict[str, str]]) -> None:
    server, doors = sandbox
    documents = [f"/{name}{path}" for name in doors for path in OF_DIALECTS]
    mounts = [url.removeprefix(server.url) for url in doors.values()]
    asked = [
        *ANYWHERE,
        *documents,
        *(f"{mount}{path}" for mount in mounts for path in ("/nonsense.json", "/user.json")),
    ]
    for path in asked:
        for method in ("GET", "POST", "DELETE"):
            answer = server.ask(method, path)
            headers = {name.lower(): value for name, value in answer.headers.items()}
            assert headers["x-content-type-options"] == "nosniff", (method, path)
            if not any(kept in path for kept in FOR_EVERYBODY):
                assert headers["cache-control"] == "no-store", (method, path)
            if headers.get("content-type", "").startswith("text/html"):
                assert headers["x-frame-options"] == "DENY", (method, path)
                assert "default-src 'none'" in headers["content-security-policy"], (method, path)
                assert headers["referrer-policy"] == "same-origin", (method, path)
