"""Lists of an account's records, in pages."""

from typing import NamedTuple, TypeVar

from flask import request
from werkzeug.routing import IntegerConverter, Map

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.errors import Blocked, NotAllowed
from faktura.core.people.users import Scope, User, seat_in
from faktura.store.queries import Order, Selection
from faktura.store.records import Tenant

T = TypeVar("T", bound=Tenant)

PAGE_LENGTH = 40
LAST_PAGE = 1_000_000
LARGEST_ID = 2**31 - 1

NEWEST_FIRST = (Order("issued_on", descending=True), Order("number", descending=True), Order("id", descending=True))
"""As an index has documents."""


class Opened(NamedTuple):
    """The books of an account, and what their reader may see in them."""

    books: Books
    scopes: tuple[Scope, ...]


def open_books(office: Office, user: User, slug: str, scope: Scope | None = None) -> Opened:
    """The books of the account with this slug.

    Raises:
        NotFound: the person is no member of such an account.
        Blocked: the account is closed.
        NotAllowed: the scope is closed to the person.

    """
    account, membership = seat_in(office, user, slug)
    if account.blocked:
        raise Blocked(account.unpaid_invoices)
    if scope is not None and scope not in membership.scopes:
        raise NotAllowed(scope)
    return Opened(Books(office.tx, account, user.id, office.now, way=office.way), membership.scopes)


def some_of(books: Books, cls: type[T], chosen: Selection, limit: int, offset: int = 0) -> list[T]:
    """As many records as there are, in the order that was chosen."""
    stamps = books.stamps(cls, chosen, limit, offset)
    found = {one.id: one for one in books.some(cls, [record_id for record_id, _ in stamps])}
    return [found[record_id] for record_id, _ in stamps if record_id in found]


def page_of(books: Books, cls: type[T], chosen: Selection, page: int) -> list[T]:
    """The records of a page, and one more where there is a next page."""
    return some_of(books, cls, chosen, PAGE_LENGTH + 1, (page - 1) * PAGE_LENGTH)


class IdConverter(IntegerConverter):
    """An id in an address: werkzeug's own takes digits of every script, and fails on thousands of them."""

    regex = f"[0-9]{{1,{len(str(LARGEST_ID))}}}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def page_asked() -> int:
    return min(max(_number("page", LAST_PAGE) or 1, 1), LAST_PAGE)


def id_asked(name: str) -> int | None:
    number = _number(name, LARGEST_ID)
    return number if number is not None and number <= LARGEST_ID else None


def _number(name: str, most: int) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(most)) else None
