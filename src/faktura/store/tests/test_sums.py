"""Sums come to what a plain look through all records comes to, on both engines."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from faktura.store.database import Database
from faktura.store.queries import Condition, Selection
from faktura.store.sums import Month, Sum, sums
from faktura.store.tests.test_queries import SAMPLE, SELECTIONS, SIXTY, add_samples, chosen_from, empty
from tests.samples import Sample

LARGE = Decimal("99999999999.99")


def summed(database: Database, selection: Selection, by: tuple[Any, ...]) -> list[Sum]:
    return database.read(lambda tx: sums(tx, Sample, 1, selection, ("amount",), by))


@SIXTY
@given(values=st.lists(SAMPLE, max_size=8), selections=st.lists(SELECTIONS, min_size=1, max_size=4))
def test_sums_of_a_selection_are_those_of_its_records(
    samples: Database, values: list[dict[str, Any]], selections: list[Selection]
) -> None:
    empty(samples)
    mine = {sample.id: sample for sample in add_samples(samples, 1, values)}
    add_samples(samples, 2, values)

    for selection in selections:
        chosen = [mine[sample_id] for sample_id in chosen_from(mine.values(), selection)]
        amount = sum((sample.amount or Decimal(0) for sample in chosen), Decimal(0))
        expected = [Sum((), len(chosen), (amount,))] if chosen else []
        assert summed(samples, selection, ()) == expected, selection

        by_month: dict[tuple[Any, ...], list[Sample]] = defaultdict(list)
        for sample in chosen:
            by_month[sample.flag, f"{sample.day:%Y-%m}" if sample.day else None].append(sample)
        found = {one.group: (one.records, one.amounts) for one in summed(samples, selection, ("flag", Month("day")))}
        assert found == {
            group: (len(members), (sum((m.amount or Decimal(0) for m in members), Decimal(0)),))
            for group, members in by_month.items()
        }, selection


def test_sums_may_be_larger_than_any_amount(samples: Database) -> None:
    add_samples(samples, 1, [{"amount": LARGE, "number": 1}, *[{"amount": LARGE}] * 199, {"amount": -LARGE}])
    assert summed(samples, Selection(), ()) == [Sum((), 201, (LARGE * 199,))]
    assert summed(samples, Selection((Condition("number", "eq", 1),)), ()) == [Sum((), 1, (LARGE,))]
    assert summed(samples, Selection((Condition("number", "eq", 2),)), ()) == []
