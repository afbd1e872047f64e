"""What customers owe: each sum is that of the documents it stands for."""

import datetime as dt
from decimal import Decimal

from faktura.core.contacts import add_contact
from faktura.core.documents.payments import mark_paid
from faktura.core.errors import Given
from faktura.core.invoices.debts import (
    MONTHS,
    UNPAID,
    by_age,
    by_currency,
    by_month,
    issued_between,
    overdue,
    owed,
    paid_between,
    worst_debts,
)
from faktura.core.invoices.events import fire
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import NOON, Firm, line
from faktura.store.queries import Selection

TODAY = NOON.date()
LATE = {"issued_on": TODAY - dt.timedelta(days=60), "due_days": 14}


def pay(firm: Firm, invoice: Invoice, amount: int, days_ago: int = 0) -> None:
    paid_on = TODAY - dt.timedelta(days=days_ago)
    firm.do(add_payment, invoice.id, Given({"amount": Decimal(amount), "paid_on": paid_on}))


def test_what_is_owed_is_what_is_left_of_invoices(firm: Firm) -> None:
    pay(firm, firm.issue(line(1000)), 210)
    firm.issue(line(100), kind="proforma")
    firm.issue(line(-100), kind="correction", corrected_number="1")
    firm.do(mark_paid, firm.issue(line(7)), TODAY)
    given_up = firm.issue(line(70))
    firm.do(fire, given_up.id, "mark_as_uncollectible")
    firm.do(fire, firm.issue(line(3)).id, "cancel")

    assert firm.do(owed, UNPAID) == (1, Decimal(1000), True)


def test_foreign_money_counts_at_the_rate_of_today_or_is_said_to_be_missing(firm: Firm) -> None:
    firm.issue(line(100))
    firm.issue(line(100), currency="EUR", exchange_rate=Decimal(25))

    assert firm.do(owed, UNPAID) == (2, Decimal(121), False)
    sums = {one.currency: (one.documents, one.net, one.left) for one in firm.do(by_currency, UNPAID)}
    assert sums == {"CZK": (1, 100, 121), "EUR": (1, 100, 121)}


def test_a_debt_is_of_the_age_of_its_day(firm: Firm) -> None:
    for late in (-3, 0, 1, 30, 31, 60, 61, 90, 91, 400):
        firm.issue(line(100, 0), issued_on=TODAY - dt.timedelta(days=late + 14), due_days=14)

    assert [debt.documents for debt in firm.do(by_age)] == [2, 2, 2, 2, 2]
    assert [debt.amount for debt in firm.do(by_age)] == [200] * 5
    assert firm.do(owed, overdue(TODAY)).documents == 8


def test_each_month_has_what_was_issued_and_what_was_paid_in_it(firm: Firm) -> None:
    old = firm.issue(line(100, 0), issued_on=dt.date(2025, 11, 3), due_days=14)
    firm.issue(line(1000, 0), issued_on=dt.date(2026, 10, 31), due_days=14)
    credited = firm.issue(line(500, 0))
    firm.issue(line(-200, 0), kind="correction", corrected_id=credited.id)
    cancelled = firm.issue(line(900, 0))
    firm.do(fire, cancelled.id, "cancel")
    pay(firm, old, 100, days_ago=30)

    months: dict[str, object] = {one.month: (one.issued, one.paid) for one in firm.do(by_month)}
    assert next(iter(months)) == "2025-11"
    assert len(months) == MONTHS
    assert months["2025-11"] == (100, 0)
    assert months["2026-10"] == (1000, 100)
    assert months["2026-11"] == (300, 0)
    assert months["2026-01"] == (0, 0)


def test_a_chain_of_proforma_and_invoice_is_paid_once(firm: Firm) -> None:
    proforma = firm.issue(line(100, 0), kind="proforma", follow_up="final_invoice_paid")
    pay(firm, proforma, 100)

    documents = firm.do(lambda books: books.all(Invoice))
    assert [document.kind for document in documents] == ["proforma", "final_invoice"]
    assert [(one.documents, one.gross) for one in firm.do(by_currency, paid_between(TODAY, TODAY))] == [(1, 100)]
    assert [(one.documents, one.gross) for one in firm.do(by_currency, issued_between(TODAY, TODAY))] == [(1, 100)]
    assert firm.do(owed, UNPAID).documents == 0


def test_who_owes_most_comes_first(firm: Firm) -> None:
    other = firm.do(add_contact, Given({"name": "Jiný"}))
    firm.issue(line(100, 0), **LATE)
    firm.issue(line(300, 0), contact_id=other.id, **LATE)
    firm.issue(line(1000, 0))

    found = firm.do(worst_debts)
    assert [(contact_id, debt.amount) for contact_id, debt in found] == [(other.id, 300), (firm.contact.id, 100)]
    assert [contact_id for contact_id, _ in firm.do(worst_debts, 1)] == [other.id]


def test_sums_of_nothing_are_nothing(firm: Firm) -> None:
    assert firm.do(by_currency, Selection()) == []
    assert firm.do(owed, UNPAID) == (0, 0, True)
    assert firm.do(worst_debts) == []


def test_what_is_cancelled_or_given_up_leaves_nothing_to_pay(firm: Firm) -> None:
    firm.issue(line(100, 0))
    for event in ("cancel", "mark_as_uncollectible"):
        firm.do(fire, firm.issue(line(50, 0)).id, event)

    (sums,) = firm.do(by_currency, Selection())
    assert (sums.documents, sums.gross, sums.left) == (3, 200, 100)
