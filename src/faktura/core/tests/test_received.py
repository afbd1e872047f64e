"""What comes in: expenses entered, changed, paid and thrown away."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faktura.core.accounts.change import change_account
from faktura.core.bank_accounts import BankAccount
from faktura.core.books.audit import AUDIT
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.contacts import Contact, add_contact, delete_contact
from faktura.core.documents.attachments import Attachment, GivenFile
from faktura.core.errors import Given, InUse, Invalid, NotFound, WrongState
from faktura.core.merging import merge_contacts
from faktura.core.received.change import change_expense, delete_expense, let_happen_to_expense
from faktura.core.received.enter import enter_expense
from faktura.core.received.find import find_expense
from faktura.core.received.pay import pay_expense, take_payment_back
from faktura.core.received.record import Expense
from faktura.core.tests.conftest import NOON, Firm, line
from faktura.store.check import check
from tests import needs

FILE = GivenFile("receipt.pdf", "application/pdf", b"%PDF")
CENT = Decimal("0.01")


def enter(firm: Firm, *lines: Given, **values: Any) -> Expense:
    """An expense of the contact; without lines one over 100 and 21 %."""
    given_values = {"contact_id": firm.contact.id, "lines": list(lines) or [line(100)]} | values
    return firm.do(enter_expense, Given(given_values))


def again(firm: Firm, expense: Expense) -> Expense:
    return firm.do(find_expense, expense.id)


def change(firm: Firm, expense: Expense, **values: Any) -> Expense:
    return firm.do(change_expense, expense.id, Given(values))


def problems(firm: Firm, **values: Any) -> dict[str, list[str]]:
    """What an expense is refused for."""
    before = firm.do(Books.count, Expense), firm.do(Books.count, Happening)
    with pytest.raises(Invalid) as refused:
        enter(firm, **values)
    assert (firm.do(Books.count, Expense), firm.do(Books.count, Happening)) == before
    return {name: [problem.code for problem in found] for name, found in refused.value.problems.items()}


def findings(firm: Firm) -> list[str]:
    return check(firm.database, lambda _: None, AUDIT)


def test_an_expense_says_who_sold_it_and_how_they_are_paid(firm: Firm) -> None:
    supplier = firm.do(add_contact, Given({"name": "Mlýn", "street": "Dlouhá", "street_number": "7", "iban": "CZ1"}))

    expense = enter(firm, contact_id=supplier.id)

    assert (expense.seller.name, expense.seller.street, expense.iban) == ("Mlýn", "Dlouhá 7", "CZ1")
    assert (expense.number, expense.status, expense.progress) == ("N20261101", "open", "entered")
    assert findings(firm) == []


def test_days_are_today_where_nobody_says_them(firm: Firm) -> None:
    expense = enter(firm, issued_on=dt.date(2026, 10, 1))

    assert (expense.taxable_on, expense.received_on) == (NOON.date(), NOON.date())
    assert expense.due_on == dt.date(2026, 10, 1) + dt.timedelta(days=firm.account.due_days)


def test_nothing_is_kept_of_what_is_refused(firm: Firm) -> None:
    assert problems(firm, contact_id=None) == {
        "contact_id": ["blank", "no_such_contact"],
        "seller_name": ["blank"],
    }
    assert problems(firm, due_on=dt.date(2020, 1, 1), kind="proforma", deductible_percent=-1) == {
        "due_on": ["before_issue"],
        "kind": ["not_in_list"],
        "deductible_percent": ["not_in_list"],
    }
    assert enter(firm).number == "N20261101"


def test_a_contact_that_an_expense_names_is_in_use_until_that_is_gone(firm: Firm) -> None:
    expense = enter(firm)

    with pytest.raises(InUse):
        firm.do(delete_contact, firm.contact.id)
    firm.do(delete_expense, expense.id)
    firm.do(delete_contact, firm.contact.id)


def test_expenses_of_two_contacts_that_are_one_are_those_of_the_one_that_stays(firm: Firm) -> None:
    other: Contact = firm.do(add_contact, Given({"name": "Odběratel"}))
    expense = enter(firm, contact_id=other.id)

    firm.do(merge_contacts, firm.contact.id, other.id, Given({}))

    moved = again(firm, expense)
    assert (moved.contact_id, moved.seller.name) == (firm.contact.id, "Odběratel")
    names = [happening.name for happening in firm.do(Books.all, Happening)]
    assert "expense_changed" in names
    assert findings(firm) == []


def test_files_stay_beside_it_and_are_removed_with_it(firm: Firm) -> None:
    expense = enter(firm, files=[FILE])
    changed = change(firm, expense, files=[FILE])

    assert len(changed.attachments) == firm.do(Books.count, Attachment) == 2
    firm.do(delete_expense, expense.id)
    assert firm.do(Books.count, Attachment) == 0
    assert findings(firm) == []


def test_what_is_locked_is_neither_changed_nor_deleted_but_paid(firm: Firm) -> None:
    expense = enter(firm)
    firm.do(let_happen_to_expense, expense.id, "lock")

    with pytest.raises(WrongState, match="locked"):
        change(firm, expense, description="x")
    with pytest.raises(InUse):
        firm.do(delete_expense, expense.id)
    with pytest.raises(WrongState, match="not_fired lock"):
        firm.do(let_happen_to_expense, expense.id, "lock")
    assert firm.do(pay_expense, expense.id, Given({}))[0].status == "paid"


def test_money_is_paid_from_the_account_of_its_currency(firm: Firm) -> None:
    def add_accounts(books: Books) -> None:
        for currency in ("CZK", "EUR"):
            books.add(BankAccount, name=currency, currency=currency, number=currency, default=currency == "CZK")

    firm.do(add_accounts)
    in_crowns, in_euros = enter(firm), enter(firm, currency="EUR", exchange_rate=Decimal(25))

    paid_from = [firm.do(pay_expense, e.id, Given({}))[1].payment.bank_account_id for e in (in_crowns, in_euros)]

    accounts = {account.id: account.currency for account in firm.do(Books.all, BankAccount)}
    assert [accounts[account_id or 0] for account_id in paid_from] == ["CZK", "EUR"]


def test_a_payment_that_is_taken_back_opens_it_again(firm: Firm) -> None:
    expense = enter(firm)
    _, (payment, _) = firm.do(pay_expense, expense.id, Given({}))

    assert firm.do(take_payment_back, expense.id, payment.id).status == "open"
    with pytest.raises(NotFound):
        firm.do(take_payment_back, expense.id, payment.id)


def test_vat_is_counted_as_the_firm_was_then(firm: Firm) -> None:
    before = enter(firm)
    firm.do(change_account, Given({"vat_mode": "non_vat_payer"}))

    assert change(firm, before, description="x").gross_total == 121
    assert findings(firm) == []


def test_a_change_that_is_sent_again_changes_nothing_more(firm: Firm) -> None:
    expense = enter(firm, line(121), price_mode="from_total_with_vat")
    shown = {"id": expense.lines[0].id, "unit_price": Decimal(100)}

    once = change(firm, expense, lines=[Given(shown)], reverse_charge=True)

    assert once.gross_total == 100
    assert change(firm, expense, lines=[Given(shown)], reverse_charge=True) == once


def test_another_day_has_another_rate_where_nobody_said_one(firm: Firm) -> None:
    with pytest.raises(Invalid):
        firm.do(enter_expense, Given({"contact_id": firm.contact.id, "currency": "XXQ"}))
    expense = enter(firm, currency="EUR")
    assert (expense.exchange_rate, expense.native_gross_total) == (None, None)

    valued = change(firm, expense, exchange_rate=Decimal("25.5"))
    assert valued.native_gross_total == Decimal("3085.5")


AMOUNTS = st.decimals(Decimal(-100_000), Decimal(100_000), allow_nan=False, allow_infinity=False, places=3)
SOLD = st.lists(
    st.tuples(AMOUNTS, st.sampled_from([0, 12, 21]), st.decimals(Decimal("0.001"), Decimal(100), places=3)),
    max_size=6,
)


def come_to(sold: list[tuple[Decimal, int, Decimal]], *, gross: bool) -> Decimal:
    """What lines come to by 2.6.6, computed once more in whole fractions: VAT of a rate is that of its sum."""
    total = Decimal(0)
    for rate in {rate for _, rate, _ in sold}:
        of_rate = [(price * quantity).quantize(CENT, ROUND_HALF_UP) for price, r, quantity in sold if r == rate]
        whole = sum(of_rate, Decimal(0))
        total += whole if gross else whole + (whole * rate / 100).quantize(CENT, ROUND_HALF_UP)
    return total


@needs.ONE_ENGINE
@settings(max_examples=60)
@given(SOLD, st.booleans())
def test_an_expense_comes_to_what_its_lines_say(
    firm: Firm,
    sold: list[tuple[Decimal, int, Decimal]],
    gross: bool,  # noqa: FBT001 (drawn)
) -> None:
    mode = "from_total_with_vat" if gross else "without_vat"
    lines = [line(str(price), rate, str(quantity)) for price, rate, quantity in sold]

    expense = firm.do(enter_expense, Given({"contact_id": firm.contact.id, "lines": lines, "price_mode": mode}))

    assert expense.gross_total == come_to(sold, gross=gross)
    assert expense.net_total + expense.vat_total == expense.gross_total == expense.left_to_pay
