"""What is sent for an attribute or asked of a list: what the facts of the contracts say of it, and what is no value."""

import functools
import random
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from tests.any_value import ENDS_OF_TIME, NOT_DATES, NOT_NUMBERS, READABLE
from tests.fidelity.manifest import read_facts

ANY: tuple[Any, ...] = (None, "", " ", 0, -1, 7, 1.5, True, [], {}, [1], {"id": 1}, "x" * 300, *READABLE)
NUMBERS = (*("1", "2", "3", "5", "40", "100") * 3, "0", "-1", "last", *NOT_NUMBERS[:4])
DAYS = ("2026-05-04", "2026-01-01", "2030-01-01", "2026-05-04T08:00:00Z", "2026-11-21T09:30:00.481Z")
WORDS = ("a", "ě", "novák", "žlutý kůň", "2026", "łóź", "%", "_", "'", '"', "a b", "sro", "0001")
MODIFIERS = ("eq", "cont", "lt", "gt", "lteq", "gteq", "null", "in", "not")


@functools.cache
def sent_values(dialect: str) -> Mapping[str, list[Any]]:
    """By attribute, what some fact has sent, good and bad."""
    found: dict[str, list[Any]] = defaultdict(list)
    for check in _checks(dialect):
        for sent in (
            check.get("besides"),
            check.get("along"),
            check.get("made"),
            {check.get("attribute"): check.get("sent")},
        ):
            for name, value in (sent or {}).items():
                if name and value is not None and value not in found[name]:
                    found[name].append(value)
    return found


@functools.cache
def asked_queries(dialect: str) -> Mapping[str, list[Mapping[str, str]]]:
    """By the path of a list, what some fact asks it for."""
    found: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for check in _checks(dialect):
        query = check.get("query")
        if "list" in check and isinstance(query, dict):
            found[check["list"]].append(query)
    return found


def _checks(dialect: str) -> list[dict[str, Any]]:
    return [fact.check for fact in read_facts(dialect) if fact.check]


def value_for(chance: random.Random, dialect: str, name: str) -> Any:
    known = sent_values(dialect).get(name)
    return chance.choice(known) if known and chance.random() < 0.8 else chance.choice(ANY)


def asked_for(chance: random.Random, name: str, schema: Mapping[str, Any]) -> str:
    """A value of a query's parameter: mostly one that it takes."""
    if "enum" in schema and chance.random() < 0.8:
        return str(chance.choice(schema["enum"]))
    if str(schema.get("format", "")).startswith("date"):
        return chance.choice((*DAYS * 2, *NOT_DATES[:2], *ENDS_OF_TIME[:1]))
    if "integer" in str(schema):
        return chance.choice(NUMBERS)
    return "true" if schema.get("type") == "boolean" else chance.choice(WORDS if name != "tags" else ("a,b", '["a"]'))
