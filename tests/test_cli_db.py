"""faktura db: what an operator types, and what it answers."""

import os
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from faktura.commands.cli import main
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.invoices.issue import issue_invoice
from faktura.serving import hold
from faktura.store import schema
from faktura.store.database import Database, open_database
from tests.firm import open_firm


class Result(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


FakturaDb = Callable[..., Result]


@pytest.fixture
def faktura_db(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> FakturaDb:
    """`faktura db …` with an address in the environment."""

    def run(*arguments: str, database: str = "") -> Result:
        monkeypatch.setenv("FAKTURA_DATABASE_URL", database)
        monkeypatch.setattr(sys, "argv", ["faktura", "db", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Result(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def new_file(tmp_path: Path) -> Path:
    return tmp_path / "new.sqlite"


def revision_of(file: Path) -> str | None:
    database = open_database(f"sqlite:///{file}")
    with schema.engine_for(database).connect() as connection:
        found = schema.revision(connection)
    database.close()
    return found


def test_upgrade_makes_a_new_database_and_then_has_nothing_to_do(faktura_db: FakturaDb, new_file: Path) -> None:
    first = faktura_db("upgrade", database=f"sqlite:///{new_file}")
    second = faktura_db("upgrade", database=f"sqlite:///{new_file}")

    assert (first.exit_code, first.stdout) == (0, f"The tables are created, at revision {schema.head()}.\n")
    newest = f"The database is at the newest revision, {schema.head()}; nothing to do.\n"
    assert (second.exit_code, second.stdout) == (0, newest)
    assert revision_of(new_file) == schema.head()


def test_the_option_goes_before_the_environment(faktura_db: FakturaDb, new_file: Path) -> None:
    done = faktura_db("upgrade", "--database", f"sqlite:///{new_file}", database="sqlite:////nowhere/at/all.sqlite")

    assert done.exit_code == 0
    assert new_file.exists()


def test_what_is_being_served_is_not_upgraded(faktura_db: FakturaDb, new_file: Path) -> None:
    descriptor = hold(Path(f"{new_file}.lock"))

    refused = faktura_db("upgrade", database=f"sqlite:///{new_file}")
    os.close(descriptor)

    assert refused.exit_code == 1
    assert "Stop it first" in refused.stderr
    assert not new_file.exists()


def test_check_says_that_all_is_well(faktura_db: FakturaDb, database_url: str) -> None:
    checked = faktura_db("check", database=database_url)

    assert (checked.exit_code, checked.stdout) == (0, "All is well.\n")
    assert "contacts: 0 records\n" in checked.stderr


def test_check_lists_what_is_wrong_and_reindex_repairs_the_text_index(
    faktura_db: FakturaDb, database: Database, database_url: str
) -> None:
    open_firm(database, Clock())
    with schema.engine_for(database).begin() as connection:
        connection.exec_driver_sql("UPDATE accounts SET version = 0")

    checked = faktura_db("check", database=database_url)

    assert (checked.exit_code, checked.stdout) == (1, "accounts id 1: the version is 0, less than 1\n")
    assert faktura_db("reindex", database=database_url).stdout == "The text index and the kept sums are made anew.\n"


def test_check_finds_a_series_that_would_give_a_number_twice(
    faktura_db: FakturaDb, database: Database, database_url: str
) -> None:
    firm = open_firm(database, Clock())
    database.write(lambda tx: issue_three(Books(tx, firm.account, firm.user.id, Clock().now())))
    right = faktura_db("check", database=database_url)
    with schema.engine_for(database).begin() as connection:
        connection.exec_driver_sql("UPDATE number_series SET last = 2")

    wrong = faktura_db("check", database=database_url)

    assert (right.exit_code, right.stdout) == (0, "All is well.\n")
    assert wrong.exit_code == 1
    assert wrong.stdout.endswith("it has counted to 2, but a document is number 3\n")


def issue_three(books: Books) -> None:
    contact = add_contact(books, Given({"name": "Novák"}))
    line = Given({"name": "Mošt", "unit_price": Decimal(39)})
    for _ in range(3):
        issue_invoice(books, Given({"contact_id": contact.id, "lines": [line]}))


def test_backup_writes_a_file_and_does_not_overwrite_it(
    faktura_db: FakturaDb, database_url: str, new_file: Path
) -> None:
    first = faktura_db("backup", str(new_file), database=database_url)
    second = faktura_db("backup", str(new_file), database=database_url)
    third = faktura_db("backup", str(new_file), "--force", database=database_url)

    assert (first.exit_code, first.stdout) == (0, f"The backup is complete: {new_file}\n")
    assert (second.exit_code, second.stderr) == (1, f"{new_file} exists already; --force replaces it\n")
    assert third.exit_code == 0
    assert revision_of(new_file) == schema.head()


def test_copy_moves_a_house_into_an_empty_database(
    faktura_db: FakturaDb, database: Database, database_url: str, new_file: Path
) -> None:
    firm = open_firm(database, Clock())

    first = faktura_db("copy", database_url, f"sqlite:///{new_file}")
    second = faktura_db("copy", database_url, f"sqlite:///{new_file}")

    assert (first.exit_code, first.stdout) == (0, "The copy is complete.\n")
    assert "accounts: 1 of 1 copied\n" in first.stderr
    assert second.exit_code == 1
    assert second.stderr.startswith("The database to copy to holds records already: accounts")
    copy = open_database(f"sqlite:///{new_file}")
    assert copy.read(lambda tx: tx.get(type(firm.account), id=1)) == firm.account
    copy.close()


@pytest.mark.parametrize("command", [["check"], ["reindex"], ["backup", "copy.sqlite"]])
def test_no_file_is_made_where_there_is_no_database(faktura_db: FakturaDb, command: list[str], new_file: Path) -> None:
    refused = faktura_db(*command, database=f"sqlite:///{new_file}")

    assert (refused.exit_code, refused.stderr) == (1, f"There is no database at {new_file}\n")
    assert not new_file.exists()


def test_an_address_of_no_kind_is_told(faktura_db: FakturaDb, new_file: Path) -> None:
    refused = faktura_db("upgrade", database=f"mysql://{new_file}")

    assert refused.exit_code == 1
    assert refused.stderr.startswith("The database address must begin with sqlite:///")


def test_a_server_that_does_not_answer_is_told(faktura_db: FakturaDb, tmp_path: Path) -> None:
    refused = faktura_db("check", database=f"postgresql://postgres@/faktura?host={tmp_path}")

    assert refused.exit_code == 1
    assert refused.stderr.startswith("The database cannot be used: connection")
