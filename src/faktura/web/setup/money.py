"""The third step: where customers pay, in which currency, and when."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from faktura.core.accounts.change import change_account
from faktura.core.bank_accounts import BankAccount
from faktura.core.bank_numbers import add_typed_bank_account
from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.core.people.roles import may
from faktura.core.people.users import accounts_of
from faktura.web.door.books import read_books
from faktura.web.door.database import read
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.people import person
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save
from faktura.web.settings.account import ACCOUNT
from faktura.web.settings.bank_accounts import BANK_NAME, NUMBER
from faktura.web.setup import pages

MONEY = Form(NUMBER, BANK_NAME, ACCOUNT.fields["currency"], ACCOUNT.fields["due_days"])


@pages.get("/setup/money")
def money() -> Response | str:
    slug = own_slug()
    if not slug:
        return redirect(url_for("home.show"))
    account = read_books(slug, lambda books: books.account, deed="manage")
    return _form(slug, MONEY.filled(currency=account.currency, due_days=account.due_days))


@pages.post("/setup/money")
@keeps_typed
def keep_money() -> Response:
    slug = own_slug()
    return save(
        slug,
        MONEY.posted(),
        _keep,
        then=lambda _: url_for("setup.look"),
        again=lambda filled: _form(slug, filled),
        deed="manage",
    )


def own_slug() -> str:
    """The oldest account that the person decides about, or an empty text."""
    user = person().user
    seats = read(lambda office: accounts_of(office, user))
    return next((seat.account.slug for seat in seats if may(seat.membership, "manage")), "")


def _keep(books: Books, given: Given) -> None:
    """The currency is also that of the bank account; a step without a number leaves it for later."""
    change_account(books, given.only("currency", "due_days"))
    if given.get("number") or "number" in given.unread:
        add_typed_bank_account(books, given.only("number", "bank_name"))


def _form(slug: str, filled: Filled) -> str:
    def work(books: Books) -> tuple[Account, list[BankAccount]]:
        return books.account, books.all(BankAccount)

    account, bank_accounts = read_books(slug, work, deed="manage")
    return render_template("setup/money.html", account=account, bank_accounts=bank_accounts, filled=filled)
