"""How an expense stands in the books is said, what was bought, and what there is to note."""

from flask import render_template
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.countries.pl.lists import cost_categories
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.core.received.accounting import account_for
from faktura.core.received.find import find_expense
from faktura.core.received.record import Expense
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.names import ACCOUNTINGS
from faktura.web.expenses import pages
from faktura.web.expenses.page import address_of
from faktura.web.forms.fields import Choice, Paragraphs
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save

FORM = Form(
    Choice("accounting", lazy_gettext("Books"), options=ACCOUNTINGS.items, first=True),
    Choice(
        "category",
        lazy_gettext("Category"),
        options=lambda: [(code, one.name) for code, one in cost_categories().items()],
        empty="–",
    ),
    Paragraphs("content", lazy_gettext("Note"), hint=lazy_gettext("The supplier never sees it.")),
)


@pages.get("/<slug>/expenses/<id:expense_id>/accounting")
def say_accounting(slug: str, expense_id: int) -> str:
    expense = read_books(slug, lambda books: find_expense(books, expense_id), "expenses", "write")
    return _page(slug, expense_id, FORM.filled(accounting=expense.accounting, category=expense.category))


@pages.post("/<slug>/expenses/<id:expense_id>/accounting")
@keeps_typed
def keep_accounting(slug: str, expense_id: int) -> Response:
    return save(
        slug,
        FORM.posted(),
        lambda books, given: _kept(books, expense_id, given),
        then=lambda _: address_of(slug, expense_id),
        again=lambda filled: _page(slug, expense_id, filled),
        done=lazy_gettext("It was written down."),
        scope="expenses",
    )


def _kept(books: Books, expense_id: int, given: Given) -> Expense:
    expense = find_expense(books, expense_id)
    said = str(given.get("accounting") or expense.accounting)
    return account_for(books, expense, said, given.get("content") or "", given.get("category") or None)


def _page(slug: str, expense_id: int, filled: Filled) -> str:
    def work(books: Books) -> tuple[Account, Expense]:
        return books.account, find_expense(books, expense_id)

    account, expense = read_books(slug, work, "expenses", "write")
    return render_template("expenses/accounting.html", account=account, expense=expense, filled=filled)
