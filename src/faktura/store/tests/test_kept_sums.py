"""Kept sums are what the records come to, whatever was done to them, by how many at once, and whatever was undone."""

import datetime as dt
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.store import queries
from faktura.store.damage import REINDEX, wrong_kept_sums
from faktura.store.database import Database
from faktura.store.every import snapshot
from faktura.store.queries import Condition, Selection
from faktura.store.records import changed
from faktura.store.redirecting import Ways, redirect
from faktura.store.reindex import reindex
from faktura.store.sums import Month, Sum, count, sums, told_by_sums
from faktura.store.tests.test_check import run
from faktura.store.tests.test_queries import SAMPLE, SIXTY, add_samples, empty
from faktura.store.transaction import Transaction
from tests.samples import Sample, declared

WRONG = [f"samples: the kept sums are not those of the records; {REINDEX}"]
DAY = dt.date(2026, 1, 2)
NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)

TOLD = (Condition("amount", "gt", Decimal(0)), Condition("number", "null", value=True))
OTHERS = (
    *(Condition("name", "eq", ""), Condition("name", "in", ("", "a")), Condition("day", "lt", DAY)),
    *(Condition("day", "gteq", DAY), Condition("day", "eq", DAY), Condition("name", "eq", "\0")),
)
SELECTIONS = st.lists(st.sampled_from([*TOLD, *OTHERS]), max_size=4).map(lambda some: Selection(tuple(some)))
GROUPS = st.sampled_from([(), ("name",), ("day",), (Month("day"), "name")])
CHANGES = st.lists(st.tuples(st.integers(0, 9), st.none() | SAMPLE), max_size=12)


@pytest.fixture
def samples(samples: Database) -> Iterator[Database]:
    yield samples
    assert findings(samples) == []


def findings(database: Database) -> list[str]:
    with snapshot(database) as tx:
        return list(wrong_kept_sums(tx, Sample, lambda _: None))


def change_some(tx: Transaction, changes: list[tuple[int, dict[str, Any] | None]]) -> None:
    """Change or remove samples by their place."""
    for place, values in changes:
        some = queries.records(tx, Sample, 1, Selection())
        if not some:
            return
        old = some[place % len(some)]
        if values is None:
            tx.remove(old)
        else:
            tx.replace(old, changed(old, version=old.version + 1, **values))


@SIXTY
@given(values=st.lists(SAMPLE, max_size=8), changes=CHANGES, selection=SELECTIONS, by=GROUPS)
def test_kept_sums_are_those_of_the_records_whatever_was_done_to_them(
    samples: Database, values: list[dict[str, Any]], changes: Any, selection: Selection, by: tuple[Any, ...]
) -> None:
    empty(samples)
    add_samples(samples, 1, values)
    add_samples(samples, 2, values)
    samples.write(lambda tx: change_some(tx, changes))

    def summed(tx: Transaction) -> list[Sum]:
        return sums(tx, Sample, 1, selection, ("amount",), by)

    def counted(tx: Transaction) -> int:
        return count(tx, Sample, 1, selection)

    if "day" in {c.attribute for c in selection.conditions} or by != ("day",):
        assert told_by_sums(Sample, 1, selection, ("amount",), by) is not None
    # Whoever writes asks the records themselves.
    assert samples.read(summed) == [one for one in samples.write(summed) if None not in one.group]
    assert samples.read(counted) == samples.write(counted)


def test_what_is_undone_leaves_sums_as_they_were(samples: Database) -> None:
    add_samples(samples, 1, [{"amount": Decimal(5)}])

    def in_vain(tx: Transaction) -> None:
        change_some(tx, [(0, {"amount": Decimal(7)})])
        raise LookupError

    with pytest.raises(LookupError):
        samples.write(in_vain)
    assert samples.read(lambda tx: sums(tx, Sample, 1, Selection(), ("amount",))) == [Sum((), 1, (Decimal(5),))]


def test_sums_hold_while_many_write_to_one_account(samples: Database) -> None:
    add_samples(samples, 1, [{"amount": Decimal(0)}] * 4)

    def write(place: int) -> None:
        for amount in range(1, 21):
            values = {"amount": Decimal(amount), "day": DAY + dt.timedelta(days=amount % 3)}
            samples.write(lambda tx, values=values: change_some(tx, [(place, values)]), 1)  # type: ignore[misc]

    writers = [threading.Thread(target=write, args=(place,)) for place in range(4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert findings(samples) == []
    assert samples.read(lambda tx: sums(tx, Sample, 1, Selection(), ("amount",))) == [Sum((), 4, (Decimal(80),))]


def test_a_check_finds_sums_that_are_wrong_and_reindexing_mends_them(samples: Database) -> None:
    add_samples(samples, 1, [{"amount": Decimal("-0.5"), "day": DAY}, {"amount": Decimal("2.000001")}, {}])

    for damage in (
        "UPDATE samples_sums SET amount_rest = amount_rest + 1 WHERE day_of = 'day'",
        "DELETE FROM samples_sums WHERE day_of = ''",
        "UPDATE samples_sums SET account_id = 2",
    ):
        run(samples, damage)
        assert findings(samples) == WRONG, damage
        with declared(Sample):
            reindex(samples, lambda _: None)
        assert findings(samples) == [], damage


def test_what_sums_are_told_by_is_not_redirected_by_a_statement_alone(samples: Database) -> None:
    with pytest.raises(TypeError):
        samples.write(lambda tx: list(redirect(tx, Sample, "amount", Ways(1, 1, 2), NOON)))
