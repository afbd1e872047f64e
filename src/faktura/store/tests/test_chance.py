"""Random values: of the system, or of a seed, whose rows are as far drawn as the database says."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from faktura.store import schema
from faktura.store.backup import copy_records
from faktura.store.chance import SYSTEM, Seeded
from faktura.store.counters import last_ids
from faktura.store.database import Database, open_database
from faktura.store.transaction import Transaction

SEED = "forty-two"


@contextlib.contextmanager
def seeded(file: Path, seed: str = SEED) -> Iterator[Database]:
    database = open_database(f"sqlite:///{file}", Seeded(seed))
    with contextlib.closing(database):
        schema.prepare(database)
        yield database


def some(tx: Transaction) -> list[str]:
    chance = tx.chance
    return [chance.uuid("contacts"), chance.digits("tokens", 20), chance.letters("links", 24), chance.uuid("contacts")]


def test_the_system_draws_something_else_each_time_on_both_engines(database: Database) -> None:
    assert database.chance is SYSTEM

    assert len({*database.write(some), *database.write(some), *database.read(some)}) == 3 * 4


def test_a_seed_gives_the_same_again_and_another_seed_something_else(tmp_path: Path) -> None:
    drawn = []
    for name, seed in (("one", SEED), ("two", SEED), ("three", "another")):
        with seeded(tmp_path / name, seed) as database:
            drawn.append(database.write(some) + database.write(some))

    assert drawn[0] == drawn[1]
    assert len({*drawn[0], *drawn[2]}) == 2 * 8


def test_what_one_thing_draws_shifts_no_other(tmp_path: Path) -> None:
    with seeded(tmp_path / "one") as one, seeded(tmp_path / "two") as two:
        two.write(lambda tx: [tx.chance.uuid("deliveries") for _ in range(5)])

        assert one.write(some) == two.write(some)


def test_what_was_undone_is_drawn_again(tmp_path: Path) -> None:
    with seeded(tmp_path / "one") as one, seeded(tmp_path / "two") as two:
        with pytest.raises(ZeroDivisionError):
            one.write(lambda tx: (some(tx), 1 // 0))

        assert one.write(some) == two.write(some)


def test_a_program_that_starts_again_goes_on_where_it_was(tmp_path: Path) -> None:
    with seeded(tmp_path / "one") as database:
        before = database.write(some)
    with seeded(tmp_path / "one") as database:
        after = database.write(some)
    with seeded(tmp_path / "two") as database:
        assert [database.write(some), database.write(some)] == [before, after]


def test_a_database_brought_back_draws_once_more_what_it_drew_from_there(tmp_path: Path) -> None:
    with seeded(tmp_path / "now") as database:
        database.write(some)
    (tmp_path / "then").write_bytes((tmp_path / "now").read_bytes())

    with seeded(tmp_path / "now") as now, seeded(tmp_path / "then") as then:
        assert [now.write(some) for _ in range(3)] == [then.write(some) for _ in range(3)]


def test_where_nothing_is_written_nothing_is_counted(tmp_path: Path) -> None:
    with seeded(tmp_path / "one") as one, seeded(tmp_path / "two") as two:
        assert one.read(some) == one.read(some)

        assert one.write(some) == two.write(some)


def test_what_was_drawn_is_no_number_of_a_table(tmp_path: Path) -> None:
    """Checks and copies look at the last ids of tables."""
    with seeded(tmp_path / "one") as old, seeded(tmp_path / "two") as new:
        old.write(some)

        assert not any("chance" in table for table in old.read(last_ids))
        copy_records(old, new, lambda _line: None)
