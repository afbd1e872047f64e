"""The data: accounts of skewed size full of contacts and invoices, in a database that is built once and then copied."""

import contextlib
import functools
import hashlib
import itertools
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast
from uuid import UUID

import msgspec
import psycopg
import sqlalchemy as sa
from sqlalchemy import make_url

import faktura.core.tables  # noqa: F401 (declares every table)
from bench.samples import fields_of, lines_of
from bench.sizes import (
    ACCOUNTS,
    buyers_of,
    invoice_ids,
    invoice_owners_of,
    invoice_sizes_of,
    owners_of,
    slug_of,
)
from bench.templates import kept_template
from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.books.history import Event, EventName
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact, tax_digits
from faktura.core.documents.amounts import add_up
from faktura.core.documents.numbering import NumberFormat, NumberSeries, number
from faktura.core.documents.numbers import Place, put_in_place
from faktura.core.documents.record import Line
from faktura.core.errors import Given
from faktura.core.invoices.buyer import buyer_of, tidy_buyer
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account, open_account
from faktura.core.people.api_keys import add_api_key
from faktura.core.people.applications import grant_access, register_application
from faktura.core.people.tokens import issue_access_token
from faktura.core.people.users import User, add_user, hash_password, join
from faktura.dialects import installed
from faktura.store import schema, search
from faktura.store.backup import copy_records
from faktura.store.database import Database, open_database
from faktura.store.records import Tenant, changed
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of

OWNER = "owner@bench.example"
FIRST = "FIRST"
"""What the first contact of each account is called by its shop."""

CHUNK = 10_000
BODIES = 400
NEVER_DUE = 3650
"""Days, so that nothing falls overdue while the data are kept."""


def sqlite_file(folder: Path, contacts: int) -> Path:
    """A file with the data, to be copied and not to be changed; built where there is none yet."""
    kept = folder / f"data-{contacts}-{_fingerprint()}.sqlite"
    if not kept.exists():
        for outdated in folder.glob(f"data-{contacts}-*"):
            outdated.unlink()
        building = folder / f"data-{contacts}-building"
        building.touch()
        _build(f"sqlite:///{building}", contacts)
        building.rename(kept)
    return kept


def postgres_template(server_url: str, folder: Path, contacts: int) -> str:
    """The name of a database with the data, to be used as a template; copied from the file where there is none yet."""
    kept = sqlite_file(folder, contacts)
    return kept_template(server_url, f"data_{contacts}", _fingerprint(), lambda url: _fill_postgres(url, kept))


class Keys(NamedTuple):
    """An access token of the person who owns all accounts of a database, and a key to the largest account."""

    token: str
    key: str

    @property
    def headers(self) -> dict[str, str]:
        """What every request brings, so that each door finds its own."""
        return {"Authorization": f"Bearer {self.token}", "X-inFakt-ApiKey": self.key}


def let_in(url: str) -> Keys:
    database = open_database(url)

    def work(tx: Transaction) -> Keys:
        office = Office(tx, Clock().now())
        owner = office.find(User, email=OWNER)
        application, _, _ = register_application(office, owner, "bench", "personal")
        token = issue_access_token(office, grant_access(office, application, owner.id))
        scopes = tuple(scope for dialect in installed() for scope in dialect.key_scopes)
        return Keys(token, add_api_key(office, office.find(Account, slug=slug_of(0)), owner, "bench", scopes))

    keys = database.write(work)
    database.close()
    return keys


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
    sources = [Path(__file__).with_name(name).read_bytes() for name in ("data.py", "samples.py", "sizes.py")]
    sources.append(Path(search.__file__).read_bytes())
    return hashlib.sha256(repr((layout, sources)).encode()).hexdigest()[:12]


class _Beginning(NamedTuple):
    """The first contact and the first invoice of each account, made by the rules of the business.

    `pattern` is how all of them number invoices.
    """

    contacts: list[Contact]
    invoices: list[Invoice]
    pattern: str


def _build(url: str, contacts: int) -> None:
    print(f"building {contacts:,} contacts and their invoices ...", flush=True)
    database = open_database(url)
    schema.prepare(database)
    password = hash_password("correct horse battery staple")
    beginning = database.write(lambda tx: _open_accounts(tx, password))
    records = itertools.chain(_contacts(beginning, contacts), _invoices(beginning, contacts))
    whole = contacts + len(invoice_owners_of(contacts)) - 2 * ACCOUNTS
    _fill(database, records, whole)
    database.write(lambda tx: _count_on(tx, beginning.invoices, invoice_sizes_of(contacts)))
    database.close()


def _open_accounts(tx: Transaction, password: str) -> _Beginning:
    now = Clock().now()
    office = Office(tx, now)
    add_user(office, OWNER, "Jan Novák", password)
    contacts, invoices = [], []
    for place in range(ACCOUNTS):
        owner = office.find(User, email=OWNER)
        account = open_account(office, slug_of(place), f"Firma {place} s.r.o.")
        books = Books(tx, account, owner.id, now)
        join(books, owner, "owner")
        add_bank_account(books, Given({"name": "Běžný účet", "number": "2600123456/2010", "default": True}))
        contact = add_contact(books, Given(fields_of(place) | {"custom_id": FIRST}))
        contacts.append(contact)
        invoices.append(issue_invoice(books, given_invoice(contact.id, place)))
    used = tx.get(NumberFormat, id=invoices[0].number_format_id)
    assert used is not None  # noqa: S101 (the invoice has its number from it)
    return _Beginning(contacts, invoices, used.pattern)


def given_invoice(contact_id: int, n: int) -> Given:
    """What somebody would have given for invoice n."""
    lines = [Given({_GIVEN.get(name, name): value for name, value in line.items()}) for line in lines_of(n)]
    return Given({"contact_id": contact_id, "due_days": NEVER_DUE, "lines": lines})


_GIVEN = {"entered": "unit_price"}


def _contacts(beginning: _Beginning, contacts: int) -> Iterator[Contact]:
    """All contacts but the first of each account, alike in what the business derives."""
    return (_contact(beginning, contacts, n) for n in range(ACCOUNTS, contacts))


def _contact(beginning: _Beginning, contacts: int, n: int) -> Contact:
    fields = fields_of(n)
    return changed(
        beginning.contacts[owners_of(contacts)[n]],
        id=n + 1,
        uuid=str(UUID(int=n + 1)),
        tax_digits=tax_digits(str(fields["vat_no"])),
        **fields,
    )


def _invoices(beginning: _Beginning, contacts: int) -> Iterator[Invoice]:
    """All invoices but the first of each account: two of them in the same place of the list of bodies sell the same."""
    bodies = [_body(beginning.invoices[0], n) for n in range(BODIES)]
    counters = [1] * ACCOUNTS
    wanted = zip(invoice_ids(), invoice_owners_of(contacts), buyers_of(contacts), strict=False)
    for n, (invoice_id, place, buyer) in itertools.islice(enumerate(wanted), ACCOUNTS, None):
        counters[place] += 1
        contact = _contact(beginning, contacts, buyer)
        yield _invoice(beginning, bodies[n % BODIES], contact, (n, invoice_id, place, counters[place]))


def _invoice(beginning: _Beginning, body: Invoice, contact: Contact, at: tuple[int, int, int, int]) -> Invoice:
    n, invoice_id, place, counter = at
    model = beginning.invoices[place]
    first_line = invoice_id - len(body.lines)
    lines = tuple(msgspec.structs.replace(line, id=first_line + k) for k, line in enumerate(body.lines))
    invoice = changed(model, id=invoice_id, uuid=str(UUID(int=n + 1)), token=f"T{n:09}", **buyer_of(contact))
    for name in _AMOUNTS:
        setattr(invoice, name, getattr(body, name))
    invoice.lines = lines
    invoice.variable_symbol = contact.variable_symbol
    text = number(beginning.pattern, counter, model.issued_on)
    put_in_place(invoice, Place(text, cast("int", model.number_format_id), model.period, counter))
    tidy_buyer(invoice)
    return invoice


def _body(model: Invoice, n: int) -> Invoice:
    lines = tuple(msgspec.convert({"id": 0, **line}, Line) for line in lines_of(n))
    return add_up(changed(model, lines=lines))


_AMOUNTS = (
    *("net_total", "vat_total", "gross_total", "rounding", "native_net_total", "native_gross_total", "vat_sums"),
    *("remaining_amount", "native_remaining_amount", "left_to_pay", "line_texts"),
)


def _count_on(tx: Transaction, invoices: list[Invoice], sizes: list[int]) -> None:
    """Have the series of each account go on behind its last invoice."""
    for invoice, size in zip(invoices, sizes, strict=True):
        place = {"account_id": invoice.account_id, "number_format_id": invoice.number_format_id}
        series = tx.get(NumberSeries, **place, period=invoice.period)
        assert series is not None  # noqa: S101 (its first number was taken)
        tx.replace(series, changed(series, last=size, version=size))


_NOTED: dict[type[Tenant], EventName] = {Contact: "contact_added", Invoice: "invoice_issued"}


def _fill(database: Database, records: Iterator[Tenant], whole: int) -> None:
    """Add what the business would, many records to a commit."""
    written = 0
    while chunk := list(itertools.islice(records, CHUNK)):
        database.write(lambda tx, chunk=chunk: _add(tx, chunk))  # type: ignore[misc]
        written += len(chunk)
        print(f"{written:,} of {whole:,} written", flush=True)


def _add(tx: Transaction, chunk: list[Tenant]) -> None:
    accounts = {account.id: account for account in tx.records(Account, _ACCOUNTS)}
    for new in chunk:
        books = Books(tx, accounts[new.account_id], 1, new.created_at)
        books.next_ids(type(new), len(new.lines) if isinstance(new, Invoice) else 0)
        books.note_event(Event(_NOTED[type(new)], books.add_new(new)))


_ACCOUNTS = Query(sa.select(*columns_of(Account)))


def _fill_postgres(url: str, kept: Path) -> None:
    """Copy what is in the file, then make the trigram indexes, which is faster than to let them grow."""
    source, target = open_database(f"sqlite:///{kept}"), open_database(url)
    schema.prepare(target)
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        trigrams = connection.execute(
            "SELECT indexname, replace(indexdef, ' ON ONLY ', ' ON ') FROM pg_indexes"
            " WHERE indexdef LIKE '% ON ONLY %gin_trgm_ops%'"
        ).fetchall()
        for name, _ in trigrams:
            connection.execute(f'DROP INDEX "{name}"')
        copy_records(source, target, _say)
        source.close()
        target.close()
        for _, definition in trigrams:
            connection.execute(definition)
        connection.execute("VACUUM ANALYZE")


def _say(what: str) -> None:
    """Of tables without records nobody needs to know."""
    if not what.endswith(": 0 of 0 copied"):
        print(what, flush=True)
