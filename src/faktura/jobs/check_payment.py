"""Before a large expense is paid: whether its supplier is to be relied on, and the account is one of theirs."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.received.record import Expense
from faktura.core.received.risks import Question, note_before_payment, question_before_payment
from faktura.jobs import Effect, Errand, doubling, nothing_more

LANE = "outside"
DELAYS = doubling(dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1))


def go_out(errand: Errand, expense_id: int) -> Effect:
    registries = errand.reach.registries
    asked = errand.read(lambda books: _question(books, expense_id))
    if registries is None or asked is None or not registries.has(asked.registry):
        return nothing_more
    answer = registries.ask(*asked)
    return lambda books: note_before_payment(books, expense_id, answer)


def _question(books: Books, expense_id: int) -> Question | None:
    expense = books.look_up(Expense, id=expense_id)
    return None if expense is None or books.account.blocked else question_before_payment(books, expense)
