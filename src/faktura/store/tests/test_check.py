"""A check finds what is wrong with a database, and nothing where all is well."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact, change_contact, delete_contact
from faktura.core.errors import Given
from faktura.store import queries, schema
from faktura.store.check import check
from faktura.store.database import Database, open_database
from faktura.store.queries import Selection
from faktura.store.reindex import reindex
from faktura.store.transaction import Transaction
from tests.firm import open_firm

LARGEST = 2**31 - 1


@pytest.fixture
def filled(database: Database) -> Database:
    """Ten contacts with the ids 2 to 11; two were changed."""
    firm = open_firm(database, Clock())

    def work(tx: Transaction) -> None:
        books = Books(tx, firm.account, firm.user.id, Clock().now())
        for number in range(1, 12):
            add_contact(books, Given({"name": f"Žluťoučký kůň {number}", "private_note": "x" if number % 2 else None}))
        change_contact(books, 2, Given({"name": "Novák"}))
        change_contact(books, 3, Given({"city": "Brno"}))
        delete_contact(books, 1)

    database.write(work)
    return database


def findings(database: Database) -> list[str]:
    return check(database, lambda _: None)


def run(database: Database, *statements: str, **values: Any) -> None:
    """Do what the program never would."""
    with schema.engine_for(database).begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement), values)


def found(database: Database, text: str) -> list[int]:
    return [c.id for c in database.read(lambda tx: queries.records(tx, Contact, 1, Selection(text=text)))]


def test_a_database_that_was_worked_with_is_well(filled: Database) -> None:
    told: list[str] = []

    assert check(filled, told.append) == []
    assert "contacts: 10 records" in told


def test_an_empty_database_is_told_what_it_needs(empty_url: str) -> None:
    database = open_database(empty_url)

    assert findings(database) == ["The database is empty: run `faktura db upgrade`."]
    database.close()


def test_another_revision_is_found(filled: Database) -> None:
    run(filled, "UPDATE alembic_version SET version_num = '0000_before'")

    assert findings(filled) == [
        f"The database is at revision 0000_before, the program needs {schema.head()}: run `faktura db upgrade`."
    ]


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE contacts SET version = 0 WHERE id = 5", "contacts account_id 1, id 5: the version is 0, less than 1"),
        (
            "UPDATE contacts SET created_at = '2126-11-21T12:00:00.000+00:00' WHERE id = 5",
            "contacts account_id 1, id 5: was changed before it was created",
        ),
        (
            "UPDATE contacts SET role = 'friend' WHERE id = 5",
            "contacts account_id 1, id 5: role is 'friend', which it cannot be",
        ),
        (
            "UPDATE contacts_search SET body = 'other' WHERE body LIKE '%kun 5%'",
            "contacts account_id 1, id 5: the searched text is not that of the record; run `faktura db reindex`",
        ),
    ],
)
def test_a_record_that_cannot_be_is_found(filled: Database, statement: str, finding: str) -> None:
    run(filled, statement)

    assert finding in findings(filled)


def test_only_some_findings_of_a_kind_are_told_one_by_one(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faktura.store.findings.MOST_OF_A_KIND", 3)
    run(filled, "UPDATE contacts SET version = 0, created_at = '2126-11-21T12:00:00.000+00:00'")

    told = findings(filled)

    assert len(told) == 8
    assert told[3] == told[7] == "contacts: and 7 more like these"


def test_a_value_that_cannot_be_read_is_found_and_the_other_records_are_read(filled: Database) -> None:
    run(
        filled,
        "INSERT INTO memberships"
        " SELECT account_id, id + 1, version, created_at, updated_at, user_id + 1, permission, scopes, shut_out"
        " FROM memberships",
        "UPDATE memberships SET scopes = 'no JSON' WHERE id = 1",
    )

    found = [finding for finding in findings(filled) if finding.startswith("memberships account_id")]

    assert found[0].startswith("memberships account_id 1, id 1: cannot be read: JSON is malformed")
    assert found[1:] == ["memberships account_id 1, id 2: user_id is 2, which is not among users"]


def test_an_id_that_was_never_handed_out_is_found(filled: Database) -> None:
    behind = "UPDATE ids SET last = 5 WHERE name = 'contacts'"
    run(filled, behind if filled.engine == "sqlite" else "SELECT setval('contacts_ids', 5)")

    assert findings(filled) == ["contacts: there is an id 11, but only 5 were handed out"]


def test_an_index_that_is_missing_is_found(filled: Database) -> None:
    run(filled, "DROP INDEX ix_contacts_page")

    assert findings(filled) == ["ix_contacts_page is missing from the database"]


DAMAGES = {
    "an entry is missing": "DELETE FROM contacts_search_content WHERE id = 1 << 32 | 5",
    "an entry is too much": "INSERT INTO contacts_search_content VALUES (1 << 32 | 99, 'nobody')",
    "an entry has another text": "UPDATE contacts_search_content SET c0 = 'zlu' WHERE id = 1 << 32 | 5",
    "two entries changed places": "UPDATE contacts_search_content SET c0 = "
    "CASE id & 15 WHEN 5 THEN replace(c0, '5', '6') ELSE replace(c0, '6', '5') END WHERE id & 15 IN (5, 6)",
    "nothing is indexed": "DELETE FROM contacts_search_content",
}
"""What is done to the texts before they are indexed and undone afterwards."""


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_text_index_that_is_not_that_of_the_records_is_found_and_made_anew(sqlite_url: str, damage: str) -> None:
    database = open_database(sqlite_url)
    firm = open_firm(database, Clock())

    def work(tx: Transaction) -> None:
        books = Books(tx, firm.account, firm.user.id, Clock().now())
        for number in range(1, 12):
            add_contact(books, Given({"name": f"Žluťoučký kůň {number}"}))

    database.write(work)
    run(database, *_wrongly_indexed(DAMAGES[damage]))

    assert findings(database) == ["contacts: the text index is not that of the records; run `faktura db reindex`"]

    reindex(database, lambda _: None)
    assert findings(database) == []
    database.close()


def _wrongly_indexed(damage: str) -> list[str]:
    return [
        "CREATE TEMP TABLE whole AS SELECT * FROM contacts_search_content",
        damage,
        "INSERT INTO contacts_search (contacts_search) VALUES ('rebuild')",
        "DELETE FROM contacts_search_content",
        "INSERT INTO contacts_search_content SELECT * FROM whole",
    ]


@pytest.mark.parametrize("wrong", ["missing", "of nobody"])
def test_texts_that_are_not_those_of_the_records_are_found_and_written_anew(filled: Database, wrong: str) -> None:
    kept = "rowid, body" if filled.engine == "sqlite" else "account_id, id, body"
    nobody = "7 << 32 | 1" if filled.engine == "sqlite" else "7, 1"
    damage = {
        "missing": "DELETE FROM contacts_search WHERE body LIKE '%kun 5%'",
        "of nobody": f"INSERT INTO contacts_search ({kept}) VALUES ({nobody}, 'zlutoucky 5')",  # noqa: S608 (of our own words)
    }
    run(filled, damage[wrong])

    said = {
        "missing": "contacts account_id 1, id 5: the searched text is not that of the record",
        "of nobody": "contacts: 1 searched texts are of no record",
    }
    assert findings(filled) == [f"{said[wrong]}; run `faktura db reindex`"]

    reindex(filled, lambda _: None)
    assert findings(filled) == []
    assert found(filled, "zlutoucky 5") == [5]


def test_a_searched_text_that_is_wrong_is_written_anew(filled: Database) -> None:
    run(filled, "UPDATE contacts_search SET body = 'other' WHERE body LIKE '%kun 5%' OR body LIKE '%kun 6%'")

    reindex(filled, lambda _: None)

    assert findings(filled) == []
    assert found(filled, "zlutoucky 5") == [5]
    assert found(filled, "other") == []


def test_a_damaged_file_is_found(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    firm = open_firm(database, Clock())

    def work(tx: Transaction) -> None:
        books = Books(tx, firm.account, firm.user.id, Clock().now())
        for number in range(500):
            add_contact(books, Given({"name": f"Novák {number}"}))

    database.write(work)
    root = database.write(lambda tx: root_page(tx, "contacts"))
    database.close()
    path = Path(str(database.url.database))
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)

    damaged = open_database(sqlite_url)
    assert any("damaged" in finding for finding in findings(damaged))
    damaged.close()


def root_page(tx: Transaction, table: str) -> int:
    tx.cursor.execute(f"SELECT rootpage FROM sqlite_master WHERE name = '{table}'")  # noqa: S608 (a name of ours)
    found: int = tx.cursor.fetchall()[0][0]
    return found


def test_an_index_of_postgresql_that_was_not_finished_is_found(postgres_url: str) -> None:
    database = open_database(postgres_url)
    run(database, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_contacts_page'::regclass")

    assert findings(database) == ["index ix_contacts_page is not valid: rebuild it with REINDEX INDEX ix_contacts_page"]
    database.close()


def test_the_inside_of_the_indexes_of_postgresql_is_looked_at(postgres_url: str) -> None:
    """An index is told to be sorted the other way round than it is."""
    database = open_database(postgres_url)
    open_firm(database, Clock())
    run(database, "INSERT INTO grants SELECT id + 100, 1, created_at, updated_at, 1, id + 100, 1 FROM grants")
    told: list[str] = []

    assert "grants: there is an id 101, but only 1 were handed out" in check(database, told.append)
    assert not [line for line in told if "not looked at" in line]

    run(database, "UPDATE pg_index SET indoption = '3' WHERE indexrelid = 'ix_grants_user_id'::regclass")
    assert any(finding.startswith("index ix_grants_user_id is damaged: ") for finding in findings(database))
    with schema.engine_for(database).connect() as connection:
        assert "amcheck" not in schema.names(connection)
    database.close()
