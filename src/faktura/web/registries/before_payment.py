"""A registry is asked about a payment by who is about to make it, and waits before the form."""

from flask import request

from faktura.core.books.books import Books
from faktura.core.received.find import find_expense
from faktura.core.received.risks import Question, is_to_be_asked, note_before_payment, question_before_payment
from faktura.web.door.books import read_books, write_books
from faktura.web.door.expired_forms import is_expired
from faktura.web.forms.form import Filled
from faktura.web.registries.asking import answer_now, may_ask


def is_asked() -> bool:
    """Whether the form was sent to ask, and not to pay."""
    return "ask_registry" in request.form and not is_expired()


def ask_first(slug: str, expense_id: int, filled: Filled) -> None:
    """Ask where nobody did yet and the law expects it; a registry that says nothing hinders no payment."""

    def is_unasked(books: Books) -> bool:
        return is_to_be_asked(books, find_expense(books, expense_id))

    if not is_expired() and read_books(slug, is_unasked, "expenses", "write"):
        ask(slug, expense_id, filled)


def ask(slug: str, expense_id: int, filled: Filled) -> Filled:
    """The form as it was typed, with what hinders the registry; what it says is kept."""

    def question(books: Books) -> Question | None:
        return question_before_payment(books, find_expense(books, expense_id))

    asked = read_books(slug, question, "expenses", "write")
    if asked is None or not may_ask(asked):
        return filled
    answer = answer_now(asked)
    if isinstance(answer, str):
        return filled.saying(answer)
    write_books(slug, lambda books: note_before_payment(books, expense_id, answer), "expenses", "write")
    return filled
