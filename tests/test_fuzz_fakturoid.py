"""The running sandbox, asked at random what its API document allows and forbids, answers what the document says."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.running import Server, running

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"

# A valid request may break a rule that no schema can tell, such as that an id of the client's own is taken; and the
# contract has numbers taken as strings and strings as numbers, which the document does not advertise.
NOT_ASKED = "positive_data_acceptance,negative_data_rejection"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("sandbox")
    with running(folder, "sandbox", "--data", str(folder / "data")) as server:
        assert server.ask("PATCH", "/sandbox", {"rate_limits": {"fakturoid": {"all": None}}}).status == 200
        yield server, json.loads((folder / "data" / "sandbox.json").read_text())["fakturoid"]


def token_for(server: Server, manifest: dict[str, Any]) -> str:
    basic = base64.b64encode(f"{manifest['client_id']}:{manifest['client_secret']}".encode()).decode()
    body = {"grant_type": "client_credentials"}
    issued = server.ask("POST", "/fakturoid/api/v3/oauth/token", body, {"Authorization": f"Basic {basic}"})
    return str(issued.json["access_token"])


def test_no_answer_lies_outside_the_document_and_none_is_a_failure(
    sandbox: tuple[Server, dict[str, Any]], tmp_path: Path
) -> None:
    server, manifest = sandbox
    (tmp_path / "schemathesis.toml").write_text(f'[parameters]\n"path.slug" = "{manifest["slug"]}"\n')
    operations = sum(
        len(item.keys() - {"parameters"})
        for item in server.ask("GET", "/fakturoid/openapi.json").json["paths"].values()
    )

    ran = subprocess.run(  # noqa: S603 (a program of this environment asks our own server)
        [
            *(SCHEMATHESIS, "--config-file", "schemathesis.toml", "run", f"{server.url}/fakturoid/openapi.json"),
            *("--header", f"Authorization: Bearer {token_for(server, manifest)}", "--exclude-checks", NOT_ASKED),
            *("--seed", "1", "--max-examples", "20", "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert f"Tested: {operations}" in ran.stdout
    assert "Stateful" in ran.stdout
    assert "Traceback" not in server.log.read_text()
