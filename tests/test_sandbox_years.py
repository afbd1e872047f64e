"""Years of a firm's life in the sandbox: alive, whole, and the same by the same seed."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.contacts import Contact
from faktura.core.generators.record import Generator
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message
from faktura.core.received.record import Expense
from faktura.sandbox.beginning import Beginning
from faktura.sandbox.example.customers import IN, customer
from faktura.sandbox.files import EXAMPLE
from faktura.sandbox.folder import opened, prepare_folder
from faktura.store.errors import Unready
from faktura.store.statements import Query
from faktura.store.transaction import columns_of
from tests import needs
from tests.running import run, running

pytestmark = needs.ONE_ENGINE

BEGINNING = Beginning("7", dt.datetime(2026, 11, 28, 9, tzinfo=dt.UTC), years=1)
FIRMS = {1: "applecorp", 3: "jabluszko"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("years")
    begun = ("--seed", "7", "--clock", "2026-11-28T09:00:00Z", "--years", "1")
    with running(made, "sandbox", "--data", str(made / "data"), *begun) as server:
        assert server.output.read_text().startswith("The firms live\n")
    return made / "data"


def kept(folder: Path, cls: Any) -> list[Any]:
    query = Query(sa.select(*columns_of(cls)).order_by(cls.table.c.id))
    with opened(folder / EXAMPLE) as database:
        return database.read(lambda tx: tx.records(cls, query))


def test_the_books_are_whole(folder: Path) -> None:
    """Numbers without a gap among them, and nothing that was changed before it was."""
    checked = run("db", "check", "--database", f"sqlite:///{folder / EXAMPLE}")

    assert checked.stdout.splitlines()[-1] == "All is well.", checked.stdout


@pytest.mark.parametrize("account", FIRMS)
def test_each_month_of_a_firm_has_documents_of_many_sorts(folder: Path, account: int) -> None:
    invoices = [one for one in kept(folder, Invoice) if one.account_id == account]
    months = Counter(f"{one.issued_on:%Y-%m}" for one in invoices)

    assert len(invoices) > 100
    assert len(months) >= 12
    # The first one was nearly over.
    assert sorted(months.values())[1] >= 5
    assert {one.kind for one in invoices} >= {"invoice", "proforma", "final_invoice", "correction"}
    assert {one.status for one in invoices} >= {"paid", "open", "overdue", "uncollectible"}
    assert len([one for one in kept(folder, Expense) if one.account_id == account]) > 30
    assert len([one for one in kept(folder, Message) if one.account_id == account and one.state == "sent"]) > 10


def test_customers_come_and_go_and_some_want_something_each_month(folder: Path) -> None:
    contacts = {one.id for one in kept(folder, Contact) if one.created_at < BEGINNING.instant}
    subscribed = [one for one in kept(folder, Generator) if one.contact_id in contacts]

    assert len(contacts) > 15
    assert {one.active for one in subscribed} == {True, False}


def test_the_same_seed_gives_the_same_years(folder: Path, tmp_path: Path) -> None:
    prepare_folder(tmp_path, "http://127.0.0.1:8000", None, BEGINNING)

    for cls in (Invoice, Expense, Contact, Message):
        assert kept(tmp_path, cls) == kept(folder, cls)


def test_a_folder_with_other_years_is_refused(folder: Path) -> None:
    with pytest.raises(Unready, match="was made with 1 years"):
        prepare_folder(folder, "http://127.0.0.1:8000", None, BEGINNING._replace(years=3))


@pytest.mark.parametrize("country", IN)
def test_no_two_customers_are_the_same(country: str) -> None:
    said = [customer(country, place) for place in range(80)]

    assert len({one["name"] for one in said}) == 80
    assert len({one.get("registration_no") or one["vat_no"] for one in said}) == 80
