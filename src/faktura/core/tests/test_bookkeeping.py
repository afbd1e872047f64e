"""What a bookkeeper is given of a period, by the day that decides."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.bookkeeping import SORTS, Period, Sort, documents_of, order_period, sums_of, sums_received
from faktura.core.contacts import add_contact
from faktura.core.errors import Given, Invalid
from faktura.core.invoices import batches
from faktura.core.invoices.batches import Batch
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.received.enter import enter_expense
from faktura.core.tests.conftest import Firm, a_firm, line
from faktura.store.database import Database

NOVEMBER = dt.date(2026, 11, 1), dt.date(2026, 11, 30)


def period(*sorts: Sort) -> Period:
    return Period(*NOVEMBER, frozenset(sorts))


def numbers(firm: Firm, wanted: Period) -> set[str]:
    return {one.number for chosen in firm.do(documents_of_, wanted) for one in chosen}


def documents_of_(books: Any, wanted: Period) -> list[list[Invoice]]:
    return [books.all(Invoice, chosen) for chosen in documents_of(wanted)]


def day(month: int, number: int) -> dt.date:
    return dt.date(2026, month, number)


def received(firm: Firm, received_on: dt.date) -> Any:
    contact = firm.do(add_contact, Given({"name": "Dodavatel"}))
    return firm.do(enter_expense, Given({"contact_id": contact.id, "lines": [line(50)], "received_on": received_on}))


def test_the_day_of_the_supply_decides_and_else_that_of_issue(firm: Firm) -> None:
    inside = [
        firm.issue(issued_on=day(12, 5), taxable_on=day(11, 30)),
        firm.issue(issued_on=day(11, 1), taxable_on=day(11, 1)),
    ]
    firm.issue(issued_on=day(11, 2), taxable_on=day(10, 31))
    firm.issue(issued_on=day(12, 1), taxable_on=day(12, 1))
    proforma = firm.issue(kind="proforma", issued_on=day(11, 30))
    firm.issue(kind="proforma", issued_on=day(12, 1))

    assert numbers(firm, period("invoices")) == {one.number for one in inside}
    assert numbers(firm, period("proformas")) == {proforma.number}
    assert numbers(firm, period("invoices", "proformas")) == {*(one.number for one in inside), proforma.number}
    assert numbers(firm, period()) == numbers(firm, period("received")) == set()


def test_each_kind_is_chosen_by_itself(firm: Firm) -> None:
    days = {"issued_on": day(11, 10), "taxable_on": day(11, 10)}
    original = firm.issue(**days)
    note = firm.issue(line(-100), kind="correction", corrected_id=original.id, **days)
    proforma = firm.issue(line(100), kind="proforma", follow_up="tax_document", issued_on=day(11, 10))
    paid = firm.do(add_payment, proforma.id, Given({"paid_on": day(11, 12)}))
    assert numbers(firm, period("invoices")) == {original.number}
    assert numbers(firm, period("corrections")) == {note.number}
    assert numbers(firm, period("proformas")) == {proforma.number}
    assert len(numbers(firm, period("tax_documents"))) == len(paid.invoice.payments) == 1


def test_what_was_received_counts_by_the_day_on_which_it_came(firm: Firm) -> None:
    received(firm, day(10, 31))
    [first, last] = [received(firm, when) for when in NOVEMBER]
    issued = firm.issue(issued_on=day(11, 3), taxable_on=day(11, 3))
    everything = period(*SORTS)

    [sums] = firm.do(sums_received, everything)
    assert (sums.currency, sums.documents, sums.gross) == ("CZK", 2, first.gross_total + last.gross_total)
    assert [one.documents for one in firm.do(sums_of, everything)] == [1]
    assert firm.do(sums_received, period("invoices")) == []

    told: Batch = firm.do(order_period, everything, "pohoda", {})
    assert (told.document_ids, set(told.expense_ids), told.size) == ((issued.id,), {first.id, last.id}, 3)
    assert firm.do(order_period, everything, "isdoc", {}).expense_ids == ()


def test_nothing_and_too_much_are_refused(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid) as nothing:
        firm.do(order_period, period(*SORTS), "pohoda", {})
    assert nothing.value.problems["documents"][0].code == "nothing"
    monkeypatch.setattr(batches, "MOST", 1)
    received(firm, day(11, 1))
    firm.issue(issued_on=day(11, 3), taxable_on=day(11, 3))
    with pytest.raises(Invalid) as much:
        firm.do(order_period, period(*SORTS), "pohoda", {})
    assert much.value.problems["documents"][0].code == "too_large"


def test_no_account_is_given_what_is_of_another(database: Database) -> None:
    ours, theirs = a_firm(database, "ours"), a_firm(database, "theirs")
    days = {"issued_on": day(11, 3), "taxable_on": day(11, 3)}
    mine, others = ours.issue(**days), theirs.issue(**days)
    received(theirs, day(11, 3))
    batch = ours.do(order_period, period(*SORTS), "pohoda", {})
    assert (batch.document_ids, batch.expense_ids) == ((mine.id,), ())
    assert others.id not in batch.document_ids
