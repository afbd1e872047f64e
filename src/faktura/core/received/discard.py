"""A paper is thrown away, and its files with it or without it."""

from faktura.core.books.books import Books
from faktura.core.documents.attachments import GivenFile, find_attachment
from faktura.core.documents.record import AttachedFile
from faktura.core.errors import Given, InUse, Problems
from faktura.core.received.change import delete_expense
from faktura.core.received.find import is_entered
from faktura.core.received.record import Expense
from faktura.core.received.scans import delete_scan, keep_scan
from faktura.core.texts import check_texts

LONGEST_TAG = 255


def check_tag(tag: str) -> None:
    """Whether files that are kept can stand under it.

    Raises:
        Invalid: they cannot.

    """
    problems = Problems()
    check_texts(Expense, Given({"tags": (tag,)}), problems)
    if len(tag) > LONGEST_TAG:
        problems.add("tags", "too_long", LONGEST_TAG)
    problems.refuse()


def discard(books: Books, paper: Expense, *, accounted: bool, kept_under: str | None) -> None:
    """Throw away a paper; one that is in the books only where an `accounted` one may be.

    The files beside it go back to the inbox under the tag `kept_under`, or with it where that is None. What it was
    scanned from always goes.

    Raises:
        InUse: it is in the books or locked, or something rests on it.
        WrongState: it is being read.

    """
    if paper.accounting == "accounted" and not accounted:
        raise InUse(Expense.table_name)
    kept = [] if kept_under is None else [_copied(books, paper, file) for file in _beside(paper)]
    if is_entered(paper):
        delete_expense(books, paper.id)
    else:
        delete_scan(books, paper.id)
    for file in kept:
        keep_scan(books, file, tags=(kept_under,) if kept_under else ())


def _beside(paper: Expense) -> tuple[AttachedFile, ...]:
    return paper.attachments[1:] if paper.source == "uploaded" else paper.attachments


def _copied(books: Books, paper: Expense, file: AttachedFile) -> GivenFile:
    kept = find_attachment(books, paper, file.id)
    return GivenFile(kept.filename, kept.content_type, kept.content)
