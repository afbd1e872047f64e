"""The facts of docs/fidelity/fakturoid.jsonl that say what they need: each row is asked of the prepared house."""

import functools
from typing import Any

from tests import needs
from tests.fidelity import house
from tests.fidelity.fakturoid_house import Fakturoid
from tests.fidelity.manifest import driven

pytestmark = [needs.FAKTUROID, needs.ONE_ENGINE]

by_facts = functools.partial(driven, "fakturoid", __file__)


@by_facts("test_shape")
def test_shape(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_shape(fakturoid, **check)


@by_facts("test_some_null")
def test_some_null(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_some_null(fakturoid, **check)


@by_facts("test_never_null")
def test_never_null(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_never_null(fakturoid, **check)
