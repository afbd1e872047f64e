"""A scan is read in a process of its own, and what it says is kept with it until somebody enters it."""

from collections.abc import Callable

from faktura.core.books.books import Books
from faktura.core.documents.attachments import Attachment
from faktura.core.received.reading import begin_to_read, cannot_be_read, could_not_read, read_as
from faktura.inputs.paper_texts import Reader, reader_of
from faktura.inputs.papers import NothingToRead, read_paper
from faktura.inputs.pdf_text import NotRead
from faktura.jobs import Errand, nothing_more

LANE = "reading"


def go_out(errand: Errand, scan_id: int) -> Callable[[Books], None]:
    """That it began is written down first; no transaction is open while it is read."""

    def begin(books: Books) -> tuple[Attachment | None, Reader]:
        return begin_to_read(books, scan_id), reader_of(books.account)

    file, reader = errand.write(begin)
    if file is None:
        return nothing_more
    try:
        paper = read_paper(file.content, file.content_type, reader)
    except NotRead:
        return lambda books: could_not_read(books, scan_id)
    except NothingToRead:
        return lambda books: cannot_be_read(books, scan_id)
    return lambda books: read_as(books, scan_id, paper)


def refused(books: Books, _error: Exception, scan_id: int) -> None:
    """It failed again and again."""
    could_not_read(books, scan_id)
