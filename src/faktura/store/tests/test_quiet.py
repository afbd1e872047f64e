"""What was read on PostgreSQL holds on while nobody commits, which is asked for all accounts together."""

import contextlib
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from faktura.store import quiet
from faktura.store.database import Database, open_database
from faktura.store.quiet import Quiet
from faktura.store.tests.test_search import add
from tests.samples import Sample, declared, lay_out

SOON = 5.0
A_WHILE = 0.1


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes a second takes a tenth of it."""
    monkeypatch.setattr(quiet, "EVERY", 0.01)


@contextlib.contextmanager
def asking(look: Callable[[], str | None]) -> Iterator[Quiet]:
    """One that somebody wants to know from."""
    found = Quiet(look)
    found.want(time.monotonic())
    yield found
    found.close()


def is_soon_so(tell: Callable[[], bool]) -> bool:
    until = time.monotonic() + SOON
    while not (so := tell()) and time.monotonic() < until:
        time.sleep(0.005)
    return so


def held_since(found: Quiet) -> float:
    """A time from which on what was read holds; asked for until there is one."""
    assert is_soon_so(lambda: found.holds(time.monotonic(), time.monotonic()))
    return time.monotonic()


def test_what_was_read_holds_while_the_same_is_seen() -> None:
    with asking(lambda: "3:3:") as found:
        taken = held_since(found)
        time.sleep(A_WHILE)
        assert found.holds(taken, time.monotonic())


def test_what_was_read_before_somebody_committed_holds_no_more() -> None:
    seen = ["3:3:"]
    with asking(lambda: seen[0]) as found:
        taken = held_since(found)
        seen[0] = "4:4:"
        assert is_soon_so(lambda: not found.holds(taken, time.monotonic()))
        held_since(found)


def test_a_database_that_says_nothing_lets_nothing_hold() -> None:
    seen: list[str | None] = ["3:3:"]
    with asking(lambda: seen[0]) as found:
        taken = held_since(found)
        seen[0] = None
        assert is_soon_so(lambda: not found.holds(taken, time.monotonic()))
        later = time.monotonic()
        time.sleep(A_WHILE)
        assert not found.holds(later, time.monotonic())


def test_an_answer_that_does_not_come_lets_what_was_read_hold_for_a_second_at_most() -> None:
    with asking(lambda: "3:3:") as found:
        taken = held_since(found)
        assert found.holds(taken, time.monotonic() + quiet.LONGEST / 2)
        assert not found.holds(taken, time.monotonic() + quiet.LONGEST)


def test_nobody_is_asked_while_nobody_wants_to_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet, "LONGEST", 0.05)
    asked: list[str] = []

    def look() -> str:
        asked.append("once more")
        return "3:3:"

    with asking(look) as found:
        time.sleep(A_WHILE)
        before = len(asked)
        time.sleep(A_WHILE)
        assert len(asked) == before > 0
        found.want(time.monotonic())
        assert is_soon_so(lambda: len(asked) > before)


@pytest.fixture
def asked(postgres_url: str) -> Iterator[Database]:
    """A database that says who commits; SQLite is asked nothing."""
    with contextlib.closing(open_database(postgres_url)) as database, declared(Sample):
        lay_out(database, Sample)
        yield database


def test_a_mark_holds_past_its_second_until_another_program_commits(
    asked: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("faktura.store.changes.LONGEST", 0.05)
    assert is_soon_so(lambda: asked.state(1) is not None and is_kept(asked))

    other = open_database(postgres_url)
    before = asked.state(1)
    add(other, "Novák", account_id=2)
    assert is_soon_so(lambda: asked.state(1) is not before)
    assert is_soon_so(lambda: is_kept(asked))
    other.close()


def is_kept(database: Database) -> bool:
    """Whether a mark stays the same for longer than it does by itself."""
    before = database.state(1)
    time.sleep(A_WHILE)
    return database.state(1) is before


def test_on_a_cluster_nothing_is_seen_of_what_others_commit(asked: Database, postgres_url: str) -> None:
    address = postgres_url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE VIEW citus_tables AS SELECT 1")
    asked.state(1)
    time.sleep(A_WHILE)
    assert not is_soon_held(asked)


def is_soon_held(database: Database) -> bool:
    until = time.monotonic() + 3 * A_WHILE
    held = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("faktura.store.changes.LONGEST", 0.05)
        while not held and time.monotonic() < until:
            held = is_kept(database)
    return held
