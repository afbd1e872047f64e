"""Lists of an account's records, in pages that begin where the one before ended."""

from collections.abc import Mapping
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

import msgspec
from flask import Flask, request
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from faktura.core.books.books import Books
from faktura.core.people.accounts import RESERVED, SLUG
from faktura.store.queries import Order, Selection, Way, with_id
from faktura.store.records import Tenant

T = TypeVar("T", bound=Tenant)

ROWS = 50
LARGEST_ID = 2**31 - 1

MOST_SORTED, MOST_READ = 12_000, 3_000
"""Of more that fit, a page is met sooner on a walk through the list; each is read where a text is looked for."""

LAST = "last"
"""Where an address asks for what is before the end."""

NEWEST_FIRST = (Order("issued_on", descending=True), Order("number", descending=True), Order("id", descending=True))
"""As an index has documents."""


def some_of(books: Books, cls: type[T], chosen: Selection, limit: int, offset: int = 0) -> list[T]:
    """As many records as there are, in the order that was chosen."""
    return books.some_in_order(cls, chosen, limit, offset)


class IdConverter(IntegerConverter):
    """An id in an address: werkzeug's own takes digits of every script, and fails on thousands of them."""

    regex = f"[0-9]{{1,{len(str(LARGEST_ID))}}}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


class SlugConverter(BaseConverter):
    """An account in an address that has no more than it: neither /robots.txt nor /sign-out is one."""

    regex = rf"(?!(?:{'|'.join(sorted(RESERVED))})(?![a-z0-9-])){SLUG}"


class Rows(NamedTuple, Generic[T]):
    """A page of a list: its records, how many there are on all pages, and the ids that the pages beside begin from."""

    records: list[T]
    total: int
    before: int | None
    after: int | None


class Paging(NamedTuple):
    """How the address names what a page begins from, and how many records stand on it."""

    before: str = "before"
    after: str = "after"
    most: int = ROWS


def rows_asked(
    books: Books,
    cls: type[T],
    chosen: Selection,
    total: int | None = None,
    paging: Paging = Paging(),  # noqa: B008 (immutable)
) -> Rows[T]:
    """The page that `after` or `before` of the address asks for: of the records beyond that one, or the last page.

    Of a record that is gone by now nobody knows where it stood, so that the list begins again. Whoever adds up all
    that fit says how many they are, so that they are not looked for once more.
    """
    if total is None:
        total = books.count(cls, msgspec.structs.replace(chosen, order=()))
    if not total:
        return Rows([], 0, None, None)
    is_last = request.args.get(paging.before) == LAST
    from_id = id_asked(paging.before) or id_asked(paging.after)
    start = None if from_id is None else books.look_up(cls, id=from_id)
    backwards = is_last or (start is not None and paging.before in request.args)
    order = _turned(chosen.order) if backwards else with_id(chosen.order)
    beyond = () if start is None else tuple(getattr(start, o.attribute) for o in order)
    page = msgspec.structs.replace(chosen, order=order, beyond=beyond, way=_way(chosen, total))
    found = some_of(books, cls, page, paging.most + 1)
    more, found = len(found) > paging.most, found[: paging.most]
    if backwards:
        after = found[0].id if found and not is_last else None
        return Rows(found[::-1], total, found[-1].id if more else None, after)
    return Rows(found, total, found[0].id if start and found else None, found[-1].id if more else None)


def _way(chosen: Selection, total: int) -> Way:
    if not chosen.conditions and not chosen.text:
        return "walk"
    return "sort" if total <= (MOST_READ if chosen.text else MOST_SORTED) else "walk"


def _turned(order: tuple[Order, ...]) -> tuple[Order, ...]:
    return tuple(Order(o.attribute, not o.descending) for o in with_id(order))


def sort_asked(sorts: Mapping[str, tuple[Order, ...]], usual: str) -> str:
    """The name of an order, which a "-" before it turns round; the usual one where the address names none of these."""
    asked = request.args.get("sort", "")
    return asked if asked.removeprefix("-") in sorts else usual


def order_of(sorts: Mapping[str, tuple[Order, ...]], sort: str) -> tuple[Order, ...]:
    order = sorts[sort.removeprefix("-")]
    return tuple(Order(o.attribute, not o.descending) for o in order) if sort.startswith("-") else order


def set_up(app: Flask) -> None:
    app.jinja_env.globals["asking"] = asking


def asking(**changes: object) -> str:
    """The address of the page with other filters: a None takes one away; it is the first page unless they say so."""
    kept = {name: text for name, text in request.args.items() if name not in {"before", "after", *changes} and text}
    asked = urlencode(kept | {name: str(value) for name, value in changes.items() if value is not None})
    return f"{request.path}?{asked}" if asked else request.path


def id_asked(name: str) -> int | None:
    number = _number(name, LARGEST_ID)
    return number if number is not None and number <= LARGEST_ID else None


def _number(name: str, most: int) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(most)) else None
