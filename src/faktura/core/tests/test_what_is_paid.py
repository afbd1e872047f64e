"""A document is paid where money covers it, and owes the rest where it does so no longer, whatever changed it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.books.audit import AUDIT
from faktura.core.documents.events import restate_due
from faktura.core.documents.payments import mark_paid
from faktura.core.errors import Invalid, WrongState
from faktura.core.invoices.follow_up import remove_payment
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import NOON, Firm, change, line, pay
from faktura.store.check import check

TODAY = NOON.date()
EARLIER = TODAY - dt.timedelta(days=9)


@pytest.fixture(autouse=True)
def whatever_happened_the_books_agree(firm: Firm) -> Any:
    yield
    assert check(firm.database, lambda _: None, AUDIT) == []


def call_paid(firm: Firm, invoice: Invoice, day: dt.date = TODAY) -> Invoice:
    called: Invoice = firm.do(lambda books: mark_paid(books, books.find(Invoice, invoice.id), day))
    return called


def owed(firm: Firm, invoice: Invoice) -> tuple[str, Decimal]:
    now = firm.again(invoice)
    return now.status, now.left_to_pay


def advance_of(firm: Firm, amount: int, **values: Any) -> Invoice:
    return firm.issue(kind="tax_document", advance_amount=Decimal(amount), taxable_on=EARLIER, **values)


GROWING: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "lines": ({}, {"all_lines": [line(200)]}, {"all_lines": [line(100)]}),
    "price mode": (
        {"price_mode": "from_total_with_vat"},
        {"price_mode": "without_vat"},
        {"price_mode": "from_total_with_vat"},
    ),
    "reverse charge": ({"reverse_charge": True}, {"reverse_charge": False}, {"reverse_charge": True}),
}
"""By what changes: how the document begins, how it grows, and how it becomes what it was."""


@pytest.mark.parametrize("way", GROWING)
def test_a_paid_invoice_that_grows_owes_the_rest_and_is_paid_where_it_shrinks_again(firm: Firm, way: str) -> None:
    begun, growing, shrinking = GROWING[way]
    invoice = firm.issue(line(100), **begun)
    pay(firm, invoice, paid_on=EARLIER)
    came_to = firm.again(invoice).gross_total

    grown = change(firm, invoice, **growing)
    assert (grown.status, grown.stage, grown.paid_on) == ("open", "draft", None)
    assert grown.left_to_pay == grown.gross_total - came_to > 0
    shrunk = change(firm, invoice, **shrinking)
    assert (shrunk.status, shrunk.stage, shrunk.paid_on, shrunk.left_to_pay) == ("paid", "paid", EARLIER, 0)
    change(firm, invoice, **growing)
    pay(firm, invoice)
    assert owed(firm, invoice) == ("paid", 0)


def test_a_payment_taken_back_opens_only_what_is_covered_no_longer(firm: Firm) -> None:
    invoice = firm.issue(line(100))
    half = pay(firm, invoice, 60, paid_on=EARLIER)
    rest = pay(firm, invoice, 200)

    firm.do(remove_payment, invoice.id, half)
    kept = firm.again(invoice)
    assert (kept.status, kept.paid_on, kept.left_to_pay) == ("paid", TODAY, -79)
    firm.do(remove_payment, invoice.id, rest)
    assert owed(firm, invoice) == ("open", 121)


def test_what_was_called_paid_is_asked_for_by_no_way_back(firm: Firm) -> None:
    invoice = firm.issue(line(100))
    call_paid(firm, invoice)

    change(firm, invoice, all_lines=[line(50)])
    assert change(firm, invoice, all_lines=[line(100)]).status == "paid"
    assert owed(firm, change(firm, invoice, all_lines=[line(150)])) == ("open", Decimal("60.5"))


def test_the_currency_of_what_was_called_paid_stays(firm: Firm) -> None:
    invoice = firm.issue(line(100))
    call_paid(firm, invoice)

    with pytest.raises(Invalid) as told:
        change(firm, invoice, currency="EUR", exchange_rate=Decimal(25))
    assert list(told.value.problems) == ["currency"]


def test_a_day_of_payment_that_is_taken_away_opens_only_what_is_not_covered(firm: Firm) -> None:
    called, covered = firm.issue(line(100)), firm.issue(line(100))
    call_paid(firm, called)
    pay(firm, covered, paid_on=EARLIER)

    assert change(firm, called, paid_on=None).status == "open"
    kept = change(firm, covered, paid_on=None)
    assert (kept.status, kept.paid_on) == ("paid", EARLIER)


def test_what_a_proforma_took_in_is_taken_off_whole_where_the_proforma_shrinks(firm: Firm) -> None:
    proforma = firm.issue(line(100), kind="proforma", follow_up="none")
    invoice = firm.issue(line(200), related_id=proforma.id)
    pay(firm, proforma)
    assert owed(firm, invoice) == ("open", 121)

    change(firm, proforma, all_lines=[line(10)])
    assert owed(firm, invoice) == ("open", 121)
    change(firm, proforma, all_lines=[line(200)])
    assert owed(firm, proforma) == ("open", 121)
    assert owed(firm, invoice) == ("open", 121)


def test_a_final_invoice_that_its_advances_cover_is_paid_and_its_paper_begins_as_a_draft(firm: Firm) -> None:
    advance = advance_of(firm, 121)

    final = firm.issue(kind="final_invoice", previous_advance_id=advance.id)

    assert (final.status, final.stage, final.paid_on) == ("paid", "draft", EARLIER)
    assert (final.left_to_pay, final.show_paid_note) == (0, True)
    with pytest.raises(WrongState):
        pay(firm, final, 1)
    called = call_paid(firm, final)
    assert (called.status, called.stage, called.paid_on) == ("paid", "paid", TODAY)
    with pytest.raises(WrongState):
        call_paid(firm, final)


def test_what_advances_cover_is_never_overdue(firm: Firm) -> None:
    advance = advance_of(firm, 121)
    documents = [advance, firm.issue(kind="final_invoice", previous_advance_id=advance.id, due_days=3)]

    firm.clock.stand_at(NOON + dt.timedelta(days=60))
    firm.do(restate_due)

    assert [firm.again(document).status for document in documents] == ["paid", "paid"]


def test_a_final_invoice_follows_what_its_advances_cover(firm: Firm) -> None:
    advance = advance_of(firm, 121)
    final = firm.issue(kind="final_invoice", previous_advance_id=advance.id)

    change(firm, advance, advance_amount=Decimal(100))
    now = firm.again(final)
    assert (now.status, now.stage, now.left_to_pay, now.show_paid_note) == ("open", "draft", 21, False)
    change(firm, advance, advance_amount=Decimal(121))
    assert owed(firm, final) == ("paid", 0)
    assert owed(firm, change(firm, final, all_lines=[line(300)])) == ("open", 242)
    pay(firm, final)
    paid = firm.again(final)
    assert (paid.status, paid.stage) == ("paid", "paid")


def test_an_advance_is_paid_on_the_day_on_which_it_came_in(firm: Firm) -> None:
    advance = advance_of(firm, 40)
    assert (advance.status, advance.stage, advance.paid_on) == ("paid", "draft", EARLIER)

    moved = change(firm, advance, taxable_on=TODAY)
    assert (moved.paid_on, moved.stage) == (TODAY, "draft")
    called = call_paid(firm, advance, EARLIER)
    assert (called.paid_on, called.stage) == (EARLIER, "paid")
    assert change(firm, advance, note="x").paid_on == EARLIER
