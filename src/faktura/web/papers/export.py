"""The papers that a list shows leave as a file: a table with a row for each rate of VAT."""

import io
from typing import Literal

from flask import redirect, request, send_file, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.countries.pl.lists import transaction_kinds
from faktura.core.papers.listing import chosen_by
from faktura.core.papers.record import Paper
from faktura.outputs.tables.cells import csv_file, xlsx_file
from faktura.outputs.tables.papers import heads_of, rows_of
from faktura.store.queries import Order
from faktura.web.documents.fields import TREATMENTS
from faktura.web.door.books import read_books
from faktura.web.door.names import CLASSIFICATIONS, PAPER_KINDS, PAPER_STAGES
from faktura.web.export.result import TYPES
from faktura.web.export.words import COLUMNS, decimal_sign
from faktura.web.papers import pages
from faktura.web.papers.list import MOST_IN_FILE, asked_for

IN_ORDER = (Order("issued_on"), Order("id"))

HEADS = COLUMNS | {
    "vat_rate": lazy_gettext("VAT rate"),
    "vat_treatment": lazy_gettext("Without VAT because"),
    "transaction_kind": lazy_gettext("Kind of transaction"),
    "classification": lazy_gettext("Classification"),
    "description": lazy_gettext("Description"),
}


@pages.get("/<slug>/papers/export.csv", defaults={"ending": "csv"})
@pages.get("/<slug>/papers/export.xlsx", defaults={"ending": "xlsx"})
def export(slug: str, ending: Literal["csv", "xlsx"]) -> Response:
    """In the order of their days; more than fit into a file are shown again, to be narrowed."""
    chosen = chosen_by(asked_for().filters, IN_ORDER)

    def work(books: Books) -> list[Paper]:
        return books.some_in_order(Paper, chosen, MOST_IN_FILE + 1)

    papers = read_books(slug, work, "invoices", "export")
    if len(papers) > MOST_IN_FILE:
        return redirect(f"{url_for('papers.show_all', slug=slug)}?{request.query_string.decode()}")
    words = _words()
    heads, rows = heads_of(words), rows_of(papers, words)
    content = xlsx_file(heads, rows) if ending == "xlsx" else csv_file(heads, rows, decimal_sign())
    name = f"{slug}-papers.{ending}"
    return send_file(io.BytesIO(content), TYPES[ending].media_type, as_attachment=True, download_name=name, etag=False)


def _words() -> dict[str, str]:
    """Of heads and of codes, in the language of the reader."""
    said = {name: str(word) for names in (HEADS, _CODES) for name, word in names.items()}
    return said | {code: kind.name for code, kind in transaction_kinds().items()}


_CODES = {**PAPER_KINDS} | PAPER_STAGES | CLASSIFICATIONS | TREATMENTS
