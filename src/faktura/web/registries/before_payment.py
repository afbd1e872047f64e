"""A registry is asked about a payment by who is about to make it, and waits before the form."""

from flask import request
from flask_babel import gettext

from faktura.core.books.books import Books
from faktura.core.received.find import find_expense
from faktura.core.received.risks import Question, note_before_payment, question_before_payment
from faktura.outside.http import Unanswered
from faktura.web.door.books import read_books, write_books
from faktura.web.door.database import service
from faktura.web.door.expired_forms import is_expired
from faktura.web.forms.form import Filled
from faktura.web.forms.looking_up import is_too_often


def is_asked() -> bool:
    """Whether the form was sent to ask, and not to pay."""
    return "ask_registry" in request.form and not is_expired()


def may_ask(asked: Question | None) -> bool:
    registries = service().registries
    return asked is not None and registries is not None and registries.has(asked.registry)


def ask(slug: str, expense_id: int, filled: Filled) -> Filled:
    """The form as it was typed, with what hinders the registry; what it says is kept."""

    def question(books: Books) -> Question | None:
        return question_before_payment(books, find_expense(books, expense_id))

    asked, registries = read_books(slug, question, "expenses", "write"), service().registries
    if asked is None or registries is None or not may_ask(asked):
        return filled
    if is_too_often():
        return filled.saying(gettext("Wait a moment before you ask again."))
    try:
        answer = service().look_ups.wait_for(lambda: registries.ask(*asked, waits=True))
    except Unanswered:
        return filled.saying(gettext("The registry does not answer as it should. Ask again later."))
    write_books(slug, lambda books: note_before_payment(books, expense_id, answer), "expenses", "write")
    return filled
