"""What is due of an account's queue for KSeF: sent, looked at, written down; then the job is put for the next time."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.errors import WrongState
from faktura.core.ksef.progress import HOUR, fail_unanswered
from faktura.core.ksef.sendings import wake
from faktura.jobs import Effect, Errand, doubling, nothing_more
from faktura.outputs.e_invoices.ksef import built
from faktura.outside.ksef.calling import Staying
from faktura.outside.ksef.failures import Unreachable
from faktura.outside.ksef.sending import Round

LANE = "ksef"
DELAYS = doubling(dt.timedelta(seconds=10), dt.timedelta(hours=1), dt.timedelta(days=1))


def go_out(errand: Errand) -> Effect:
    """A round; nothing where the account is not connected now, or KSeF is switched off.

    Raises:
        Unreachable: KSeF does not answer.
        Refused: it opens no session.

    """
    if errand.reach.ksef is None:
        return nothing_more
    try:
        line = errand.reach.ksef.line(errand)
        if not line.connection.active:
            return nothing_more
        round_of_queue = Round(Staying(errand, line.connection), line, built, errand.reach.client)
        round_of_queue.go()
    except WrongState:
        return nothing_more
    return round_of_queue.put_next


def refused(books: Books, error: Exception) -> None:
    """A day without an answer: what waits or may have arrived is given up until a person has it sent again."""
    if isinstance(error, Unreachable):
        fail_unanswered(books, str(error))
    wake(books, books.now + HOUR)
