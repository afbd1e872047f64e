"""What of a document needs a person: an invoice that is overdue, and an expense that will be due soon."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.documents.record import CORRECTIONS, Document
from faktura.core.todos import forget, put_on_list, take_off_list

NOTICE = dt.timedelta(3)
"""How long before its due date an expense is to be paid."""


def is_late(document: Document) -> bool:
    """Whether it is overdue and asks for money."""
    return document.status == "overdue" and document.kind not in CORRECTIONS and document.left_to_pay > 0


def follow_status(books: Books, old: Document | None, new: Document) -> None:
    """Put a document on the list once somebody is late with it, and take it off once that is over.

    An expense comes onto the list in the night of its day, and once more where it is to be paid later than was said.
    """
    if new.noun == "expense":
        if old is not None and old.due_on != new.due_on and new.due_on > books.today + NOTICE:
            forget(books, "expense_due", new)
        elif old is not None and old.paid_on is None and new.paid_on is not None:
            take_off_list(books, "expense_due", new)
        return
    was_late = old is not None and is_late(old)
    if is_late(new) and not was_late:
        put_on_list(books, "invoice_overdue", new)
    elif was_late and not is_late(new):
        take_off_list(books, "invoice_overdue", new)
