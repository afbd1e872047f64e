"""Sold to a firm in another country of the EU without VAT: whether its number is valid is asked, and proved."""

from faktura.core.books.books import Books
from faktura.core.countries.vat import EU
from faktura.core.invoices.record import Invoice
from faktura.core.registries.answers import RegistryAnswer
from faktura.core.registries.checks import keep_check
from faktura.core.todos import put_on_list

CHECK_BUYER = "check_buyer"

SALES = frozenset({"invoice", "final_invoice"})
"""What VAT could have been charged by."""


def look_at_buyer(books: Books, invoice: Invoice) -> None:
    """Have a job ask about the number by which no VAT is charged."""
    if is_untaxed_abroad(invoice):
        books.later(CHECK_BUYER, invoice.id)


def is_untaxed_abroad(invoice: Invoice) -> bool:
    countries = {invoice.buyer_country, invoice.seller.country}
    abroad = len(countries) == len(("buyer", "seller")) and countries <= EU
    untaxed = bool(invoice.net_total) and not invoice.vat_total and invoice.seller.vat_mode != "non_vat_payer"
    return abroad and untaxed and bool(invoice.buyer_vat_no) and invoice.kind in SALES


def note_buyer(books: Books, invoice_id: int, answer: RegistryAnswer) -> None:
    """Keep the proof with the document; a number that is not valid needs a person."""
    invoice = books.look_up(Invoice, id=invoice_id)
    if invoice is None:
        return
    keep_check(books, invoice.contact_id, answer, invoice)
    if answer.state == "invalid":
        put_on_list(books, "buyer_vat_no_invalid", invoice)
