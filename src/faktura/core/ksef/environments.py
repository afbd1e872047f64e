"""An account goes from one environment of KSeF to another: what it sent stays, and says nothing of documents here.

So a document that the test environment took is still to be sent, and what lives there waits until the account comes
back. Then it counts again, so that nothing is in an environment twice.
"""

from collections.abc import Iterable
from typing import get_args

import msgspec

from faktura.core.books.books import Books
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.addresses import Environment
from faktura.core.ksef.mark import LIVE, KsefMark
from faktura.core.ksef.sendings import COUNTS, TODOS, KsefSending, latest_sending
from faktura.core.todos import take_off_list
from faktura.store.queries import Condition, Selection
from faktura.store.records import changed

ASIDE = Condition("aside", "null", value=False)


def go_to(books: Books, environment: Environment) -> None:
    """Let documents say how far they came in this environment, and in no other."""
    for other in get_args(Environment):
        if other != environment:
            _leave(books, books.all(KsefSending, Selection((_within(other), COUNTS))))
    _come_back(books, books.all(KsefSending, Selection((_within(environment), ASIDE))))


def _within(environment: Environment) -> Condition:
    return Condition("environment", "eq", environment)


def _leave(books: Books, sendings: Iterable[KsefSending]) -> None:
    """Each keeps what its document said."""
    said: dict[int, KsefMark] = {}
    for sending in sendings:
        if sending.invoice_id not in said:
            said[sending.invoice_id] = _silenced(books, sending)
        books.change(sending, changed(sending, aside=said[sending.invoice_id], live_invoice_id=None))


def _silenced(books: Books, sending: KsefSending) -> KsefMark:
    invoice = books.look_up(Invoice, id=sending.invoice_id)
    if invoice is None:
        return KsefMark(sending.state, "")
    kept = books.change(invoice, changed(invoice, ksef=None, ksef_number=None))
    for name in TODOS:
        take_off_list(books, name, kept)
    return invoice.ksef or KsefMark(sending.state, "")


def _come_back(books: Books, sendings: Iterable[KsefSending]) -> None:
    said: dict[int, KsefMark] = {}
    for sending in sendings:
        is_looked_after = sending.state in LIVE or (sending.state == "accepted" and sending.upo is None)
        live_id = sending.invoice_id if is_looked_after else None
        if sending.aside is not None:
            said[sending.invoice_id] = sending.aside
        books.change(sending, changed(sending, aside=None, live_invoice_id=live_id))
    for invoice_id, mark in said.items():
        invoice, last = books.look_up(Invoice, id=invoice_id), latest_sending(books, invoice_id)
        if invoice is not None and last is not None:
            shown = msgspec.structs.replace(mark, state=last.state)
            books.change(invoice, changed(invoice, ksef=shown, ksef_number=last.ksef_number))
