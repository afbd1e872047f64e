"""Counts what the manifest holds, and says so in docs/fidelity/README.md and in one sentence of the README."""

import re
from collections.abc import Iterator

from faktura.wire.contract import read_contract
from tests.fidelity.manifest import CATEGORIES, DIALECTS, FOLDER, ORIGINS, ROOT, Fact, Open, read_facts, read_open

PAGE = FOLDER / "README.md"
README = ROOT / "README.md"
SENTENCE = re.compile(r"(<!-- fidelity -->\n).*?(\n<!-- /fidelity -->)", re.DOTALL)

TITLES = {"fakturoid": "Fakturoid", "infakt": "inFakt"}

BEGINNING = """# Fidelity

What the two contracts say, fact by fact, and the test that fails where it is false. `fakturoid.jsonl` and
`infakt.jsonl` hold a fact a line: its section of the contract, what kind of statement it is, where the knowledge comes
from, and the test that holds it. What is known not to hold stands in `open.jsonl`. Facts of endpoints that are not
built are in neither; they are counted by the lists of endpoints of the dialects.

`make fidelity` runs every test that is named, refuses a fact whose test did not run or did not pass, and writes this
page. A *guess* is what no source says: our own choice, by which a program must not swear.
"""


def page() -> str:
    facts = {dialect: read_facts(dialect) for dialect in DIALECTS}
    lacking = {dialect: [row for row in read_open() if row.id.startswith(f"{dialect}-")] for dialect in DIALECTS}
    return "\n".join([BEGINNING, *_scores(facts, lacking), *_counts(facts), *_open(lacking), *_guesses(facts)])


def sentence() -> str:
    """What the README says of all of it."""
    facts = [fact for dialect in DIALECTS for fact in read_facts(dialect)]
    guesses = sum(fact.origin == "guess" for fact in facts)
    return (
        f"{len(facts):,} facts of the two contracts are each held by a test, {guesses:,} of them guesses where the\n"
        "contract is silent: [what is known, and from where](docs/fidelity/README.md)."
    )


def with_sentence(readme: str) -> str:
    return SENTENCE.sub(lambda found: f"{found[1]}{sentence()}{found[2]}", readme)


def _scores(facts: dict[str, list[Fact]], lacking: dict[str, list[Open]]) -> Iterator[str]:
    yield "## Score\n"
    yield "| dialect | facts held | facts known | share | endpoints built | endpoints of the contract |"
    yield "|---|---|---|---|---|---|"
    for dialect in DIALECTS:
        held, known = len(facts[dialect]), len(facts[dialect]) + len(lacking[dialect])
        contract = read_contract(ROOT / "src" / "faktura" / "dialects" / dialect / "contract.csv")
        built = sum(promise.state == "built" for promise in contract)
        share = f"{100 * held / known:.1f} %" if known else "–"
        yield f"| {TITLES[dialect]} | {held:,} | {known:,} | {share} | {built} | {len(contract)} |"
    yield ""


def _counts(facts: dict[str, list[Fact]]) -> Iterator[str]:
    for title, words in (("category", CATEGORIES), ("origin", ORIGINS)):
        yield f"## Facts held, by {title}\n"
        yield f"| {title} | {' | '.join(TITLES[dialect] for dialect in DIALECTS)} |"
        yield "|---|---|---|"
        for word in words:
            counts = [sum(getattr(fact, title) == word for fact in facts[dialect]) for dialect in DIALECTS]
            yield f"| {word} | {' | '.join(f'{count:,}' for count in counts)} |"
        yield ""


def _open(lacking: dict[str, list[Open]]) -> Iterator[str]:
    yield "## What does not hold\n"
    rows = [row for dialect in DIALECTS for row in lacking[dialect]]
    if not rows:
        yield "Nothing that is known.\n"
        return
    yield "| id | fact | why |"
    yield "|---|---|---|"
    yield from (f"| {row.id} | {_cell(row.fact)} | {_cell(row.why)} |" for row in rows)
    yield ""


def _guesses(facts: dict[str, list[Fact]]) -> Iterator[str]:
    for dialect in DIALECTS:
        yield f"## Guesses: {TITLES[dialect]}\n"
        yield "| section | id | fact |"
        yield "|---|---|---|"
        guesses = [fact for fact in facts[dialect] if fact.origin == "guess"]
        yield from (f"| {fact.section} | {fact.id} | {_cell(fact.fact)} |" for fact in guesses)
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
