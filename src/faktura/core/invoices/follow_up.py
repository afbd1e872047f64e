"""A payment of an invoice, and what a proforma that is paid has issued (2.6.4)."""

from typing import Any, NamedTuple

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.documents.amounts import add_up
from faktura.core.documents.keeping import spread
from faktura.core.documents.links import keep_links, link_to, links_of
from faktura.core.documents.numbering import format_for
from faktura.core.documents.numbers import number_format
from faktura.core.documents.payments import give_back, payment_in, receive
from faktura.core.documents.record import ZERO, Line, Payment
from faktura.core.documents.totals import share
from faktura.core.errors import Given, Problems, WrongState
from faktura.core.invoices.exchange import set_rate_of_receipt
from faktura.core.invoices.issue import blank_invoice, copied_lines, keep_new, number_it
from faktura.core.invoices.letters import thank_for_payment
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.related import NO_RELATIONS, Relations


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
    kept, (payment, is_paid) = receive(books, books.find(Invoice, invoice_id), given)
    if is_paid and _wanted(given, "send_thank_you_email", books.account.send_thank_you_email):
        thank_for_payment(books, kept)
    if is_paid and kept.kind == "proforma":
        kept = _follow_up(books, kept, payment, _wanted(given, "follow_up", kept.follow_up))
    return Received(kept, payment_in(kept, payment.id))


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
        WrongState: it is no proforma, or the payment has its tax document.

    """
    proforma = books.find(Invoice, invoice_id)
    payment = payment_in(proforma, payment_id)
    if proforma.kind != "proforma" or payment.tax_document_id is not None:
        raise WrongState("no_tax_document")
    kept = _tax_document(books, proforma, payment)
    return Received(kept, payment_in(kept, payment_id))


def _wanted(given: Given, name: str, usual: Any) -> Any:
    value = given.get(name)
    return usual if value is None else value


def _follow_up(books: Books, proforma: Invoice, payment: Payment, follow_up: str | None) -> Invoice:
    """What a proforma that is paid has issued: one final invoice, or a tax document over each payment without one.

    Where an invoice follows it already, that one has taxed the whole supply, and nothing more is issued (§ 20a (2) of
    the Czech VAT act: money is taxed on receipt where it comes before the supply).
    """
    if links_of(books, proforma).coming("follows"):
        return proforma
    if follow_up == "final_invoice_paid":
        return _final_invoice(books, proforma, payment)
    if follow_up == "tax_document":
        for undocumented in proforma.payments:
            if undocumented.tax_document_id is None:
                proforma = _tax_document(books, proforma, undocumented)
    return proforma


def _final_invoice(books: Books, proforma: Invoice, payment: Payment) -> Invoice:
    """The same lines and total, paid by what came in for the proforma."""
    final = _after(books, proforma, "final_invoice", taxable_on=payment.paid_on, paid_on=payment.paid_on)
    final.show_paid_note = True
    final.lines = copied_lines(books, proforma)
    final.round_total, final.reverse_charge = proforma.round_total, proforma.reverse_charge
    _issued(books, final, Relations(followed=proforma))
    return books.find(Invoice, proforma.id)


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
    keep_links(books, kept, [link_to(kept, proforma, "receipts", payment.id)])
    return spread(books, proforma)


def _after(books: Books, proforma: Invoice, kind: Any, **values: Any) -> Invoice:
    """A document to the proforma's buyer, on its terms and under its variable symbol, issued today."""
    contact = books.find(Contact, proforma.contact_id)
    copied = {name: getattr(proforma, name) for name in _COPIED}
    document = blank_invoice(books, kind, contact, **(copied | {"due_on": books.today, "due_days": 0} | values))
    set_rate_of_receipt(books, document)
    return document


def _issued(books: Books, invoice: Invoice, related: Relations = NO_RELATIONS) -> Invoice:
    add_up(invoice)
    used = number_format(books, invoice.kind, None, Problems()) or format_for(books, "invoice")
    number_it(books, invoice, used)
    return keep_new(books, invoice, (), related)


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
