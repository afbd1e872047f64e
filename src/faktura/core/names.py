"""Names as people begin to type them."""

from typing import Annotated, TypeVar

from faktura.core.books.books import Books
from faktura.store.columns import ByLetters
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import LONGEST_INDEXED, Tenant
from faktura.store.search import folded

T = TypeVar("T", bound=Tenant)

Sought = Annotated[str, ByLetters]
"""A name without case and accents."""

LAST_LETTER = "\U0010ffff"


def sought(name: str) -> str:
    """A name as it is looked up by its beginning."""
    return folded(name)[:LONGEST_INDEXED]


def best_named(
    books: Books, cls: type[T], text: str, most: int, fitting: Selection, among: tuple[Condition, ...] = ()
) -> list[T]:
    """The few `among` some whose `sought_name` begins with a text; where those are too few, `fitting` ones follow."""
    begins = Condition("sought_name", "gteq", sought(text)), Condition("sought_name", "lt", sought(text) + LAST_LETTER)
    found = books.some_in_order(cls, Selection((*begins, *among), order=(Order("sought_name"),)), most)
    if len(found) < most:
        known = {one.id for one in found}
        found += [one for one in books.some_in_order(cls, fitting, most + len(found)) if one.id not in known]
    return found[:most]
