"""A Polish firm that is not connected to KSeF is told so once a month in which it issued something."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.invoices.events import fire
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import KsefConnection, note_sign_in
from faktura.core.ksef.duty import accounts_to_connect, outside_ksef, remind_to_connect
from faktura.core.tests.conftest import Firm, a_firm
from faktura.core.todos import Todo, toggle
from faktura.store.database import Database
from faktura.store.records import changed


@pytest.fixture
def polish(database: Database) -> Firm:
    firm = a_firm(database, "jablko", country="PL", currency="PLN")
    firm.contact = firm.do(add_contact, Given({"name": "Nabywca", "vat_no": "PL5260250274"}))
    return firm


def connect(firm: Firm, *, active: bool) -> None:
    said: dict[str, Any] = {"environment": "test", "tax_no": "5265877635", "method": "token", "active": active}
    urls = dict.fromkeys(("api_url", "qr_url", "status_url"), "https://ksef.example")
    firm.do(lambda books: books.add(KsefConnection, **urls, **said))


def test_whoever_is_let_in_is_told_no_more(polish: Firm) -> None:
    polish.issue()
    assert reminded(polish) == [False]
    connect(polish, active=False)
    polish.do(note_sign_in, None)

    assert reminded(polish) == [True]


def reminded(firm: Firm) -> list[bool]:
    """Whether each reminder there ever was is done."""
    firm.do(remind_to_connect)
    return [todo.done_at is not None for todo in firm.do(Books.all, Todo)]


def to_connect(firm: Firm) -> list[int]:
    return firm.database.read(lambda tx: accounts_to_connect(Office(tx, firm.clock.now())))


def amount(firm: Firm) -> tuple[int, Decimal]:
    outside = firm.do(outside_ksef)
    assert outside is not None
    return outside.debt.documents, outside.debt.amount


def test_what_stays_outside_is_what_would_have_to_go_there(polish: Firm) -> None:
    """Not what consumers buy, what was cancelled, a proforma, what KSeF has, or what an earlier month brought."""
    kept = polish.issue()
    polish.issue(kind="proforma")
    polish.issue(issued_on=dt.date(2026, 10, 31))
    polish.do(fire, polish.issue().id, "cancel")
    taken = polish.issue()
    polish.do(lambda books: books.change(taken, changed(taken, ksef_number="5265877635-20261120-0100001AF629-AF")))
    consumer = polish.do(add_contact, Given({"name": "Konsument"}))
    polish.issue(contact_id=consumer.id)

    assert amount(polish) == (1, kept.gross_total)


def test_the_sum_that_may_stay_outside_ends_with_the_year_2026(polish: Firm) -> None:
    said = polish.do(outside_ksef)
    assert said is not None
    assert (said.limit, said.is_too_much) == (Decimal(10_000), False)

    polish.clock.stand_at(dt.datetime(2027, 1, 1, 9, tzinfo=dt.UTC))
    polish.issue()
    said = polish.do(outside_ksef)
    assert said is not None
    assert (said.limit, said.is_too_much) == (None, True)


def test_it_is_told_once_a_month_and_only_where_something_was_issued(polish: Firm) -> None:
    assert (reminded(polish), to_connect(polish)) == ([], [])
    polish.issue()
    assert to_connect(polish) == [polish.account.id]
    assert reminded(polish) == reminded(polish) == [False]
    polish.do(lambda books: toggle(books, books.all(Todo)[0].id))
    assert reminded(polish) == [True]

    polish.clock.stand_at(dt.datetime(2026, 12, 4, 9, tzinfo=dt.UTC))
    assert reminded(polish) == [True]
    polish.issue()
    assert reminded(polish) == [True, False]


@pytest.mark.parametrize(("active", "told"), [(True, []), (False, [False])])
def test_a_firm_that_is_connected_is_told_nothing(polish: Firm, *, active: bool, told: list[bool]) -> None:
    polish.issue()
    connect(polish, active=active)

    assert reminded(polish) == told
    assert bool(to_connect(polish)) == bool(told)
    assert (polish.do(outside_ksef) is None) == active


def test_no_firm_of_another_country_is_told_anything(firm: Firm) -> None:
    firm.issue()

    assert (reminded(firm), to_connect(firm), firm.do(outside_ksef)) == ([], [], None)
    assert firm.do(Books.count, Invoice) == 1
