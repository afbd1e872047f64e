"""When an account reminds its customers, and what it writes to them in each language."""

from collections.abc import Iterable
from typing import Any

import msgspec

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.books.office import Office
from faktura.core.codes import DocumentLanguage
from faktura.core.errors import Given, LimitReached, NotFound, Problems
from faktura.core.messages import LONGEST_SUBJECT
from faktura.core.people.accounts import Account, ReminderStep
from faktura.core.texts import Paragraphs, check_texts
from faktura.store.queries import Condition, Selection
from faktura.store.records import Tenant, changed, record, unique

EARLIEST, LATEST = -60, 365
"""Days before and after a document is due."""

MOST_STEPS = 10

LONGEST_TEXT = 5000


@record("reminder_texts", unique("account_id", "step", "language"), paged=False)
class ReminderText(Tenant):
    """What a step says in a language instead of the usual words; an empty part is the usual."""

    step: int
    language: DocumentLanguage
    subject: str = ""
    body: Paragraphs = ""


def find_step(books: Books, step_id: int) -> ReminderStep:
    """The step of this id.

    Raises:
        NotFound: there is none.

    """
    found = next((step for step in books.account.reminders if step.id == step_id), None)
    if found is None:
        raise NotFound("reminder_steps")
    return found


def add_step(books: Books, given: Given) -> ReminderStep:
    """Remind by another step from today on; given are `days`, which are below zero before the due date, and `on`.

    Raises:
        LimitReached: there are as many as there may be.
        Invalid: the days are taken or out of reach.

    """
    steps = books.account.reminders
    if len(steps) >= MOST_STEPS:
        raise LimitReached("reminder_steps")
    new = ReminderStep(max((step.id for step in steps), default=0) + 1, 0, since=books.today)
    return _keep(books, new, steps, given)


def change_step(books: Books, step_id: int, given: Given) -> ReminderStep:
    """Change when a step reminds, or whether it does; it does so from today on.

    Raises:
        NotFound: there is no such step.
        Invalid: the days are taken or out of reach.

    """
    old = find_step(books, step_id)
    return _keep(books, old, (step for step in books.account.reminders if step.id != old.id), given)


def remove_step(books: Books, step_id: int) -> None:
    """Remind by a step no more, and forget its texts.

    Raises:
        NotFound: there is no such step.

    """
    old = find_step(books, step_id)
    for text in texts_of(books, old).values():
        books.remove(text)
    _write(books, (step for step in books.account.reminders if step.id != old.id))


def texts_of(books: Books, step: ReminderStep) -> dict[str, ReminderText]:
    """What a step says, by language; it has the usual words in others."""
    found = books.all(ReminderText, Selection((Condition("step", "eq", step.id),)))
    return {text.language: text for text in found}


def say(books: Books, step_id: int, language: DocumentLanguage, given: Given) -> None:
    """Have a step say something in a language: `subject` and `body`, of which an empty one is the usual.

    Raises:
        NotFound: there is no such step.
        Invalid: a text is too long, or cannot be kept.

    """
    step, problems = find_step(books, step_id), Problems(given.unread)
    check_texts(ReminderText, given, problems)
    values = {name: (given.get(name) or "").strip() for name in ("subject", "body")}
    for name, limit in (("subject", LONGEST_SUBJECT), ("body", LONGEST_TEXT)):
        if len(values[name]) > limit:
            problems.add(name, "too_long", limit)
    problems.refuse()
    old = texts_of(books, step).get(language)
    if old is not None and not any(values.values()):
        books.remove(old)
    elif old is not None:
        books.change(old, changed(old, **values))
    elif any(values.values()):
        books.add(ReminderText, step=step.id, language=language, **values)
    said = {name: (getattr(old, name, ""), value) for name, value in values.items()}
    told = {f"reminder_{name}": change for name, change in said.items() if change[0] != change[1]}
    if told:
        books.note_event(Event("account_changed", books.account, told))


def _keep(books: Books, step: ReminderStep, others: Iterable[ReminderStep], given: Given) -> ReminderStep:
    problems, kept = Problems(given.unread), tuple(others)
    values: dict[str, Any] = {name: given[name] for name in ("days", "on") if given.get(name) is not None}
    is_new = step not in books.account.reminders
    if given.get("days", None if is_new else step.days) is None and "days" not in problems:
        problems.add("days", "blank")
    new = msgspec.structs.replace(step, **values)
    if not EARLIEST <= new.days <= LATEST:
        problems.add("days", "too_large", LATEST if new.days > 0 else -EARLIEST)
    if any(other.days == new.days for other in kept):
        problems.add("days", "taken")
    problems.refuse()
    if new != step:
        new = msgspec.structs.replace(new, since=books.today)
    _write(books, (*kept, new))
    return new


def _write(books: Books, steps: Iterable[ReminderStep]) -> Account:
    old = books.account
    kept = Office(books.tx, books.now).change(old, reminders=tuple(sorted(steps, key=lambda step: step.days)))
    if kept is not old:
        books.note_event(Event("account_changed", kept, differences(old, kept)))
        books.account = kept
    return kept
