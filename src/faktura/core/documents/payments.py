"""Money comes in for a document, whatever it is."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.documents.amounts import count_off
from faktura.core.documents.checks import FIRST_YEAR, LAST_YEAR
from faktura.core.documents.keeping import keep_change
from faktura.core.documents.record import ONE, Document, Payment
from faktura.core.documents.status import covers
from faktura.core.errors import Given, NotFound, Problems, WrongState
from faktura.core.money.amounts import LARGEST, rounded
from faktura.core.texts import check_texts
from faktura.store.records import changed

D = TypeVar("D", bound=Document)


class Paid(NamedTuple):
    """A payment, and whether the document is paid with it."""

    payment: Payment
    whole: bool


def receive(books: Books, old: D, given: Given) -> tuple[D, Paid]:
    """Write down a payment: of what is left to pay, today, where nothing else is given.

    `mark_as_paid` decides whether the document is paid now, which else it is when nothing is left.

    Raises:
        WrongState: it is paid or cancelled.
        Invalid: a value breaks a rule.

    """
    if old.cancelled_at is not None:
        raise WrongState("cancelled")
    if old.paid_on is not None:
        raise WrongState("already_paid", old.noun)
    values = {name: value for name, value in given.items() if value is not None}
    problems = Problems(given.unread)
    check_texts(Payment, given, problems)
    payment = _payment(books, old, values, problems)
    amount = old.paid_amount + payment.amount
    whole = values.get("mark_as_paid", covers(old.deducted + amount, old.gross_total))
    new = changed(old, payments=(*old.payments, payment), paid_amount=amount)
    if whole:
        new.paid_on = payment.paid_on
    kept = keep_change(books, old, count_off(new), "paid" if whole else "payment_added")
    return kept, Paid(payment, whole)


def give_back(books: Books, old: D, payment_id: int) -> D:
    """Take a payment back; a document that the rest does not cover is open again.

    Raises:
        NotFound: there is no such payment.
        WrongState: the document is cancelled, or a tax document was issued over the payment.

    """
    payment = payment_in(old, payment_id)
    if old.cancelled_at is not None:
        raise WrongState("cancelled")
    if payment.tax_document_id is not None:
        raise WrongState("payment_kept")
    left = tuple(p for p in old.payments if p.id != payment_id)
    new = changed(old, payments=left, paid_amount=old.paid_amount - payment.amount, paid_on=None)
    came_in = new.deducted + new.paid_amount
    if old.paid_on is not None and came_in and covers(came_in, new.gross_total):
        new.paid_on = max((p.paid_on for p in left), default=old.paid_on)
    return keep_change(books, old, count_off(new), "payment_removed")


def mark_paid(books: Books, old: D, paid_on: dt.date | None = None) -> D:
    """Say that a document is paid without saying how; no amount moves.

    Raises:
        WrongState: it is cancelled, or that was said already.

    """
    if old.cancelled_at is not None:
        raise WrongState("cancelled")
    if old.stage == "paid":
        raise WrongState("already_paid")
    return keep_change(books, old, changed(old, paid_on=paid_on or books.today, stage="paid"), "paid")


def _payment(books: Books, document: Document, values: dict[str, Any], problems: Problems) -> Payment:
    amount: Decimal = rounded(values.get("amount", document.remaining_amount - document.paid_amount))
    own_amount: Decimal = rounded(values.get("native_amount", amount * (document.exchange_rate or ONE)))
    for name, value in (("amount", amount), ("native_amount", own_amount)):
        if abs(value) >= LARGEST and name not in problems:
            problems.add(name, "too_large")
    if not amount and (document.gross_total or document.paid_on is not None) and "amount" not in problems:
        problems.add("amount", "nothing")
    paid_on: dt.date = values.get("paid_on", books.today)
    if not FIRST_YEAR <= paid_on.year <= LAST_YEAR:
        problems.add("paid_on", "not_a_date")
    bank_account_id = values.get("bank_account_id", document.bank_account_id)
    if "bank_account_id" in values and books.look_up(BankAccount, id=bank_account_id) is None:
        problems.add("bank_account_id", "not_in_list")
    problems.refuse()
    return Payment(
        books.next_ids(type(document), 1)[0],
        paid_on,
        amount,
        own_amount,
        values.get("variable_symbol", document.variable_symbol),
        bank_account_id,
        books.now,
        books.now,
    )


def payment_in(document: Document, payment_id: int) -> Payment:
    for payment in document.payments:
        if payment.id == payment_id:
            return payment
    raise NotFound("payments")
