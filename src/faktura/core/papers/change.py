"""Change a paper without a buyer, put it into the accounts, or throw it away."""

from typing import Any

from faktura.core.books.books import Books
from faktura.core.books.history import Event, EventName, differences
from faktura.core.books.uses import in_use, remove_whole
from faktura.core.documents.checks import RULES, Rules
from faktura.core.documents.numbers import renumber
from faktura.core.errors import Given, InUse, NotFound, Problems
from faktura.core.papers.enter import REQUIRED, check_paper
from faktura.core.papers.lines import add_up, paper_lines
from faktura.core.papers.record import ACCOUNTED, Paper
from faktura.core.texts import check_texts
from faktura.store.records import changed, defaults_of


def change_paper(books: Books, paper_id: int, given: Given, rules: Rules = RULES) -> Paper:
    """Change the given values and what follows from them; a None takes a value away.

    `lines` take the place of all that there were. Its number stays what it is in another month, too.

    Raises:
        NotFound: there is no such paper.
        Invalid: a value breaks a rule.

    """
    old = books.find(Paper, paper_id)
    problems = Problems(given.unread)
    check_texts(Paper, given, problems)
    values = _set(given)
    lines, number = values.pop("lines", None), (values.pop("number", "") or "").strip()
    new = changed(old, number=number or old.number, **values)
    if lines is not None:
        new.lines = paper_lines(books, new, lines, problems)
    check_paper(add_up(new), REQUIRED.get(new.kind, frozenset()), problems)
    if new.number != old.number:
        renumber(books, old, new, old.kind, rules, problems)
    problems.refuse()
    return _keep(books, old, new, "paper_changed")


def account_for_paper(books: Books, paper_id: int) -> Paper:
    """Put a paper into the accounts, where it is a draft no longer.

    Raises:
        NotFound: there is no such paper of a kind that is put there by hand.

    """
    old = books.find(Paper, paper_id)
    stage = ACCOUNTED.get(old.kind)
    if stage is None:
        raise NotFound(Paper.table_name)
    return _keep(books, old, changed(old, stage=stage), "paper_accounted")


def mark_paper_printed(books: Books, old: Paper) -> Paper:
    """It was printed; the first time counts."""
    return _keep(books, old, changed(old, stage="printed"), "paper_printed") if old.stage == "draft" else old


def delete_paper(books: Books, paper_id: int) -> None:
    """Throw a paper away; its number stays taken.

    Raises:
        NotFound: there is no such paper.
        InUse: another record rests on it.

    """
    paper = books.find(Paper, paper_id)
    if in_use(books, paper):
        raise InUse(Paper.table_name)
    books.note_event(Event("paper_deleted", paper, number=paper.number))
    remove_whole(books, paper)


def _set(given: Given) -> dict[str, Any]:
    """The values that a change sets: where one is taken away, what its attribute holds without any."""
    return {
        name: _EMPTY[name] if value is None else value
        for name, value in given.items()
        if value is not None or name not in _NEVER_EMPTY
    }


def _keep(books: Books, old: Paper, new: Paper, happened: EventName) -> Paper:
    kept = books.change(old, new)
    if kept is not old:
        books.note_event(Event(happened, kept, differences(old, kept)))
    return kept


_EMPTY = defaults_of(Paper)

_NEVER_EMPTY = frozenset({"number", "issued_on", "lines"})
"""What a paper cannot be without: to take it away changes nothing."""
