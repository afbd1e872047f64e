"""A document as it would be issued now, before it is: its totals, what it takes off, its number, and what is wrong."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from faktura.core.books.books import Books
from faktura.core.books.trial import Trial
from faktura.core.contacts import Contact
from faktura.core.countries.vat import EU
from faktura.core.documents.amounts import count_off
from faktura.core.documents.checks import RULES, Rules, check
from faktura.core.documents.deductions import advance_of, paid_for, part_sum, parts_of, taken_of
from faktura.core.documents.links import links_of
from faktura.core.documents.numbering import next_number
from faktura.core.documents.record import ZERO
from faktura.core.errors import Given, LimitReached, Problem, Problems
from faktura.core.invoices.buyer import check_buyer
from faktura.core.invoices.change import revise
from faktura.core.invoices.issue import buyer_named, compose, told
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.related import Relations


class Composition(NamedTuple):
    """The number of `invoice` is the one that it would get; `problems` by attribute are what it would be refused for.

    Without a customer everything else is there all the same.
    """

    invoice: Invoice
    problems: Mapping[str, list[Problem]]

    @property
    def lacks_vat_no(self) -> bool:
        """Whether no VAT is charged because the customer owes it, who has no VAT number to owe it by."""
        invoice, buyer, seller = self.invoice, self.invoice.buyer_country, self.invoice.seller
        if invoice.buyer_vat_no or not invoice.buyer_name or seller.vat_mode != "vat_payer":
            return False
        abroad = buyer != seller.country and {buyer, seller.country} <= EU
        owes = invoice.reverse_charge or any(line.vat_treatment == "reverse_charge" for line in invoice.lines)
        return owes or bool(abroad and invoice.net_total and not invoice.vat_total)


def compose_invoice(books: Books, given: Given, rules: Rules = RULES) -> Composition:
    """What `issue_invoice` would make of the same values; nothing is written, no number is taken.

    Raises:
        NotFound: a line has an id.

    """
    trial, problems = Trial.of(books), Problems(given.unread)
    values = told(given, problems)
    contact = _buyer(trial, values, problems) or _nobody(trial)
    invoice, related, _ = compose(trial, contact, values, rules, problems)
    check_buyer(invoice, given.keys(), problems)
    check(invoice, given.keys(), problems)
    invoice.number = (values.get("number") or "").strip() or next_number(trial, invoice.kind, invoice.issued_on)
    invoice.deducted = _taken_off(trial, invoice, related)
    return Composition(count_off(invoice), problems.by_attribute())


def compose_change(books: Books, invoice_id: int, given: Given, rules: Rules = RULES) -> Composition:
    """What `change_invoice` would make of a document, as far as that stands in itself; nothing is written.

    Raises:
        NotFound: there is no such document, or no such line in it.

    """
    trial, problems = Trial.of(books), Problems(given.unread)
    revised = revise(trial, books.find(Invoice, invoice_id), given, rules, problems)
    return Composition(revised.invoice, problems.by_attribute())


def _buyer(books: Books, values: dict[str, Any], problems: Problems) -> Contact | None:
    """That an account has as many contacts as it may is told when one is added."""
    try:
        return buyer_named(books, values, problems)
    except LimitReached:
        return None


def _nobody(books: Books) -> Contact:
    return Contact(books.account.id, 0, 1, books.now, books.now, name="", uuid="")


def _taken_off(books: Books, invoice: Invoice, related: Relations) -> Decimal:
    """What the document would take off for what was paid before, as `allot` gives it to its links."""
    own = (invoice.advance_amount or ZERO) if invoice.kind == "tax_document" else ZERO
    settled = sum((part_sum(parts_of(document)) for document in related.settled), ZERO)
    advances = sum((advance_of(document) for document in related.advances), ZERO)
    return own + settled + advances + _free_of(books, related)


def _free_of(books: Books, related: Relations) -> Decimal:
    """What was paid for the proforma and nobody takes off; the tax documents that are settled here are taken off so."""
    proforma = related.proforma
    if proforma is None:
        return ZERO
    links = links_of(books, proforma)
    settled_here = [link for link in links.coming("receipts") if link.from_id in {d.id for d in related.settled}]
    here = {link.from_id for link in settled_here}
    by_receipts = sum((part_sum(parts_of(document)) for document in related.settled if document.id in here), ZERO)
    return paid_for(proforma) - taken_of(books, links.coming("receipts")) - by_receipts
