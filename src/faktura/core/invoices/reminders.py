"""Whom to remind on a day: which documents, by which step of the account, and never twice by the same."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from faktura.core.accounts.reminders import EARLIEST
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.contacts import Contact
from faktura.core.countries.known import day_in
from faktura.core.documents.record import CORRECTIONS, ZERO
from faktura.core.documents.to_do import is_late
from faktura.core.errors import WrongState
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account, ReminderStep
from faktura.store.statements import Query

LARGEST_ID = 2**31 - 1

READ = 500
"""Contacts that are read at a time."""


class Course(NamedTuple):
    """The days of a document that decide: when it is due, when it was written here, when it was reminded of last."""

    due_on: dt.date
    made_on: dt.date
    reminded_on: dt.date | None = None


class DueReminder(NamedTuple):
    """A document that is to be reminded of, and by which step."""

    invoice_id: int
    contact_id: int
    step: ReminderStep


def step_due(steps: Iterable[ReminderStep], course: Course, day: dt.date) -> ReminderStep | None:
    """The step by which a document is to be reminded of on a day, if any.

    It is the latest one whose day has come: those before it that were missed are left out. It has gone out already
    where the document was reminded of on its day or later, by whomever. Nothing follows from days before the step held
    or the document was here, and nobody is told that a document will be due when it was.
    """
    late, shown = (day - course.due_on).days, (course.made_on - course.due_on).days
    come = [s for s in steps if max((s.since - course.due_on).days, shown) <= s.days <= late]
    step = max(come, key=lambda step: step.days, default=None)
    if step is None or (step.is_before and late > 0):
        return None
    went_out = course.reminded_on is not None and (course.reminded_on - course.due_on).days >= step.days
    return None if went_out else step


def steps_for(account: Account, contact: Contact) -> list[ReminderStep]:
    """By which a contact is reminded: a switch of the contact's own goes before the account's."""

    def is_on(step: ReminderStep) -> bool:
        own = contact.send_due_date_reminders if step.is_before else contact.send_reminders
        return step.on if own == "inherit" else own == "on"

    return [step for step in account.reminders if is_on(step)]


def check_late(invoice: Invoice) -> None:
    """Refuse to remind of what is not overdue.

    Raises:
        WrongState: nobody is late with it.

    """
    if not is_late(invoice):
        raise WrongState("not_late")


def step_reached(account: Account, late: int) -> ReminderStep | None:
    """The latest step of who is so many days late: what a person who reminds them by hand says, too."""
    return next((step for step in reversed(account.reminders) if 0 < step.days <= late), None)


def reminders_due(books: Books, day: dt.date, first: int = 0, last: int = LARGEST_ID) -> list[DueReminder]:
    """What is to be reminded of on a day, in the order of the documents' ids, of which these are the first and last."""
    account = books.account
    if account.blocked or not account.reminders:
        return []
    soon = day - dt.timedelta(min(step.days for step in account.reminders))
    rows = books.tx.rows(_OWED, account_id=account.id, soon=soon, first=first, last=last)
    courses = {row[0]: (row[1], _course(account, *row[2:])) for row in rows}
    some = {key: of for key, of in courses.items() if step_due(account.reminders, of[1], day)}
    contacts = _contacts(books, {contact_id for contact_id, _ in some.values()})
    found = ((key, at, step_due(steps_for(account, contacts[at]), course, day)) for key, (at, course) in some.items())
    return [DueReminder(key, contact_id, step) for key, contact_id, step in found if step is not None]


def reminder_due(books: Books, invoice_id: int, day: dt.date) -> ReminderStep | None:
    """The same of one document."""
    return next((due.step for due in reminders_due(books, day, invoice_id, invoice_id)), None)


def accounts_to_remind(office: Office) -> list[int]:
    """Those with a document that somebody could be reminded of."""
    soon = day_in("CZ", office.now) - dt.timedelta(EARLIEST)
    return [row[0] for row in office.tx.rows(_TO_REMIND, soon=soon)]


def _course(account: Account, due_on: dt.date, made_at: dt.datetime, *reminded: dt.datetime | None) -> Course:
    days = [day_in(account.country, at) for at in reminded if at is not None]
    return Course(due_on, day_in(account.country, made_at), max(days, default=None))


def _contacts(books: Books, ids: set[int]) -> dict[int, Contact]:
    wanted = sorted(ids)
    parts: Sequence[list[int]] = [wanted[begins : begins + READ] for begins in range(0, len(wanted), READ)]
    return {contact.id: contact for part in parts for contact in books.some(Contact, part)}


_i = Invoice.table.c

# What is given back, paid, cancelled or given up asks for nothing.
_asks = (
    sa.or_(*(_i.status == status for status in ("open", "sent", "overdue")))
    & sa.and_(*(_i.kind != kind for kind in sorted(CORRECTIONS)))
    & (_i.left_to_pay > ZERO)
    & ~_i.reminders_off
    & (_i.due_on <= sa.bindparam("soon", type_=_i.due_on.type))
)

_OWED = Query(
    sa.select(_i.id, _i.contact_id, _i.due_on, _i.created_at, _i.last_reminded_at, _i.due_date_reminded_at)
    .where(
        _i.account_id == sa.bindparam("account_id"),
        _asks,
        _i.id >= sa.bindparam("first"),
        _i.id <= sa.bindparam("last"),
    )
    .order_by(_i.id)
)

_TO_REMIND = Query(sa.select(_i.account_id).where(_asks).distinct().order_by(_i.account_id))
