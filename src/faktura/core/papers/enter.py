"""Write down a paper without a buyer: everything about it is settled, and only then its number is taken."""

from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from typing import get_args

from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.countries.pl.lists import transaction_kinds
from faktura.core.documents.checks import FIRST_YEAR, LAST_YEAR, RULES, Rules
from faktura.core.documents.numbers import number_format, number_new
from faktura.core.errors import Given, Problems
from faktura.core.money.amounts import LARGEST
from faktura.core.papers.lines import add_up, paper_lines
from faktura.core.papers.record import Classification, Paper, PaperKind
from faktura.core.texts import check_texts


def enter_paper(books: Books, kind: PaperKind, given: Given, rules: Rules = RULES) -> Paper:
    """Write a paper down; a None among the given values is the attribute's default.

    Besides the attributes of a paper: `lines`, as `paper_lines` takes them.

    Raises:
        Invalid: a value breaks a rule; no number was used up.

    """
    problems = Problems(given.unread)
    check_texts(Paper, given, problems)
    values = {"issued_on": books.today} | {name: value for name, value in given.items() if value is not None}
    lines, number = values.pop("lines", ()), values.pop("number", None)
    paper = Paper(
        *(books.account.id, 0, 1, books.now, books.now),
        kind=kind,
        uuid=books.tx.chance.uuid(Paper.table_name),
        vat_mode=books.account.vat_mode,
        **values,
    )
    if "lines" not in given.unread:
        paper.lines = paper_lines(books, paper, lines, problems)
    check_paper(add_up(paper), REQUIRED.get(kind, frozenset()), problems)
    used = number_format(books, kind, None, problems)
    if used is not None:
        number_new(books, paper, used, number, rules, problems)
    problems.refuse()
    books.add_new(paper)
    books.note_event(Event("paper_entered", paper))
    return paper


def check_paper(paper: Paper, required: AbstractSet[str], problems: Problems) -> None:
    """Add what is wrong with its attributes."""
    for name in ("issued_on", "taxable_on"):
        day = getattr(paper, name)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            problems.add(name, "not_a_date")
    for name, allowed in _LISTS.items():
        value = getattr(paper, name)
        if value is None:
            if name in required and name not in problems:
                problems.add(name, "blank")
        elif value not in allowed():
            problems.add(name, "not_in_list")
    if paper.kind == "internal_evidence" and not all(line.name.strip() for line in paper.lines):
        problems.add("lines.name", "blank")
    if abs(paper.gross_total) >= LARGEST:
        problems.add("lines", "too_large")


REQUIRED: dict[PaperKind, frozenset[str]] = {
    "internal_invoice": frozenset({"transaction_kind"}),
    "internal_evidence": frozenset({"classification"}),
}

_LISTS: dict[str, Callable[[], Collection[str]]] = {
    "transaction_kind": transaction_kinds,
    "classification": lambda: get_args(Classification),
}
