"""The exchange rate of a document: given, taken over from another one, or chosen by its dates."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from faktura.core.books.books import Books
from faktura.core.countries.known import country_of
from faktura.core.documents.record import ONE, Document
from faktura.core.money.exchange import rate_on


def set_rate(
    books: Books, document: Document, original: Document | None = None, proforma: Document | None = None
) -> None:
    """The rate given; that of what is corrected; one given with the proforma; else that of the day."""
    if document.currency == document.native_currency:
        document.exchange_rate = ONE
        return
    if document.exchange_rate is None:
        document.exchange_rate = _taken_over(document, original, proforma)
    document.exchange_rate_given = document.exchange_rate is not None
    if document.exchange_rate is None:
        document.exchange_rate = rate_of_day(books, document)


def set_rate_again(books: Books, old: Document, new: Document, values: Mapping[str, Any]) -> bool:
    """The rate of a document that changes, and whether it was chosen now: one that was chosen before follows its day.

    A rate that is sent back as it was shown was not given by that.
    """
    other_currency = new.currency != old.currency
    if new.currency == new.native_currency:
        new.exchange_rate, new.exchange_rate_given = ONE, False
        return False
    if new.exchange_rate is not None and "exchange_rate" in values:
        new.exchange_rate_given |= other_currency or new.exchange_rate != old.exchange_rate
    elif new.exchange_rate is None or other_currency:
        new.exchange_rate_given = False
    moved = rate_day(books, new) != rate_day(books, old)
    if new.exchange_rate_given or not (moved or other_currency or new.exchange_rate is None):
        return False
    new.exchange_rate = rate_of_day(books, new)
    return True


def set_rate_of_receipt(books: Books, receipt: Document, proforma: Document) -> None:
    """A document on money received counts by the day of the receipt, whatever its proforma counted by (§ 4 (8))."""
    if receipt.currency == receipt.native_currency:
        receipt.exchange_rate = ONE
        return
    receipt.exchange_rate = rate_of_day(books, receipt)
    if receipt.exchange_rate is None and _is_valued_alike(receipt, proforma):
        receipt.exchange_rate = proforma.exchange_rate


def rate_of_day(books: Books, document: Document) -> Decimal | None:
    return rate_on(books, document.currency, rate_day(books, document), document.native_currency)


def rate_day(books: Books, document: Document) -> dt.date:
    """The last day whose rate may count for the document, where the account is."""
    return country_of(books.account.country).rate_day(document.issued_on, document.taxed_on)


def _taken_over(document: Document, original: Document | None, proforma: Document | None) -> Decimal | None:
    if original is not None and _is_valued_alike(document, original):
        return original.exchange_rate
    if proforma is not None and _is_valued_alike(document, proforma) and proforma.exchange_rate_given:
        return proforma.exchange_rate
    return None


def _is_valued_alike(document: Document, other: Document) -> bool:
    """Whether a rate of the other means the same here: the books may be kept in another currency since."""
    return (other.currency, other.native_currency) == (document.currency, document.native_currency)
