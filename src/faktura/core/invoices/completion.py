"""What a proforma has issued when it is paid, whichever way it became paid (2.6.4)."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.documents.amounts import add_up
from faktura.core.documents.deductions import documented_otherwise, taken_of
from faktura.core.documents.exchange import set_rate_of_receipt
from faktura.core.documents.keeping import spread
from faktura.core.documents.lines import copied_lines
from faktura.core.documents.links import Link, keep_links, link_to, links_of
from faktura.core.documents.numbering import format_for
from faktura.core.documents.numbers import number_format, number_it
from faktura.core.documents.record import ZERO, Draft, Line
from faktura.core.documents.status import called_paid
from faktura.core.documents.totals import share
from faktura.core.errors import Problems
from faktura.core.invoices.making import blank_invoice, keep_new
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.related import NO_RELATIONS, Relations
from faktura.store.records import Tenant


class Receipt(NamedTuple):
    """Money that came in for a proforma, by one of its payments or without one."""

    amount: Decimal
    paid_on: dt.date
    payment_id: int | None = None


def complete(
    books: Books, old: Invoice | None, new: Invoice, follow_up: str | None = None, *, said: bool = True
) -> Invoice:
    """Have issued what a proforma says of that, where it is paid now and was not before.

    That is one final invoice, or a tax document over all that came in and has none: each payment, and what is only
    `said` to have come in. Where an invoice follows it already, that one has taxed the whole supply, and nothing more
    is issued (§ 20a (2) of the Czech VAT act: money is taxed on receipt where it comes before the supply).
    """
    was_paid = old is not None and old.paid_on is not None
    if new.kind != "proforma" or new.paid_on is None or was_paid or new.cancelled_at is not None:
        return new
    links = links_of(books, new)
    followers = books.some(Invoice, [link.from_id for link in links.coming("follows")])
    if any(follower.cancelled_at is None for follower in followers):
        return new
    wanted, receipts = follow_up or new.follow_up, links.coming("receipts")
    if wanted == "final_invoice_paid" and not taken_of(books, receipts):
        return _final_invoice(books, new, receipts)
    if wanted == "tax_document":
        for receipt in _undocumented(books, new, receipts, said=said):
            new = document_receipt(books, new, receipt)
    return new


def _undocumented(books: Books, proforma: Invoice, receipts: Sequence[Link], *, said: bool) -> list[Receipt]:
    """What came in for a proforma and has no tax document, payment by payment; then what came in without one."""
    found = [Receipt(p.amount, p.paid_on, p.id) for p in proforma.payments if p.tax_document_id is None]
    came_in = proforma.paid_amount + (called_paid(proforma) if said else ZERO)
    rest = came_in - sum((payment.amount for payment in proforma.payments), ZERO)
    rest -= documented_otherwise(books, receipts)
    return [*found, Receipt(rest, proforma.paid_on or books.today)] if rest else found


def _final_invoice(books: Books, proforma: Invoice, receipts: Sequence[Link]) -> Invoice:
    """The same lines and total, paid by what came in for the proforma; tax documents over it are settled."""
    final = _after(books, proforma, "final_invoice", taxable_on=proforma.paid_on, paid_on=proforma.paid_on)
    final.show_paid_note = True
    final.lines = copied_lines(books, Invoice, proforma)
    final.round_total, final.reverse_charge = proforma.round_total, proforma.reverse_charge
    settled = sorted(books.some(Invoice, [link.from_id for link in receipts]), key=lambda document: document.id)
    _issued(books, final, Relations(followed=proforma, settled=tuple(settled)))
    return books.find(Invoice, proforma.id)


def document_receipt(books: Books, proforma: Invoice, receipt: Receipt) -> Invoice:
    """Issue a tax document: a line for each rate of the proforma, of which each has its part of the money, VAT inside.

    Back comes the proforma.
    """
    document = _after(books, proforma, "tax_document", taxable_on=receipt.paid_on, paid_on=receipt.paid_on)
    document.price_mode, document.tally = "from_total_with_vat", "by_rate"
    sums = proforma.vat_sums
    parts = share(receipt.amount, [s.gross for s in sums]) if sums else [receipt.amount]
    rates = [(s.vat_rate, s.vat_treatment) for s in sums] or [(ZERO, "taxed")]
    ids = books.next_ids(Invoice, len(parts))
    text = f"{_ADVANCE.get(proforma.language, _ADVANCE['en'])} {proforma.number}"
    document.lines = tuple(
        Line(line_id, text, part, vat_rate=rate, vat_treatment=treatment)
        for line_id, part, (rate, treatment) in zip(ids, parts, rates, strict=True)
    )
    kept = _issued(books, document)
    keep_links(books, kept, [link_to(kept, proforma, "receipts", receipt.payment_id)])
    return spread(books, proforma)


def _after(books: Books, proforma: Invoice, kind: Any, **values: Any) -> Invoice:
    """A document to the proforma's buyer, on its terms and under its variable symbol, issued today."""
    contact = books.find(Contact, proforma.contact_id)
    copied = {name: getattr(proforma, name) for name in COPIED}
    document = blank_invoice(books, kind, contact, **(copied | {"due_on": books.today, "due_days": 0} | values))
    set_rate_of_receipt(books, document, proforma)
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

_OF_ITS_OWN = {
    *("custom_id", "private_note", "paypal", "gopay", "show_paid_note", "exchange_rate_given", "round_total", "lines"),
    *("due_days", "tag_lines", "line_texts"),
}
"""Terms of a proforma that what follows it does not take over."""

_TERMS = set(Draft.__struct_fields__) - set(Tenant.__struct_fields__) - _OF_ITS_OWN

COPIED = tuple(
    name
    for name in Invoice.__struct_fields__
    if name in _TERMS or name.startswith(("buyer_", "delivery_")) or name in {"has_delivery_address", "variable_symbol"}
)
"""What stands on a document that comes after another as it stands on that."""
