"""Notes on a paper, for those who work with it: whoever sold it never sees them."""

from faktura.core.books.books import Books
from faktura.core.errors import Given, Problems
from faktura.core.received.keeping import keep_paper
from faktura.core.received.record import Expense, Note, NoteKind
from faktura.core.texts import check_texts
from faktura.store.records import changed

MOST_NOTES = 100
"""On one paper."""

LONGEST = 2000


def add_note(books: Books, paper: Expense, content: str, kind: NoteKind = "general") -> Expense:
    """Put a note on a paper, behind those that are there.

    Raises:
        Invalid: it is empty or too long, or there are too many.

    """
    check_content(content)
    problems = Problems()
    if len(paper.notes) >= MOST_NOTES:
        problems.add("content", "too_many", MOST_NOTES)
    problems.refuse()
    return keep_paper(books, paper, changed(paper, notes=(*paper.notes, note_now(books, content, kind))))


def check_content(content: str) -> None:
    """Whether a note can say so.

    Raises:
        Invalid: it cannot.

    """
    problems = Problems()
    check_note(content, problems)
    problems.refuse()


def check_note(content: str, problems: Problems) -> None:
    if not content.strip():
        problems.add("content", "blank")
    if len(content) > LONGEST:
        problems.add("content", "too_long", LONGEST)
    check_texts(Note, Given({"content": content}), problems)


def note_now(books: Books, content: str, kind: NoteKind) -> Note:
    return Note(books.next_ids(Expense, 1)[0], content.strip(), books.user_id, books.now, kind)
