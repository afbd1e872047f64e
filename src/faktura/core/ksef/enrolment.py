"""A certificate that KSeF is asked for: its key, its reference, and the place that it takes."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.ksef.certificates import KeyPair, ends_at
from faktura.core.ksef.connection import (
    CHECK,
    NO_ENROLMENT,
    TOKENS_END,
    KsefConnection,
    Purpose,
    connection_of,
    required_connection,
    seal,
)
from faktura.core.texts import as_seen
from faktura.core.todos import put_on_list, take_off_list
from faktura.store.records import changed

ENROL = "enrol_ksef"
"""The job that asks for it."""

SOON = dt.timedelta(days=30)
"""So long before its end a certificate is renewed, or a person is to look after it."""

LONGEST_ERROR = 300


def order_certificate(books: Books, purpose: Purpose) -> KsefConnection:
    """Have a job ask for a certificate; what an earlier request left is forgotten.

    Raises:
        WrongState: there is no connection.

    """
    kept = _change(books, required_connection(books), enrolment_for=purpose, enrolment_ref=None, enrolment_error=None)
    books.later(ENROL, purpose)
    return kept


def note_enrolment(books: Books, purpose: Purpose, private_key: str, key: str) -> None:
    """Keep the key that the certificate will belong to."""
    hidden = seal(books, key, "enrolment_key", private_key)
    _change(books, required_connection(books), enrolment_for=purpose, enrolment_key=hidden)


def note_reference(books: Books, reference: str) -> None:
    """It is asked for: by this it is fetched."""
    _change(books, required_connection(books), enrolment_ref=reference)


def give_up_enrolment(books: Books, why: str) -> None:
    """KSeF does not give it; a person reads why."""
    old = connection_of(books)
    if old is not None:
        _change(books, old, **NO_ENROLMENT | {"enrolment_error": as_seen(why)[:LONGEST_ERROR]})


def take_certificate(books: Books, pair: KeyPair, key: str) -> KsefConnection | None:
    """The account signs in by it from now on, or signs by it what is issued offline, as it was asked for."""
    old = connection_of(books)
    if old is None or old.enrolment_for is None:
        return None
    until, offline = ends_at(pair.certificate), old.enrolment_for == "Offline"
    if offline:
        hidden = seal(books, key, "offline_key", pair.private_key)
        values = {"offline_certificate": pair.certificate, "offline_key": hidden, "offline_until": until}
    else:
        hidden = seal(books, key, "private_key", pair.private_key)
        values = {"method": "certificate", "token": None, "certificate": pair.certificate}
        values |= {"private_key": hidden, "certificate_until": until, "refresh_token": None, "refresh_until": None}
        books.later(CHECK)
    kept = _change(books, old, **NO_ENROLMENT, **values)
    name = "offline_until" if offline else "certificate_until"
    books.note_event(Event("ksef_changed", kept, {name: (getattr(old, name), until)}))
    tell_of_ends(books)
    return kept


def tell_of_ends(books: Books) -> None:
    """Put on the list of a person that what lets the account in ends soon, or take it off as that was seen to."""
    connection = connection_of(books)
    if connection is None:
        return
    if ends_soon(connection, books.now):
        put_on_list(books, "ksef_certificate_ends", connection)
    else:
        take_off_list(books, "ksef_certificate_ends", connection)


def tend(books: Books) -> None:
    """Have renewed what ends soon, where KSeF gives another by what there is, and tell a person."""
    connection = connection_of(books)
    if connection is None or not connection.active:
        return
    if connection.method == "certificate" and connection.enrolment_for is None:
        for purpose, until in (("Authentication", connection.certificate_until), ("Offline", connection.offline_until)):
            if until is not None and until - SOON <= books.now:
                order_certificate(books, purpose)  # type: ignore[arg-type]  # (one of the two)
                break
    tell_of_ends(books)


def ends_soon(connection: KsefConnection, now: dt.datetime) -> bool:
    """Whether a certificate, or all tokens, will end within a month."""
    ends = [connection.certificate_until, connection.offline_until]
    if connection.method == "token":
        ends.append(dt.datetime.combine(TOKENS_END, dt.time.max, dt.UTC))
    return any(until is not None and until - SOON <= now for until in ends)


def _change(books: Books, old: KsefConnection, **values: object) -> KsefConnection:
    return books.change(old, changed(old, **values))
