"""A SQLite database kept in memory and brought back."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from faktura.core.clock import Clock
from faktura.core.contacts import Contact
from faktura.store import schema
from faktura.store.copies import bring_back, copied
from faktura.store.database import open_database
from faktura.store.differences import compared
from faktura.store.errors import Unavailable
from faktura.store.sqlite import SqliteDatabase
from faktura.store.statements import Query
from faktura.store.transaction import Transaction


@pytest.fixture
def there(tmp_path: Path) -> Iterator[SqliteDatabase]:
    database = open_database(f"sqlite:///{tmp_path / 'faktura.sqlite'}")
    assert isinstance(database, SqliteDatabase)
    schema.prepare(database)
    yield database
    database.close()


def add(database: SqliteDatabase, name: str) -> int:
    def work(tx: Transaction) -> int:
        now = Clock().now()
        contact = Contact(1, 0, 1, now, now, name=name, uuid=name)
        tx.add(contact)
        return contact.id

    return database.write(work)


def names(database: SqliteDatabase) -> list[str]:
    with contextlib.closing(database.connect()) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM contacts ORDER BY id")]


def schema_of(tx: Transaction) -> object:
    return tx.rows(Query(sa.select(sa.text("1"))))


def test_rows_and_the_ids_to_come_are_what_they_were(there: SqliteDatabase) -> None:
    add(there, "kept")
    copy = copied(there)
    gone = add(there, "gone")
    bring_back(there, copy)
    assert names(there) == ["kept"]
    assert add(there, "other") == gone
    bring_back(there, copy)
    assert names(there) == ["kept"]


def test_who_reads_meanwhile_goes_on_reading_what_was_there(there: SqliteDatabase) -> None:
    copy = copied(there)
    add(there, "gone")
    with contextlib.closing(there.connect()) as reader:
        count = "SELECT count(*) FROM contacts"
        reader.execute("BEGIN")
        assert reader.execute(count).fetchone() == (1,)
        bring_back(there, copy)
        assert reader.execute(count).fetchone() == (1,)
        reader.execute("COMMIT")
        assert reader.execute(count).fetchone() == (0,)


def test_what_was_remembered_of_the_database_is_true_no_more(there: SqliteDatabase) -> None:
    there.read(schema_of)
    copy, state, generation = copied(there), there.state(), there.generation
    bring_back(there, copy)
    assert there.state() not in {None, state}
    assert there.generation > generation


def test_it_is_not_brought_back_under_the_lock_of_another(
    there: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("faktura.store.copies.PATIENCE", 0.1)
    copy = copied(there)
    add(there, "stays")
    with contextlib.closing(sqlite3.connect(str(there.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            bring_back(there, copy)
        other.execute("ROLLBACK")
    assert names(there) == ["stays"]


def test_differences_are_found_although_versions_are_the_same(there: SqliteDatabase) -> None:
    add(there, "first")
    copy = copied(there)
    with contextlib.closing(there.connect()) as connection:
        connection.execute("UPDATE contacts SET name = 'other' WHERE name = 'first'")
    added = add(there, "second")
    with compared(there, copy, 10) as states:
        [new, changed] = states.differences(Contact)
    assert (new.old, new.new and new.new.id) == (None, added)
    assert (changed.old and changed.old.name, changed.new and changed.new.name) == ("first", "other")
    with compared(there, copy, 10) as states:
        assert len([*states.differences(Contact)]) == 2
