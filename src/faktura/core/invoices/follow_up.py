"""Money comes in for an invoice, and a proforma that is paid with it has issued what follows (2.6.4)."""

import datetime as dt
from typing import Any, NamedTuple

from faktura.core.books.books import Books
from faktura.core.documents.links import links_of
from faktura.core.documents.payments import give_back, mark_paid, payment_in, receive
from faktura.core.documents.record import Payment
from faktura.core.errors import Given, WrongState
from faktura.core.invoices.completion import Receipt, complete, document_receipt
from faktura.core.invoices.letters import thank_for_payment
from faktura.core.invoices.record import Invoice


class Received(NamedTuple):
    """A payment, and the document as it is with it."""

    invoice: Invoice
    payment: Payment


def add_payment(books: Books, invoice_id: int, given: Given) -> Received:
    """Write down a payment; `follow_up` goes before the proforma's own, `send_thank_you_email` before the account's.

    Raises:
        NotFound: there is no such document.
        WrongState: it is paid or cancelled.
        Invalid: a value breaks a rule.

    """
    old = books.find(Invoice, invoice_id)
    kept, (payment, is_paid) = receive(books, old, given)
    if is_paid and _wanted(given, "send_thank_you_email", books.account.send_thank_you_email):
        thank_for_payment(books, kept)
    kept = complete(books, old, kept, _wanted(given, "follow_up", kept.follow_up), said=False)
    return Received(kept, payment_in(kept, payment.id))


def call_paid(books: Books, invoice_id: int, paid_on: dt.date | None = None) -> Invoice:
    """Say that a document is paid without saying how.

    Raises:
        NotFound: there is no such document.
        WrongState: it is cancelled, or that was said already.

    """
    old = books.find(Invoice, invoice_id)
    return complete(books, old, mark_paid(books, old, paid_on))


def remove_payment(books: Books, invoice_id: int, payment_id: int) -> Invoice:
    """Take a payment back; a document that it paid is open again.

    Raises:
        NotFound: there is no such document or payment.
        WrongState: the document is cancelled, or a tax document was issued over the payment.

    """
    return give_back(books, books.find(Invoice, invoice_id), payment_id)


def create_tax_document(books: Books, invoice_id: int, payment_id: int) -> Received:
    """Issue the tax document over a payment of a proforma (2.7).

    Raises:
        NotFound: there is no such document or payment.
        WrongState: it is no proforma, or the payment has its tax document, or an invoice took it off and taxed it.

    """
    proforma = books.find(Invoice, invoice_id)
    payment = payment_in(proforma, payment_id)
    is_taken = any(link.amount for link in links_of(books, proforma).coming("follows"))
    if proforma.kind != "proforma" or payment.tax_document_id is not None or is_taken:
        raise WrongState("no_tax_document")
    kept = document_receipt(books, proforma, Receipt(payment.amount, payment.paid_on, payment.id))
    return Received(kept, payment_in(kept, payment_id))


def _wanted(given: Given, name: str, usual: Any) -> Any:
    value = given.get(name)
    return usual if value is None else value
