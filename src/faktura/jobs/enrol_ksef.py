"""KSeF is asked for a certificate in the name of the account, which takes the place of the one before."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.ksef.connection import Purpose, connection_of
from faktura.core.ksef.enrolment import give_up_enrolment, note_enrolment, note_reference, take_certificate
from faktura.jobs import Effect, Errand, Later, doubling, nothing_more
from faktura.outside.ksef.enrolling import fetch, hand_in, make_request
from faktura.outside.ksef.failures import NoRight, Refused
from faktura.outside.ksef.line import Ksef

LANE = "ksef"
DELAYS = doubling(dt.timedelta(seconds=30), dt.timedelta(hours=1), dt.timedelta(days=1))

LOOKING = dt.timedelta(seconds=15)
"""Until the next look whether it is there."""


def go_out(errand: Errand, purpose: Purpose) -> Effect:
    """The key is kept before anything is asked for: what KSeF gives then has its key, whatever dies in between.

    Raises:
        Later: it is not there yet.

    """
    ksef = errand.reach.ksef
    if ksef is None or errand.read(connection_of) is None:
        return nothing_more
    try:
        return _enrol(errand, ksef, purpose)
    except (Refused, NoRight) as refused:
        why = str(refused)
        return lambda books: give_up_enrolment(books, why)


def refused(books: Books, error: Exception, _purpose: Purpose) -> None:
    """It was tried for a day; where a certificate ends soon, another night orders it again."""
    give_up_enrolment(books, str(error))


def _enrol(errand: Errand, ksef: Ksef, purpose: Purpose) -> Effect:
    key, line = errand.reach.secret_key, ksef.line(errand)
    if line.connection.enrolment_ref is None:
        request = make_request(line)
        errand.write(lambda books: note_enrolment(books, purpose, request.private_key, key))
        reference = hand_in(line, request, purpose)
        errand.write(lambda books: note_reference(books, reference))
        line = ksef.line(errand)
    pair = fetch(line, line.connection.enrolment_ref or "", line.secret("enrolment_key") or "")
    if pair is None:
        raise Later(LOOKING, "KSeF has not made the certificate yet")

    def take(books: Books) -> None:
        take_certificate(books, pair, key)

    return take
