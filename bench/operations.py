"""The operations that are measured: what is sent, what the database alone must do for it, and the mark to reach.

One more operation is one more entry at the end of this file.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlencode

from bench.data import PAGE, ids_of, sizes_of, slug_of
from bench.limits import creates_per_second, reads_per_second
from bench.samples import searched_words
from bench.server import THREADS
from faktura.store.search import LARGEST_ID, values_for, words_of

BUSY_ACCOUNTS = 40
WRITING_ACCOUNTS = 20


class Try(NamedTuple):
    """What the database alone is asked to do: on a copy of the data, as so many clients would, for a while."""

    file: Path
    contacts: int
    connections: int
    seconds: float


class Operation(NamedTuple):
    """`paths` are below the door's mount, for data of so many contacts; `sends` is what a body is made for.

    `database` tells how many a second the database alone can do. `mark` is the least ratio to the limit.
    """

    key: str
    name: str
    mark: float
    paths: Callable[[int], list[str]]
    database: Callable[[Try], float]
    sends: Literal["nothing", "contact"] = "nothing"

    @property
    def method(self) -> str:
        return "GET" if self.sends == "nothing" else "POST"


def busy_places(contacts: int) -> list[int]:
    """The accounts that requests go to: the largest, those with a full page."""
    return [place for place, size in enumerate(sizes_of(contacts)[:BUSY_ACCOUNTS]) if size >= PAGE or place == 0]


def subjects(place: int) -> str:
    return f"/accounts/{slug_of(place)}/subjects"


def page_paths(contacts: int) -> list[str]:
    return [f"{subjects(place)}.json" for place in busy_places(contacts)]


def one_paths(contacts: int) -> list[str]:
    return [
        f"{subjects(place)}/{record_id}.json"
        for place in busy_places(contacts)
        for record_id in ids_of(contacts, place, PAGE)
    ]


def create_paths(_contacts: int) -> list[str]:
    return [f"{subjects(place)}.json" for place in range(WRITING_ACCOUNTS)]


def search_paths(contacts: int) -> list[str]:
    return [f"{subjects(0)}/search.json?{urlencode({'query': words})}" for words in searched_words(contacts)]


def deep_page(contacts: int) -> int:
    """Page 1,000 of the largest account, or its last one."""
    return min(1000, sizes_of(contacts)[0] // PAGE)


def read_pages(wanted: Try) -> float:
    """Ids and versions: all that a warm page needs."""
    sql = "SELECT id, version FROM contacts WHERE account_id = ? ORDER BY id LIMIT 40"
    values = [(place + 1,) for place in busy_places(wanted.contacts)]
    return reads_per_second(wanted.file, sql, values, wanted.seconds)


def read_ones(wanted: Try) -> float:
    """The version: all that a warm answer needs."""
    sql = "SELECT version FROM contacts WHERE account_id = ? AND id = ?"
    values = [(place + 1, n) for place in busy_places(wanted.contacts) for n in ids_of(wanted.contacts, place, PAGE)]
    return reads_per_second(wanted.file, sql, values, wanted.seconds)


def create_contacts(wanted: Try) -> float:
    """No more requests than the server has threads can wait for one commit."""
    return creates_per_second(wanted.file, min(wanted.connections, THREADS), wanted.seconds)


def find_contacts(wanted: Try) -> float:
    """Ids and versions of the first page that the text index and the texts themselves agree on."""
    sql = (
        "SELECT id, version FROM contacts_search CROSS JOIN contacts"
        f" ON account_id = 1 AND id = contacts_search.rowid & {LARGEST_ID}"
        " WHERE contacts_search MATCH ? AND contacts_search.rowid BETWEEN ? AND ?"
        " AND instr(search_text, ?) AND instr(search_text, ?) ORDER BY contacts_search.rowid LIMIT 40"
    )
    values = []
    for text in searched_words(wanted.contacts):
        words = words_of(text)
        known = values_for(1, words, "sqlite")
        values.append((known["fts"], known["fts_low"], known["fts_high"], words[0], words[-1]))
    return reads_per_second(wanted.file, sql, values, wanted.seconds)


OPERATIONS = (
    Operation("list", "list of 40 contacts", 0.30, page_paths, read_pages),
    Operation("detail", "one contact", 0.60, one_paths, read_ones),
    Operation("create", "create a contact", 0.30, create_paths, create_contacts, sends="contact"),
    Operation("search", "search in the largest account", 0.80, search_paths, find_contacts),
)
