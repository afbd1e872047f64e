"""Runs every test that the manifest names, and writes the page where all of them passed: `make fidelity`."""

import sys
from collections import defaultdict

import pytest

from tests.fidelity.manifest import DIALECTS, Fact, named, read_facts
from tests.fidelity.page import PAGE, README, page, with_sentence


class Outcomes:
    """What became of each test, by the name that facts know it by."""

    def __init__(self) -> None:
        self.of: dict[str, list[str]] = defaultdict(list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            name = named(report.nodeid)
            for called in {name, name.partition("[")[0]}:
                self.of[called].append(report.outcome)

    def holds(self, fact: Fact) -> bool:
        return {*self.of[fact.test]} == {"passed"}


def run(facts: list[Fact], *options: str) -> list[Fact]:
    """The facts that do not hold: whose test failed, was skipped or did not run."""
    outcomes = Outcomes()
    # The plugin that this project gives to others is imported here before pytest could rewrite its assertions.
    known = ("-W", "ignore:Module already imported")
    pytest.main([*sorted({fact.function for fact in facts}), "-q", *known, *options], plugins=[outcomes])
    return [fact for fact in facts if not outcomes.holds(fact)]


def write() -> None:
    PAGE.write_text(page(), encoding="utf-8")
    README.write_text(with_sentence(README.read_text(encoding="utf-8")), encoding="utf-8")


def main(options: list[str]) -> int:
    if options == ["--page"]:
        write()
        return 0
    facts = [fact for dialect in DIALECTS for fact in read_facts(dialect)]
    fallen = run(facts, *options)
    for fact in fallen:
        sys.stderr.write(f"{fact.id}: not held by {fact.test}\n")
    if fallen:
        return 1
    write()
    sys.stdout.write(f"{len(facts):,} facts hold\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
