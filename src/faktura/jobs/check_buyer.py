"""Whether the VAT number of a buyer abroad is valid, asked for the firm that charged no VAT by it."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.invoices.abroad import note_buyer
from faktura.core.invoices.record import Invoice
from faktura.core.received.risks import Question
from faktura.jobs import Effect, Errand, doubling, nothing_more
from faktura.outside.registries.payer import vies_question

LANE = "outside"
DELAYS = doubling(dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1))


def go_out(errand: Errand, invoice_id: int) -> Effect:
    registries = errand.reach.registries
    asked = errand.read(lambda books: _question(books, invoice_id))
    if registries is None or asked is None or not registries.has(asked.registry):
        return nothing_more
    answer = registries.ask(*asked)
    return lambda books: note_buyer(books, invoice_id, answer)


def _question(books: Books, invoice_id: int) -> Question | None:
    """A number that cannot be one is for a person to see."""
    invoice, account = books.look_up(Invoice, id=invoice_id), books.account
    if invoice is None or account.blocked:
        return None
    return vies_question(account, invoice.buyer_vat_no or "", invoice.buyer_country or "")
