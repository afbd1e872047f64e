"""No account can slow another: what hangs, what is long and what is many of one account keeps no other waiting."""

import contextlib
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Given
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Outgoing, write_message
from faktura.store import schema
from faktura.store.database import Database, open_database
from faktura.store.every import every
from tests import needs
from tests.firm import Firm, open_firm
from tests.proofs.history import length
from tests.proofs.served import headers_of, settings_for
from tests.running import Answer, Server, running

PATIENCE = 120

LINE = {"name": "Work", "quantity": "1.5", "unit_price": "123.45", "vat_rate": 21}

CLOCK = Clock()


BOTH_ENGINES = pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if getattr(request, "param", "sqlite") == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'faktura.sqlite'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with contextlib.closing(open_database(url)) as database:
        schema.prepare(database)
        yield database


@pytest.fixture
def greedy(database: Database) -> Firm:
    return open_shop(database, "greedy")


@pytest.fixture
def modest(database: Database) -> Firm:
    return open_shop(database, "modest")


def open_shop(database: Database, slug: str) -> Firm:
    """A firm that can issue, with one contact."""
    firm = open_firm(database, CLOCK, slug)
    write(database, firm, lambda books: add_bank_account(books, Given({"name": "A", "number": "2000145399/0800"})))
    write(database, firm, lambda books: add_contact(books, Given({"name": "Buyer", "email": "buyer@example.com"})))
    return firm


def write(database: Database, firm: Firm, work: Callable[[Books], Any]) -> Any:
    return database.write(lambda tx: work(Books(tx, firm.account, firm.user.id, CLOCK.now())))


def issue(database: Database, firm: Firm, lines: int) -> Invoice:
    line = {"name": "Work", "unit_price": Decimal(100), "vat_rate": Decimal(21)}
    given = Given({"contact_id": contact_of(database, firm), "lines": [Given(line) for _ in range(lines)]})
    issued: Invoice = write(database, firm, lambda books: issue_invoice(books, given))
    return issued


def contact_of(database: Database, firm: Firm) -> int:
    [contact] = write(database, firm, lambda books: books.all(Contact))
    return int(contact.id)


def jobs_of(database: Database, firm: Firm, name: str) -> int:
    found = database.read(lambda tx: [Job(*row) for rows in every(tx, Job) for row in rows])
    return sum(job.account_id == firm.account.id and job.name == name for job in found)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextlib.contextmanager
def silent_mail_server() -> Iterator[tuple[int, list[socket.socket]]]:
    """It takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        taken: list[socket.socket] = []

        def take() -> None:
            with contextlib.suppress(OSError):
                while True:
                    taken.append(listening.accept()[0])

        threading.Thread(target=take, daemon=True).start()
        try:
            yield int(listening.getsockname()[1]), taken
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            for connection in taken:
                connection.close()


@BOTH_ENGINES
def test_a_mail_server_that_hangs_stops_no_other_jobs(
    database: Database, url: str, greedy: Firm, modest: Firm, tmp_path: Path
) -> None:
    letters = [(firm, issue(database, firm, 1)) for firm in (greedy, modest)]

    def write_letter(firm: Firm, invoice: Invoice) -> None:
        letter = ("buyer@example.com", "Invoice", "Dear buyer")
        write(database, firm, lambda books: write_message(books, invoice, Outgoing(*letter, print_as=None)))

    for _ in range(5):
        write_letter(*letters[0])
    with silent_mail_server() as (port, taken):
        settings = {**settings_for(url), "FAKTURA_SMTP_URL": f"smtp://127.0.0.1:{port}?from=house@example.com"}
        with running(tmp_path, "serve", settings=settings) as server:
            wait_until(lambda: bool(taken))
            write(database, modest, lambda books: books.later("restate_account"))
            wait_until(lambda: jobs_of(database, modest, "restate_account") == 0)
            write_letter(*letters[1])
            wait_until(lambda: len(taken) == 2)

            assert jobs_of(database, greedy, "send_message") == 5
            assert server.ask("GET", "/healthz").status == 200


@BOTH_ENGINES
def test_a_thousand_jobs_of_one_account_come_after_the_first_of_another(
    database: Database, url: str, greedy: Firm, modest: Firm, tmp_path: Path
) -> None:
    many = length(1000, 5000)

    def put_many(books: Books) -> None:
        for _ in range(many):
            books.later("restate_account")

    write(database, greedy, put_many)
    write(database, modest, lambda books: books.later("restate_account"))
    with running(tmp_path, "serve", settings=settings_for(url)):
        wait_until(lambda: jobs_of(database, modest, "restate_account") == 0)

        assert jobs_of(database, greedy, "restate_account") > many / 2


@needs.FAKTUROID
def test_giant_prints_of_one_account_come_after_a_small_one_of_another(
    database: Database, url: str, greedy: Firm, modest: Firm, tmp_path: Path
) -> None:
    giants = [issue(database, greedy, 500) for _ in range(length(12, 30))]
    small = issue(database, modest, 1)
    first = [(firm, issue(database, firm, 1)) for firm in (greedy, modest)]
    done: list[int] = []
    with running(tmp_path, "serve", settings=settings_for(url)) as server, ThreadPoolExecutor(len(giants)) as pool:

        def download_giant(giant: Invoice) -> None:
            download(server, greedy, giant)
            done.append(giant.id)

        # A process that prints takes a second to start, in which some giants are done.
        for started in [pool.submit(download, server, *each) for each in first]:
            started.result()
        for giant in giants:
            pool.submit(download_giant, giant)
        wait_until(lambda: bool(server.printing))
        assert server.ask("GET", "/healthz").status == 200
        assert download(server, modest, small).body.startswith(b"%PDF-")
        before = len(done)

    assert before < len(giants) / 2
    assert len(done) == len(giants)


def download(server: Server, firm: Firm, invoice: Invoice) -> Answer:
    """As clients do it: whoever gets 204 asks again."""
    path = f"/fakturoid/api/v3/accounts/{firm.account.slug}/invoices/{invoice.id}/download.pdf"
    deadline = time.monotonic() + PATIENCE
    while (answer := server.ask("GET", path, headers=headers_of(firm))).status == 204:
        assert time.monotonic() < deadline
    assert answer.status == 200
    return answer


@needs.FAKTUROID
def test_long_documents_of_one_account_let_short_ones_of_another_pass(
    database: Database, url: str, greedy: Firm, modest: Firm, tmp_path: Path
) -> None:
    """Six connections that post a thousand lines each get no more done than one that posts a line."""
    short, posted, stopped = length(15, 400), itertools.count(), threading.Event()

    def post(server: Server, firm: Firm, contact_id: int, lines: int) -> None:
        body = {"subject_id": contact_id, "lines": [LINE] * lines}
        path = f"/fakturoid/api/v3/accounts/{firm.account.slug}/invoices.json"
        assert server.ask("POST", path, body, headers_of(firm)).status == 201

    def keep_posting(server: Server, contact_id: int) -> None:
        while not stopped.is_set():
            post(server, greedy, contact_id, 1000)
            next(posted)

    theirs, ours = contact_of(database, greedy), contact_of(database, modest)
    with running(tmp_path, "serve", settings=settings_for(url)) as server, ThreadPoolExecutor(6) as pool:
        working = [pool.submit(keep_posting, server, theirs) for _ in range(6)]
        try:
            for _ in range(short):
                post(server, modest, ours, 1)
        finally:
            stopped.set()
        assert [work.result() for work in working] == [None] * 6

    assert next(posted) - 6 < 2 * short


@needs.FAKTUROID
def test_nothing_of_the_folder_that_the_server_was_started_in_is_executed(
    database: Database, url: str, modest: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "started here"
    folder.mkdir()
    (folder / "typst.py").write_text(f"open({str(folder / 'executed')!r}, 'w')\n")
    monkeypatch.chdir(folder)
    invoice = issue(database, modest, 1)
    with running(tmp_path, "serve", settings=settings_for(url)) as server:
        assert download(server, modest, invoice).body.startswith(b"%PDF-")

    assert not (folder / "executed").exists()
