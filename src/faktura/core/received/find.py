"""Expenses looked up."""

from faktura.core.books.books import Books
from faktura.core.errors import NotFound
from faktura.core.received.record import Expense


def find_expense(books: Books, expense_id: int) -> Expense:
    """The expense.

    Raises:
        NotFound: there is none, or it is only a scan.

    """
    found = books.find(Expense, expense_id)
    if not is_entered(found):
        raise NotFound(Expense.table_name)
    return found


def is_entered(expense: Expense) -> bool:
    return expense.progress == "entered"
