"""Expenses looked up."""

from collections.abc import Sequence

from faktura.core.books.books import Books
from faktura.core.documents.attachments import Attachment, find_attachment
from faktura.core.errors import NotFound
from faktura.core.received.record import Expense
from faktura.store.queries import Condition, Selection


def find_expense(books: Books, expense_id: int) -> Expense:
    """The expense.

    Raises:
        NotFound: there is none, or it is only a scan.

    """
    found = books.find(Expense, expense_id)
    if not is_entered(found):
        raise NotFound(Expense.table_name)
    return found


def is_entered(expense: Expense) -> bool:
    return expense.progress == "entered"


def find_paper(books: Books, uuid: str) -> Expense:
    """An expense or a scan, which keeps its uuid when it is entered.

    Raises:
        NotFound: there is none.

    """
    found = books.look_up(Expense, uuid=uuid.lower())
    if found is None:
        raise NotFound(Expense.table_name)
    return found


def file_of(books: Books, paper: Expense) -> Attachment:
    """What it was scanned from, or the first file beside it.

    Raises:
        NotFound: there is none.

    """
    if not paper.attachments:
        raise NotFound(Attachment.table_name)
    return find_attachment(books, paper, paper.attachments[0].id)


def papers_named(books: Books, uuids: Sequence[str]) -> list[Expense]:
    """Those that there are, in the order in which they are named."""
    chosen = Selection((Condition("uuid", "in", tuple(uuids)),))
    found = {paper.uuid: paper for paper in books.all(Expense, chosen)}
    return [found[uuid] for uuid in uuids if uuid in found]
