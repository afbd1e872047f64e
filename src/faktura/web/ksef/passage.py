"""What the page of a document says of its way to KSeF."""

import datetime as dt
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import connection_of
from faktura.core.ksef.duty import goes_to_ksef, is_connected
from faktura.core.ksef.listing import FOR_KSEF, NEEDY
from faktura.core.ksef.mark import SendingState
from faktura.core.ksef.sendings import latest_sending
from faktura.web.ksef.words import Stage, is_live, stage_of


class Passage(NamedTuple):
    """How far it has come: without a `state` it never set out. Whoever `is_connected` can send it, or send it again.

    It `moves` as long as something becomes of it by itself; `deadline` is by when it must have arrived.
    """

    state: SendingState | None
    stage: Stage
    is_connected: bool
    moves: bool
    at: dt.datetime | None = None
    deadline: dt.datetime | None = None
    has_upo: bool = False

    @property
    def may_go(self) -> bool:
        return self.is_connected and (self.state is None or self.state in NEEDY)


def passage_of(books: Books, invoice: Invoice) -> Passage | None:
    """None where nothing goes to KSeF: firms of other countries, and what is no invoice."""
    if not goes_to_ksef(books.account) or invoice.kind not in FOR_KSEF:
        return None
    connection, sending = connection_of(books), latest_sending(books, invoice.id) if invoice.ksef else None
    if sending is None:
        return Passage(None, Stage(""), is_connected(books), moves=False)
    stage, at = stage_of(sending, connection, books.now), sending.finished_at or sending.sent_at
    deadline = sending.deadline if is_live(sending) else None
    return Passage(sending.state, stage, is_connected(books), is_live(sending), at, deadline, sending.upo is not None)
