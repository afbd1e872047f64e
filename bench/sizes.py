"""How large the accounts are, and which contacts and invoices are whose: skewed, and the same every time."""

import functools
import itertools
from collections import Counter
from collections.abc import Iterator
from random import Random

from bench.samples import count_of_lines

ACCOUNTS = 100
LARGEST_SHARE = 0.19
CONTACTS_TO_AN_INVOICE = 5
PAGE = 40
OF_EACH = 10
"""So many records of an account are read one by one, again and again."""


def sizes_of(contacts: int) -> list[int]:
    """How many contacts each account has: the largest 19 %, the others by Zipf's law, none of them nothing."""
    shared = contacts - ACCOUNTS
    largest = round(contacts * LARGEST_SHARE) - 1
    weights = [1 / rank for rank in range(2, ACCOUNTS + 1)]
    others = [int((shared - largest) * weight / sum(weights)) for weight in weights]
    return [1 + size for size in (shared - sum(others), *others)]


@functools.cache
def owners_of(contacts: int) -> list[int]:
    """For each contact in the order of ids the place of its account, 0 the largest: all grow side by side."""
    owners = [place for place, size in enumerate(sizes_of(contacts)) for _ in range(size - 1)]
    Random(contacts).shuffle(owners)  # noqa: S311 (the same data every time)
    return [*range(ACCOUNTS), *owners]


def ids_of(contacts: int, place: int, most: int) -> list[int]:
    """The ids of an account's first contacts."""
    found = (number for number, owner in enumerate(owners_of(contacts), 1) if owner == place)
    return list(itertools.islice(found, most))


@functools.cache
def invoice_owners_of(contacts: int) -> list[int]:
    """The same for each invoice, one to five contacts: half of all in the largest account, the rest as contacts."""
    count = contacts // CONTACTS_TO_AN_INVOICE
    largest = min(count // 2 - 1, count - ACCOUNTS)
    others = [owner for owner in owners_of(contacts)[ACCOUNTS:] if owner]
    owners = [0] * largest + others[: count - ACCOUNTS - largest]
    Random(count).shuffle(owners)  # noqa: S311 (the same data every time)
    return [*range(ACCOUNTS), *owners]


def buyers_of(contacts: int) -> Iterator[int]:
    """For each invoice the place of its buyer among all contacts: those of its account in turn."""
    own: list[list[int]] = [[] for _ in range(ACCOUNTS)]
    for place, owner in enumerate(owners_of(contacts)):
        own[owner].append(place)
    turns = [itertools.cycle(places) for places in own]
    return (next(turns[owner]) for owner in invoice_owners_of(contacts))


def invoice_sizes_of(contacts: int) -> list[int]:
    """How many invoices each account has."""
    owned = Counter(invoice_owners_of(contacts))
    return [owned[place] for place in range(ACCOUNTS)]


def invoice_ids_of(contacts: int, place: int, most: int, lines: int | None = None) -> list[int]:
    """The ids of an account's first invoices, or of its first ones with so many lines."""
    ids = enumerate(zip(invoice_ids(), invoice_owners_of(contacts), strict=False))
    found = (each for n, (each, owner) in ids if owner == place and lines in {None, count_of_lines(n)})
    return list(itertools.islice(found, most))


def invoice_ids() -> Iterator[int]:
    """Each comes after those of its lines."""
    return itertools.accumulate(count_of_lines(n) + 1 for n in itertools.count())


def slug_of(place: int) -> str:
    return f"firm{place}"
