"""What a page shows of a document, whoever reads it and in whatever language."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from stdnum import iban

from faktura.core.books.books import Books
from faktura.core.countries.vat import charges_vat
from faktura.core.documents.parties import buyer_street_line
from faktura.core.documents.record import ONE, ZERO, Status
from faktura.core.documents.status import status_of
from faktura.core.invoices.record import Invoice
from faktura.outputs.printing.document import code_of
from faktura.outputs.printing.qr import svg
from faktura.outputs.words.labels import registration_no_label, vat_no_label
from faktura.web.documents.words import words_in

Fact = tuple[str, str | None]


class Sheet(NamedTuple):
    """A document with the words around it. `taxed` is false where no VAT stands on it at all.

    `native_currency` is the account's where the document's is another one; `left` is negative where money goes back.
    `code` is a payment code as the address of a picture, empty where there is nothing to send.
    `seller_facts`, `buyer_facts` and `bank` hold labels and values: the parties' numbers, and where to pay.
    """

    invoice: Invoice
    word: Mapping[str, str]
    status: Status
    taxed: bool
    native_currency: str | None
    street: str | None
    left: Decimal
    method: str
    seller_facts: tuple[Fact, ...]
    buyer_facts: tuple[Fact, ...]
    bank: tuple[Fact, ...]
    code: str


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
        seller_facts=_seller_facts(invoice, language),
        buyer_facts=_buyer_facts(invoice, language),
        bank=() if invoice.hide_bank_account else tuple(_bank(invoice, word)),
        code=_code(invoice),
    )


def _code(invoice: Invoice) -> str:
    """A customer who pays otherwise is shown none, nor one that no bank would take."""
    by_transfer = invoice.payment_method == "bank" and iban.is_valid(invoice.iban or "")
    code = code_of(invoice) if by_transfer else None
    return f"data:image/svg+xml;base64,{b64encode(svg(code.payload).encode()).decode()}" if code else ""


def _seller_facts(invoice: Invoice, language: str) -> tuple[Fact, ...]:
    seller = invoice.seller
    return (
        (registration_no_label(language, seller.country), seller.registration_no),
        (vat_no_label(language, seller.country), seller.vat_no),
        (words_in(language)["local_vat_no"], seller.local_vat_no),
    )


def _buyer_facts(invoice: Invoice, language: str) -> tuple[Fact, ...]:
    country = invoice.buyer_country or invoice.seller.country
    return (
        (registration_no_label(language, country), invoice.buyer_registration_no),
        (vat_no_label(language, country), invoice.buyer_vat_no),
        (words_in(language)["local_vat_no"], invoice.buyer_local_vat_no),
    )


def _bank(invoice: Invoice, word: Mapping[str, str]) -> Iterator[Fact]:
    """The IBAN stands there for those abroad, or where it is all that is known, or always if so wanted."""
    abroad = invoice.currency != "CZK" or (invoice.buyer_country or invoice.seller.country) != invoice.seller.country
    if invoice.bank_account:
        yield word["bank_account"], invoice.bank_account
    if invoice.iban and (abroad or not invoice.bank_account or invoice.iban_visibility == "always"):
        yield word["iban"], invoice.iban
        if invoice.bic:
            yield word["bic"], invoice.bic
    if invoice.bank_name and (invoice.bank_account or invoice.iban):
        yield word["bank_name"], invoice.bank_name
