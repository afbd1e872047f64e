"""The file that a paper came as gets another name."""

from pathlib import PurePath

from msgspec.structs import replace

from faktura.core.books.books import Books
from faktura.core.documents.attachments import LONGEST_FILENAME, find_attachment
from faktura.core.errors import Problems, WrongState
from faktura.core.received.keeping import keep_paper
from faktura.core.received.record import Expense
from faktura.core.received.scans import is_filename
from faktura.store.records import changed

LONGEST_NAME = 251
"""Without its ending, which is four letters as a rule."""


def check_name(name: str) -> None:
    """Whether a file can be called so.

    Raises:
        Invalid: it cannot.

    """
    problems = Problems()
    if not name.strip():
        problems.add("filename", "blank")
    elif len(name) > LONGEST_NAME:
        problems.add("filename", "too_long", LONGEST_NAME)
    elif not is_filename(name):
        problems.add("filename", "malformed")
    problems.refuse()


def rename_file(books: Books, paper: Expense, name: str) -> Expense:
    """Call the first file of a paper something else; what it ends with stays, as it says what the file is.

    Raises:
        Invalid: nothing can be called so.
        WrongState: it is locked, or there is no file.

    """
    check_name(name)
    if paper.locked_at is not None:
        raise WrongState("locked")
    if not paper.attachments:
        raise WrongState("not_fired", "rename")
    first, *others = paper.attachments
    named = _named(name.strip(), PurePath(first.filename).suffix)
    old = find_attachment(books, paper, first.id)
    books.change(old, changed(old, filename=named))
    attachments = (replace(first, filename=named), *others)
    return keep_paper(books, paper, changed(paper, attachments=attachments))


def _named(name: str, ending: str) -> str:
    stem = name[: -len(ending)] if ending and name.lower().endswith(ending.lower()) else name
    return stem[: LONGEST_FILENAME - len(ending)] + ending
