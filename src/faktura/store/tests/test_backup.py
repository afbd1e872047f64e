"""Copies hold all of a database as it was at one instant, whichever engine it comes from or goes to."""

import datetime as dt
import functools
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.books.side_notes import note
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact, change_contact, delete_contact
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.store import queries, schema
from faktura.store.backup import back_up, copy_records
from faktura.store.check import check
from faktura.store.database import Database, open_database
from faktura.store.errors import Unready
from faktura.store.every import every, snapshot
from faktura.store.queries import Selection
from faktura.store.records import RECORDS
from tests.firm import Firm, open_firm
from tests.samples import Sample, declared

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def silent(_: str) -> None:
    """Be told, and say nothing."""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Opens databases, which are closed afterwards: by URL, or by the name of a file."""
    databases: list[Database] = []

    def open_(where: str) -> Database:
        database = open_database(where if "://" in where else f"sqlite:///{tmp_path / where}")
        databases.append(database)
        return database

    yield open_
    for database in databases:
        database.close()


def in_books(database: Database, firm: Firm, work: Callable[[Books], Any]) -> Any:
    return database.write(lambda tx: work(Books(tx, firm.account, firm.user.id, Clock().now())))


def fill(database: Database) -> Firm:
    firm = open_firm(database, Clock(), hide_bank_account_for=("card", "cash"))
    open_firm(database, Clock(), "pearcorp")
    for number in range(30):
        in_books(database, firm, functools.partial(add_noted, number=number))
    in_books(database, firm, lambda books: change_contact(books, 7, Given({"city": "Łódź"})))
    in_books(database, firm, lambda books: delete_contact(books, 30))
    return firm


def add_noted(books: Books, number: int) -> None:
    given = {"name": f"Žluťoučký kůň č. {number}", "custom_id": f"{number}", "private_note": "'\"%\\ 🐎\n"}
    note(books, "door", add_contact(books, Given(given)), {"a": [1, None, "ž"]})


def everything(database: Database) -> dict[str, list[Any]]:
    """All rows without their searched texts, of which each engine has its own."""
    with snapshot(database) as tx:
        return {
            name: [row[: len(cls.__struct_fields__)] for rows in every(tx, cls) for row in rows]
            for name, cls in RECORDS.items()
        }


def names_found(database: Database, firm: Firm, text: str) -> list[str]:
    selection = Selection(text=text)
    return [c.name for c in database.read(lambda tx: queries.records(tx, Contact, firm.account.id, selection))]


def test_records_that_move_to_another_engine_and_back_are_the_same(
    postgres_url: str, opened: Callable[[str], Database]
) -> None:
    first, second, third = opened("first.sqlite"), opened(postgres_url), opened("third.sqlite")
    schema.prepare(first)
    firm = fill(first)
    before = everything(first)

    copy_records(first, second, silent)
    copy_records(second, third, silent)

    assert len(before["contacts"]) == 29
    for copy in (second, third):
        assert everything(copy) == before
        assert check(copy, silent) == []
        assert names_found(copy, firm, "zlut 17") == ["Žluťoučký kůň č. 17"]
        again = in_books(copy, firm, lambda books: add_contact(books, Given({"name": "Novák"})))
        assert again.id == 31


def test_every_type_of_attribute_moves(samples: Database, empty_url: str, opened: Callable[[str], Database]) -> None:
    values: dict[str, Any] = {"number": -5, "amount": Decimal("0.1"), "day": NOW.date(), "at": NOW, "flag": True}
    values |= {"data": b"\0\xff", "words": ("a", "ž"), "values": {"ž": [None]}}
    sample = Sample(1, 1, 3, NOW, NOW, "Ž", **values)
    samples.write(lambda tx: tx.insert(sample))
    target = opened(empty_url)

    with declared(Sample):
        copy_records(samples, target, silent)

    assert target.read(lambda tx: tx.get(Sample, account_id=1, id=1)) == sample


def test_a_backup_is_a_file_that_can_be_served(
    database: Database, tmp_path: Path, opened: Callable[[str], Database]
) -> None:
    firm = fill(database)

    back_up(database, tmp_path / "copy.sqlite", silent)

    copy = opened("copy.sqlite")
    schema.prepare(copy)
    assert everything(copy) == everything(database)
    assert check(copy, silent) == []
    assert names_found(copy, firm, "zlut 17") == ["Žluťoučký kůň č. 17"]
    assert in_books(copy, firm, lambda books: add_contact(books, Given({"name": "Novák"}))).id == 31


def test_a_backup_can_be_read_by_its_owner_only_and_leaves_nothing_beside_it(
    database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    back_up(database, folder / "copy.sqlite", silent)

    assert list(folder.iterdir()) == [folder / "copy.sqlite"]
    assert (folder / "copy.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_backup_replaces_a_file_only_when_it_is_told_to(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    target.write_text("precious")

    with pytest.raises(Unready, match="--force"):
        back_up(database, target, silent)
    assert target.read_text() == "precious"

    back_up(database, target, silent, force=True)
    assert target.read_bytes().startswith(b"SQLite format 3")


def test_a_backup_does_not_replace_a_database_in_use(database: Database, opened: Callable[[str], Database]) -> None:
    used = opened("used.sqlite")
    schema.prepare(used)
    used.read(lambda tx: tx.get(Account, id=1))

    with pytest.raises(Unready, match="in use"):
        back_up(database, Path(str(used.url.database)), silent, force=True)


def test_a_backup_that_fails_leaves_no_file(tmp_path: Path, opened: Callable[[str], Database]) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    with pytest.raises(Unready, match="empty"):
        back_up(opened("empty.sqlite"), folder / "copy.sqlite", silent)

    assert list(folder.iterdir()) == []


def test_records_are_copied_only_into_a_database_without_any(
    database: Database, empty_url: str, opened: Callable[[str], Database]
) -> None:
    fill(database)
    target = opened(empty_url)
    schema.prepare(target)
    open_firm(target, Clock(), "pearcorp")
    before = everything(target)

    with pytest.raises(Unready, match="holds records already: accounts"):
        copy_records(database, target, silent)

    assert everything(target) == before


def test_a_backup_taken_while_others_write_is_of_one_instant(
    database: Database, tmp_path: Path, opened: Callable[[str], Database]
) -> None:
    """Every transaction adds two contacts and a note that counts them, so no copy may hold an odd number."""
    firms = [open_firm(database, Clock(), f"firm{number}") for number in range(4)]
    stop = threading.Event()
    failures: list[Exception] = []

    def add_two(books: Books) -> None:
        first = add_contact(books, Given({"name": "first of two"}))
        add_contact(books, Given({"name": "second of two"}))
        note(books, "door", first, {"contacts": books.count(Contact)})

    def keep_writing(firm: Firm) -> None:
        try:
            while not stop.is_set():
                in_books(database, firm, add_two)
        except Exception as failure:  # noqa: BLE001 (told below)
            failures.append(failure)

    threads = [threading.Thread(target=keep_writing, args=(firm,)) for firm in firms]
    for thread in threads:
        thread.start()
    try:
        for number in range(3):
            back_up(database, tmp_path / f"{number}.sqlite", silent)
        assert check(database, silent) == []
    finally:
        stop.set()
        for thread in threads:
            thread.join()

    assert failures == []
    sizes = [size_of(opened(f"{number}.sqlite"), firms) for number in range(3)]
    assert sizes == sorted(sizes)


def size_of(copy: Database, firms: list[Firm]) -> int:
    """How many contacts a copy has, once it is found to be consistent."""
    assert check(copy, silent) == []
    kept = everything(copy)
    for firm in firms:
        contacts = [row for row in kept["contacts"] if row[0] == firm.account.id]
        notes = [row for row in kept["side_notes"] if row[0] == firm.account.id]
        assert len(contacts) == 2 * len(notes)
        assert sorted(row[-1]["contacts"] for row in notes) == list(range(2, len(contacts) + 1, 2))
    return len(kept["contacts"])


def test_long_copies_tell_how_far_they_are(
    database: Database, empty_url: str, opened: Callable[[str], Database]
) -> None:
    fill(database)
    told: list[str] = []

    copy_records(database, opened(empty_url), told.append)

    assert "contacts: 29 of 29 copied" in told
