"""Money that came in for a document is written down, and taken back."""

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.documents.record import Payment
from faktura.core.errors import Given
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.follow_up import add_payment, remove_payment
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.web.documents import pages
from faktura.web.documents.page import address_of, document_page
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import ChoiceOfId, Date, Field, Money, YesNo
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import Undoable, save

Paid = tuple[Account, Invoice, Contact | None, list[BankAccount]]


@pages.get("/<slug>/invoices/<id:invoice_id>/payments/new")
def new_payment(slug: str, invoice_id: int) -> str:
    def first(books: Books) -> dict[str, object]:
        invoice, account = find_invoice(books, invoice_id), books.account
        thanks = "yes" if account.send_thank_you_email else None
        usual = {"amount": invoice.left_to_pay, "bank_account_id": invoice.bank_account_id, "paid_on": books.today}
        return {**usual, "send_thank_you_email": thanks}

    values = read_books(slug, first, "invoices", "write")
    return _page(slug, invoice_id, payment_form([]).filled(values))


@pages.post("/<slug>/invoices/<id:invoice_id>/payments/new")
@keeps_typed
def pay(slug: str, invoice_id: int) -> Response:
    return save(
        slug,
        payment_form([]).posted(),
        lambda books, given: _paid(books, invoice_id, given),
        then=lambda _: address_of(slug, invoice_id),
        again=lambda filled: _page(slug, invoice_id, filled),
        done=Undoable(
            lazy_gettext("The payment was written down."),
            lambda made: url_for("invoices.take_back", slug=slug, invoice_id=invoice_id, payment_id=made),
        ),
        scope="invoices",
    )


@pages.post("/<slug>/invoices/<id:invoice_id>/payments/<id:payment_id>/remove")
@keeps_typed
def take_back(slug: str, invoice_id: int, payment_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: remove_payment(books, invoice_id, payment_id),
        then=lambda _: address_of(slug, invoice_id),
        again=lambda filled: document_page(slug, invoice_id, filled),
        done=lazy_gettext("The payment was taken back."),
        scope="invoices",
    )


def payment_form(bank_accounts: list[BankAccount]) -> Form:
    return Form(
        *payment_fields(bank_accounts),
        YesNo("send_thank_you_email", lazy_gettext("Thank the customer by e-mail")),
    )


def payment_fields(bank_accounts: list[BankAccount]) -> tuple[Field, ...]:
    """What is asked of any payment, whoever paid."""
    named = [(str(one.id), f"{one.name} ({one.currency})") for one in bank_accounts]
    return (
        Money("amount", lazy_gettext("Amount"), required=True),
        Date("paid_on", lazy_gettext("Paid on"), required=True),
        ChoiceOfId("bank_account_id", lazy_gettext("Bank account"), options=lambda: named, empty="–"),
        YesNo("mark_as_paid", lazy_gettext("It is paid with this: the difference is a rounding")),
    )


def told(given: Given) -> Given:
    """In words of the core: a box that is not ticked leaves it to the amount whether the document is paid."""
    return Given(given | {"mark_as_paid": given["mark_as_paid"] or None}, given.unread)


def _paid(books: Books, invoice_id: int, given: Given) -> Payment:
    return add_payment(books, invoice_id, told(given)).payment


def _page(slug: str, invoice_id: int, filled: Filled) -> str:
    def work(books: Books) -> Paid:
        invoice = find_invoice(books, invoice_id)
        return books.account, invoice, books.look_up(Contact, id=invoice.contact_id), books.all(BankAccount)

    account, invoice, contact, bank_accounts = read_books(slug, work, "invoices", "write")
    return render_template(
        "documents/payment.html",
        account=account,
        invoice=invoice,
        email=contact.email if contact else None,
        filled=filled.of(payment_form(bank_accounts)),
    )
