"""A scan is read in a process of its own, and what it says is kept with it until somebody enters it."""

from collections.abc import Callable

from faktura.core.books.books import Books
from faktura.core.documents.attachments import Attachment
from faktura.core.people.accounts import Account
from faktura.core.received.reading import begin_to_read, cannot_be_read, could_not_read, read_as
from faktura.inputs.paper_texts import reader_of
from faktura.inputs.papers import Damaged, For, NothingToRead, read_file
from faktura.inputs.pdf_text import NotRead
from faktura.jobs import Errand, nothing_more
from faktura.outputs.e_invoices.checking import faults_of_schema

LANE = "reading"


def go_out(errand: Errand, scan_id: int) -> Callable[[Books], None]:
    """That it began is written down first; no transaction is open while it is read."""

    def begin(books: Books) -> tuple[Attachment | None, Account]:
        return begin_to_read(books, scan_id), books.account

    file, account = errand.write(begin)
    if file is None:
        return nothing_more
    try:
        read = read_file(file.content, file.content_type, whom(account))
    except Damaged as damaged:
        why = damaged.why
        return lambda books: could_not_read(books, scan_id, why)
    except NotRead:
        return lambda books: could_not_read(books, scan_id)
    except NothingToRead as nothing:
        unread = nothing.why
        return lambda books: cannot_be_read(books, scan_id, unread)
    return lambda books: read_as(books, scan_id, *read)


def whom(account: Account) -> For:
    """For whom papers of an account are read."""
    numbers = [number for number in (account.registration_no, account.vat_no, account.local_vat_no) if number]
    return For(reader_of(account), numbers, faults_of_schema)


def refused(books: Books, _error: Exception, scan_id: int) -> None:
    """It failed again and again."""
    could_not_read(books, scan_id)
