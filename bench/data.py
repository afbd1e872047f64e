"""The data: accounts of skewed size full of contacts, in a database that is built once and then copied."""

import contextlib
import functools
import hashlib
import itertools
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy import make_url

import faktura.core.tables  # noqa: F401 (declares every table)
from bench.samples import fields_of
from faktura.core.accounts import Account, open_account
from faktura.core.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact, tax_digits
from faktura.core.credentials import grant_access, issue_access_token, register_application
from faktura.core.errors import Given
from faktura.core.history import Happening
from faktura.core.office import Office
from faktura.core.users import User, add_user, hash_password, join
from faktura.store import schema, search
from faktura.store.database import open_database
from faktura.store.records import SEARCH_TEXT, Record, changed
from faktura.store.statements import Query, Statement
from faktura.store.transaction import Transaction, columns_of, sequence_name
from tests.postgres import administrator, create_template

ACCOUNTS = 100
LARGEST_SHARE = 0.19
OWNER = "owner@bench.example"
CHUNK = 10_000
PAGE = 40


def sizes_of(contacts: int) -> list[int]:
    """How many contacts each account has: the largest 19 %, the others by Zipf's law, none of them nothing."""
    shared = contacts - ACCOUNTS
    largest = round(contacts * LARGEST_SHARE) - 1
    weights = [1 / rank for rank in range(2, ACCOUNTS + 1)]
    others = [int((shared - largest) * weight / sum(weights)) for weight in weights]
    return [1 + size for size in (shared - sum(others), *others)]


@functools.cache
def owners_of(contacts: int) -> list[int]:
    """For each contact in the order of ids the place of its account, 0 the largest: all grow side by side."""
    owners = [place for place, size in enumerate(sizes_of(contacts)) for _ in range(size - 1)]
    Random(contacts).shuffle(owners)  # noqa: S311 (the same data every time)
    return [*range(ACCOUNTS), *owners]


def ids_of(contacts: int, place: int, most: int) -> list[int]:
    """The ids of an account's first contacts."""
    found = (number for number, owner in enumerate(owners_of(contacts), 1) if owner == place)
    return list(itertools.islice(found, most))


def slug_of(place: int) -> str:
    return f"firm{place}"


def sqlite_file(folder: Path, contacts: int) -> Path:
    """A file with the data, to be copied and not to be changed; built where there is none yet."""
    kept = folder / f"data-{contacts}-{_fingerprint()}.sqlite"
    if not kept.exists():
        for outdated in folder.glob(f"data-{contacts}-*"):
            outdated.unlink()
        building = folder / f"data-{contacts}-building"
        building.touch()
        _build(f"sqlite:///{building}", contacts, _fill_sqlite)
        building.rename(kept)
    return kept


def postgres_template(server_url: str, contacts: int) -> str:
    """The name of a database with the data, to be used as a template; built where there is none yet."""
    name = f"data_{contacts}_{_fingerprint()}"
    with administrator(server_url) as connection:
        found = [row[0] for row in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'data_%'")]
        for outdated in found:
            if outdated.startswith(f"data_{contacts}_") and outdated != name:
                connection.execute(f'DROP DATABASE "{outdated}"')
    if name not in found:
        building = f"building_{name}"
        with administrator(server_url) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{building}"')
        create_template(server_url, building, lambda url: _build(url, contacts, _fill_postgres))
        with administrator(server_url) as connection:
            connection.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
    return name


def let_in(url: str) -> str:
    """An access token of the person who owns all accounts of a database."""
    database = open_database(url)

    def work(tx: Transaction) -> str:
        office = Office(tx, Clock().now())
        owner = office.find(User, email=OWNER)
        application, _, _ = register_application(office, owner, "bench", "personal")
        return issue_access_token(office, grant_access(office, application, owner.id))

    token = database.write(work)
    database.close()
    return token


@functools.cache
def _fingerprint() -> str:
    """Another one wherever tables, index or contents would come out differently."""
    with tempfile.TemporaryDirectory(prefix="faktura-bench-") as folder:
        file = Path(folder, "empty.sqlite")
        file.touch()
        database = open_database(f"sqlite:///{file}")
        schema.prepare(database)
        database.close()
        with contextlib.closing(sqlite3.connect(file)) as connection:
            layout = connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    sources = [Path(__file__).with_name(name).read_bytes() for name in ("data.py", "samples.py")]
    sources.append(Path(search.__file__).read_bytes())
    return hashlib.sha256(repr((layout, sources)).encode()).hexdigest()[:12]


class _Beginning(NamedTuple):
    """The first contact of each account, made by the rules of the business, and the last history id."""

    models: list[Contact]
    last_happening: int


Fill = Callable[[str, Iterator[Contact], int], None]


def _build(url: str, contacts: int, fill: Fill) -> None:
    print(f"building {contacts} contacts ...", flush=True)
    database = open_database(url)
    schema.prepare(database)
    password = hash_password("correct horse battery staple")
    beginning = database.write(lambda tx: _open_accounts(tx, password))
    database.close()
    fill(url, _others(beginning.models, contacts), beginning.last_happening)


def _open_accounts(tx: Transaction, password: str) -> _Beginning:
    now = Clock().now()
    office = Office(tx, now)
    add_user(office, OWNER, "Jan Novák", password)
    models = []
    for place in range(ACCOUNTS):
        owner = office.find(User, email=OWNER)
        account = open_account(office, slug_of(place), f"Firma {place} s.r.o.")
        books = Books(tx, account, owner.id, now)
        join(books, owner, "owner")
        models.append(add_contact(books, Given(fields_of(place))))
    last = tx.rows(Query(sa.select(sa.func.max(Happening.table.c.id))))[0][0]
    return _Beginning(models, last)


def _others(models: list[Contact], contacts: int) -> Iterator[Contact]:
    """All contacts but the first of each account, alike in what the business derives."""
    owners = owners_of(contacts)
    for n in range(len(models), contacts):
        fields = fields_of(n)
        yield changed(
            models[owners[n]],
            id=n + 1,
            uuid=str(UUID(int=n + 1)),
            tax_digits=tax_digits(str(fields["vat_no"])),
            **fields,
        )


def _happening(number: int, contact: Contact) -> Happening:
    at = contact.created_at
    return Happening(contact.account_id, number, 1, at, at, "contact_added", "contacts", contact.id, contact.created_by)


def _fill_sqlite(url: str, contacts: Iterator[Contact], _last_happening: int) -> None:
    """Add what the business would, many contacts to a commit."""
    database = open_database(url)
    while chunk := list(itertools.islice(contacts, CHUNK)):
        database.write(lambda tx, chunk=chunk: _add(tx, chunk))  # type: ignore[misc]
    database.close()


def _add(tx: Transaction, chunk: list[Contact]) -> None:
    accounts = {account.id: account for account in tx.records(Account, _ACCOUNTS)}
    for contact in chunk:
        books = Books(tx, accounts[contact.account_id], contact.created_by, contact.created_at)
        books.tell("contact_added", books.add_new(contact))


_ACCOUNTS = Query(sa.select(*columns_of(Account)))


def _fill_postgres(url: str, contacts: Iterator[Contact], last_happening: int) -> None:
    """Copy the rows in, then make the trigram index anew, which is faster than letting it grow."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        trigrams = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%' AND tablename = 'contacts'"
        ).fetchall()
        for name, _ in trigrams:
            connection.execute(f'DROP INDEX "{name}"')
        while chunk := list(itertools.islice(contacts, CHUNK)):
            _copy(connection, Contact, chunk)
            happenings = [_happening(number, contact) for number, contact in enumerate(chunk, last_happening + 1)]
            _copy(connection, Happening, happenings)
            last_happening = happenings[-1].id
        for _, definition in trigrams:
            connection.execute(definition)
        for cls in (Contact, Happening):
            table = cls.table.name
            connection.execute(f"SELECT setval('{sequence_name(table)}', (SELECT max(id) FROM {table}))")
        connection.execute("VACUUM ANALYZE")


def _copy(connection: psycopg.Connection, cls: type[Record], records: Iterable[Record]) -> None:
    names = [column.name for column in cls.table.c]
    statement = _insert(cls, "postgresql")
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor().copy(f"COPY {cls.table.name} ({columns}) FROM STDIN") as copy:
        for record in records:
            copy.write_row(statement.parameters(_values(record)))


def _insert(cls: type[Record], engine: str) -> Statement:
    return Query(sa.insert(cls.table).values({c.name: sa.bindparam(c.name) for c in cls.table.c})).on(engine)


def _values(record: Record) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in record.__struct_fields__}
    if record.searched:
        values[SEARCH_TEXT] = search.text_of(record)
    return values
