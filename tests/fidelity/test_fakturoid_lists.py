"""What lists of the Fakturoid door find, leave out and refuse, as docs/fidelity/fakturoid.jsonl has it."""

import functools
from typing import Any

import pytest

from tests import needs
from tests.fidelity.fakturoid_house import LISTS, Fakturoid
from tests.fidelity.house import Values
from tests.fidelity.manifest import driven

pytestmark = [needs.FAKTUROID, needs.ONE_ENGINE]

by_facts = functools.partial(driven, "fakturoid", __file__)


@pytest.fixture
def listed(fakturoid: Fakturoid, check: dict[str, Any]) -> list[Values]:
    """What the list has with the query of the fact."""
    answer = fakturoid.door.call("GET", check["list"], params=check.get("query", {}))
    assert answer.status_code == 200, answer.text
    found: list[Values] = answer.json
    return found


@by_facts("test_array")
def test_array(listed: list[Values]) -> None:
    """A bare array, with something in it."""
    assert isinstance(listed, list)
    assert listed != []
    assert len(listed) <= 40


@by_facts("test_empty")
def test_empty(fakturoid: Fakturoid, listed: list[Values], check: dict[str, Any]) -> None:
    """Nothing is found, of a list that has something."""
    assert listed == []
    assert fakturoid.door.read(check["list"]) != []


@by_facts("test_same")
def test_same(fakturoid: Fakturoid, listed: list[Values], check: dict[str, Any]) -> None:
    """The query says nothing."""
    assert listed == fakturoid.door.read(check["list"])


@by_facts("test_finds")
def test_finds(listed: list[Values]) -> None:
    assert listed != []


@by_facts("test_filtered")
def test_filtered(fakturoid: Fakturoid, listed: list[Values], check: dict[str, Any]) -> None:
    """What is found has the value, and of what is there something has not."""
    values = check["values"]
    assert listed != []
    assert {one[check["attribute"]] for one in listed} <= set(values)
    [of] = [of for of, path in LISTS.items() if path == check["list"]]
    assert [one for one in fakturoid.shown(of) if one[check["attribute"]] not in values] != []


@by_facts("test_sorted")
def test_sorted(listed: list[Values], check: dict[str, Any]) -> None:
    """From large to small, unless the fact says otherwise."""
    keys = [tuple(one[name] for name in check["by"]) for one in listed]
    assert len(set(keys)) > 1
    assert keys == sorted(keys, reverse=not check.get("rising", False))


@by_facts("test_list_refused")
def test_list_refused(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    answer = fakturoid.door.call("GET", check["list"], params=check["query"])

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")
    for name in check["query"]:
        assert name in answer.json["error_description"]


@by_facts("test_searched")
def test_searched(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    """A record that alone has the words in the attribute is found by them, and it alone."""
    made = fakturoid.made(check["of"], **check["made"])

    assert [one["id"] for one in _searched(fakturoid, check)] == [made["id"]]


@by_facts("test_not_searched")
def test_not_searched(fakturoid: Fakturoid, check: dict[str, Any]) -> None:
    fakturoid.made(check["of"], **check["made"])

    assert _searched(fakturoid, check) == []


def _searched(fakturoid: Fakturoid, check: dict[str, Any]) -> list[Values]:
    path = "/" + {"subject": "subjects", "invoice": "invoices", "expense": "expenses"}.get(
        check["of"], "inventory_items"
    )
    answer = fakturoid.door.call("GET", f"{path}/search.json", query_string=check["query"])
    assert answer.status_code == 200, answer.text
    found: list[Values] = answer.json
    return found
