"""Papers that come in as files, each read by the reader of its type into what it says of itself."""

from collections.abc import Callable, Mapping

from faktura.core.documents.media_types import PDF
from faktura.core.received.extraction import Extraction
from faktura.inputs.paper_texts import Reader, paper_in
from faktura.inputs.pdf_text import text_of_pdf


class NothingToRead(Exception):  # noqa: N818 (says what the file is)
    """There is no text in the file, or nobody here reads files of its type."""


def read_paper(content: bytes, media_type: str, reader: Reader) -> Extraction:
    """What the paper says, read for an account.

    Raises:
        NothingToRead: it is a picture, say, or says nothing that we look for.
        NotRead: the file is cut or garbled, or asks for more than a paper needs.

    """
    read = _READERS.get(media_type)
    if read is None:
        raise NothingToRead(media_type)
    paper = read(content, reader)
    if paper == Extraction():
        raise NothingToRead(media_type)
    return paper


def _pdf(content: bytes, reader: Reader) -> Extraction:
    return paper_in(text_of_pdf(content), reader)


_READERS: Mapping[str, Callable[[bytes, Reader], Extraction]] = {PDF: _pdf}
"""By media type. An invoice that machines can read (XML) gets its reader here, and so may the one inside of a PDF."""
