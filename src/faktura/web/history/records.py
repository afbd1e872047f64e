"""What the records are called that events and todos are about, and where their pages are."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import current_app, url_for

from faktura.core.books.books import Books
from faktura.core.invoices.record import Invoice
from faktura.core.papers.record import Paper
from faktura.core.received.record import Expense
from faktura.web.history.changes import RECORDS

Key = tuple[str, int]
"""The table of a record and its id there."""

NAMED_BY: Mapping[str, str] = dict.fromkeys((Invoice.table_name, Expense.table_name, Paper.table_name), "number")
"""By table, what its records are called by; others are by their name."""

PAGES: Mapping[str, tuple[str, str]] = {
    "invoices": ("invoices.show", "invoice_id"),
    "expenses": ("expenses.show", "expense_id"),
    "papers": ("papers.show", "paper_id"),
    "contacts": ("contacts.show", "contact_id"),
    "products": ("inventory_items.show", "product_id"),
    "generators": ("generators.show", "generator_id"),
    # An account has one at most, whose page needs no id.
    "ksef_connections": ("settings.ksef", "connection"),
}
"""By table, the endpoint of the page of its records, and how it names the id."""


def called(books: Books, keys: Collection[Key]) -> dict[Key, str]:
    """What those of the records are called that are there."""
    names: dict[Key, str] = {}
    for kind, cls in RECORDS.items():
        ids = sorted({record_id for of, record_id in keys if of == kind})
        for found in books.some(cls, ids) if ids else ():
            names[kind, found.id] = getattr(found, NAMED_BY.get(kind, "name"))
    return names


def page_of(slug: str, kind: str, record_id: int) -> str:
    """The address of its page, or an empty text where such records have none."""
    endpoint, argument = PAGES.get(kind, ("", ""))
    named: dict[str, Any] = {argument: record_id}
    return url_for(endpoint, slug=slug, **named) if endpoint in current_app.view_functions else ""
