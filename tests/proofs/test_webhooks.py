"""What happens reaches a receiver that fails at random: each event, with one key, in the order of its record."""

import dataclasses
import datetime as dt
import json
import random
import threading
from collections import defaultdict

import pytest

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import waiting
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact, change_contact
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.core.people.applications import Application
from faktura.core.subscriptions import subscribe
from faktura.jobs import Reach, handlers
from faktura.jobs.deliver import DELAYS
from faktura.outside.http import Client
from faktura.store.database import Database
from faktura.store.transaction import Transaction
from faktura.worker import Worker
from tests.firm import Firm, open_firm
from tests.http_double import Host, Reply, host
from tests.proofs.history import length

EVENTS = length(60, 2000)
RECORDS = EVENTS // 5
MOST_FAILURES = len(DELAYS)


@dataclasses.dataclass
class Moody:
    """Takes what it is told, or not, as chance has it; after so many failures of one key it does."""

    chance: random.Random
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)
    failures: dict[str, int] = dataclasses.field(default_factory=lambda: defaultdict(int))
    taken: list[tuple[str, int, str]] = dataclasses.field(default_factory=list)
    """Key, record, and what it was called."""

    def hear(self, key: str, body: bytes) -> Reply:
        subject = json.loads(body)["body"]["subject"]
        with self.lock:
            if self.failures[key] < MOST_FAILURES and self.chance.random() < 0.3:
                self.failures[key] += 1
                return self.chance.choice([Reply(500), Reply(302, location="/"), Reply(404, b"?")])
            self.taken.append((key, subject["id"], subject["name"]))
            return Reply(200)


@pytest.mark.needs("fakturoid")
def test_each_event_arrives_at_least_once_with_one_key_and_in_the_order_of_its_record(
    database: Database, chance: random.Random
) -> None:
    clock, moody = Clock(), Moody(chance)
    clock.stand_at(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
    firm = open_firm(database, clock)
    receiver: Host
    with host(lambda _path: moody.hear(receiver.here.headers["idempotency-key"], receiver.here.body)) as receiver:
        listen(database, firm, clock, receiver.url)
        happened = trade(database, firm, clock, chance)
        until_nothing_waits(database, clock)

    heard: dict[int, list[str]] = defaultdict(list)
    keys: dict[str, set[str]] = defaultdict(set)
    for key, record, name in moody.taken:
        heard[record].append(name)
        keys[name].add(key)
    assert {record: list(dict.fromkeys(names)) for record, names in heard.items()} == happened
    assert all(len(of_event) == 1 for of_event in keys.values())
    assert sum(map(len, happened.values())) == EVENTS
    assert sum(moody.failures.values()) > EVENTS // 10


def listen(database: Database, firm: Firm, clock: Clock, url: str) -> None:
    def work(books: Books) -> None:
        application = Office(books.tx, books.now).find(Application, client_id=firm.client_id)
        subscribe(
            books,
            Given({"url": url, "events": ("subject_created", "subject_updated")}),
            "",
            door="fakturoid",
            application_id=application.id,
            grant_id=1,
            user_id=firm.user.id,
            api_root="http://localhost/api",
            web_root="http://localhost",
        )

    database.write(lambda tx: work(books_of(Office(tx, clock.now()), firm)), firm.account.id)


def trade(database: Database, firm: Firm, clock: Clock, chance: random.Random) -> dict[int, list[str]]:
    """By record, the names that it was given, one event each."""
    happened: dict[int, list[str]] = {}

    def work(books: Books, name: str) -> int:
        if len(happened) < RECORDS:
            return add_contact(books, Given({"name": name})).id
        return change_contact(books, chance.choice(sorted(happened)), Given({"name": name})).id

    for number in range(EVENTS):
        name = f"Name {number}"

        def write(tx: Transaction, name: str = name) -> int:
            return work(books_of(Office(tx, clock.now()), firm), name)

        happened.setdefault(database.write(write, firm.account.id), []).append(name)
    return happened


def books_of(office: Office, firm: Firm) -> Books:
    return Books(office.tx, office.find(Account, id=firm.account.id), firm.user.id, office.now)


def until_nothing_waits(database: Database, clock: Clock) -> None:
    """Two workers do what is due together; then time goes on."""
    reach = Reach(client=Client(loopback=True))
    workers = [Worker(database, clock, handlers(), reach) for _ in range(2)]
    for _ in range(EVENTS * len(DELAYS)):
        threads = [threading.Thread(target=do_all, args=(worker,)) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if not database.read(waiting):
            return
        clock.stand_at(clock.now() + DELAYS[0])
    pytest.fail("something waits for ever")


def do_all(worker: Worker) -> None:
    while worker.do_next():
        pass
