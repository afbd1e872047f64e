"""How far a batch has come, what came of each document, and the file for whoever asked for it."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import NamedTuple

from flask import stream_with_context
from flask_babel import gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Problem
from faktura.core.invoices.batch_files import Kept, Progress, kept_file, piece_at, progress_of
from faktura.core.invoices.batches import Batch, BatchResult, Verb, files_of, find_batch, results_of
from faktura.core.people.accounts import Account
from faktura.web.door.books import read_books
from faktura.web.door.sizes import sized
from faktura.web.export import pages
from faktura.web.export.words import why_left_out
from faktura.web.forms.sentences import REASONS, sentence

MOST_SHOWN = 200
"""Documents that a page lists, those that were refused before the others."""


class FileType(NamedTuple):
    """What it is to a browser, and how its name ends."""

    media_type: str
    ending: str


TYPES: Mapping[Verb, FileType] = {
    "csv": FileType("text/csv; charset=utf-8", ".csv"),
    "xlsx": FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "pdf": FileType("application/pdf", ".pdf"),
    "zip": FileType("application/zip", ".zip"),
    "isdoc": FileType("application/zip", "-isdoc.zip"),
    "isdoc_pdf": FileType("application/zip", "-isdoc-pdf.zip"),
    "pohoda": FileType("application/xml", "-pohoda.xml"),
}

AGAIN = 2
"""Seconds after which a browser asks again how far it is."""


class Found(NamedTuple):
    """A batch as its page shows it."""

    account: Account
    batch: Batch
    progress: Progress
    results: list[BatchResult]


@pages.get("/<slug>/export/<id:batch_id>")
def result(slug: str, batch_id: int) -> Response:
    """Without scripts the browser loads the page again until it is done."""

    def work(books: Books) -> Found:
        batch = find_batch(books, batch_id)
        results = sorted(results_of(books, batch), key=lambda one: one.is_done)
        return Found(books.account, batch, progress_of(books, batch), results[:MOST_SHOWN])

    found = read_books(slug, work, "invoices", "export")
    answer = sized(
        "export/result.html",
        "export/progress.html",
        **found._asdict(),
        files=files_of(found.batch.verb, found.batch.size),
        outcome=outcome,
    )
    if found.batch.state == "waiting":
        answer.headers["Refresh"] = str(AGAIN)
    return answer


@pages.get("/<slug>/export/<id:batch_id>/file")
@pages.get("/<slug>/export/<id:batch_id>/file/<id:number>")
def download(slug: str, batch_id: int, number: int = 1) -> Response:
    """The only file, or one of several, which people count from one; sent piece by piece."""

    def work(books: Books) -> tuple[Batch, Kept]:
        batch = find_batch(books, batch_id)
        return batch, kept_file(books, batch, number - 1)

    batch, kept = read_books(slug, work, "invoices", "export")
    of_several = f"-{number}" if files_of(batch.verb, batch.size) > 1 else ""
    media_type, ending = TYPES[batch.verb]
    answer = Response(stream_with_context(_pieces(slug, batch, number - 1, kept.pieces)), content_type=media_type)
    name = f"{slug}-{batch.given.get('period') or f'{batch.created_at:%Y-%m-%d}'}-{batch.id}{of_several}{ending}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.content_length = kept.size
    return answer


def _pieces(slug: str, batch: Batch, file: int, pieces: int) -> Iterator[bytes]:
    for place in range(pieces):
        yield read_books(slug, partial(piece_at, batch=batch, file=file, place=place), "invoices", "export")


def outcome(verb: Verb, result: BatchResult) -> str:
    """That it was done to a document, or why not."""
    if result.is_done:
        return gettext("Done")
    if verb == "send" and result.problem == Problem("blank"):
        return REASONS["no_email"]()
    if verb == "ksef" and isinstance(result.problem, Problem):
        return gettext("KSeF would refuse it. Its page says for what.")
    if isinstance(result.problem, Problem):
        return sentence(result.problem)
    return why_left_out(str(result.refused))
