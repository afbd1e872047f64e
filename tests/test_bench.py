"""The bench: its arithmetic with plain values, and its data."""

import contextlib
import shutil
from pathlib import Path

import msgspec
import pytest

from bench.data import given_invoice, postgres_template, sqlite_file
from bench.load import Load, Shot
from bench.marks import limit_mark, speed_marks
from bench.operations import OPERATIONS, PRINTING
from bench.report import marks, measurements
from bench.rows import Failed, Mark, Measured, together
from bench.sizes import ACCOUNTS, invoice_ids_of, invoice_owners_of, invoice_sizes_of, owners_of, sizes_of
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.store.check import check
from faktura.store.database import open_database
from faktura.store.records import changed, differing
from faktura.store.transaction import Transaction
from tests.postgres import fresh_database

LIST = next(operation for operation in OPERATIONS if operation.key == "list")


def shot(per_second: float, cpu_seconds: float = 1.0, p99: float = 0.005) -> Shot:
    """A load of two seconds."""
    return Shot(Load(int(per_second * 2), 2.0, 0.001, p99, 0.1, 0), cpu_seconds)


def row(connections: int, ours: float, http: float, database: float, opponent: float = 50) -> Measured:
    return Measured(LIST.name, connections, shot(ours), shot(http), database, {"FastAPI": shot(opponent)})


def test_the_limit_of_an_operation_is_the_slower_of_the_two() -> None:
    assert row(16, 300, http=1000, database=600).ratio_to_limit == pytest.approx(0.5)
    assert row(16, 300, http=400, database=600).ratio_to_limit == pytest.approx(0.75)


def test_an_opponent_that_answers_nothing_is_a_row_that_says_so() -> None:
    assert "answered nothing" in measurements([row(16, 300, http=1000, database=600, opponent=0)])


def test_a_mark_counts_the_worse_of_16_and_64_connections() -> None:
    rows = [row(1, 10, 1000, 1000), row(16, 500, 1000, 1000), row(64, 400, 1000, 1000)]
    assert limit_mark(LIST._replace(mark=0.4), rows).value == pytest.approx(0.4)
    assert limit_mark(LIST._replace(mark=0.4), rows).verdict == "met"
    assert limit_mark(LIST._replace(mark=0.41), rows).verdict == "**not met**"


def test_each_operation_has_its_marks() -> None:
    def found(key: str, connections: int, **of_row: float) -> dict[str, str]:
        [operation] = [operation for operation in (*OPERATIONS, *PRINTING) if operation.key == key]
        one = Measured(operation.name, connections, shot(100, **of_row), shot(200), 200, {"Directus": shot(4)})
        marked = [mark for mark in speed_marks([one], [operation]) if isinstance(mark, Mark)]
        return {mark.what.removeprefix(operation.name): mark.verdict for mark in marked}

    missed = "**not met**"
    assert found("search", 1, p99=0.021) == {", 1 connection: p99": missed, ", 1 connection: CPU": missed}
    assert found("search", 16, p99=0.079, cpu_seconds=0.8) == {
        ", 16 connections: p99": "met",
        ", 16 connections: CPU": "met",
    }
    assert found("pdf", 1) == {": at its best": "met", ", 1 connection: p50": "met"}
    assert found("issue", 16) == {": ratio to the limit": "met", ": times Directus": "met"}


def test_a_silent_directus_meets_no_mark() -> None:
    [issue] = [operation for operation in OPERATIONS if operation.key == "issue"]
    for silent in (shot(0), "did not start: FileNotFoundError: npm"):
        one = Measured(issue.name, 16, shot(100), shot(200), 200, {"Directus": silent})
        assert Failed(f"{issue.name}: times Directus", "it answered nothing", is_ours=False) in speed_marks(
            [one], [issue]
        )


def test_what_failed_is_a_row_that_says_why() -> None:
    assert "failed: OSError: gone" in marks([Failed("start", "OSError: gone")])
    died = msgspec.structs.replace(row(16, 300, http=1000, database=600), opponents={"FastAPI": "died"})
    assert "died" in measurements([died])


def test_cpu_is_said_in_microseconds_of_one_request() -> None:
    assert shot(1000, cpu_seconds=0.5).cpu_micros == pytest.approx(250)


def test_rounds_are_summed_and_their_longest_wait_counts() -> None:
    first, second = Load(100, 1.0, 0.001, 0.010, 0.2, 0), Load(300, 3.0, 0.003, 0.030, 0.9, 2)
    both = together([Shot(first, 0.1), Shot(second, 0.5)])
    assert (both.load.per_second, both.load.p99, both.load.longest, both.load.refused) == (100, 0.02, 0.9, 2)
    assert both.cpu_micros == pytest.approx(1500)


def test_the_table_shows_rates_and_ratios() -> None:
    heads, _, line = measurements([row(16, 300, http=1000, database=600)]).splitlines()
    assert [cell.strip() for cell in heads.split("|")][8:11] == ["of the limit", "FastAPI/s", "p99 ms"]
    cells = [cell.strip() for cell in line.split("|")[1:-1]]
    assert cells == [
        LIST.name,
        "16",
        "300",
        "1.0",
        "5.0",
        "1,667",
        "600 (database)",
        "0.50",
        "50",
        "5.0",
        "10,000",
        "6.0",
    ]


def test_an_operation_without_an_opponent_leaves_those_columns_empty() -> None:
    alone = msgspec.structs.replace(row(16, 300, http=1000, database=600), operation="alone", opponents={})
    _, _, *lines = measurements([alone, row(16, 300, http=1000, database=600)]).splitlines()
    assert [line.count("|") for line in lines] == [13, 13]
    assert [cell.strip() for cell in lines[0].split("|")[9:-1]] == [""] * 4


@pytest.mark.parametrize("key", ["search", "name_part", "nip", "by_name"])
def test_no_search_is_asked_twice(key: str) -> None:
    [operation] = [operation for operation in OPERATIONS if operation.key == key]
    paths = operation.paths(20_000)
    assert len(set(paths)) == len(paths) > 10_000


def test_a_mark_that_is_missed_stands_out() -> None:
    assert "**not met**" in marks([Mark("start", 2, 1.5, unit=" s")])
    assert "**not met**" not in marks([Mark("start", 1.5, 1.5, unit=" s")])


@pytest.mark.parametrize("contacts", [500, 20_000, 1_000_000])
def test_accounts_are_of_skewed_size_and_none_is_empty(contacts: int) -> None:
    sizes = sizes_of(contacts)
    assert (len(sizes), sum(sizes)) == (ACCOUNTS, contacts)
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) >= 1
    if contacts == 1_000_000:
        assert sizes[0] == pytest.approx(190_000, rel=0.01)


@pytest.mark.parametrize("contacts", [2_000, 10_000, 1_000_000])
def test_the_largest_account_has_half_of_the_invoices(contacts: int) -> None:
    sizes = invoice_sizes_of(contacts)
    assert (sum(sizes), sizes[0], min(sizes) >= 1) == (contacts // 5, contacts // 10, True)


def test_accounts_grow_side_by_side_and_the_same_every_time() -> None:
    assert [owners_of(500).count(place) for place in range(ACCOUNTS)] == sizes_of(500)
    assert owners_of.__wrapped__(500) == owners_of(500)
    assert len(set(owners_of(20_000)[1000:1100])) > 10


def test_the_data_is_whole_on_sqlite(tmp_path: Path) -> None:
    assert problems_of(f"sqlite:///{sqlite_file(tmp_path, 500)}") == []


def test_the_data_is_whole_on_postgresql(postgres_server: str, tmp_path: Path) -> None:
    with fresh_database(postgres_server, postgres_template(postgres_server, tmp_path, 500)) as url:
        assert problems_of(url) == []


def test_invoices_are_written_as_the_business_issues_them(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{shutil.copy(sqlite_file(tmp_path, 1000), tmp_path / 'copy.sqlite')}")
    issued_by_the_bench = range(ACCOUNTS, len(invoice_owners_of(1000)), 7)
    with contextlib.closing(database):
        for n in issued_by_the_bench:
            filled, issued = database.write(lambda tx, n=n: (filled_invoice(tx, n), issued_again(tx, n)))  # type: ignore[misc]
            assert [line.id for line in filled.lines] == list(range(filled.id - len(filled.lines), filled.id))
            assert differing(filled, alike(filled, issued)) == ()
        assert len(issued_by_the_bench) > 10


def filled_invoice(tx: Transaction, n: int) -> Invoice:
    place = invoice_owners_of(1000)[n]
    earlier = invoice_owners_of(1000)[:n].count(place)
    found = tx.get(Invoice, id=invoice_ids_of(1000, place, earlier + 1)[earlier])
    assert found is not None
    assert (found.counter, found.number[-4:]) == (earlier + 1, f"{earlier + 1:04}")
    return found


def issued_again(tx: Transaction, n: int) -> Invoice:
    filled = filled_invoice(tx, n)
    account = tx.get(Account, id=filled.account_id)
    assert account is not None
    return issue_invoice(Books(tx, account, 1, Clock().now()), given_invoice(filled.contact_id, n))


def alike(filled: Invoice, issued: Invoice) -> Invoice:
    """The second with all that must be another in the first."""
    own = ("id", "uuid", "token", "number", "counter", "created_at", "updated_at")
    lines = tuple(
        msgspec.structs.replace(line, id=old.id) for line, old in zip(issued.lines, filled.lines, strict=True)
    )
    return changed(issued, lines=lines, **{name: getattr(filled, name) for name in own})


def problems_of(url: str) -> list[str]:
    database = open_database(url)
    with contextlib.closing(database):
        return check(database, print)
