"""Expenses are paid, in parts or whole."""

from faktura.core.books.books import Books
from faktura.core.documents.keeping import keep_change
from faktura.core.documents.parties import usual_bank_account
from faktura.core.documents.payments import Paid, give_back, receive
from faktura.core.errors import Given, WrongState
from faktura.core.received.find import find_expense
from faktura.core.received.record import Expense
from faktura.store.records import changed


def pay_expense(books: Books, expense_id: int, given: Given) -> tuple[Expense, Paid]:
    """Write down a payment, from the usual bank account of the currency where none is named.

    Raises:
        NotFound: there is no such expense.
        WrongState: it is paid.
        Invalid: a value breaks a rule.

    """
    old = find_expense(books, expense_id)
    if given.get("bank_account_id") is None and "bank_account_id" not in given.unread:
        usual = usual_bank_account(books, old.currency)
        given = Given(given | {"bank_account_id": usual.id if usual else None}, given.unread)
    return receive(books, old, given)


def take_payment_back(books: Books, expense_id: int, payment_id: int) -> Expense:
    """Take a payment back; an expense that it paid is open again.

    Raises:
        NotFound: there is no such expense or payment.

    """
    return give_back(books, find_expense(books, expense_id), payment_id)


def take_payments_back(books: Books, expense_id: int) -> Expense:
    """Take back all that was paid.

    Raises:
        NotFound: there is no such expense.
        WrongState: nothing was paid.

    """
    expense = find_expense(books, expense_id)
    if expense.paid_on is None and not expense.payments:
        raise WrongState("not_fired", "unpay")
    for payment in expense.payments:
        expense = take_payment_back(books, expense_id, payment.id)
    return keep_change(books, expense, changed(expense, paid_on=None), "restated")
