"""An account's books as a member of it reads or writes them, and what the frame of their page shows."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from flask import Flask, g

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.errors import Blocked, NotAllowed, NotFound
from faktura.core.people import roles
from faktura.core.people.accounts import Account
from faktura.core.people.roles import Deed, require
from faktura.core.people.users import Scope, Seat, User, accounts_of
from faktura.web.door.database import read, write
from faktura.web.door.people import person

T = TypeVar("T")


class Opened(NamedTuple):
    """The books of an account, and what their reader may see in them."""

    books: Books
    scopes: tuple[Scope, ...]


def set_up(app: Flask) -> None:
    app.jinja_env.globals.update(may=may, may_write=may_write)


def read_books(slug: str, work: Callable[[Books], T], scope: Scope | None = None, deed: Deed = "read") -> T:
    """What the work finds in the account's books, for a page on which that deed is done.

    Raises:
        NotFound: the person is no member of such an account.
        Blocked: the account is closed, and it is no export.
        NotAllowed: the scope is closed to the person, or they may not do that.

    """
    user = person().user

    def within(office: Office) -> T:
        books = open_books(office, user, slug, scope, deed).books
        require(g.seat.membership, deed)
        return work(books)

    return read(within)


def write_books(slug: str, work: Callable[[Books], T], scope: Scope | None = None, deed: Deed = "write") -> T:
    """Do work that is committed once before this comes back, though it may run several times.

    It runs on a thread of its own, which knows of no request: what is asked or translated there is asked before.

    Raises:
        NotFound: the person is no member of such an account.
        Blocked: the account is closed, and it is no export.
        NotAllowed: the scope is closed to the person, or they may not do that.

    """
    user = person().user
    account = read_books(slug, lambda books: books.account, scope, deed)

    def within(office: Office) -> T:
        seat = _seat(accounts_of(office, user), slug, scope, deed)
        require(seat.membership, deed)
        return work(Books(office.tx, seat.account, user.id, office.now, way=office.way))

    return write(within, account.id)


def open_books(office: Office, user: User, slug: str, scope: Scope | None = None, deed: Deed = "read") -> Opened:
    """The books of the account with this slug, to read; the frame of the page shows what is noted of it here."""
    g.seats = accounts_of(office, user)
    g.seat = next((seat for seat in g.seats if seat.account.slug == slug), None)
    account, membership = _seat(g.seats, slug, scope, deed)
    return Opened(Books(office.tx, account, user.id, office.now, way=office.way), membership.scopes)


def _seat(seats: list[Seat], slug: str, scope: Scope | None, deed: Deed) -> Seat:
    """From an account that is closed its members still take away what is theirs."""
    seat = next((seat for seat in seats if seat.account.slug == slug), None)
    if seat is None:
        raise NotFound(Account.table_name)
    if seat.account.blocked and deed != "export":
        raise Blocked(seat.account.unpaid_invoices)
    if scope is not None and scope not in seat.membership.scopes:
        raise NotAllowed(scope)
    return seat


def may(scope: Scope) -> bool:
    """Whether the scope is open to the person, in the account that the page is about."""
    seat: Seat | None = g.get("seat")
    return seat is not None and scope in seat.membership.scopes


def may_write(deed: Deed = "write") -> bool:
    """Whether the person may do that in the account that the page is about."""
    seat: Seat | None = g.get("seat")
    return seat is not None and roles.may(seat.membership, deed)
