"""Money that was paid for an expense is written down, and taken back."""

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.documents.parties import usual_bank_account
from faktura.core.documents.record import Payment
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.core.received.find import find_expense
from faktura.core.received.pay import pay_expense, take_payment_back
from faktura.core.received.record import Expense
from faktura.web.documents.payments import payment_fields, told
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.expenses import pages
from faktura.web.expenses.page import address_of, expense_page
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import Undoable, save


@pages.get("/<slug>/expenses/<id:expense_id>/payments/new")
def new_payment(slug: str, expense_id: int) -> str:
    def first(books: Books) -> dict[str, object]:
        expense = find_expense(books, expense_id)
        account = usual_bank_account(books, expense.currency)
        return {
            "amount": expense.left_to_pay,
            "paid_on": books.today,
            "bank_account_id": account.id if account else None,
            "mark_as_paid": None,
        }

    values = read_books(slug, first, "expenses", "write")
    return _page(slug, expense_id, payment_form([]).filled(values))


@pages.post("/<slug>/expenses/<id:expense_id>/payments/new")
@keeps_typed
def pay(slug: str, expense_id: int) -> Response:
    return save(
        slug,
        payment_form([]).posted(),
        lambda books, given: _paid(books, expense_id, given),
        then=lambda _: address_of(slug, expense_id),
        again=lambda filled: _page(slug, expense_id, filled),
        done=Undoable(
            lazy_gettext("The payment was written down."),
            lambda made: url_for("expenses.take_back", slug=slug, expense_id=expense_id, payment_id=made),
        ),
        scope="expenses",
    )


@pages.post("/<slug>/expenses/<id:expense_id>/payments/<id:payment_id>/remove")
@keeps_typed
def take_back(slug: str, expense_id: int, payment_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: take_payment_back(books, expense_id, payment_id),
        then=lambda _: address_of(slug, expense_id),
        again=lambda filled: expense_page(slug, expense_id, filled),
        done=lazy_gettext("The payment was taken back."),
        scope="expenses",
    )


def payment_form(bank_accounts: list[BankAccount]) -> Form:
    return Form(*payment_fields(bank_accounts))


def _paid(books: Books, expense_id: int, given: Given) -> Payment:
    return pay_expense(books, expense_id, told(given))[1].payment


def _page(slug: str, expense_id: int, filled: Filled) -> str:
    def work(books: Books) -> tuple[Account, Expense, list[BankAccount]]:
        return books.account, find_expense(books, expense_id), books.all(BankAccount)

    account, expense, bank_accounts = read_books(slug, work, "expenses", "write")
    shown = filled.of(payment_form(bank_accounts))
    return render_template("expenses/payment.html", account=account, expense=expense, filled=shown)
