"""What people look for is found by an index, however many records an account has."""

import contextlib
import sqlite3

import pytest


@pytest.mark.parametrize("order", ["name, id", "name DESC, id DESC"])
def test_sqlite_looks_a_tax_number_up_and_does_not_walk_the_list_by_name(sqlite_url: str, order: str) -> None:
    sql = f"SELECT id, version FROM contacts WHERE account_id = 1 AND tax_digits = '1' ORDER BY {order} LIMIT 10"  # noqa: S608 (of our own words)
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]

    assert len(plan) == 1
    assert "(account_id=? AND tax_digits=?)" in plan[0]


POINTERS = [
    ("links", "from_kind", "from_id"),
    ("links", "to_kind", "to_id"),
    ("attachments", "kind", "document_id"),
    ("messages", "kind", "document_id"),
    ("share_links", "kind", "document_id"),
]


@pytest.mark.parametrize(("table", "kind", "named"), POINTERS)
def test_what_points_to_a_document_is_found_by_an_index(sqlite_url: str, table: str, kind: str, named: str) -> None:
    sql = f"SELECT * FROM {table} WHERE account_id = ? AND {kind} = ? AND {named} = ?"  # noqa: S608 (of our own words)
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        [plan] = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", (1, "invoices", 1))]

    assert plan.endswith(f"(account_id=? AND {kind}=? AND {named}=?)")
