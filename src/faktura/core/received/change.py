"""Change an expense, throw it away, or let an event happen to it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.books.uses import in_use
from faktura.core.documents.amounts import add_up, free_of_vat, reprices
from faktura.core.documents.attachments import GivenFile, attach, check_files
from faktura.core.documents.checks import RULES, Rules, check_currency, check_rate, due_days_between, tidy
from faktura.core.documents.events import LOCKS, allowed_now, let_happen
from faktura.core.documents.exchange import set_rate_again
from faktura.core.documents.keeping import keep_change, paid_on_of, remove_document
from faktura.core.documents.lines import given_lines
from faktura.core.documents.numbers import renumber
from faktura.core.documents.status import follow_money
from faktura.core.documents.stock import check_restock
from faktura.core.errors import Given, InUse, Problems, WrongState
from faktura.core.received.enter import check_expense
from faktura.core.received.find import find_expense
from faktura.core.received.record import Expense
from faktura.core.received.risks import look_before_payment
from faktura.core.received.supplier import supplier_named, supplier_of
from faktura.core.texts import check_texts
from faktura.store.records import changed, defaults_of


class Revised(NamedTuple):
    """An expense as it is after a change, and the files to lay beside it."""

    expense: Expense
    files: Sequence[GivenFile]


def change_expense(books: Books, expense_id: int, given: Given, rules: Rules = RULES) -> Expense:
    """Change the given values and what follows from them; a None takes a value away.

    `lines` change, add and remove lines one by one; `files` are attached to those there. Its number stays what it is
    in another month, too.

    Raises:
        NotFound: there is no such expense, or no such line in it.
        WrongState: it is locked.
        Invalid: a value breaks a rule.

    """
    old = find_expense(books, expense_id)
    if old.locked_at is not None:
        raise WrongState("locked")
    problems = Problems(given.unread)
    new, files = revise(books, old, given, rules, problems)
    check_files(old.attachments, files, problems)
    if new.number != old.number:
        renumber(books, old, new, "expense", rules, problems)
    problems.refuse()
    new.attachments = (*old.attachments, *attach(books, old, files))
    follow_money(old, new, paid_on_of(books, new, ()))
    kept = keep_change(books, old, new)
    look_before_payment(books, old, kept)
    return kept


def revise(books: Books, old: Expense, given: Given, rules: Rules, problems: Problems) -> Revised:
    """A copy with the values and all that follows from them in itself; nothing is written."""
    check_texts(Expense, given, problems)
    values = _taken_away(given)
    lines: Sequence[Given] | None = values.pop("lines", None)
    files: Sequence[GivenFile] = values.pop("files", None) or ()
    new = _with_values(books, old, values, problems)
    if lines is not None:
        new.lines = given_lines(books, new, lines, old.lines, problems, repriced=reprices(old, new))
    _value_again(books, old, new, values, rules, problems)
    check_expense(add_up(new), given.keys(), problems)
    check_restock(books, old, new, problems)
    return Revised(new, files)


def delete_expense(books: Books, expense_id: int) -> None:
    """Throw an expense away; its number stays taken.

    Raises:
        NotFound: there is no such expense.
        InUse: it is locked, what came in by it has gone out of stock since, or another record rests on it.

    """
    expense = find_expense(books, expense_id)
    if expense.locked_at is not None or in_use(books, expense):
        raise InUse(Expense.table_name)
    remove_document(books, expense)
    books.note_event(Event("expense_deleted", expense, number=expense.number))


def let_happen_to_expense(books: Books, expense_id: int, event: str) -> Expense:
    """Lock or unlock an expense.

    Raises:
        NotFound: there is no such expense.
        WrongState: there is no such event, or it is not allowed now.

    """
    old = find_expense(books, expense_id)
    if event not in allowed_now(old, LOCKS):
        raise WrongState("not_fired", event)
    return let_happen(books, old, LOCKS[event])


def _taken_away(given: Given) -> dict[str, Any]:
    """The values that a change sets: where one is taken away, what its attribute holds without any."""
    return {
        name: _EMPTY.get(name) if value is None else value
        for name, value in given.items()
        if value is not None or name not in _NEVER_EMPTY
    }


def _with_values(books: Books, old: Expense, values: dict[str, Any], problems: Problems) -> Expense:
    """A copy with the values, and with the supplier of another contact where that changes."""
    number, contact_id = values.pop("number", "").strip(), values.pop("contact_id", old.contact_id)
    copied: dict[str, Any] = {}
    if contact_id != old.contact_id and (contact := supplier_named(books, contact_id, problems)) is not None:
        copied = supplier_of(contact)
    new = changed(old, **(copied | values), number=number or old.number)
    new.due_days = due_days_between(new.issued_on, new.due_on)
    tidy(new)
    return new


def _value_again(
    books: Books, old: Expense, new: Expense, values: dict[str, Any], rules: Rules, problems: Problems
) -> None:
    """The exchange rate of another currency; money that was paid stays in the currency that it was paid in."""
    check_currency(new, old.currency, rules, problems)
    if (old.payments or old.paid_on is not None) and new.currency != old.currency:
        problems.add("currency", "immutable")
    if set_rate_again(books, old, new, values):
        check_rate(new, rules, problems)
    free_of_vat(new)


_EMPTY: dict[str, Any] = defaults_of(Expense) | {"contact_id": None}
"""What attributes hold when their value is taken away."""

_NEVER_EMPTY = frozenset({"number", "issued_on", "received_on", "due_on", "currency", "price_mode"})
"""What an expense cannot be without: to take it away changes nothing."""
