"""How far a batch has come, what came of each document, and the file for whoever asked for it."""

import io
from typing import NamedTuple

from flask import send_file
from flask_babel import gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Problem
from faktura.core.invoices.batch_files import Progress, file_of, progress_of
from faktura.core.invoices.batches import Batch, BatchResult, Verb, files_of, find_batch, results_of
from faktura.core.people.accounts import Account
from faktura.web.door.books import read_books
from faktura.web.door.sizes import sized
from faktura.web.export import pages
from faktura.web.forms.sentences import REASONS, sentence

MOST_SHOWN = 200
"""Documents that a page lists, those that were refused before the others."""

TYPES: dict[Verb, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
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
        files=files_of(found.batch.verb, len(found.batch.document_ids)),
        outcome=outcome,
    )
    if found.batch.state == "waiting":
        answer.headers["Refresh"] = str(AGAIN)
    return answer


@pages.get("/<slug>/export/<id:batch_id>/file")
@pages.get("/<slug>/export/<id:batch_id>/file/<id:number>")
def download(slug: str, batch_id: int, number: int = 1) -> Response:
    """The only file, or one of several, which people count from one."""

    def work(books: Books) -> tuple[Batch, bytes]:
        batch = find_batch(books, batch_id)
        return batch, file_of(books, batch, number - 1)

    batch, content = read_books(slug, work, "invoices", "export")
    of_several = f"-{number}" if files_of(batch.verb, len(batch.document_ids)) > 1 else ""
    name = f"{slug}-{batch.created_at:%Y-%m-%d}-{batch.id}{of_several}.{batch.verb}"
    return send_file(io.BytesIO(content), TYPES[batch.verb], as_attachment=True, download_name=name, etag=False)


def outcome(verb: Verb, result: BatchResult) -> str:
    """That it was done to a document, or why not."""
    if result.is_done:
        return gettext("Done")
    if verb == "send" and result.problem == Problem("blank"):
        return REASONS["no_email"]()
    if isinstance(result.problem, Problem):
        return sentence(result.problem)
    if result.refused == "gone":
        return gettext("The document was deleted meanwhile.")
    if result.refused == "not_printed":
        return gettext("The document could not be printed.")
    return next((said() for name, said in REASONS.items() if name == result.refused), "")
