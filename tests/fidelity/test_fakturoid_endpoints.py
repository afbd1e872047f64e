"""What each endpoint of the Fakturoid door answers in each situation, as docs/fidelity/fakturoid.jsonl has it."""

import functools
import re
from typing import Any

import pytest

from tests import needs
from tests.fidelity.fakturoid_endpoints import Situations
from tests.fidelity.fakturoid_house import Fakturoid
from tests.fidelity.manifest import driven

pytestmark = [needs.FAKTUROID, needs.ONE_ENGINE]

by_facts = functools.partial(driven, "fakturoid", __file__)


@pytest.fixture(scope="module")
def situations(fakturoid: Fakturoid) -> Situations:
    return Situations(fakturoid)


@by_facts("test_status")
def test_status(situations: Situations, check: dict[str, Any]) -> None:
    """The status, and what is said of it where it is refused."""
    answer = situations.ask(check["when"], *check["endpoint"].split(" "))

    assert answer.status_code == check["status"], answer.content
    said = answer.json if answer.status_code >= 400 else {}
    for key, value in check.get("says", {}).items():
        assert said[key] == value


@by_facts("test_header")
def test_header(situations: Situations, check: dict[str, Any]) -> None:
    """A header of the answer looks as it should."""
    answer = situations.ask(check["when"], *check["endpoint"].split(" "))

    assert re.fullmatch(check["pattern"], answer.headers[check["header"]]), answer.headers


@by_facts("test_no_header")
def test_no_header(situations: Situations, check: dict[str, Any]) -> None:
    answer = situations.ask(check["when"], *check["endpoint"].split(" "))

    assert answer.status_code < 400, answer.content
    assert check["header"] not in answer.headers
