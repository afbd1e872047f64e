"""Sections 2.9 and 1.5: expenses listed, filtered and searched."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.received.record import Expense
from faktura.dialects.fakturoid.tests.conftest import ExpenseDesk, line
from faktura.store.records import changed
from tests import needs

pytestmark = needs.ONE_ENGINE


def ids(expenses: Any) -> list[int]:
    return [found["id"] for found in expenses]


def found(expenses: ExpenseDesk, query: str) -> list[int]:
    return ids(expenses.listed(query, "/expenses/search.json"))


def test_the_newest_comes_first_and_forty_are_on_a_page(expenses: ExpenseDesk) -> None:
    entered = [expenses.issue()["id"] for _ in range(41)]

    assert ids(expenses.listed()) == entered[:0:-1] == found(expenses, "")
    assert ids(expenses.listed("page=2")) == entered[:1]
    assert expenses.listed("page=3") == []
    assert expenses.listed("page=x") == expenses.listed("page=0") == expenses.listed("page=1")


def test_filters_find_what_is_exactly_so_and_go_together(expenses: ExpenseDesk) -> None:
    other = expenses.add_subject()["id"]
    first = expenses.issue(custom_id="A-1", variable_symbol="7", document_type="bill")
    second = expenses.issue(custom_id="A-12", variable_symbol="77", subject_id=other)
    expenses.pay(second)

    assert ids(expenses.listed("custom_id=A-1")) == [first["id"]]
    assert ids(expenses.listed("variable_symbol=7")) == [first["id"]]
    assert ids(expenses.listed(f"number={second['number']}")) == [second["id"]]
    assert ids(expenses.listed(f"subject_id={other}")) == [second["id"]]
    assert ids(expenses.listed("status=paid")) == ids(expenses.listed("document_type=invoice")) == [second["id"]]
    assert ids(expenses.listed("status=open")) == ids(expenses.listed("document_type=bill")) == [first["id"]]
    assert ids(expenses.listed(f"status=paid&subject_id={other}&document_type=invoice")) == [second["id"]]
    assert expenses.listed(f"status=open&subject_id={other}") == expenses.listed("number=N2026") == []


@pytest.mark.parametrize(
    "query", ["subject_id=x", "subject_id=999999", "status=sent", "status=draft", "number=7", "variable_symbol=x"]
)
def test_a_filter_that_nothing_fits_finds_nothing(expenses: ExpenseDesk, query: str) -> None:
    expenses.issue()

    assert expenses.listed(query) == []


@pytest.mark.parametrize(
    "query", ["subject_id=", "status=", "number=", "variable_symbol=", "document_type=", "until=x"]
)
def test_an_empty_or_unknown_filter_is_none(expenses: ExpenseDesk, query: str) -> None:
    assert ids([expenses.issue()]) == ids(expenses.listed(query))


@pytest.mark.parametrize(
    ("name", "value"),
    [("document_type", "correction"), ("document_type", "x"), ("since", "yesterday"), ("updated_since", "x")],
)
def test_a_type_or_time_that_cannot_be_read_is_a_400(expenses: ExpenseDesk, name: str, value: str) -> None:
    refused = expenses.client.get("/expenses.json", query_string=f"{name}={value}")

    told = {"error": "invalid_request", "error_description": f'Parameter "{name}" is invalid'}
    assert (refused.status_code, refused.json) == (400, told)


def test_bounds_are_inclusive_and_compare_creation_and_change(expenses: ExpenseDesk, clock: Clock) -> None:
    now, bit = clock.now(), dt.timedelta(milliseconds=1)
    clock.stand_at(now - dt.timedelta(hours=1))
    old = expenses.issue()
    clock.stand_at(now)
    new = expenses.issue()
    expenses.change(old, description="x")

    def listed(bound: str, moment: dt.datetime) -> list[int]:
        return ids(expenses.client.get("/expenses.json", params={bound: moment.isoformat()}).json)

    assert (listed("since", now), listed("since", now + bit)) == ([new["id"]], [])
    assert (listed("updated_since", now), listed("updated_since", now + bit)) == ([new["id"], old["id"]], [])


@pytest.mark.parametrize(
    "words",
    [
        *("N20261101", "vs77", "2026%2F77", "DODAVATEL", "27082440", "cz270", "benzin", "sluzebni", "hadice"),
        "hadice+benzin",
    ],
)
def test_a_search_looks_through_numbers_suppliers_texts_and_lines(
    expenses: ExpenseDesk, clock: Clock, words: str
) -> None:
    clock.stand_at(dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC))
    supplier = expenses.add_subject(name="Dodavatel", registration_no="27082440", vat_no="CZ27082440")
    sent = {"variable_symbol": "VS77", "original_number": "2026/77", "description": "Benzín"}
    entered = expenses.issue(line(1, name="Hadice"), subject_id=supplier["id"], private_note="Služební", **sent)
    expenses.issue(tags=["hadice"])

    assert found(expenses, f"query={words}") == [entered["id"]]


@pytest.mark.parametrize("query", ["tags=a,b", "tags[]=a&tags[]=b", 'tags=["a"]', "query=vrata&tags=a"])
def test_words_and_tags_go_together(expenses: ExpenseDesk, query: str) -> None:
    wanted = expenses.issue(line(1, name="Vrata"), tags=["a", "b"])
    expenses.issue(line(1, name="Vrata"), tags=["b"])

    assert found(expenses, query) == [wanted["id"]]
    assert found(expenses, "query=nikde") == found(expenses, "tags=vrata") == []


def test_a_search_sees_what_was_changed(expenses: ExpenseDesk) -> None:
    entered = expenses.issue()
    other = expenses.add_subject(name="Jinak")
    expenses.change(entered, subject_id=other["id"], description="Nově")

    assert found(expenses, "query=odberatel") == []
    assert found(expenses, "query=jinak+nove") == [entered["id"]]


def test_a_busy_search_is_a_503(expenses: ExpenseDesk) -> None:
    expenses.client.service.modes.busy_search = True

    assert expenses.client.get("/expenses/search.json").status_code == 503
    assert expenses.client.get("/expenses.json").status_code == 200


def test_a_scan_that_nobody_has_entered_is_no_expense_yet(expenses: ExpenseDesk) -> None:
    entered = expenses.issue()

    def as_scan(books: Books) -> None:
        old = books.find(Expense, entered["id"])
        books.change(old, changed(old, progress="scan"))

    expenses.client.write(as_scan)

    assert expenses.listed() == expenses.listed("", "/expenses/search.json") == []
