"""A message whose worker is killed as soon as it has left goes out once more at most, under the same id."""

import datetime as dt
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.clock import Clock
from faktura.core.messages import MOST_UNKNOWN, Message, Outgoing, write_message
from faktura.jobs import Reach, handlers
from faktura.outputs.mail.server import read_mail_server
from faktura.store.database import Database
from faktura.store.every import every
from faktura.worker import Worker
from tests.firm import issue_any, open_firm
from tests.mail_double import Mailroom, mail_server
from tests.running import PATIENCE, environment


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
    return clock


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mail_server() as room:
        yield room


def test_a_message_whose_worker_was_killed_goes_out_once_more_under_the_same_id(
    database: Database, clock: Clock, room: Mailroom
) -> None:
    write(database, clock)
    be_killed_while_sending(database, room)
    assert len(room.received) == 1
    clock.stand_at(jobs_in(database)[0].waits_until or clock.now())
    mailer = worker(database, clock, room)

    while mailer.do_next():
        pass

    first, second = room.emails
    assert first["Message-ID"] == second["Message-ID"]
    assert (message_in(database).state, message_in(database).attempts) == ("sent", 2)
    assert jobs_in(database) == []


def test_a_message_whose_workers_die_again_and_again_is_not_sent_for_ever(
    database: Database, clock: Clock, room: Mailroom
) -> None:
    write(database, clock)
    be_killed_while_sending(database, room)
    be_killed_while_sending(database, room)
    clock.stand_at(jobs_in(database)[0].waits_until or clock.now())

    assert worker(database, clock, room).do_next()

    assert len(room.received) == MOST_UNKNOWN
    message = message_in(database)
    assert (message.state, message.attempts) == ("failed", 2)
    assert "perhaps" in str(message.answer)


def write(database: Database, clock: Clock) -> None:
    firm = open_firm(database, clock)

    def work(books: Books) -> None:
        write_message(books, issue_any(books), Outgoing("odberatel@firma.example", "Faktura č. 1", "Dobrý den"))

    database.write(lambda tx: work(Books(tx, firm.account, None, clock.now())))


def be_killed_while_sending(database: Database, room: Mailroom) -> None:
    [job] = jobs_in(database)
    url = database.url.render_as_string(hide_password=False)
    due = (job.waits_until or job.created_at).isoformat()
    command = [sys.executable, "-m", "tests.proofs.dying_mailer", url, address_of(room), due]
    died = subprocess.run(command, env=environment(), timeout=PATIENCE, check=False)
    assert died.returncode == -signal.SIGKILL


def worker(database: Database, clock: Clock, room: Mailroom) -> Worker:
    return Worker(database, clock, handlers(), Reach(mail_server=read_mail_server(address_of(room))))


def address_of(room: Mailroom) -> str:
    return f"smtp://127.0.0.1:{room.port}?from=posta@house.example"


def jobs_in(database: Database) -> list[Job]:
    return database.read(lambda tx: [Job(*row) for rows in every(tx, Job) for row in rows])


def message_in(database: Database) -> Message:
    [message] = database.read(lambda tx: [Message(*row) for rows in every(tx, Message) for row in rows])
    return message
