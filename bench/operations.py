"""The operations that are measured: what is sent, what the database alone must do for it, and the mark to reach.

One more operation is one more entry at the end of this file.
"""

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlencode

from bench import invoices
from bench.limits import creates_per_second, reads_per_second
from bench.rows import MARKED_CONNECTIONS
from bench.samples import name_parts, searched_words, tax_numbers
from bench.server import MOUNT, SECOND_MOUNT, THREADS
from bench.sizes import OF_EACH, PAGE, ids_of, sizes_of, slug_of
from faktura.core.contacts import Contact
from faktura.store.search import LARGEST_ID, folded, lowered, values_for, words_of

BUSY_ACCOUNTS = 40
WRITING_ACCOUNTS = 20
MOST_SEARCHED = 15_000
FURTHER = 500


class Try(NamedTuple):
    """What the database alone is asked to do: on a copy of the data, as so many clients would, for a while."""

    file: Path
    contacts: int
    connections: int
    seconds: float


class Operation(NamedTuple):
    """`paths` are below the door's mount, for data of so many contacts; `sends` is what a body is made for.

    `database` tells how many a second the database alone can do. What `is_warm` is asked for again and again. The
    opponent speaks at the first mount only, and has no part in what is `uncontested`.

    The marks: `mark` is the least ratio to the limit; by number of connections, `p50` and `p99` are the longest that so
    many of 100 answers may take, in ms; `cpu` are the most ms of the processor for one answer, `least` requests a
    second, and `times_directus` is the least ratio to that opponent.
    """

    key: str
    name: str
    mark: float | None
    paths: Callable[[int], list[str]]
    database: Callable[[Try], float]
    sends: Literal["nothing", "contact", "invoice"] = "nothing"
    is_warm: bool = False
    p50: Mapping[int, float] = {}
    p99: Mapping[int, float] = {}
    cpu: float | None = None
    least: float | None = None
    times_directus: float | None = None
    mount: str = MOUNT
    uncontested: bool = False

    @property
    def method(self) -> str:
        return "GET" if self.sends == "nothing" else "POST"

    @property
    def in_largest(self) -> "Operation":
        """The same in the largest account only."""
        return self._replace(key=f"{self.key}-of-largest", paths=functools.partial(_paths_in_largest, self.paths))

    @property
    def counted_connections(self) -> tuple[int, ...]:
        """The fewest at which its marks can be counted."""
        found = {*self.p50, *self.p99}
        if self.mark is not None or self.least is not None or not found:
            found.add(MARKED_CONNECTIONS[0])
        return tuple(sorted(found))


def _paths_in_largest(paths: Callable[[int], list[str]], contacts: int) -> list[str]:
    return [path for path in paths(contacts) if f"/accounts/{slug_of(0)}/" in path]


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
        for record_id in ids_of(contacts, place, OF_EACH)
    ]


def create_paths(_contacts: int) -> list[str]:
    return [f"{subjects(place)}.json" for place in range(WRITING_ACCOUNTS)]


def searched_numbers(contacts: int) -> list[int]:
    """Contacts of the largest account, so many that no search need be repeated: answers to those are remembered."""
    return [record_id - 1 for record_id in ids_of(contacts, 0, MOST_SEARCHED)]


def search_paths(contacts: int) -> list[str]:
    words = searched_words(searched_numbers(contacts))
    return [f"{subjects(0)}/search.json?{urlencode({'query': text})}" for text in words]


def name_part_paths(contacts: int) -> list[str]:
    parts = name_parts(searched_numbers(contacts))
    return [f"/clients.json?{urlencode({'q[company_name_cont]': part})}" for part in parts]


def tax_number_paths(contacts: int) -> list[str]:
    """With limits that no number reaches, to be other questions with the same answer."""
    numbers = tax_numbers(searched_numbers(contacts))
    asked = [{"q[clean_nip_eq]": number, "limit": limit} for limit in range(3, 11) for number in numbers]
    return [f"/clients.json?{urlencode(parameters)}" for parameters in asked]


def by_name_pages(contacts: int) -> list[tuple[int, int]]:
    """Limits and offsets of pages that begin around the 1,000th contact, no two of them the same."""
    offset = min(1000, sizes_of(contacts)[0] // 2)
    return [(limit, offset + further) for further in range(FURTHER) for limit in range(10, 41)]


def by_name_paths(contacts: int) -> list[str]:
    asked = [{"order": "company_name asc", "limit": limit, "offset": o} for limit, o in by_name_pages(contacts)]
    return [f"/clients.json?{urlencode(parameters)}" for parameters in asked]


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
    values = [(place + 1, n) for place in busy_places(wanted.contacts) for n in ids_of(wanted.contacts, place, OF_EACH)]
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
        " AND instr(body, ?) AND instr(body, ?) ORDER BY contacts_search.rowid LIMIT 40"
    )
    values = []
    for text in searched_words(searched_numbers(wanted.contacts)):
        words = words_of(text)
        known = values_for(Contact, 1, words, "sqlite")
        values.append((known["fts"], known["fts_low"], known["fts_high"], words[0], words[-1]))
    return reads_per_second(wanted.file, sql, values, wanted.seconds)


def find_name_parts(wanted: Try) -> float:
    """The first page by name, and how many there are in all."""
    found = (
        "FROM contacts_search CROSS JOIN contacts ON account_id = 1"
        f" AND id = contacts_search.rowid & {LARGEST_ID}"
        " WHERE contacts_search MATCH ?1 AND contacts_search.rowid BETWEEN ?2 AND ?3 AND instr(lower(name), ?4)"
    )
    sql = f"SELECT id, version, (SELECT count(*) {found}) {found} ORDER BY name, id LIMIT 10"
    values = []
    for part in name_parts(searched_numbers(wanted.contacts)):
        known = values_for(Contact, 1, [folded(part)], "sqlite")
        values.append((known["fts"], known["fts_low"], known["fts_high"], lowered(part)))
    return reads_per_second(wanted.file, sql, values, wanted.seconds)


def find_tax_numbers(wanted: Try) -> float:
    sql = "SELECT id, version FROM contacts WHERE account_id = 1 AND tax_digits = ? ORDER BY name, id LIMIT 10"
    values = [(number,) for number in tax_numbers(searched_numbers(wanted.contacts))]
    return reads_per_second(wanted.file, sql, values, wanted.seconds)


def read_by_name(wanted: Try) -> float:
    sql = "SELECT id, version FROM contacts WHERE account_id = 1 ORDER BY name, id LIMIT ? OFFSET ?"
    return reads_per_second(wanted.file, sql, by_name_pages(wanted.contacts), wanted.seconds)


OPERATIONS = (
    Operation("list", "list of 40 contacts", 0.60, page_paths, read_pages, is_warm=True),
    Operation("detail", "one contact", 0.60, one_paths, read_ones, is_warm=True),
    Operation("create", "create a contact", 0.45, create_paths, create_contacts, sends="contact"),
    Operation("search", "search in the largest account", None, search_paths, find_contacts, p99={1: 20, 16: 80}, cpu=4),
    Operation("name_part", "q[company_name_cont]", None, name_part_paths, find_name_parts, mount=SECOND_MOUNT),
    Operation("nip", "q[clean_nip_eq]", None, tax_number_paths, find_tax_numbers, mount=SECOND_MOUNT),
    Operation("by_name", "by name from the 1,000th", None, by_name_paths, read_by_name, mount=SECOND_MOUNT),
    Operation("invoices", "list of 40 invoices", 0.70, invoices.page_paths, invoices.read_pages, is_warm=True),
    Operation("invoice", "one invoice", 0.60, invoices.one_paths, invoices.read_ones, is_warm=True, uncontested=True),
    Operation(
        "issue",
        "issue an invoice of ten lines",
        0.32,
        invoices.issue_paths,
        invoices.issue_invoices,
        sends="invoice",
        times_directus=20,
    ),
)

PRINTING = (
    Operation(
        "pdf",
        "print an invoice of ten lines",
        None,
        invoices.print_paths,
        invoices.read_ones,
        p50={1: 30},
        least=45,
        uncontested=True,
    ),
)
"""Measured late, for its processes are no part of the memory that is promised."""
