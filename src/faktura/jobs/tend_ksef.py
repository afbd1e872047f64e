"""An account's connection to KSeF is looked after: what ends soon is renewed, and how often it may call is asked."""

import datetime as dt

from faktura.core.ksef.connection import active_or_none, note_limits
from faktura.core.ksef.enrolment import tend
from faktura.jobs import Effect, Errand, doubling, nothing_more
from faktura.outside.ksef.allowed import limits_of
from faktura.outside.ksef.failures import NoRight, Refused

LANE = "ksef"
DELAYS = doubling(dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(hours=6))


def go_out(errand: Errand) -> Effect:
    """What is renewed and who is told does not wait for an answer of KSeF."""
    errand.write(tend)
    if errand.reach.ksef is None or errand.read(active_or_none) is None:
        return nothing_more
    try:
        limits = limits_of(errand.reach.ksef.line(errand))
    except (NoRight, Refused):
        return nothing_more
    return lambda books: note_limits(books, limits)
