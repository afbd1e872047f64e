"""Add, change and delete generators."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.books.uses import in_use, remove_whole
from faktura.core.contacts import Contact, contact_named
from faktura.core.documents.checks import RULES, Rules
from faktura.core.errors import Given, InUse, Problems
from faktura.core.generators.plan import settle_plan
from faktura.core.generators.record import Generator
from faktura.core.generators.recur import wake
from faktura.core.generators.settle import settle
from faktura.core.invoices.buyer import terms_of
from faktura.core.texts import check_texts
from faktura.store.records import changed, defaults_of


def find_generator(books: Books, generator_id: int) -> Generator:
    return books.find(Generator, generator_id)


def add_generator(books: Books, given: Given, rules: Rules = RULES) -> Generator:
    """Add a generator; a None among the given values is the attribute's default.

    Besides the attributes of a generator: `lines`, as `given_lines` takes them.

    Raises:
        Invalid: a value breaks a rule.
        NotFound: a line has an id.

    """
    problems = Problems(given.unread)
    check_texts(Generator, given, problems)
    contact = _customer(books, given.get("contact_id"), given.get("name") or "", problems)
    new = begin(books, contact, given, rules, problems)
    problems.refuse()
    generator = books.add_new(new)
    books.note_event(Event("generator_added", generator))
    wake(books, generator)
    return generator


def begin(books: Books, contact: Contact, given: Given, rules: Rules, problems: Problems) -> Generator:
    """All of a new generator; nothing is written."""
    values = {name: value for name, value in given.items() if value is not None}
    lines: Sequence[Given] = values.pop("lines", ())
    agreed = terms_of(books.account, contact)
    first = {name: agreed[name] for name in _AGREED}
    new = Generator(books.account.id, 0, 1, books.now, books.now, **(first | values))
    settle(books, None, new, contact, values, lines, rules, problems)
    if new.recurring:
        settle_plan(None, new, values, problems)
    return new


def change_generator(books: Books, generator_id: int, given: Given, rules: Rules = RULES) -> Generator:
    """Change the given values and what follows from them; a None takes a value away.

    `lines` change, add and remove lines one by one.

    Raises:
        NotFound: there is no such generator, or no such line in it.
        Invalid: a value breaks a rule.

    """
    old = books.find(Generator, generator_id)
    problems = Problems(given.unread)
    check_texts(Generator, given, problems)
    values = taken_away(given)
    contact_id, name = (values.get(name, getattr(old, name)) for name in ("contact_id", "name"))
    new = revise(books, old, _customer(books, contact_id, name, problems), values, rules, problems)
    problems.refuse()
    kept = books.change(old, new)
    if kept is not old:
        books.note_event(Event("generator_changed", kept, differences(old, kept)))
        wake(books, kept)
    return kept


def revise(
    books: Books, old: Generator, contact: Contact, values: Mapping[str, Any], rules: Rules, problems: Problems
) -> Generator:
    """A copy with the values and all that follows from them; nothing is written."""
    values = dict(values)
    lines: Sequence[Given] | None = values.pop("lines", None)
    new = changed(old, **values)
    settle(books, old, new, contact, values, lines, rules, problems)
    if new.recurring:
        settle_plan(old, new, values, problems)
    return new


def taken_away(given: Given) -> dict[str, Any]:
    """The values that a change sets: where one is taken away, what its attribute holds without any."""
    return {
        name: _EMPTY.get(name) if value is None else value
        for name, value in given.items()
        if value is not None or name not in _NEVER_EMPTY
    }


def delete_generator(books: Books, generator_id: int) -> None:
    """Delete a generator; what was issued from it stays.

    Raises:
        NotFound: there is no such generator.
        InUse: another record rests on it.

    """
    generator = books.find(Generator, generator_id)
    if in_use(books, generator):
        raise InUse(Generator.table_name)
    books.note_event(Event("generator_deleted", generator))
    remove_whole(books, generator)


def _customer(books: Books, contact_id: int | None, name: str, problems: Problems) -> Contact:
    """Without one there are no terms to go on with, so that all else that is wrong is told later."""
    contact = contact_named(books, contact_id, problems)
    if contact is None:
        if not name.strip() and "name" not in problems:
            problems.add("name", "blank")
        problems.refuse()
    return cast("Contact", contact)


_AGREED = ("due_days", "language", "currency", "payment_method", "price_mode")
"""What account and contact decide when a generator is made."""

_EMPTY: dict[str, Any] = defaults_of(Generator) | {"contact_id": None}
"""What attributes hold when their value is taken away."""

_NEVER_EMPTY = frozenset({"due_days", "language", "currency", "price_mode", "next_on", "months"})
"""What a generator cannot be without: to take it away changes nothing."""
