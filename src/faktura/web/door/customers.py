"""Whoever opens a page without signing in: counted by address, and whether they are the customer."""

from flask import request
from werkzeug.exceptions import TooManyRequests

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.errors import NotFound
from faktura.core.people.accounts import Account
from faktura.core.people.users import seat_in
from faktura.outputs.words.words import LANGUAGES
from faktura.web.door.database import read, service
from faktura.web.door.people import person_if_any
from faktura.wire.arrival import KEY, Arrival
from faktura.wire.rate_limit import PUBLIC


def count() -> None:
    """Count what an address opens; a request that waited and runs again was counted before."""
    quota = service().modes.rate_limits.get(PUBLIC, {}).get("all")
    if quota is None:
        return
    arrival = request.environ.get(KEY) or Arrival()
    if arrival.seen is None:
        arrival.seen = service().rate_limit.take(PUBLIC, request.remote_addr or "", quota, service().clock.now())
    if not arrival.seen.allowed:
        raise TooManyRequests(retry_after=arrival.seen.resets_in)


def books_of(office: Office, slug: str) -> Books:
    """The books in nobody's hands; a blocked account's customers still see what they owe.

    Raises:
        NotFound: there is no such account.

    """
    return Books(office.tx, office.find(Account, slug=slug), None, office.now, way=office.way)


def language_asked() -> str:
    """The language that the address asks for, or an empty text; no cookie keeps it."""
    asked = request.args.get("language", "")
    return asked if asked in LANGUAGES else ""


def is_opened() -> bool:
    """Whether somebody looks at it: no program that only asks, no browser that guesses what will be looked at."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "GET" and "prefetch" not in purpose.lower() and not service().modes.read_only


def is_member(slug: str) -> bool:
    person = person_if_any()
    if person is None:
        return False
    try:
        read(lambda office: seat_in(office, person.user, slug))
    except NotFound:
        return False
    return True
