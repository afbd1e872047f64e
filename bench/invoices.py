"""The operations on invoices: what is asked for and sent, and what the database alone must do for it."""

import itertools
from typing import TYPE_CHECKING

import msgspec

from bench.data import FIRST
from bench.limits import issues_per_second, reads_per_second
from bench.samples import count_of_lines, lines_of
from bench.server import THREADS
from bench.sizes import OF_EACH, PAGE, invoice_ids, invoice_ids_of, invoice_owners_of, invoice_sizes_of, slug_of

if TYPE_CHECKING:
    from bench.operations import Try

BUSY_ACCOUNTS = 40
ISSUING_ACCOUNTS = 20
TEN_LINES = 9
"""A number whose invoice has ten lines."""
ABOUT_TEN = (9, 10, 11)
"""Lines: a quick run has too few invoices of ten to print none of them twice while it is kept."""

MOST_PRINTED = 4_000


def busy_places(contacts: int) -> list[int]:
    """The accounts that requests go to: the largest, those with a full page."""
    sizes = invoice_sizes_of(contacts)[:BUSY_ACCOUNTS]
    return [place for place, size in enumerate(sizes) if size >= PAGE or place == 0]


def invoices(place: int) -> str:
    return f"/accounts/{slug_of(place)}/invoices"


def page_paths(contacts: int) -> list[str]:
    return [f"{invoices(place)}.json" for place in busy_places(contacts)]


def one_paths(contacts: int) -> list[str]:
    return [
        f"{invoices(place)}/{invoice_id}.json"
        for place in busy_places(contacts)
        for invoice_id in invoice_ids_of(contacts, place, OF_EACH)
    ]


def issue_paths(_contacts: int) -> list[str]:
    return [f"{invoices(place)}.json" for place in range(ISSUING_ACCOUNTS)]


def print_paths(contacts: int) -> list[str]:
    """In the order of ids, half of them of the largest account: none has two documents printed side by side."""
    every = enumerate(zip(invoice_ids(), invoice_owners_of(contacts), strict=False))
    found = (
        f"{invoices(owner)}/{invoice_id}/download.pdf"
        for n, (invoice_id, owner) in every
        if count_of_lines(n) in ABOUT_TEN
    )
    return list(itertools.islice(found, MOST_PRINTED))


def new_invoice() -> str:
    """Ten lines for the first contact of whatever account."""
    lines = [
        {
            "name": f"{line['name']}, zakázka NUMBER",
            "quantity": str(line["quantity"]),
            "unit_name": line["unit"],
            "unit_price": str(line["entered"]),
            "vat_rate": int(str(line["vat_rate"])),
        }
        for line in lines_of(TEN_LINES)
    ]
    return msgspec.json.encode({"subject_custom_id": FIRST, "note": "Fakturujeme Vám:", "lines": lines}).decode()


def read_pages(wanted: "Try") -> float:
    """Ids and versions: all that a warm page needs."""
    sql = "SELECT id, version FROM invoices WHERE account_id = ? ORDER BY issued_on DESC, number DESC, id DESC LIMIT 40"
    values = [(place + 1,) for place in busy_places(wanted.contacts)]
    return reads_per_second(wanted.file, sql, values, wanted.seconds)


def read_ones(wanted: "Try") -> float:
    """The version: all that a warm answer needs."""
    sql = "SELECT version FROM invoices WHERE account_id = ? AND id = ?"
    places = busy_places(wanted.contacts)
    values = [(place + 1, n) for place in places for n in invoice_ids_of(wanted.contacts, place, OF_EACH)]
    return reads_per_second(wanted.file, sql, values, wanted.seconds)


def issue_invoices(wanted: "Try") -> float:
    """No more requests than the server has threads can wait for one commit."""
    return issues_per_second(wanted.file, min(wanted.connections, THREADS), wanted.seconds)
