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


@by_facts("test_absent")
def test_absent(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_absent(fakturoid, **check)


@by_facts("test_looks")
def test_looks(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_shape(fakturoid, **check)


@by_facts("test_one_of")
def test_one_of(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_one_of(fakturoid, **check)


@by_facts("test_default")
def test_default(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_default(fakturoid, **check)


@by_facts("test_kept")
def test_kept(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_kept(fakturoid, **check)


@by_facts("test_changed")
def test_changed(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_changed(fakturoid, **check)


@by_facts("test_ignored")
def test_ignored(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_ignored(fakturoid, **check)


@by_facts("test_write_only")
def test_write_only(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_write_only(fakturoid, **check)


@by_facts("test_accepted")
def test_accepted(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_accepted(fakturoid, **check)


@by_facts("test_refused")
def test_refused(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_refused(fakturoid, **check)


@by_facts("test_change_refused")
def test_change_refused(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_change_refused(fakturoid, **check)


@by_facts("test_required")
def test_required(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    house.assert_required(fakturoid, **check)
