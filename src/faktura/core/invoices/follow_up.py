"""Money comes in: payments, and what a paid proforma has issued."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.documents.amounts import add_up, count_off
from faktura.core.documents.checks import FIRST_YEAR, LAST_YEAR
from faktura.core.documents.numbering import format_for
from faktura.core.documents.numbers import number_format
from faktura.core.documents.record import ONE, ZERO, Line, Payment
from faktura.core.documents.totals import share
from faktura.core.errors import Given, NotFound, Problems, WrongState
from faktura.core.invoices.change import keep_change
from faktura.core.invoices.exchange import set_rate_of_receipt
from faktura.core.invoices.issue import blank_invoice, copied_lines, keep_new, number_it
from faktura.core.invoices.letters import thank_for_payment
from faktura.core.invoices.record import Invoice
from faktura.core.money.amounts import LARGEST, rounded
from faktura.core.texts import check_texts
from faktura.store.records import changed


class Settled(NamedTuple):
    """A payment, and the document as it is with it."""

    invoice: Invoice
    payment: Payment


def add_payment(books: Books, invoice_id: int, given: Given) -> Settled:
    """Write down a payment: of what is left to pay, today, where nothing else is given.

    `mark_as_paid` decides whether the document is paid now, which else it is when nothing is left; `follow_up` goes
    before the proforma's own, `send_thank_you_email` before the account's.

    Raises:
        NotFound: there is no such document.
        WrongState: it is paid or cancelled.
        Invalid: a value breaks a rule.

    """
    old = books.find(Invoice, invoice_id)
    if old.cancelled_at is not None:
        raise WrongState("cancelled")
    if old.paid_on is not None:
        raise WrongState("already_paid")
    values = {name: value for name, value in given.items() if value is not None}
    problems = Problems(given.unread)
    check_texts(Payment, given, problems)
    payment = _payment(books, old, values, problems)
    paid = old.paid_amount + payment.amount
    is_paid = values.get("mark_as_paid", _covers(paid, old.remaining_amount))
    new = changed(old, payments=(*old.payments, payment), paid_amount=paid)
    if is_paid:
        new.paid_on = payment.paid_on
    kept = keep_change(books, old, count_off(new), "invoice_paid" if is_paid else "invoice_payment_added")
    if is_paid and values.get("send_thank_you_email", books.account.send_thank_you_email):
        thank_for_payment(books, kept)
    if is_paid and kept.kind == "proforma":
        kept = _follow_up(books, kept, payment, values.get("follow_up") or kept.follow_up)
    return Settled(kept, _payment_in(kept, payment.id))


def remove_payment(books: Books, invoice_id: int, payment_id: int) -> Invoice:
    """Take a payment back; a document that it paid is open again.

    Raises:
        NotFound: there is no such document or payment.
        WrongState: the document is cancelled, or a tax document was issued over the payment.

    """
    old = books.find(Invoice, invoice_id)
    payment = _payment_in(old, payment_id)
    if old.cancelled_at is not None:
        raise WrongState("cancelled")
    if payment.tax_document_id is not None and books.look_up(Invoice, id=payment.tax_document_id) is not None:
        raise WrongState("payment_kept")
    left = tuple(p for p in old.payments if p.id != payment_id)
    new = changed(old, payments=left, paid_amount=old.paid_amount - payment.amount, paid_on=None)
    return keep_change(books, old, count_off(new), "invoice_payment_removed")


def mark_paid(books: Books, old: Invoice, paid_on: dt.date | None = None) -> Invoice:
    """Say that a document is paid without saying how; no amount moves.

    Raises:
        WrongState: it is paid already.

    """
    if old.paid_on is not None:
        raise WrongState("already_paid")
    return keep_change(books, old, changed(old, paid_on=paid_on or books.today), "invoice_paid")


def create_tax_document(books: Books, invoice_id: int, payment_id: int) -> Settled:
    """Issue the tax document over a payment of a proforma (2.7).

    Raises:
        NotFound: there is no such document or payment.
        WrongState: it is no proforma, or the payment has its tax document.

    """
    proforma = books.find(Invoice, invoice_id)
    payment = _payment_in(proforma, payment_id)
    if proforma.kind != "proforma" or payment.tax_document_id is not None:
        raise WrongState("no_tax_document")
    kept = _tax_document(books, proforma, payment)
    return Settled(kept, _payment_in(kept, payment_id))


def _payment(books: Books, invoice: Invoice, values: dict[str, Any], problems: Problems) -> Payment:
    amount: Decimal = rounded(values.get("amount", invoice.remaining_amount - invoice.paid_amount))
    own_amount: Decimal = rounded(values.get("native_amount", amount * (invoice.exchange_rate or ONE)))
    for name, value in (("amount", amount), ("native_amount", own_amount)):
        if abs(value) >= LARGEST and name not in problems:
            problems.add(name, "too_large")
    paid_on: dt.date = values.get("paid_on", books.today)
    if not FIRST_YEAR <= paid_on.year <= LAST_YEAR:
        problems.add("paid_on", "not_a_date")
    bank_account_id = values.get("bank_account_id", invoice.bank_account_id)
    if "bank_account_id" in values and books.look_up(BankAccount, id=bank_account_id) is None:
        problems.add("bank_account_id", "not_in_list")
    problems.refuse()
    return Payment(
        books.next_ids(Invoice, 1)[0],
        paid_on,
        amount,
        own_amount,
        values.get("variable_symbol", invoice.variable_symbol),
        bank_account_id,
        books.now,
        books.now,
    )


def _covers(paid: Decimal, wanted: Decimal) -> bool:
    """Whether what was paid reaches what is wanted, which a credit note gives back."""
    return paid >= wanted if wanted >= 0 else paid <= wanted


def _payment_in(invoice: Invoice, payment_id: int) -> Payment:
    for payment in invoice.payments:
        if payment.id == payment_id:
            return payment
    raise NotFound("payments")


def _follow_up(books: Books, proforma: Invoice, payment: Payment, follow_up: str | None) -> Invoice:
    """What a proforma that is paid has issued at once (2.6.4)."""
    if follow_up == "final_invoice_paid" and proforma.related_id is None:
        return _final_invoice(books, proforma, payment)
    if follow_up == "tax_document":
        return _tax_document(books, proforma, payment)
    return proforma


def _final_invoice(books: Books, proforma: Invoice, payment: Payment) -> Invoice:
    """The same lines and total, paid by what came in for the proforma."""
    final = _after(books, proforma, "final_invoice", taxable_on=payment.paid_on, paid_on=payment.paid_on)
    final.related_id, final.show_paid_note = proforma.id, True
    final.lines = copied_lines(books, proforma)
    final.round_total, final.reverse_charge = proforma.round_total, proforma.reverse_charge
    final.deducted = proforma.gross_total
    kept = _issued(books, final)
    return books.change(proforma, changed(proforma, related_id=kept.id))


def _tax_document(books: Books, proforma: Invoice, payment: Payment) -> Invoice:
    """One line for each rate of the proforma; the payment is split in proportion, and holds its VAT."""
    document = _after(books, proforma, "tax_document", taxable_on=payment.paid_on, paid_on=payment.paid_on)
    document.price_mode, document.tally = "from_total_with_vat", "by_rate"
    sums = proforma.vat_sums
    parts = share(payment.amount, [s.gross for s in sums]) if sums else [payment.amount]
    rates = [(s.vat_rate, s.vat_treatment) for s in sums] or [(ZERO, "taxed")]
    ids = books.next_ids(Invoice, len(parts))
    text = f"{_ADVANCE.get(proforma.language, _ADVANCE['en'])} {proforma.number}"
    document.lines = tuple(
        Line(line_id, text, part, vat_rate=rate, vat_treatment=treatment)
        for line_id, part, (rate, treatment) in zip(ids, parts, rates, strict=True)
    )
    kept = _issued(books, document)
    noted = msgspec.structs.replace(payment, tax_document_id=kept.id, updated_at=books.now)
    payments = tuple(noted if p.id == payment.id else p for p in proforma.payments)
    return books.change(proforma, changed(proforma, payments=payments))


def _after(books: Books, proforma: Invoice, kind: Any, **values: Any) -> Invoice:
    """A document to the proforma's buyer, on its terms and under its variable symbol, issued today."""
    contact = books.find(Contact, proforma.contact_id)
    copied = {name: getattr(proforma, name) for name in _COPIED}
    document = blank_invoice(books, kind, contact, **(copied | {"due_on": books.today, "due_days": 0} | values))
    set_rate_of_receipt(books, document)
    return document


def _issued(books: Books, invoice: Invoice) -> Invoice:
    add_up(invoice)
    used = number_format(books, invoice.kind, None, Problems()) or format_for(books, "invoice")
    number_it(books, invoice, used)
    return keep_new(books, invoice)


_ADVANCE = {
    "cs": "Přijatá záloha k zálohové faktuře",
    "sk": "Prijatá záloha k zálohovej faktúre",
    "pl": "Zaliczka do faktury proforma",
    "de": "Anzahlung zur Proforma-Rechnung",
    "en": "Advance payment for proforma invoice",
}

_COPIED = tuple(
    name
    for name in Invoice.__struct_fields__
    if name.startswith(("buyer_", "delivery_"))
    or name
    in {
        *("has_delivery_address", "language", "currency", "exchange_rate", "payment_method", "custom_payment_method"),
        *("bank_account_id", "bank_account", "bank_name", "iban", "bic", "iban_visibility", "hide_bank_account"),
        *("note", "footer_note", "order_number", "variable_symbol", "price_mode", "tally", "reverse_charge"),
        *("supply_code", "oss", "tags"),
    }
)
