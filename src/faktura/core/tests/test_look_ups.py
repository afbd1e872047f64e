"""What people look for is found by an index, however many records an account has."""

import contextlib
import datetime as dt
import sqlite3

import pytest

from faktura.core.books.history import Happening
from faktura.core.invoices.balance import paid_of
from faktura.core.invoices.listing import PARTS, Filters, chosen_by
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message
from faktura.store.database import open_database
from faktura.store.queries import Condition, Order, Selection, _compiled
from faktura.store.records import Tenant


@pytest.mark.parametrize("order", ["name, id", "name DESC, id DESC"])
def test_sqlite_looks_a_tax_number_up_and_does_not_walk_the_list_by_name(sqlite_url: str, order: str) -> None:
    sql = f"SELECT id, version FROM contacts WHERE account_id = 1 AND tax_digits = '1' ORDER BY {order} LIMIT 10"  # noqa: S608 (of our own words)
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]

    assert len(plan) == 1
    assert "(account_id=? AND tax_digits=?)" in plan[0]


@pytest.mark.parametrize("table", ["contacts", "products"])
def test_names_that_begin_with_a_text_are_read_in_the_order_of_an_index(sqlite_url: str, table: str) -> None:
    begins = "account_id = 1 AND sought_name >= 'a' AND sought_name < 'b'"
    sql = f"SELECT id, version FROM {table} WHERE {begins} ORDER BY sought_name, id LIMIT 8"  # noqa: S608 (of our own words)
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        [plan] = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]

    assert "COVERING INDEX" in plan
    assert plan.endswith("(account_id=? AND sought_name>? AND sought_name<?)")


POINTERS = [
    ("links", "from_kind", "from_id"),
    ("links", "to_kind", "to_id"),
    ("attachments", "kind", "document_id"),
    ("messages", "kind", "document_id"),
    ("payment_links", "kind", "document_id"),
    ("share_links", "kind", "document_id"),
]


@pytest.mark.parametrize(("table", "kind", "named"), POINTERS)
def test_what_points_to_a_document_is_found_by_an_index(sqlite_url: str, table: str, kind: str, named: str) -> None:
    sql = f"SELECT * FROM {table} WHERE account_id = ? AND {kind} = ? AND {named} = ?"  # noqa: S608 (of our own words)
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        [plan] = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", (1, "invoices", 1))]

    assert plan.endswith(f"(account_id=? AND {kind}=? AND {named}=?)")


@pytest.mark.parametrize(("cls", "named"), [(Happening, "record_id"), (Message, "document_id")])
def test_what_happened_to_a_document_is_read_and_no_more(sqlite_url: str, cls: type[Tenant], named: str) -> None:
    """Lists of it show the last first: SQLite would rather walk all of the account's in that order."""
    of_it = Condition("kind", "eq", "invoices"), Condition(named, "eq", 1)
    chosen = Selection(of_it, order=(Order("id", descending=True),))
    with contextlib.closing(open_database(sqlite_url)) as database:
        query, values = database.read(lambda tx: _compiled(tx, cls, 1, chosen, "stamps"))
    statement = query.on("sqlite")
    parameters = statement.parameters(values | {"_limit": 51, "_offset": 0})
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement.sql}", parameters))

    assert f"(account_id=? AND kind=? AND {named}=?)" in plan
    assert "TEMP B-TREE" not in plan


OF_CONTACT = [
    paid_of(1),
    *(
        chosen_by(Filters(part=part, contact_id=1), dt.date(2026, 11, 28), (Order(by),))
        for part in PARTS
        for by in ("issued_on", "number", "buyer_name", "due_on", "gross_total")
    ),
]


@pytest.mark.parametrize("chosen", OF_CONTACT)
def test_of_a_contact_only_their_documents_are_read(sqlite_url: str, chosen: Selection) -> None:
    with contextlib.closing(open_database(sqlite_url)) as database:
        query, values = database.read(lambda tx: _compiled(tx, Invoice, 1, chosen, "stamps"))
    statement = query.on("sqlite")
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        found = connection.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters(values))
        [plan] = [row[3] for row in found if "SEARCH" in row[3]]

    assert "(account_id=? AND contact_id=?)" in plan
