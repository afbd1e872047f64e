"""Facts of inFakt's contract about attributes: shown, empty, set, changed, ignored, refused."""

import functools
from typing import Any

from tests import needs
from tests.fidelity import house
from tests.fidelity.infakt_house import Infakt
from tests.fidelity.manifest import driven

pytestmark = [needs.INFAKT, needs.ONE_ENGINE]

by_facts = functools.partial(driven, "infakt", __file__)

Check = dict[str, Any]


@by_facts("test_shape")
def test_shape(infakt: Infakt, check: Check) -> None:
    house.assert_shape(infakt, **check)


@by_facts("test_default")
def test_default(infakt: Infakt, check: Check) -> None:
    house.assert_default(infakt, **check)


@by_facts("test_never_null")
def test_never_null(infakt: Infakt, check: Check) -> None:
    house.assert_never_null(infakt, **check)


@by_facts("test_absent")
def test_absent(infakt: Infakt, check: Check) -> None:
    house.assert_absent(infakt, **check)


@by_facts("test_one_of")
def test_one_of(infakt: Infakt, check: Check) -> None:
    house.assert_one_of(infakt, **check)


@by_facts("test_kept")
def test_kept(infakt: Infakt, check: Check) -> None:
    house.assert_kept(infakt, **check)


@by_facts("test_changed")
def test_changed(infakt: Infakt, check: Check) -> None:
    house.assert_changed(infakt, **check)


@by_facts("test_accepted")
def test_accepted(infakt: Infakt, check: Check) -> None:
    house.assert_accepted(infakt, **check)


@by_facts("test_ignored")
def test_ignored(infakt: Infakt, check: Check) -> None:
    house.assert_ignored(infakt, **check)


@by_facts("test_write_only")
def test_write_only(infakt: Infakt, check: Check) -> None:
    house.assert_write_only(infakt, **check)


@by_facts("test_required")
def test_required(infakt: Infakt, check: Check) -> None:
    house.assert_required(infakt, **check)


@by_facts("test_refused")
def test_refused(infakt: Infakt, check: Check) -> None:
    house.assert_refused(infakt, **check)


@by_facts("test_change_refused")
def test_change_refused(infakt: Infakt, check: Check) -> None:
    house.assert_change_refused(infakt, **check)


@by_facts("test_row")
def test_row(infakt: Infakt, check: Check) -> None:
    """A list of the law has this entry."""
    rows = [row for row in infakt.listed(f"/{check['of']}") if row["id"] == check["has"]["id"]]
    assert rows == [{**rows[0], **check["has"]}]
