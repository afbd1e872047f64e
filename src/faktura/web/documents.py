"""What a page shows of a document, whoever reads it and in whatever language."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from faktura.core.books import Books
from faktura.core.invoices.parties import buyer_street_line
from faktura.core.invoices.record import ONE, ZERO, Invoice, Status
from faktura.core.invoices.status import status_of
from faktura.core.vat import charges_vat
from faktura.web.document_words import words_in


class Sheet(NamedTuple):
    """A document with the words around it. `taxed` is false where no VAT stands on it at all.

    `native_currency` is the account's where the document's is another one; `left` is negative where money goes back.
    `bank` holds labels and values of where to pay.
    """

    invoice: Invoice
    word: Mapping[str, str]
    status: Status
    taxed: bool
    native_currency: str | None
    street: str | None
    left: Decimal
    method: str
    bank: tuple[tuple[str, str], ...]


class Entry(NamedTuple):
    """A document in a list."""

    invoice: Invoice
    status: Status


def entries_of(books: Books, invoices: Iterable[Invoice]) -> list[Entry]:
    return [Entry(invoice, status_of(invoice, books.today)) for invoice in invoices]


def sheet_of(books: Books, invoice: Invoice, language: str) -> Sheet:
    word = words_in(language)
    is_foreign = invoice.currency != books.account.currency and invoice.exchange_rate not in {None, ONE}
    return Sheet(
        invoice=invoice,
        word=word,
        status=status_of(invoice, books.today),
        taxed=charges_vat(invoice.seller.vat_mode, reverse_charge=invoice.reverse_charge) or bool(invoice.vat_total),
        native_currency=books.account.currency if is_foreign else None,
        street=buyer_street_line(invoice),
        left=ZERO if invoice.paid_on else invoice.left_to_pay,
        method=invoice.custom_payment_method or word[invoice.payment_method],
        bank=() if invoice.hide_bank_account else tuple(_bank(invoice, word)),
    )


def _bank(invoice: Invoice, word: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The IBAN stands there for those abroad, or where it is all that is known, or always if so wanted."""
    abroad = invoice.currency != "CZK" or (invoice.buyer_country or invoice.seller.country) != invoice.seller.country
    if invoice.bank_account:
        yield word["account_number"], invoice.bank_account
    if invoice.iban and (abroad or not invoice.bank_account or invoice.iban_visibility == "always"):
        yield "IBAN", invoice.iban
        if invoice.bic:
            yield "BIC", invoice.bic
    if invoice.bank_name and (invoice.bank_account or invoice.iban):
        yield word["bank_name"], invoice.bank_name
