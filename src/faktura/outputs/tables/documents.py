"""A document as a row of a table: what bookkeeping asks of it."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

from faktura.core.documents.status import status_of
from faktura.core.invoices.record import Invoice
from faktura.outputs.tables.cells import Cell

Column = Callable[[Invoice], Cell]

COLUMNS: Mapping[str, Column] = {
    "number": lambda i: i.number,
    "kind": lambda i: i.kind,
    "status": lambda i: i.status,
    "variable_symbol": lambda i: i.variable_symbol,
    "buyer_name": lambda i: i.buyer_name,
    "buyer_registration_no": lambda i: i.buyer_registration_no,
    "buyer_vat_no": lambda i: i.buyer_vat_no,
    "buyer_country": lambda i: i.buyer_country,
    "issued_on": lambda i: i.issued_on,
    "taxable_on": lambda i: i.taxable_on,
    "due_on": lambda i: i.due_on,
    "paid_on": lambda i: i.paid_on,
    "currency": lambda i: i.currency,
    "net_total": lambda i: i.net_total,
    "vat_total": lambda i: i.vat_total,
    "gross_total": lambda i: i.gross_total,
    "left_to_pay": lambda i: i.left_to_pay,
    "exchange_rate": lambda i: i.exchange_rate,
    "native_net_total": lambda i: i.native_net_total,
    "native_gross_total": lambda i: i.native_gross_total,
    "native_currency": lambda i: i.native_currency,
    "order_number": lambda i: i.order_number,
    "tags": lambda i: ", ".join(i.tags),
    "note": lambda i: i.note,
}


def heads_of(words: Mapping[str, str]) -> list[str]:
    """What the columns are called; one without a word stands for itself."""
    return [words.get(name, name) for name in COLUMNS]


def rows_of(documents: Iterable[Invoice], today: dt.date, words: Mapping[str, str]) -> list[Sequence[Cell]]:
    """A row of each; kinds and states are words as well."""
    return [_row(document, today, words) for document in documents]


def _row(document: Invoice, today: dt.date, words: Mapping[str, str]) -> list[Cell]:
    cells = {name: column(document) for name, column in COLUMNS.items()}
    status = status_of(document, today)
    cells |= {"kind": words.get(document.kind, document.kind), "status": words.get(status, status)}
    return list(cells.values())
