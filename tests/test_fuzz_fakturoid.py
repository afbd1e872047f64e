"""The running sandbox, asked at random what its Fakturoid document allows and forbids, answers what it says."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import needs
from tests.fuzzing import Fuzzed, no_answer_lies_outside_the_document, unlimited_sandbox
from tests.proofs.history import length

pytestmark = [needs.FAKTUROID, pytest.mark.timeout(length(640, 1800))]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    with unlimited_sandbox(tmp_path_factory.mktemp("sandbox")) as fuzzed:
        yield fuzzed


def token_of(sandbox: Fuzzed) -> str:
    told = sandbox.told["fakturoid"]
    basic = base64.b64encode(f"{told['client_id']}:{told['client_secret']}".encode()).decode()
    body = {"grant_type": "client_credentials"}
    issued = sandbox.server.ask("POST", "/fakturoid/api/v3/oauth/token", body, {"Authorization": f"Basic {basic}"})
    return str(issued.json["access_token"])


def test_no_answer_lies_outside_the_document_and_none_is_a_failure(sandbox: Fuzzed, tmp_path: Path) -> None:
    header = f"Authorization: Bearer {token_of(sandbox)}"
    known = {"slug": sandbox.told["fakturoid"]["slug"]}
    no_answer_lies_outside_the_document(
        sandbox.server, "/fakturoid/openapi.json", header, tmp_path, path_parameters=known
    )
