"""A page of a list is found by an index in whatever order its heads offer: no list reads all of its documents."""

import contextlib
import datetime as dt
import sqlite3

import msgspec
import pytest

from faktura.core.invoices.listing import PARTS, Filters, chosen_by
from faktura.core.invoices.record import Invoice
from faktura.core.received import listing as received
from faktura.core.received.record import Expense
from faktura.store.database import open_database
from faktura.store.queries import Order, Selection, _compiled, _planned
from faktura.store.records import Tenant
from faktura.web.documents import list as documents
from faktura.web.door.lists import order_of
from faktura.web.expenses import list as expenses

TODAY = dt.date(2026, 11, 28)


def plan_of(sqlite_url: str, cls: type[Tenant], chosen: Selection) -> str:
    with contextlib.closing(open_database(sqlite_url)) as database:
        query, values = database.read(
            lambda tx: _compiled(tx, cls, 1, _planned(tx, cls, 1, chosen, page=True), "stamps")
        )
    statement = query.on("sqlite")
    parameters = statement.parameters(values | {"_limit": 51, "_offset": 0})
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        return "\n".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement.sql}", parameters))


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("sort", documents.SORTS)
def test_documents_in_any_order_are_found_by_an_index_alone(sqlite_url: str, sort: str, sign: str) -> None:
    order = order_of(documents.SORTS, sign + sort)

    for part in PARTS:
        assert "COVERING INDEX" in plan_of(sqlite_url, Invoice, chosen_by(Filters(part=part), TODAY, order)), part


@pytest.mark.parametrize("sort", documents.SORTS)
def test_all_documents_are_walked_in_their_order(sqlite_url: str, sort: str) -> None:
    """At most what is alike in the first of the order is sorted."""
    plan = plan_of(sqlite_url, Invoice, chosen_by(Filters(), TODAY, documents.SORTS[sort]))

    assert "TEMP B-TREE FOR ORDER BY" not in plan


@pytest.mark.parametrize("sort", expenses.SORTS)
def test_expenses_in_any_order_are_found_by_an_index_alone(sqlite_url: str, sort: str) -> None:
    plan = plan_of(sqlite_url, Expense, received.chosen_by(received.Filters(), expenses.SORTS[sort]))

    assert "COVERING INDEX" in plan


@pytest.mark.parametrize("sort", expenses.SORTS)
@pytest.mark.parametrize(
    ("filters", "found_by"),
    [
        ({"category": "paliwo"}, "ix_expenses_account_id_category_progress_id"),
        ({"category": "paliwo", "accounting": "open"}, "ix_expenses_account_id_category_progress_id"),
    ],
)
def test_expenses_of_a_category_are_found_by_it(
    sqlite_url: str, sort: str, filters: dict[str, str], found_by: str
) -> None:
    chosen = received.chosen_by(received.Filters(**filters), expenses.SORTS[sort])  # type: ignore[arg-type]

    assert f"INDEX {found_by}" in plan_of(sqlite_url, Expense, msgspec.structs.replace(chosen, way="sort"))


def test_what_is_not_much_is_found_and_sorted(sqlite_url: str) -> None:
    """What is unpaid stands at the end of a long list, which is not walked to get there."""
    chosen = chosen_by(Filters(part="unpaid"), TODAY, documents.SORTS["due"])
    few = msgspec.structs.replace(chosen, way="sort")

    assert "COVERING INDEX ix_invoices_account_id_status_issued_on" in plan_of(sqlite_url, Invoice, few)


@pytest.mark.parametrize("filters", [{"currency": "EUR"}, {"since": TODAY, "until": TODAY}, {"least": 1000}])
def test_filters_of_documents_are_told_by_an_index_alone(sqlite_url: str, filters: dict[str, object]) -> None:
    for sort in documents.SORTS:
        chosen = chosen_by(Filters(**filters), TODAY, documents.SORTS[sort])  # type: ignore[arg-type]
        assert "COVERING INDEX" in plan_of(sqlite_url, Invoice, chosen), sort


def test_a_tag_is_found_by_the_index_of_the_text(sqlite_url: str) -> None:
    assert "invoices_search VIRTUAL TABLE" in plan_of(sqlite_url, Invoice, chosen_by(Filters(tag="vip"), TODAY))


def test_of_a_text_that_many_have_a_page_is_met_on_a_walk(sqlite_url: str) -> None:
    chosen = chosen_by(Filters(text="pisek"), TODAY, (Order("issued_on"),))
    many = msgspec.structs.replace(chosen, way="walk")

    assert "invoices_search" in plan_of(sqlite_url, Invoice, chosen)
    plan = plan_of(sqlite_url, Invoice, many)
    assert "SEARCH invoices_search_content USING INTEGER PRIMARY KEY (rowid=?)" in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan
