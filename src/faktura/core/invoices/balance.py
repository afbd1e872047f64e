"""How a contact stands with the firm: what they owe, and how late they use to pay."""

from decimal import Decimal
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.invoices.debts import UNPAID, Debt, InCurrency, by_currency, overdue, owed
from faktura.core.invoices.record import Invoice
from faktura.store.queries import Condition, Order, Selection

LAST_PAID = 50
"""So many of the last documents that were paid say how late somebody pays."""


class Balance(NamedTuple):
    """What is owed in each currency, and how much of it is late in that of the books.

    `days_late` is the average over `paid` documents: negative where money comes before the day it is due.
    """

    owed: list[InCurrency]
    late: Debt
    days_late: int | None
    paid: int


def balance_of(books: Books, contact_id: int) -> Balance:
    """With one question for each figure, however many documents there are."""
    days = _days_late(books, contact_id)
    return Balance(
        owed=by_currency(books, unpaid_of(contact_id)),
        late=owed(books, _of(contact_id, overdue(books.today))),
        days_late=round(Decimal(sum(days)) / len(days)) if days else None,
        paid=len(days),
    )


def unpaid_of(contact_id: int) -> Selection:
    """The documents of a contact that are not paid, what is due first before the others."""
    return _of(contact_id, UNPAID)


def paid_of(contact_id: int) -> Selection:
    """The documents of a contact that are paid, what was paid last before the others."""
    conditions = (Condition("contact_id", "eq", contact_id), Condition("status", "eq", "paid"))
    return Selection(conditions, order=(Order("paid_on", descending=True),))


def _days_late(books: Books, contact_id: int) -> list[int]:
    found = books.some_in_order(Invoice, paid_of(contact_id), LAST_PAID)
    return [(invoice.paid_on - invoice.due_on).days for invoice in found if invoice.paid_on is not None]


def _of(contact_id: int, chosen: Selection) -> Selection:
    conditions = (Condition("contact_id", "eq", contact_id), *chosen.conditions)
    return Selection(conditions, order=(Order("due_on"), Order("number")))
