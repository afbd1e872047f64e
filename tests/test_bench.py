"""The bench: its arithmetic with plain values, and a tiny run of all its parts."""

import contextlib
import shutil
from pathlib import Path

import msgspec
import pytest

from bench.__main__ import measure
from bench.contest import Scale
from bench.data import given_invoice, postgres_template, sqlite_file
from bench.load import Load, Shot
from bench.operations import OPERATIONS
from bench.report import Mark, Measured, limit_mark, marks, measurements, together
from bench.sizes import ACCOUNTS, invoice_ids_of, invoice_owners_of, owners_of, sizes_of
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.store.check import check
from faktura.store.database import open_database
from faktura.store.records import changed, differing
from faktura.store.transaction import Transaction
from tests import needs
from tests.postgres import fresh_database

WRITING = tuple(operation for operation in OPERATIONS if operation.key in {"create", "issue"})
TINY = Scale(
    "tiny", 500, 0, seconds=1, rounds=1, connections=(4,), postgres=False, starts=1, operations=WRITING, printing=()
)


def shot(per_second: float, cpu_seconds: float = 1.0, p99: float = 0.005) -> Shot:
    """A load of two seconds."""
    return Shot(Load(int(per_second * 2), 2.0, 0.001, p99, 0.1, 0), cpu_seconds)


def row(connections: int, ours: float, http: float, database: float, opponent: float = 50) -> Measured:
    return Measured("list", connections, shot(ours), shot(http), database, {"FastAPI": shot(opponent)})


def test_the_limit_of_an_operation_is_the_slower_of_the_two() -> None:
    assert row(16, 300, http=1000, database=600).ratio_to_limit == pytest.approx(0.5)
    assert row(16, 300, http=400, database=600).ratio_to_limit == pytest.approx(0.75)


def test_an_opponent_that_answers_nothing_is_a_row_that_says_so() -> None:
    assert "answered nothing" in measurements([row(16, 300, http=1000, database=600, opponent=0)])


def test_a_mark_counts_the_worse_of_16_and_64_connections() -> None:
    rows = [row(1, 10, 1000, 1000), row(16, 500, 1000, 1000), row(64, 400, 1000, 1000)]
    assert limit_mark(rows, "list", 0.4).value == pytest.approx(0.4)
    assert limit_mark(rows, "list", 0.4).met
    assert not limit_mark(rows, "list", 0.41).met


def test_cpu_is_told_in_microseconds_of_one_request() -> None:
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
    assert cells == ["list", "16", "300", "1.0", "5.0", "1,667", "600 (database)", "0.50", "50", "5.0", "10,000", "6.0"]


def test_an_operation_without_an_opponent_leaves_those_columns_empty() -> None:
    alone = row(16, 300, http=1000, database=600)._replace(operation="alone", opponents={})
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


def test_accounts_grow_side_by_side_and_the_same_every_time() -> None:
    assert [owners_of(500).count(place) for place in range(ACCOUNTS)] == sizes_of(500)
    assert owners_of.__wrapped__(500) == owners_of(500)
    assert len(set(owners_of(20_000)[1000:1100])) > 10


def test_the_data_is_whole_on_sqlite(tmp_path: Path) -> None:
    assert problems_of(f"sqlite:///{sqlite_file(tmp_path, 500)}") == []


def test_the_data_is_whole_on_postgresql(postgres_server: str) -> None:
    with fresh_database(postgres_server, postgres_template(postgres_server, 500)) as url:
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


@needs.FAKTUROID
@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
def test_a_tiny_run_measures_everything_and_leaves_only_the_data(tmp_path: Path) -> None:
    text = measure(TINY, tmp_path)
    assert "create a contact" in text
    assert "FastAPI" in text
    assert "64 writers of contacts: refused" in text
    assert "64 writers of invoices: refused" in text
    assert sorted(path.name.partition("-")[0] for path in tmp_path.iterdir()) == ["data", "lock", "opponent"]
