"""Several invoices of a supplier are paid by one transfer, under one number that KSeF gives them (art. 108g)."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from flask import render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Invalid
from faktura.core.ksef.collective import CollectiveIdentifier, ask_for_collective, collectives_of
from faktura.core.ksef.numbers import seller_of
from faktura.core.people.accounts import Account
from faktura.core.received.record import Expense
from faktura.store.queries import Condition, Order, Selection
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.lists import LARGEST_ID
from faktura.web.expenses import pages
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.saving import Wrong, save

MOST = 200
"""Unpaid invoices that are offered, those first that are due first."""

MOST_SHOWN = 20
"""Numbers that were asked for."""

CHOICE = "expense"

CHOOSE = lazy_gettext("Choose two invoices of one supplier, or more.")


class Asked(NamedTuple):
    """A number that was asked for, the invoices that it stands for, and what is left of them in one currency."""

    collective: CollectiveIdentifier
    expenses: Sequence[Expense]
    left: Decimal | None


class Offered(NamedTuple):
    """Unpaid invoices by supplier, of suppliers that have several; and numbers that were asked for."""

    account: Account
    suppliers: Sequence[Sequence[Expense]]
    asked: Sequence[Asked]


@pages.get("/<slug>/expenses/together")
def together(slug: str) -> str:
    return _page(slug, NOTHING.filled())


@pages.post("/<slug>/expenses/together")
@keeps_typed
def ask_together(slug: str) -> Response:
    chosen = [int(text) for text in request.form.getlist(CHOICE) if text.isdecimal() and int(text) <= LARGEST_ID]
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: _asked_for(books, chosen),
        then=lambda _: url_for("expenses.together", slug=slug),
        again=lambda filled: _page(slug, filled.saying(*filled.said, *filled.problems.get(CHOICE, ()))),
        done=lazy_gettext("KSeF is asked for the number. It is here in a moment."),
        scope="expenses",
    )


def _asked_for(books: Books, chosen: Sequence[int]) -> CollectiveIdentifier:
    try:
        return ask_for_collective(books, chosen)
    except Invalid:
        raise Wrong(CHOICE, CHOOSE) from None


def _page(slug: str, filled: Filled) -> str:
    offered = read_books(slug, _offered, "expenses")
    return render_template("expenses/together.html", **offered._asdict(), filled=filled)


def _offered(books: Books) -> Offered:
    by_supplier: dict[str, list[Expense]] = defaultdict(list)
    for expense in books.some_in_order(Expense, UNPAID, MOST):
        by_supplier[seller_of(expense.ksef_number or "")].append(expense)
    return Offered(
        books.account,
        [expenses for expenses in by_supplier.values() if len(expenses) > 1],
        [_with_expenses(books, one) for one in collectives_of(books, MOST_SHOWN)],
    )


def _with_expenses(books: Books, collective: CollectiveIdentifier) -> Asked:
    named = Condition("ksef_number", "in", collective.ksef_numbers)
    expenses = books.all(Expense, Selection((named,), order=(Order("id"),)))
    currencies = {expense.currency for expense in expenses}
    left = sum((expense.left_to_pay for expense in expenses), Decimal(0)) if len(currencies) == 1 else None
    return Asked(collective, expenses, left)


UNPAID = Selection(
    (
        Condition("ksef_number", "null", value=False),
        Condition("progress", "eq", "entered"),
        Condition("paid_on", "null", value=True),
    ),
    order=(Order("due_on"), Order("id")),
)
