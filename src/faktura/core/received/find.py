"""Expenses looked up."""

from faktura.core.books.books import Books
from faktura.core.received.record import Expense


def find_expense(books: Books, expense_id: int) -> Expense:
    return books.find(Expense, expense_id)
