"""How a document is paid, and what of it was by the day of issue (Platnosc)."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from faktura.core.documents.record import Payment
from faktura.core.invoices.record import Invoice
from faktura.outputs.e_invoices.fa3.told import ADVANCES, Told
from faktura.outputs.e_invoices.numbers import cents
from faktura.outputs.reading.texts import in_one_line
from faktura.outputs.words.words import METHODS, labels_in
from faktura.xml import Node

TRANSFER = "6"
FORMS = {"cash": "1", "card": "2", "check": "4", "accredited": "5", "instalment_sale": "5", "bank": TRANSFER}
"""Ways to pay that have a number (FormaPlatnosci); any other is said in words."""


class Part(NamedTuple):
    """Money that came in by the day of issue, and in what way where that is known."""

    paid_on: dt.date
    amount: Decimal
    method: str


def add_payment(parent: Node, told: Told) -> None:
    """An advance was paid, and where nothing is due nothing is said."""
    invoice = told.invoice
    if told.kind in ADVANCES or not told.total:
        return
    node, parts = parent.add("Platnosc"), list(_parts(told))
    is_paid = invoice.paid_on is not None and invoice.paid_on <= invoice.issued_on
    if is_paid and len(parts) <= 1 and invoice.paid_on is not None:
        node.add("Zaplacono", "1")
        node.add("DataZaplaty", invoice.paid_on.isoformat())
    elif parts:
        _add_parts(node, parts, "2" if is_paid else "1")
    if not is_paid:
        node.add("TerminPlatnosci").add("Termin", invoice.due_on.isoformat())
    _add_form(node, told.facts.payment_method)
    if invoice.payment_method == "bank":
        _add_account(node, told)


def account_of(told: Told) -> str:
    """Without blanks, as it is paid to from where the buyer is."""
    return "".join(in_one_line(told.facts.iban or told.facts.bank_account).split())


def _parts(told: Told) -> Iterator[Part]:
    """Payments of the document, and those of proformas that it takes off untaxed."""
    invoice = told.invoice
    for advance in told.facts.advances:
        if not advance.by_rate:
            yield Part(advance.paid_on or invoice.issued_on, advance.amount, "")
    for payment in invoice.payments:
        if payment.paid_on <= invoice.issued_on:
            yield Part(payment.paid_on, payment.amount, _method(payment, invoice))


def _method(payment: Payment, invoice: Invoice) -> str:
    return invoice.payment_method if payment.bank_account_id is None else "bank"


def _add_parts(node: Node, parts: list[Part], sign: str) -> None:
    node.add("ZnacznikZaplatyCzesciowej", sign)
    for part in parts:
        paid = node.add("ZaplataCzesciowa")
        paid.add("KwotaZaplatyCzesciowej", cents(part.amount))
        paid.add("DataZaplatyCzesciowej", part.paid_on.isoformat())
        if part.method:
            _add_form(paid, part.method)


def _add_form(node: Node, method: str) -> None:
    if method in FORMS:
        node.add("FormaPlatnosci", FORMS[method])
    else:
        node.add("PlatnoscInna", "1")
        node.add("OpisPlatnosci", in_one_line(labels_in("pl")[method] if method in METHODS else method))


def _add_account(node: Node, told: Told) -> None:
    if account := account_of(told):
        bank = node.add("RachunekBankowy")
        bank.add("NrRB", account)
        bank.add_known("SWIFT", "".join(in_one_line(told.facts.bic).split()).upper())
        bank.add_known("NazwaBanku", in_one_line(told.facts.bank_name))
