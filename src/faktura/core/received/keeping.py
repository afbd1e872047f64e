"""A paper is written down as it is now, a scan as well as an expense."""

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.documents.keeping import keep_change
from faktura.core.documents.status import write_status
from faktura.core.received.find import is_entered
from faktura.core.received.record import Expense


def keep_paper(books: Books, old: Expense, new: Expense) -> Expense:
    """Keep what was said of it; of money and stock nothing changes."""
    if is_entered(old):
        return keep_change(books, old, new)
    kept = books.change(old, write_status(new, books.today))
    if kept is not old:
        books.note_event(Event("scan_changed", kept, differences(old, kept)))
    return kept
