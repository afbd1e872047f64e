"""Which generators a list shows: under heads, by whom they are for, by what they and their customers are called."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import msgspec

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.generators.record import Generator
from faktura.store.queries import Condition, Order, Selection

Part = Literal["recurring", "paused", "failed", "finished", "templates"]
PARTS: tuple[Part, ...] = get_args(Part)

NEWEST_FIRST = (Order("id", descending=True),)

MOST_FOUND = 256
"""Of a text: more than anybody reads, and a bound on what is asked."""

_RECURRING = Condition("recurring", "eq", value=True)
_TO_COME = Condition("next_on", "null", value=False)

_PARTS: Mapping[Part, tuple[Condition, ...]] = {
    "recurring": (_RECURRING,),
    "paused": (_RECURRING, _TO_COME, Condition("active", "eq", value=False)),
    "failed": (_RECURRING, Condition("failed_at", "null", value=False)),
    "finished": (_RECURRING, Condition("next_on", "null", value=True)),
    "templates": (Condition("recurring", "eq", value=False),),
}


class Filters(msgspec.Struct, frozen=True):
    """Everything that is not chosen leaves all."""

    part: Part = "recurring"
    text: str = ""
    contact_id: int | None = None


def chosen_by(books: Books, filters: Filters, order: tuple[Order, ...] = NEWEST_FIRST) -> Selection:
    """A text is looked for in names of generators and wherever a contact is found by."""
    conditions = _PARTS[filters.part]
    if filters.contact_id is not None:
        conditions += (Condition("contact_id", "eq", filters.contact_id),)
    if filters.text:
        conditions += (Condition("id", "in", _called(books, conditions, filters.text)),)
    return Selection(conditions, order=order)


def counts(books: Books) -> Mapping[Part, int]:
    """How many generators stand under each head."""
    return {part: books.count(Generator, Selection(_PARTS[part])) for part in PARTS}


def _called(books: Books, conditions: tuple[Condition, ...], text: str) -> tuple[int, ...]:
    contacts = _ids(books, Contact, Selection(text=text, everywhere=True))
    named = _ids(books, Generator, Selection((*conditions, Condition("name", "cont", text)), order=NEWEST_FIRST))
    of_contacts = Condition("contact_id", "in", _padded(contacts))
    return _padded({*named, *_ids(books, Generator, Selection((*conditions, of_contacts), order=NEWEST_FIRST))})


def _ids(books: Books, cls: type[Contact | Generator], chosen: Selection) -> list[int]:
    return [record_id for record_id, _ in books.stamps(cls, chosen, MOST_FOUND, 0)]


def _padded(ids: Sequence[int] | set[int]) -> tuple[int, ...]:
    """To the next power of two, so that few statements are compiled for them."""
    found = sorted(ids)
    room = 1 << (len(found) - 1).bit_length() if found else 0
    return (*found, *found[-1:] * (room - len(found)))
