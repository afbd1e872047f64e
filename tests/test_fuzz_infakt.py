"""The running sandbox, asked at random what its inFakt document allows and forbids, answers what it says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import needs
from tests.fuzzing import Fuzzed, no_answer_lies_outside_the_document, unlimited_sandbox
from tests.proofs.history import length

pytestmark = [needs.INFAKT, pytest.mark.timeout(length(640, 1800))]

# A method that a path does not take leads nowhere: 404, for the contract has no 405 (1.8).
NOT_ASKED = ("unsupported_method",)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    with unlimited_sandbox(tmp_path_factory.mktemp("sandbox")) as fuzzed:
        yield fuzzed


def test_no_answer_lies_outside_the_document_and_none_is_a_failure(sandbox: Fuzzed, tmp_path: Path) -> None:
    header = f"X-inFakt-ApiKey: {sandbox.told['infakt']['api_key']}"
    no_answer_lies_outside_the_document(sandbox.server, "/infakt/openapi.json", header, tmp_path, not_asked=NOT_ASKED)
