"""What the page of a document says of its way to KSeF."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import connection_of
from faktura.core.ksef.duty import goes_to_ksef, is_connected
from faktura.core.ksef.listing import FOR_KSEF, NEEDY
from faktura.core.ksef.mark import SendingState, held_by_ksef
from faktura.core.ksef.offline import is_late, may_sign
from faktura.core.ksef.sendings import KsefSending, latest_sending, lives
from faktura.web.ksef.before import WouldRefuse, at_ksef, would_refuse
from faktura.web.ksef.words import Stage, rest_of, stage_of


class Passage(NamedTuple):
    """How far it has come: without a `state` it never set out. Whoever `is_connected` can send it, or send it again.

    It `moves` as long as something becomes of it by itself; `deadline` is by when it must have arrived. It `may_return`
    as long as nothing of it has left; what KSeF has, or may have, `is_held` as it is. What never set out may be
    `refused` there for reasons that are known already. Who `may_sign` can issue it beside KSeF.
    """

    state: SendingState | None
    stage: Stage
    is_connected: bool
    moves: bool
    at: dt.datetime | None = None
    deadline: dt.datetime | None = None
    has_upo: bool = False
    may_return: bool = False
    is_held: bool = False
    refused: Sequence[WouldRefuse] = ()
    may_sign: bool = False
    is_late: bool = False

    @property
    def may_go_beside(self) -> bool:
        return self.may_sign and (self.may_go or self.state == "waiting")

    @property
    def may_go(self) -> bool:
        return self.is_connected and (self.state is None or self.state in NEEDY)


def passage_of(books: Books, invoice: Invoice) -> Passage | None:
    """None where nothing goes to KSeF: firms of other countries, and what is no invoice."""
    if not goes_to_ksef(books.account) or invoice.kind not in FOR_KSEF:
        return None
    connection, sending = connection_of(books), latest_sending(books, invoice.id) if invoice.ksef else None
    signs = connection is not None and may_sign(connection, books.now)
    if sending is None:
        reasons = _refused(books, invoice)
        return Passage(None, Stage(""), is_connected(books), moves=False, refused=reasons, may_sign=signs)
    return Passage(
        sending.state,
        stage_of(sending, connection, rest_of(books, connection), books.now),
        is_connected(books),
        lives(sending),
        sending.finished_at or sending.sent_at,
        sending.deadline if lives(sending) else None,
        has_upo=sending.upo is not None,
        may_return=_is_here(sending),
        is_held=held_by_ksef(invoice.ksef) is not None,
        may_sign=signs and (sending.mode == "online" or sending.state == "rejected"),
        is_late=is_late(sending, books.now),
    )


def _refused(books: Books, invoice: Invoice) -> Sequence[WouldRefuse]:
    there = None if invoice.ksef_number or invoice.cancelled_at else at_ksef(books, invoice)
    return would_refuse(there.problems, books.account.slug, invoice.contact_id) if there else ()


def _is_here(sending: KsefSending) -> bool:
    return sending.state in {"waiting", "failed"} and sending.session_ref is None and sending.sent_at is None
