"""Whoever keeps the books sorts papers, takes them in, sends them back, or asks about them."""

from faktura.core.books.books import Books
from faktura.core.countries.pl.lists import cost_categories
from faktura.core.errors import Problems, WrongState
from faktura.core.received.find import is_entered
from faktura.core.received.keeping import keep_paper
from faktura.core.received.notes import check_note, note_now
from faktura.core.received.record import Expense, NoteKind
from faktura.core.received.standing import ACCOUNTINGS
from faktura.store.records import changed


def sort_scan(books: Books, scan: Expense, category: str | None) -> Expense:
    """Say what was bought, before somebody enters it.

    Raises:
        Invalid: there is no such category.
        WrongState: it is entered already, or in the books.

    """
    check_category(category)
    if is_entered(scan) or scan.accounting == "accounted":
        raise WrongState("not_fired", "sort")
    return keep_paper(books, scan, changed(scan, category=category))


def check_category(category: str | None) -> None:
    """Whether there is one of that code.

    Raises:
        Invalid: there is none.

    """
    problems = Problems()
    if category is None:
        problems.add("category", "blank")
    elif category not in cost_categories():
        problems.add("category", "not_in_list")
    problems.refuse()


def account_for(books: Books, paper: Expense, accounting: str, why: str = "", category: str | None = None) -> Expense:
    """Say how a paper stands in the books; a note says `why` it is sent back or not clear.

    A `category` that is None stays what it is.

    Raises:
        Invalid: there is no such state or category, or the note is too long.
        WrongState: it is locked, or a scan, which is in no books yet.

    """
    problems = Problems()
    if accounting not in ACCOUNTINGS:
        problems.add("accounting", "not_in_list")
    if category is not None:
        check_category(category)
    if why:
        check_note(why, problems)
    problems.refuse()
    if paper.locked_at is not None:
        raise WrongState("locked")
    if accounting == "accounted" and not is_entered(paper):
        raise WrongState("not_fired", "account")
    new = changed(paper, accounting=accounting, category=category or paper.category)
    new.accounted_on = (paper.accounted_on or books.today) if accounting == "accounted" else None
    if why:
        kind: NoteKind = "rejected_reason" if accounting == "rejected" else "general"
        new.notes = (*paper.notes, note_now(books, why, kind))
    return keep_paper(books, paper, new)
