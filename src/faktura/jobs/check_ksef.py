"""The account signs in at KSeF, and what came of it is written down: a person waits for that."""

import datetime as dt

from faktura.core.ksef.connection import connection_of, note_unreachable
from faktura.core.ksef.progress import send_waiting
from faktura.jobs import Effect, Errand, doubling, nothing_more
from faktura.outside.ksef.failures import NoRight, Unreachable

LANE = "ksef"
DELAYS = doubling(dt.timedelta(seconds=5), dt.timedelta(hours=1), dt.timedelta(days=7))


def go_out(errand: Errand) -> Effect:
    """Where KSeF does not let the firm in, that is written down already, and is not tried again."""
    if errand.reach.ksef is None or errand.read(connection_of) is None:
        return nothing_more
    try:
        errand.reach.ksef.line(errand).check()
    except NoRight:
        return nothing_more
    except Unreachable:
        errand.write(note_unreachable)
        raise
    return send_waiting
