"""Papers that come in as files, each read by the reader of its type into what it says of itself."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from faktura.core.documents.media_types import ISDOCX, PDF, XML
from faktura.core.received.extraction import Extraction, Unread, extraction_of
from faktura.core.received.received_invoice import Enclosed, ReceivedInvoice
from faktura.inputs.e_invoices.read import FaultsIn, ReadFile, not_for_us, read_invoice
from faktura.inputs.e_invoices.refusing import NoInvoice
from faktura.inputs.paper_texts import Reader, paper_in
from faktura.inputs.pdf_text import NotRead, text_of_pdf


class NothingToRead(Exception):  # noqa: N818 (says what the file is)
    """There is no text in the file, or nobody here reads files of its type; `why` of one that is for programs."""

    def __init__(self, media_type: str, why: Unread | None = None) -> None:
        super().__init__(media_type)
        self.why = why


class Damaged(NotRead):
    """A file for programs that is cut, garbled or too large, or would have things done that no invoice needs."""

    def __init__(self, why: Unread) -> None:
        super().__init__(why.reason)
        self.why = why


class For(NamedTuple):
    """Whom a file is read for: how texts are read there, the numbers they go by, and what schemas say of a file."""

    reader: Reader
    numbers: Collection[str]
    faults_in: FaultsIn


class Read(NamedTuple):
    """What a file says to people and, where it is an e-invoice, to programs; the files that came inside of it."""

    paper: Extraction
    told: ReceivedInvoice | None = None
    enclosed: tuple[Enclosed, ...] = ()


def read_file(content: bytes, media_type: str, whom: For) -> Read:
    """What the file says: an e-invoice to programs, any other paper to people.

    Raises:
        NothingToRead: it is a picture, say, or says nothing that we look for.
        NotRead: it is cut or garbled, or asks for more than a paper needs.

    """
    if media_type in E_INVOICES:
        try:
            return _told(read_invoice(content, whom.faults_in), whom)
        except NoInvoice as none:
            if media_type != PDF:
                why = Unread(none.reason, none.detail)
                if none.reason in _NONE_OF_OURS:
                    raise NothingToRead(media_type, why) from None
                raise Damaged(why) from None
    return Read(read_paper(content, media_type, whom.reader))


def _told(read: ReadFile, whom: For) -> Read:
    """An invoice to somebody else says so, as far as it says to whom it is."""
    told, other = read.invoice, not_for_us(read.invoice.buyer, whom.numbers)
    if other is not None:
        told = replace(told, warnings=(*told.warnings, other))
    return Read(extraction_of(told), told, read.enclosed)


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
"""By media type, of papers that people read."""

E_INVOICES = {XML, ISDOCX, PDF}
"""What an invoice for machines may be, or be inside of."""

_NONE_OF_OURS = {"not_an_e_invoice", "no_reader"}
