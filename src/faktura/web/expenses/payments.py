"""Money that was paid for an expense is written down, and taken back."""

from typing import NamedTuple

from flask import make_response, render_template, url_for
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
from faktura.core.received.risks import Question, Risk, question_before_payment, risks_of
from faktura.core.registries.checks import Check, last_checks
from faktura.web.documents.payments import payment_fields, told
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.expenses import pages
from faktura.web.expenses.page import address_of, expense_page
from faktura.web.forms.fields import YesNo
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import Undoable, Wrong, save
from faktura.web.registries.asking import may_ask
from faktura.web.registries.before_payment import ask, ask_first, is_asked
from faktura.web.registries.proofs import RISKS, SERIOUS, proofs_of


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
    filled = payment_form([]).posted()
    if is_asked():
        return make_response(_page(slug, expense_id, ask(slug, expense_id, filled)))
    ask_first(slug, expense_id, filled)
    return save(
        slug,
        filled,
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
    return Form(*payment_fields(bank_accounts), YesNo("confirmed", lazy_gettext("We pay in spite of this warning")))


def _paid(books: Books, expense_id: int, given: Given) -> Payment:
    confirmed = given.pop("confirmed", None)
    if not confirmed and SERIOUS.intersection(risks_of(books, find_expense(books, expense_id))):
        raise Wrong("confirmed", lazy_gettext("Read the warning, and tick this if it is to be paid all the same."))
    return pay_expense(books, expense_id, told(given))[1].payment


class Paying(NamedTuple):
    """An expense that somebody is about to pay, and what is to be known before."""

    account: Account
    expense: Expense
    bank_accounts: list[BankAccount]
    risks: tuple[Risk, ...]
    asked: Question | None
    checks: list[Check]


def _page(slug: str, expense_id: int, filled: Filled) -> str:
    def work(books: Books) -> Paying:
        expense = find_expense(books, expense_id)
        checks = last_checks(books, expense.contact_id or 0, expense, most=1)
        asked = question_before_payment(books, expense)
        return Paying(books.account, expense, books.all(BankAccount), risks_of(books, expense), asked, checks)

    paying = read_books(slug, work, "expenses", "write")
    return render_template(
        "expenses/payment.html",
        account=paying.account,
        expense=paying.expense,
        filled=filled.of(payment_form(paying.bank_accounts)),
        risks=[RISKS[risk] for risk in paying.risks],
        is_serious=bool(SERIOUS.intersection(paying.risks)),
        may_ask=may_ask(paying.asked),
        found=proofs_of(paying.checks),
    )
