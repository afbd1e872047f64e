"""The first page of the paper itself, which is seen beside what is typed of it."""

from flask import Response, make_response, url_for

from faktura.core.documents.attachments import Attachment
from faktura.core.documents.media_types import JPEG, PDF, PNG, media_type_of
from faktura.core.errors import NotFound
from faktura.core.received.find import file_of
from faktura.core.received.record import Expense
from faktura.inputs.pdf_text import NotRead, picture_of_pdf
from faktura.web.door.books import read_books
from faktura.web.expenses import pages

PICTURES = {PNG, JPEG, "image/gif", "image/webp"}
"""What every browser shows."""


@pages.get("/<slug>/expenses/<id:expense_id>/picture")
def picture(slug: str, expense_id: int) -> Response:
    """Of a scan, too."""
    paper = read_books(slug, lambda books: file_of(books, books.find(Expense, expense_id)), "expenses")
    content, media_type = _seen(paper)
    answer = make_response(content)
    answer.content_type = media_type
    return answer


def picture_of(slug: str, paper: Expense | None) -> str:
    """Its address, or an empty text where there is nothing to see."""
    if paper is None or not paper.attachments or paper.attachments[0].content_type not in {PDF, *PICTURES}:
        return ""
    return url_for("expenses.picture", slug=slug, expense_id=paper.id)


def _seen(paper: Attachment) -> tuple[bytes, str]:
    """By what is in it: files beside an expense are whatever their sender calls them.

    Raises:
        NotFound: it is no picture, and none could be made of it.

    """
    media_type = media_type_of(paper.content)
    if media_type in PICTURES:
        return paper.content, str(media_type)
    if media_type == PDF:
        try:
            return picture_of_pdf(paper.content), PNG
        except NotRead:
            pass
    raise NotFound(Attachment.table_name)
