"""What many threads write at once: nothing is refused, lost or numbered twice, on both engines."""

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact, change_contact
from faktura.core.errors import Given, Invalid, LimitReached
from faktura.store.database import Database
from faktura.store.errors import Stale
from faktura.store.postgres import Impatient
from faktura.store.records import changed
from faktura.store.transaction import Transaction
from tests.firm import Firm, open_firm
from tests.samples import Sample

THREADS = 64


def at_once(works: list[Callable[[], Any]]) -> list[Future[Any]]:
    """What becomes of works that all begin together, each in its thread."""
    begin = threading.Barrier(len(works))

    def wait_and(work: Callable[[], Any]) -> Any:
        begin.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [pool.submit(wait_and, work) for work in works]


def books_of(tx: Transaction, firm: Firm) -> Books:
    return Books(tx, firm.account, firm.user.id, Clock().now())


def all_contacts(database: Database, firm: Firm) -> list[Contact]:
    return database.read(lambda tx: books_of(tx, firm).all(Contact))


def test_what_is_asked_once_is_asked_again_after_each_write(database: Database) -> None:
    firm, answers = open_firm(database, Clock()), itertools.count()

    def work(tx: Transaction) -> list[int]:
        books = books_of(tx, firm)
        found = []

        def ask_twice() -> None:
            found.extend([tx.once("how many", lambda: next(answers)) for _ in range(2)])

        ask_twice()
        contact = add_contact(books, Given({"name": "Novák"}))
        ask_twice()
        contact = books.change(contact, changed(contact, name="Nováková"))
        ask_twice()
        books.remove(contact)
        ask_twice()
        return found

    assert database.write(work) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_sixty_four_threads_write_at_once_and_none_is_refused_or_lost(database: Database) -> None:
    firm = open_firm(database, Clock())

    def add(custom_id: str) -> int:
        given = Given({"name": "Novák", "custom_id": custom_id})
        return database.write(lambda tx: add_contact(books_of(tx, firm), given)).id

    def write(number: int) -> list[int]:
        database.read(lambda tx: tx.get(Contact, account_id=0, id=0))
        return [add(f"{number}-{round_}") for round_ in range(5)]

    with ThreadPoolExecutor(THREADS) as pool:
        ids = [added for several in pool.map(write, range(THREADS)) for added in several]

    assert len(set(ids)) == THREADS * 5
    assert {contact.id for contact in all_contacts(database, firm)} == set(ids)


def test_of_two_that_want_one_custom_id_exactly_one_gets_it_and_the_other_is_told(database: Database) -> None:
    firm = open_firm(database, Clock())

    def add(custom_id: str) -> Callable[[], Contact]:
        given = Given({"name": "Novák", "custom_id": custom_id})
        return lambda: database.write(lambda tx: add_contact(books_of(tx, firm), given))

    for number in range(10):
        futures = at_once([add(f"id {number}")] * 2)
        failures = [failure for future in futures if (failure := future.exception())]
        assert len(failures) == 1
        assert isinstance(failures[0], Invalid)
        assert [problem.code for problem in failures[0].problems["custom_id"]] == ["taken"]
    assert len(all_contacts(database, firm)) == 10


def test_changes_of_different_attributes_at_once_both_survive(database: Database) -> None:
    firm = open_firm(database, Clock())
    contact = database.write(lambda tx: add_contact(books_of(tx, firm), Given({"name": "Novák"})))

    def change(**values: str) -> Callable[[], Contact]:
        return lambda: database.write(lambda tx: change_contact(books_of(tx, firm), contact.id, Given(values)))

    for number in range(1, 11):
        wanted = {"city": f"Brno {number}", "street": f"Dlouhá {number}", "phone": f"{number}", "web": f"w{number}"}
        for future in at_once([change(**{name: value}) for name, value in wanted.items()]):
            future.result()
        (found,) = all_contacts(database, firm)
        assert {name: getattr(found, name) for name in wanted} == wanted
        assert found.version == 1 + 4 * number


def test_sixty_four_changes_of_one_record_at_once_are_all_made(database: Database) -> None:
    firm = open_firm(database, Clock())
    contact = database.write(lambda tx: add_contact(books_of(tx, firm), Given({"name": "Novák", "phone": "0"})))

    def count_up(tx: Transaction) -> None:
        counted = int(books_of(tx, firm).find(Contact, contact.id).phone or 0)
        change_contact(books_of(tx, firm), contact.id, Given({"phone": str(counted + 1)}))

    for future in at_once([lambda: database.write(count_up)] * THREADS):
        future.result()

    assert all_contacts(database, firm)[0].phone == str(THREADS)


def test_a_slow_change_is_made_however_many_quick_ones_come_between(database: Database) -> None:
    firm = open_firm(database, Clock())
    contact = database.write(lambda tx: add_contact(books_of(tx, firm), Given({"name": "Novák"})))
    is_done = threading.Event()

    def change(tx: Transaction, seconds: float, **values: str) -> None:
        books = books_of(tx, firm)
        old = books.find(Contact, contact.id)
        time.sleep(seconds)
        books.change(old, changed(old, **values))

    def change_on_and_on(number: int) -> int:
        for n in itertools.count():
            database.write(lambda tx, n=n: change(tx, 0.001, city=f"{number}-{n}"))  # type: ignore[misc]
            if is_done.is_set():
                return n
        raise AssertionError

    with ThreadPoolExecutor(THREADS) as pool:
        quick = [pool.submit(change_on_and_on, number) for number in range(8)]
        try:
            database.write(lambda tx: change(tx, 0.05, name="Nováková"))
        finally:
            is_done.set()
        assert all(future.result() is not None for future in quick)
    assert [found.name for found in all_contacts(database, firm)] == ["Nováková"]


def test_ids_that_are_asked_for_together_ascend_and_are_nobody_elses(database: Database) -> None:
    def take(count: int) -> list[int]:
        return database.write(lambda tx: [*tx.next_ids(Contact, count), tx.next_id(Contact)])

    taken = [future.result() for future in at_once([lambda n=n: take(n) for n in range(20)])]  # type: ignore[misc]
    assert [len(ids) for ids in taken] == list(range(1, 21))
    assert all(ids == sorted(ids) for ids in taken)
    assert len({record_id for ids in taken for record_id in ids}) == sum(range(1, 21))


def test_work_that_fails_leaves_nothing_behind(database: Database) -> None:
    firm = open_firm(database, Clock(), contact_limit=1)

    def add_two(tx: Transaction) -> None:
        for name in ("Novák", "Dvořák"):
            add_contact(books_of(tx, firm), Given({"name": name}))

    with pytest.raises(LimitReached):
        database.write(add_two)

    assert all_contacts(database, firm) == []


def test_a_record_that_somebody_else_changed_meanwhile_is_stale(samples: Database) -> None:
    now = Clock().now()

    def add(tx: Transaction) -> Sample:
        sample = Sample(1, tx.next_id(Sample), 1, now, now, "first")
        tx.insert(sample)
        return sample

    old = samples.write(add)
    samples.write(lambda tx: tx.replace(old, changed(old, name="second", version=2)))

    with pytest.raises(Stale):
        samples.write(lambda tx: tx.replace(old, changed(old, name="third", version=2)))
    with pytest.raises(Stale):
        samples.write(lambda tx: tx.remove(old))
    found = samples.read(lambda tx: tx.get(Sample, account_id=1, id=old.id))
    assert found == changed(old, name="second", version=2)


def test_records_that_are_inserted_together_are_as_if_each_was_inserted(samples: Database) -> None:
    now = Clock().now()
    many = [Sample(1, number, 1, now, now, f"name {number}", words=("a",)) for number in range(1, 2501)]

    samples.write(lambda tx: tx.insert_all(many))

    assert samples.read(lambda tx: [tx.get(Sample, account_id=1, id=s.id) for s in many[::500]]) == many[::500]


@pytest.mark.parametrize("count", [1, 3])
def test_a_write_on_postgresql_asks_twice_once_for_each_record_that_it_adds_and_once_for_sums(
    samples: Database, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It begins and takes its turn with the first question, and commits with the last; on SQLite nobody is asked."""
    now, asked, wait = Clock().now(), [], Impatient.wait

    def counting(connection: Impatient, *arguments: Any, **more: Any) -> Any:
        asked.append(connection)
        return wait(connection, *arguments, **more)

    def add(tx: Transaction) -> list[Sample]:
        added = [Sample(1, 0, 1, now, now, f"name {number}") for number in range(count)]
        for sample in added:
            tx.add(sample)
        return added

    samples.read(lambda tx: tx.get(Sample, account_id=1, id=1))  # is connected
    monkeypatch.setattr(Impatient, "wait", counting)
    added = samples.write(add, 1)

    assert len(asked) == (3 + count if samples.engine == "postgresql" else 0)
    kept = samples.read(lambda tx: [tx.get(Sample, account_id=1, id=sample.id) for sample in added])
    assert kept == added
    assert len({sample.id for sample in added}) == count
