"""The bank accounts that a firm is paid on."""

from flask import render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from stdnum.exceptions import ValidationError
from werkzeug.wrappers import Response

from faktura.core.bank_accounts import BankAccount, delete_bank_account, find_bank_account
from faktura.core.bank_numbers import Known, add_typed_bank_account, change_typed_bank_account, look_through
from faktura.core.books.books import Books
from faktura.core.countries.numbers import why_not
from faktura.core.errors import Problem
from faktura.core.people.accounts import Account
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.choices import currencies_named
from faktura.web.forms.fields import Choice, Text, YesNo
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import save
from faktura.web.forms.sentences import sentence
from faktura.web.settings import pages
from faktura.web.settings.confirm import asked

NUMBER = Text("number", lazy_gettext("Account number"), hint=lazy_gettext("As the bank writes it, or the IBAN."))
BANK_NAME = Text("bank_name", lazy_gettext("Bank"), hint=lazy_gettext("Empty means what follows from the number."))
IBAN = Text("iban", lazy_gettext("IBAN"))
BIC = Text("bic", lazy_gettext("BIC"))
CURRENCY = Choice("currency", lazy_gettext("Currency"), options=currencies_named)

BANK = Form(
    NUMBER,
    CURRENCY,
    Text("name", lazy_gettext("What you call it"), hint=lazy_gettext("Empty means the name of the bank.")),
    BANK_NAME,
    IBAN,
    BIC,
    YesNo("default", lazy_gettext("Documents name this one, unless they say another")),
)


@pages.get("/<slug>/settings/bank_accounts")
def bank_accounts(slug: str) -> str:
    account, found = read_books(slug, lambda books: (books.account, books.all(BankAccount)))
    return render_template("settings/bank_accounts.html", account=account, bank_accounts=found)


@pages.get("/<slug>/settings/bank_accounts/new")
def new_bank_account(slug: str) -> str:
    account = read_books(slug, lambda books: books.account, deed="manage")
    return _form(slug, BANK.filled(currency=account.currency))


@pages.post("/<slug>/settings/bank_accounts/new")
@keeps_typed
def add_bank_account(slug: str) -> Response:
    return save(
        slug,
        BANK.posted(),
        add_typed_bank_account,
        then=lambda _: url_for("settings.bank_accounts", slug=slug),
        again=lambda filled: _form(slug, filled),
        done=lazy_gettext("The bank account was added."),
        deed="manage",
    )


@pages.get("/<slug>/settings/bank_accounts/<id:bank_account_id>")
def bank_account(slug: str, bank_account_id: int) -> str:
    found = read_books(slug, lambda books: find_bank_account(books, bank_account_id), deed="manage")
    return _form(slug, BANK.filled(found), bank_account_id)


@pages.post("/<slug>/settings/bank_accounts/<id:bank_account_id>")
@keeps_typed
def change_bank_account(slug: str, bank_account_id: int) -> Response:
    return save(
        slug,
        BANK.posted(),
        lambda books, given: change_typed_bank_account(books, bank_account_id, given),
        then=lambda _: url_for("settings.bank_accounts", slug=slug),
        again=lambda filled: _form(slug, filled, bank_account_id),
        done=lazy_gettext("The bank account was changed."),
        deed="manage",
    )


@pages.get("/<slug>/settings/bank_accounts/<id:bank_account_id>/delete")
def delete_bank(slug: str, bank_account_id: int) -> str:
    return _before_deleting(slug, bank_account_id, NOTHING.filled())


@pages.post("/<slug>/settings/bank_accounts/<id:bank_account_id>/delete")
@keeps_typed
def delete_bank_now(slug: str, bank_account_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: delete_bank_account(books, bank_account_id),
        then=lambda _: url_for("settings.bank_accounts", slug=slug),
        again=lambda filled: _before_deleting(slug, bank_account_id, filled),
        done=lazy_gettext("The bank account was deleted."),
        deed="manage",
    )


@pages.get("/<slug>/settings/bank_accounts/check")
def check_bank_number(slug: str) -> str:
    """What follows from a number while it is typed."""
    account = read_books(slug, lambda books: books.account)
    known, wrong = _looked_at(request.args.get("number", ""), account)
    return render_template("settings/bank_number.html", known=known, wrong=wrong)


def _looked_at(number: str, account: Account) -> tuple[Known | None, str]:
    if not number.strip():
        return None, ""
    try:
        return look_through(number, account.country), ""
    except ValidationError as error:
        return None, sentence(Problem(why_not(error)))


def _before_deleting(slug: str, bank_account_id: int, filled: Filled) -> str:
    found = read_books(slug, lambda books: find_bank_account(books, bank_account_id), deed="manage")
    return asked(
        slug,
        filled,
        gettext("Delete the bank account %(number)s", number=found.number),
        gettext("Documents that name it keep its number."),
        gettext("Delete the bank account"),
        url_for("settings.bank_accounts", slug=slug),
    )


def _form(slug: str, filled: Filled, bank_account_id: int | None = None) -> str:
    def work(books: Books) -> tuple[Account, BankAccount | None]:
        found = None if bank_account_id is None else find_bank_account(books, bank_account_id)
        return books.account, found

    account, found = read_books(slug, work, deed="manage")
    return render_template("settings/bank_account.html", account=account, bank_account=found, filled=filled)
