"""The manifest is whole: each fact is said once and names a test that exists, and pages say what it counts."""

import ast
import functools
import re
from collections import Counter

import pytest

from tests import needs
from tests.fidelity.manifest import DIALECTS, ROOT, Fact, lines_of, read_facts, read_open, spelled
from tests.fidelity.page import PAGE, README, page, sentence, with_sentence

EACH = pytest.mark.parametrize("dialect", DIALECTS)


def twice(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def facts_here(dialect: str) -> list[Fact]:
    """None where the folder of the dialect is missing, and its tests with it."""
    return read_facts(dialect) if (ROOT / "src" / "faktura" / "dialects" / dialect).is_dir() else []


@functools.cache
def functions_of(file: str) -> set[str]:
    """By name."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@EACH
def test_every_row_is_whole_of_known_words_and_in_its_place(dialect: str) -> None:
    facts = read_facts(dialect)

    assert [spelled(fact) for fact in facts] == lines_of(dialect)
    assert facts == sorted(facts, key=lambda fact: fact.place)
    assert twice([fact.id for fact in facts]) == []
    assert [fact.id for fact in facts if not fact.id.startswith(f"{dialect}-{fact.section}-")] == []


@EACH
def test_no_two_rows_say_the_same(dialect: str) -> None:
    facts = read_facts(dialect)

    assert twice([" ".join(re.findall(r"[\w.#%+-]+", fact.fact.casefold())) for fact in facts]) == []
    assert twice([f"{fact.function} {fact.check}" for fact in facts if fact.check is not None]) == []


@EACH
def test_every_fact_names_a_test_that_exists(dialect: str) -> None:
    for fact in facts_here(dialect):
        file, _, test = fact.function.partition("::")
        assert (ROOT / file).is_file(), fact.id
        assert test in functions_of(file), fact.id


@EACH
def test_a_fact_is_driven_by_its_own_row_or_held_by_a_whole_test(dialect: str) -> None:
    for fact in read_facts(dialect):
        asked = fact.test.removeprefix(fact.function)
        assert asked == ("" if fact.check is None else f"[{fact.id}]"), fact.id


def test_there_are_more_than_three_thousand_facts() -> None:
    assert sum(len(read_facts(dialect)) for dialect in DIALECTS) > 3000


def test_what_does_not_hold_is_said_once_and_nowhere_else() -> None:
    lacking = read_open()
    held = {fact.id for dialect in DIALECTS for fact in read_facts(dialect)}

    assert [spelled(row) for row in lacking] == lines_of("open")
    assert twice([row.id for row in lacking]) == []
    assert held & {row.id for row in lacking} == set()


@needs.FAKTUROID
@needs.INFAKT
def test_the_page_and_the_readme_say_what_the_manifest_counts() -> None:
    """`make fidelity` writes both, once every test that the manifest names has run and passed."""
    assert PAGE.read_text(encoding="utf-8") == page()
    text = README.read_text(encoding="utf-8")
    assert sentence() in text
    assert with_sentence(text) == text
