"""How far a batch has come, what came of each document, and the file for whoever asked for it."""

import io
from typing import NamedTuple

from flask import send_file
from flask_babel import gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Problem
from faktura.core.invoices.batch_files import Progress, file_of, progress_of
from faktura.core.invoices.batches import FILES, Batch, BatchResult, Verb, find_batch, results_of
from faktura.core.people.accounts import Account
from faktura.web.door.books import read_books
from faktura.web.door.sizes import sized
from faktura.web.export import pages
from faktura.web.forms.sentences import REASONS, sentence

MOST_SHOWN = 200
"""Refused documents that a page lists."""

TYPES: dict[Verb, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}

AGAIN = 2
"""Seconds after which a browser asks again how far it is."""


class Found(NamedTuple):
    """A batch as its page shows it, with the documents that were refused."""

    account: Account
    batch: Batch
    progress: Progress
    refused: list[BatchResult]


@pages.get("/<slug>/export/<id:batch_id>")
def result(slug: str, batch_id: int) -> Response:
    """Without scripts the browser loads the page again until it is done."""

    def work(books: Books) -> Found:
        batch = find_batch(books, batch_id)
        refused = [one for one in results_of(books, batch) if not one.is_done]
        return Found(books.account, batch, progress_of(books, batch), refused[:MOST_SHOWN])

    found = read_books(slug, work, "invoices")
    answer = sized(
        "export/result.html", "export/progress.html", **found._asdict(), makes_file=found.batch.verb in FILES, why=why
    )
    if found.batch.state == "waiting":
        answer.headers["Refresh"] = str(AGAIN)
    return answer


@pages.get("/<slug>/export/<id:batch_id>/file")
def download(slug: str, batch_id: int) -> Response:
    def work(books: Books) -> tuple[Batch, bytes]:
        batch = find_batch(books, batch_id)
        return batch, file_of(books, batch)

    batch, content = read_books(slug, work, "invoices")
    name = f"{slug}-{batch.created_at:%Y-%m-%d}-{batch.id}.{batch.verb}"
    return send_file(io.BytesIO(content), TYPES[batch.verb], as_attachment=True, download_name=name, etag=False)


def why(result: BatchResult) -> str:
    """Why nothing was done to a document."""
    if isinstance(result.problem, Problem):
        return sentence(result.problem)
    if result.refused == "gone":
        return gettext("The document was deleted meanwhile.")
    if result.refused == "not_printed":
        return gettext("The document could not be printed.")
    return next((said() for name, said in REASONS.items() if name == result.refused), "")
