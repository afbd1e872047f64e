"""Selections find what a plain look through all records finds, on both engines."""

import contextlib
import datetime as dt
import operator
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faktura.store import queries
from faktura.store.database import Database
from faktura.store.queries import Condition, Order, Selection
from faktura.store.search import BEHIND, folded, lowered, text_of
from faktura.store.transaction import Transaction
from tests.samples import Sample
from tests.visits import Visited

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)

SIXTY = settings(max_examples=60)

# Few letters, so that texts meet: case, accents, letters that change their length, wildcards, quotes and spaces.
LETTERS = "aAbžŽłŁßΣ\N{GREEK SMALL LETTER SIGMA}ςİ\N{LATIN SMALL LETTER DOTLESS I}éE%_\"\\'* \n-1"
TEXTS = st.text(LETTERS, max_size=6)
NUMBERS = st.integers(-3, 3)
AMOUNTS = st.sampled_from([Decimal(text) for text in ("-1", "-0.5", "0", "0.000001", "0.1", "1", "8999999999999")])
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 4))
MOMENTS = st.integers(0, 3).map(lambda steps: NOON + dt.timedelta(milliseconds=steps))

ENDS_OF_TIME = [dt.datetime(1, 1, 1, tzinfo=dt.UTC), dt.datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC)]

SAMPLE = st.fixed_dictionaries(
    {"name": TEXTS},
    optional={"note": TEXTS, "number": NUMBERS, "amount": AMOUNTS, "day": DAYS, "at": MOMENTS, "flag": st.booleans()},
)

UNKEEPABLE_TEXTS = st.sampled_from(["\0", "a\0", "\ud800"])
COMPARED = {
    "name": TEXTS | UNKEEPABLE_TEXTS,
    "note": TEXTS | UNKEEPABLE_TEXTS,
    "number": NUMBERS | st.sampled_from([2**31, -(2**31) - 1, 2**63, -(2**70), 10**400]),
    "amount": AMOUNTS
    | st.sampled_from([Decimal(text) for text in ("0.0000001", "0.0000019", "-0.0000001", "9E+12", "-1E+40", "1E+400")])
    | NUMBERS,
    "day": DAYS,
    "at": MOMENTS | MOMENTS.map(lambda moment: moment + dt.timedelta(microseconds=500)) | st.sampled_from(ENDS_OF_TIME),
    "flag": st.booleans(),
}

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
    "cont": lambda text, part: lowered(part) in lowered(text),
    "holds": lambda text, part: part in text,
    "in": lambda value, some: value in some,
}


def conditions_on(attribute: str) -> st.SearchStrategy[Condition]:
    values = COMPARED[attribute]
    ordered = ["eq"] if attribute == "flag" else ["eq", "lt", "lteq", "gt", "gteq"]
    if attribute in {"name", "note"}:
        ordered += ["cont", "holds"]
    compared = st.builds(Condition, st.just(attribute), st.sampled_from(ordered), values)
    among = st.builds(Condition, st.just(attribute), st.just("in"), st.lists(values, max_size=3).map(tuple))
    return compared | among | st.builds(Condition, st.just(attribute), st.just("null"), st.booleans())


SELECTIONS = st.builds(
    Selection,
    conditions=st.lists(st.sampled_from(sorted(COMPARED)).flatmap(conditions_on), max_size=3).map(tuple),
    text=st.just("") | TEXTS,
    order=st.lists(st.builds(Order, st.sampled_from(["number", "amount", "day", "at"]), st.booleans()), max_size=2).map(
        tuple
    ),
    everywhere=st.booleans(),
)


def holds(sample: Sample, condition: Condition) -> bool:
    value = getattr(sample, condition.attribute)
    if condition.operator == "null":
        return (value is None) is condition.value
    if value is None or (isinstance(condition.value, str) and not keepable(condition.value)):
        return False
    compare: Callable[[Any, Any], bool] = COMPARISONS[condition.operator]
    return compare(value, condition.value)


def keepable(text: str) -> bool:
    return not {"\0", "\ud800"} & set(text)


def chosen_from(samples: Iterable[Sample], selection: Selection) -> list[int]:
    """What a plain look through the samples finds; what has no value is the greatest."""
    words = folded(selection.text).split()
    found = [s for s in samples if all(holds(s, c) for c in selection.conditions)]
    found = [s for s in found if all(word in seen(s, everywhere=selection.everywhere) for word in words)]
    found.sort(key=lambda s: s.id)
    for order in reversed(selection.order):
        found.sort(key=lambda s: place(getattr(s, order.attribute)), reverse=order.descending)
    return [s.id for s in found]


def seen(sample: Sample, *, everywhere: bool) -> str:
    text = text_of(sample, "sqlite")
    return text if everywhere else text.partition(BEHIND)[0]


def place(value: Any) -> tuple[bool, Any]:
    return value is None, 0 if value is None else value


def add_samples(database: Database, account_id: int, values: list[dict[str, Any]]) -> list[Sample]:
    def work(tx: Transaction) -> list[Sample]:
        added = [Sample(account_id, tx.next_id(Sample), 1, NOON, NOON, **given) for given in values]
        for sample in added:
            tx.insert(sample)
        return added

    return database.write(work)


def empty(database: Database) -> None:
    def work(tx: Transaction) -> None:
        for account_id in (1, 2):
            for sample in queries.records(tx, Sample, account_id, Selection()):
                tx.remove(sample)

    database.write(work)


def found_ids(database: Database, selection: Selection, account_id: int = 1) -> list[int]:
    """The ids, found in three ways that must agree."""
    stamps = database.read(lambda tx: queries.stamps(tx, Sample, account_id, selection, 1000, 0))
    records = database.read(lambda tx: queries.records(tx, Sample, account_id, selection))
    count = database.read(lambda tx: queries.count(tx, Sample, account_id, selection))
    assert [(record.id, record.version) for record in records] == stamps
    assert count == len(stamps)
    return [record_id for record_id, _ in stamps]


@SIXTY
@given(values=st.lists(SAMPLE, max_size=8), selections=st.lists(SELECTIONS, min_size=1, max_size=8))
def test_a_selection_finds_what_a_look_through_all_records_finds(
    samples: Database, values: list[dict[str, Any]], selections: list[Selection]
) -> None:
    empty(samples)
    mine = add_samples(samples, 1, values)
    add_samples(samples, 2, values)

    for selection in selections:
        assert found_ids(samples, selection) == chosen_from(mine, selection), selection


@pytest.mark.parametrize("column_order", ["name", "note"])
def test_texts_are_sorted_letter_by_letter(samples: Database, column_order: str) -> None:
    texts = ["b", "a", "B", "ž", "é", "aa", ""]
    added = add_samples(samples, 1, [{"name": text, "note": text} for text in texts])

    found = found_ids(samples, Selection(order=(Order(column_order),)))

    assert [next(s.name for s in added if s.id == sample_id) for sample_id in found] == sorted(texts)


def test_pages_of_a_selection_follow_each_other(samples: Database) -> None:
    add_samples(samples, 1, [{"name": f"sample {n}", "number": n % 3} for n in range(25)])
    selection = Selection((Condition("number", "gt", 0),), "sample", (Order("number", descending=True),))

    def page(offset: int) -> list[queries.Stamp]:
        return samples.read(lambda tx: queries.stamps(tx, Sample, 1, selection, 5, offset))

    pages = [page(offset) for offset in range(0, 25, 5)]

    assert [record_id for page in pages for record_id, _ in page] == found_ids(samples, selection)
    assert pages[-1] == []


def test_a_contained_text_is_found_in_any_case_of_any_alphabet(samples: Database) -> None:
    (sample,) = add_samples(samples, 1, [{"note": "Žluťoučký KŮŇ, ŁÓDŹ, ΟΔΟΣ"}])

    for part in ("žluť", "ŽLUŤOUČKÝ", "kůň", "łódź", "ΔΟΣ", "οδοΣ"):
        assert found_ids(samples, Selection((Condition("note", "cont", part),))) == [sample.id], part
    for part in ("zlut", "lodz"):
        assert found_ids(samples, Selection((Condition("note", "cont", part),))) == [], part


def test_a_selection_may_be_of_any_size(samples: Database) -> None:
    long = "0123456789" * 10_000
    (sample,) = add_samples(samples, 1, [{"name": long, "number": 1}])

    assert found_ids(samples, Selection((Condition("name", "eq", long),))) == [sample.id]
    assert found_ids(samples, Selection((Condition("name", "cont", long[3:]),))) == [sample.id]
    assert found_ids(samples, Selection((Condition("name", "cont", "x" * 60_000),))) == []
    assert found_ids(samples, Selection(text=long)) == [sample.id]
    assert found_ids(samples, Selection((Condition("number", "in", tuple(range(2000))),))) == [sample.id]


def page_of(database: Database, chosen: Selection, offset: int, limit: int = 2) -> list[int]:
    stamps = database.read(lambda tx: queries.stamps(tx, Sample, 1, chosen, limit, offset))
    return [record_id for record_id, _ in stamps]


@SIXTY
@given(values=st.lists(SAMPLE, max_size=8), selections=st.lists(SELECTIONS, min_size=1, max_size=6))
def test_a_list_that_is_read_page_by_page_is_whole(
    samples: Database, values: list[dict[str, Any]], selections: list[Selection]
) -> None:
    """Each page begins where the one before ended."""
    empty(samples)
    kept = add_samples(samples, 1, values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "FAR", 1)
        for chosen in selections:
            read = [record_id for offset in range(0, 8, 2) for record_id in page_of(samples, chosen, offset)]
            assert read == chosen_from(kept, chosen), chosen


FAR_ORDER = Selection((Condition("flag", "null", value=True),), order=(Order("number", descending=True),))


def test_a_far_page_is_found_again_after_a_write(samples: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "FAR", 1)
    kept = add_samples(samples, 1, [{"name": "n", "number": n % 3} for n in range(9)])
    assert page_of(samples, FAR_ORDER, 0) + page_of(samples, FAR_ORDER, 2) == chosen_from(kept, FAR_ORDER)[:4]

    first = next(one for one in kept if one.id == page_of(samples, FAR_ORDER, 0)[0])
    samples.write(lambda tx: tx.remove(first))

    assert page_of(samples, FAR_ORDER, 4) == chosen_from(kept, FAR_ORDER)[5:7]


def test_who_reads_a_whole_list_counts_none_of_it_off(samples: Database) -> None:
    add_samples(samples, 1, [{"name": "n", "number": n} for n in range(900)])
    with contextlib.closing(samples.connect()) as connection:
        connection.execute("ANALYZE")
    counted: Any = Visited(samples)
    page_of(counted, FAR_ORDER, 500, 20)
    assert max(visit.visited for visit in counted.noted()) > 500

    page_of(counted, FAR_ORDER, 520, 20)

    assert max(visit.visited for visit in counted.noted()) < 200
