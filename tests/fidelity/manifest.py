"""Reads the facts of the contracts that docs/fidelity keeps, a line each."""

import functools
import json
from collections import defaultdict
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import msgspec
import pytest

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "fidelity"

DIALECTS = ("fakturoid", "infakt")

Category = Literal[
    "endpoints",
    "attributes",
    "writing",
    "lists",
    "errors",
    "formats",
    "headers",
    "sign-in",
    "limits",
    "life",
    "files",
    "messages",
]
Origin = Literal["documentation", "client", "recorded", "guess"]
CATEGORIES: tuple[str, ...] = get_args(Category)
ORIGINS: tuple[str, ...] = get_args(Origin)

Section = Annotated[str, msgspec.Meta(pattern=r"^\d+(\.\d+)*$")]
Sentence = Annotated[str, msgspec.Meta(min_length=10, max_length=160)]


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One statement of a contract, and the test that fails where it is false.

    `test` is `file::function`, which stands for all that it is asked with; or `file::function[id]` where the function
    reads what to do from the `check` of each of its rows.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z]+-[\d.]+(-[a-z0-9_.]+)+$")]
    section: Section
    category: Category
    fact: Sentence
    origin: Origin
    source: Annotated[str, msgspec.Meta(min_length=3)]
    date: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
    test: Annotated[str, msgspec.Meta(pattern=r"^(src|tests)/\S+\.py::test_\w+(\[\S+\])?$")]
    check: dict[str, Any] | None = None

    @property
    def function(self) -> str:
        return self.test.partition("[")[0]

    @property
    def place(self) -> tuple[list[int], str]:
        """Where it stands among the others."""
        return [int(part) for part in self.section.split(".")], self.id


class Open(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known not to hold, and why."""

    id: str
    section: Section
    fact: Sentence
    why: Annotated[str, msgspec.Meta(min_length=10)]


def lines_of(name: str) -> list[str]:
    path = FOLDER / f"{name}.jsonl"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@functools.cache
def read_facts(dialect: str) -> list[Fact]:
    return [msgspec.json.decode(line, type=Fact) for line in lines_of(dialect)]


@functools.cache
def checks_by_function(dialect: str) -> dict[str, list[Any]]:
    """What each test that is driven by rows is asked with; the rows are gone through once, not for every test."""
    asked: dict[str, list[Any]] = defaultdict(list)
    for fact in read_facts(dialect):
        asked[fact.function].append(pytest.param(fact.check, id=fact.id))
    return asked


def read_open() -> list[Open]:
    return [msgspec.json.decode(line, type=Open) for line in lines_of("open")]


def spelled(row: Fact | Open) -> str:
    """As its line stands in the file."""
    return json.dumps(msgspec.to_builtins(row), ensure_ascii=False)


def driven(dialect: str, file: str, test: str) -> pytest.MarkDecorator:
    """Asks a test of a file of this folder with the checks of the facts that name it, under their ids."""
    function = f"{Path(file).relative_to(ROOT)}::{test}"
    return pytest.mark.parametrize("check", checks_by_function(dialect)[function])


def named(test: str) -> str:
    """The node id of a test that ran, without the engine it ran on."""
    function, bracket, asked = test.partition("[")
    words = [word for word in asked.removesuffix("]").split("-") if word not in {"sqlite", "postgresql"}]
    return f"{function}[{'-'.join(words)}]" if bracket and words else function
