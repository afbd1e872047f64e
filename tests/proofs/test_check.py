"""`faktura db check` finds and names whatever is wrong with the books, and nothing where only work was done in them."""

import contextlib
import itertools
import json
import random
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import pytest
import sqlalchemy as sa

from faktura.core.books.audit import AUDIT
from faktura.store.check import check
from faktura.store.database import open_database
from faktura.store.pointers import Pointer, is_inside, pointers_of
from faktura.store.records import RECORDS, KindIn, Record
from tests import needs
from tests.proofs.full_house import open_house
from tests.proofs.history import LONG, length
from tests.proofs.random_trade import DEEDS, Trader
from tests.proofs.served import assert_whole, settings_for
from tests.running import run, running

pytestmark = [needs.FAKTUROID, needs.INFAKT, pytest.mark.timeout(length(300, 1800))]

T = TypeVar("T")

NOBODY = 2**31 - 2
"""An id that no record has or had."""


@pytest.fixture(scope="module")
def house(full_house: Path) -> Path:
    """A file with every kind of record, in which nothing is wrong."""
    assert_whole(f"sqlite:///{full_house}")
    return full_house


class Book:
    """A copy of the house, to be damaged."""

    def __init__(self, house: Path, folder: Path) -> None:
        self._house = house
        self.file = folder / "book.sqlite"
        self.mend()

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    def mend(self) -> None:
        shutil.copy(self._house, self.file)

    def run(self, statement: str, *values: Any) -> list[Any]:
        """Do what the program never would."""
        with contextlib.closing(sqlite3.connect(self.file)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def findings(self) -> list[str]:
        with contextlib.closing(open_database(self.url)) as database:
            return check(database, lambda _: None, AUDIT)

    def damaged(self, damages: Mapping[type[Record], tuple[str, Any]]) -> list[str]:
        """What is found where the first record of each kind has this value; the book is mended afterwards."""
        try:
            for cls, (name, value) in damages.items():
                first = f"rowid = (SELECT min(rowid) FROM {cls.table_name} WHERE {has_kinds(cls)})"  # noqa: S608 (names of our own)
                self.run(f'UPDATE {cls.table_name} SET "{name}" = ? WHERE {first}', value)  # noqa: S608 (as above)
            return self.findings()
        finally:
            self.mend()

    def first(self, cls: type[Record], attribute: str) -> Any:
        """A value of the first record of a kind."""
        return self.run(f'SELECT "{attribute}" FROM {cls.table_name} WHERE {has_kinds(cls)} ORDER BY rowid')[0][0]  # noqa: S608 (names of our own)

    def key_of_first(self, cls: type[Record], **values: Any) -> str:
        """The first record as a finding names it, once its key has these values."""
        found = {name: self.first(cls, name) for name in cls.key} | values
        return f"{cls.table_name} {', '.join(f'{name} {found[name]}' for name in cls.key)}"


def has_kinds(cls: type[Record]) -> str:
    """Of those whose pointers say of what kind they are: what is of no kind points nowhere."""
    kinds = [pointer.leads.attribute for pointer in pointers_of(cls) if isinstance(pointer.leads, KindIn)]
    return " AND ".join(f'"{kind}" IS NOT NULL' for kind in kinds) or "TRUE"


@pytest.fixture
def book(house: Path, tmp_path: Path) -> Book:
    return Book(house, tmp_path)


class Declared(NamedTuple):
    """A pointer that a record declares."""

    cls: type[Record]
    pointer: Pointer

    def __str__(self) -> str:
        return f"{self.cls.table_name}.{self.pointer.name}"


POINTERS = [Declared(cls, pointer) for cls in RECORDS.values() for pointer in pointers_of(cls)]
COLUMNS = [one for one in POINTERS if not is_inside(*one)]
INSIDE = [one for one in POINTERS if is_inside(*one)]


def rounds(kinds: Iterable[tuple[type[Record], T]]) -> Iterator[dict[type[Record], T]]:
    """One of each kind at a time: what is wrong in two tables is checked together, for each check reads all books."""
    of_each: dict[type[Record], list[tuple[type[Record], T]]] = {}
    for one in kinds:
        of_each.setdefault(one[0], []).append(one)
    for some in itertools.zip_longest(*of_each.values()):
        yield dict(one for one in some if one is not None)


def test_every_declared_pointer_that_leads_nowhere_is_found(book: Book) -> None:
    wrong = []
    for together in rounds(COLUMNS):
        expected = {str(Declared(cls, pointer)): finding(book, cls, pointer) for cls, pointer in together.items()}
        found = book.damaged({cls: (pointer.attribute, NOBODY) for cls, pointer in together.items()})
        wrong += [name for name, line in expected.items() if line not in found]
    assert wrong == []
    assert len(COLUMNS) > 40


def finding(book: Book, cls: type[Record], pointer: Pointer) -> str:
    leads = pointer.leads
    if isinstance(leads, KindIn):
        leads = book.first(cls, leads.attribute)
    key = book.key_of_first(cls, **{name: NOBODY for name in cls.key if name == pointer.attribute})
    return f"{key}: {pointer.name} is {NOBODY}, which {gone(pointer)} among {leads}"


def test_every_declared_pointer_inside_a_record_that_leads_nowhere_is_found(book: Book) -> None:
    wrong = []
    for declared in INSIDE:
        table, pointer = declared.cls.table_name, declared.pointer
        parts: list[Any] = [NOBODY]
        if pointer.part:
            filled = book.run(f"SELECT {pointer.attribute} FROM {table} WHERE {pointer.attribute} != '[]'")  # noqa: S608 (names of our own)
            parts = json.loads(filled[0][0]) if filled else [{**NOT_IN_THE_HOUSE[pointer.attribute]}]
            parts[0][pointer.part] = NOBODY
        found = book.damaged({declared.cls: (pointer.attribute, json.dumps(parts))})
        if not any(
            line.endswith(f"{pointer.name} is {NOBODY}, which {gone(pointer)} among {pointer.leads}") for line in found
        ):
            wrong.append(str(declared))
    assert wrong == []
    assert len(INSIDE) > 5


DEDUCTION = {"number": "1", "variable_symbol": None, "paid_on": None, "vat_rate": "23", "net": "1", "vat": "0.23"}
ADVANCE = {"uuid": "1", "number": "1", "issued_on": "2026-11-20", "amount": "1"}

NOT_IN_THE_HOUSE: dict[str, dict[str, Any]] = {
    "deductions": DEDUCTION,
    "previous_advances": ADVANCE,
    "next_advances": ADVANCE,
}
"""By attribute, a part of it: no document of the house deducts a tax document, and no expense an advance."""


def gone(pointer: Pointer) -> str:
    return "never was" if pointer.outlives else "is not"


def test_a_value_that_its_column_cannot_have_is_found(book: Book, chance: random.Random) -> None:
    """Of every column but those of texts, which may be any, and of yes and no: what is no number reads as yes."""
    columns = [
        (cls, column.name)
        for cls in RECORDS.values()
        for column in cls.table.c
        if column.name not in cls.key and not isinstance(column.type, sa.Text | sa.LargeBinary | sa.Boolean)
    ]
    wrong = []
    for together in rounds(chance.sample(columns, length(30, len(columns)))):
        keys = {cls: book.key_of_first(cls) for cls in together}
        found = book.damaged({cls: (name, "no such thing") for cls, name in together.items()})
        for cls, name in together.items():
            if not any(line.startswith(f"{keys[cls]}: ") for line in found):
                wrong.append(f"{cls.table_name}.{name}")
    assert wrong == []


def test_a_word_that_is_not_in_its_list_is_found(book: Book) -> None:
    wrong = []
    for together in rounds(LISTED):
        keys = {cls: book.key_of_first(cls) for cls in together}
        found = book.damaged({cls: (name, "no such thing") for cls, name in together.items()})
        for cls, name in together.items():
            if f"{keys[cls]}: {name} is 'no such thing', which it cannot be" not in found:
                wrong.append(f"{cls.table_name}.{name}")
    assert wrong == []
    assert len(LISTED) > 40


LISTED = [
    (cls, name)
    for cls in RECORDS.values()
    for name, hint in get_type_hints(cls).items()
    # What is wrong within a list of words makes the record unreadable.
    if get_origin(hint) is not tuple
    and name in cls.__struct_fields__
    and Literal in {get_origin(hint), *map(get_origin, get_args(hint))}
]

DAMAGES = {
    "UPDATE contacts SET version = 0": "contacts .*: the version is 0, less than 1",
    "UPDATE contacts SET created_at = '2126-11-21T12:00:00.000+00:00'": "was changed before it was created",
    "UPDATE contacts_search SET body = 'other'": "contacts .*: the searched text is not that of the record",
    "DELETE FROM contacts_search_content": "contacts .*: the searched text is not that of the record",
    "DROP INDEX ix_contacts_page": "ix_contacts_page is missing",
    "UPDATE ids SET last = 5 WHERE name = 'contacts'": "contacts: there is an id .*, but only 5 were handed out",
    "UPDATE alembic_version SET version_num = '0000_before'": "The database is at revision 0000_before",
    "DELETE FROM alembic_version": "The database",
    "DELETE FROM contacts": "contacts .*: is in the history, but it is gone and nobody deleted it",
    "DELETE FROM history WHERE name = 'invoice_deleted'": "no document has number 2, and nothing says why",
    "DELETE FROM numbers_left_out": "number_series .*: no document has numbers 4 to 98, and nothing says why",
    "DELETE FROM number_series": "number_series .*: it was never begun, but a document is number 99",
    "UPDATE number_series SET last = 1": "number_series .*: it has counted to 1, but a document is number 99",
    "UPDATE invoices SET number = 'x-2026-0099' WHERE counter = 99": "has the number x-2026-0099, which is not",
    "UPDATE invoices SET number = 'applecorp-2026-0001' WHERE counter = 99": "has the number applecorp-2026-0001, as",
    "UPDATE invoices SET net_total = 1": "net_total is 0.000001, but should be",
    "UPDATE invoices SET vat_total = 1": "vat_total is 0.000001, but should be",
    "UPDATE invoices SET gross_total = 1": "gross_total is 0.000001, but should be",
    "UPDATE invoices SET rounding = 1": "rounding is 0.000001, but should be",
    "UPDATE invoices SET native_net_total = 1": "native_net_total is 0.000001, but should be",
    "UPDATE invoices SET native_gross_total = 1": "native_gross_total is 0.000001, but should be",
    "UPDATE invoices SET remaining_amount = 1": "remaining_amount is 0.000001, but should be",
    "UPDATE invoices SET native_remaining_amount = 1": "native_remaining_amount is 0.000001, but should be",
    "UPDATE invoices SET left_to_pay = 1": "left_to_pay is 0.000001, but should be",
    "UPDATE invoices SET paid_amount = 1": "paid_amount is 0.000001, but its payments come to",
    "UPDATE invoices SET deducted = 0": "deducted is not what its links say",
    "UPDATE invoices SET vat_sums = '[]'": r"vat_sums is \(\), but should be",
    "UPDATE invoices SET status = 'paid'": "status is paid, but paid_on is None",
    'UPDATE invoices SET lines = replace(lines, \'"gross":"\', \'"gross":"9\')': "line .* comes to 9.*, but its net",
}
"""What is done to all rows of a table, and how it is named."""


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damage_is_found_and_named(book: Book, damage: str) -> None:
    book.run(damage)

    found = book.findings()

    assert any(re.search(DAMAGES[damage], line) for line in found), found


def test_a_page_of_the_file_that_was_written_over_is_found_by_the_command(book: Book) -> None:
    [[root]] = book.run("SELECT rootpage FROM sqlite_master WHERE name = 'contacts'")
    with book.file.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)

    checked = run("db", "check", settings=settings_for(book.url))

    assert checked.returncode == 1
    assert "the file is damaged" in checked.stdout
    assert "Traceback" not in checked.stderr


def test_the_command_names_many_damages_in_one_run(book: Book) -> None:
    lines = [damage for damage in DAMAGES if damage.startswith("UPDATE invoices") and "status" not in damage]
    for damage in lines[-4:]:
        book.run(damage)

    checked = run("db", "check", settings=settings_for(book.url))

    assert checked.returncode == 1
    for damage in lines[-4:]:
        assert re.search(DAMAGES[damage], checked.stdout)


def test_books_in_which_anything_was_done_that_the_doors_let_in_are_whole(
    durable_url: str, tmp_path: Path, chance: random.Random
) -> None:
    one, other = open_house(durable_url)
    # The worker does meanwhile what is done later.
    with running(tmp_path, "serve", settings=settings_for(durable_url)) as server:
        traders = [Trader(server, tenant, random.Random(chance.random())) for tenant in (one, other)]
        with ThreadPoolExecutor(len(traders)) as threads:
            list(threads.map(lambda trader: trader.trade(length(300, 3000)), traders))
    assert_whole(durable_url)

    done = traders[0].done + traders[1].done
    assert sum(done.values()) > length(300, 3000) / 2
    if LONG:
        assert [deed.__name__ for deed in DEEDS if not done[deed.__name__]] == []
