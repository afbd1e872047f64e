"""What waits for KSeF in vain is issued beside it, where the firm allows that; deadlines follow outages."""

import contextlib

from faktura.core.books.books import Books
from faktura.core.errors import WrongState
from faktura.core.ksef.offline import follow_deadlines, waiting_in_vain
from faktura.jobs import Effect, Errand
from faktura.outputs.e_invoices.ksef_offline import take_offline

LANE = "ksef"


def go_out(errand: Errand) -> Effect:
    """Nobody is asked: what is signed by the firm's own key needs the one that opens it."""
    key = errand.reach.secret_key

    def write_down(books: Books) -> None:
        with contextlib.suppress(WrongState):
            for sending in waiting_in_vain(books):
                take_offline(books, sending, key)
        follow_deadlines(books)

    return write_down
