"""Recurring generators issue by themselves, each document once, are paused and go on."""

import datetime as dt
from typing import cast

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.history import Differences, Event, EventName
from faktura.core.books.office import Office
from faktura.core.countries.known import day_in
from faktura.core.documents.checks import Rules
from faktura.core.errors import Given, Invalid, NotFound, Problem, WrongState
from faktura.core.generators.documents import RULES, given_on, run_given
from faktura.core.generators.plan import following, next_after, placed, until_end
from faktura.core.generators.record import Generator
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.todos import put_on_list, take_off_list
from faktura.store.records import changed
from faktura.store.statements import Query


def issue_due(books: Books, generator_id: int) -> Invoice | None:
    """Issue the next document whose day has come, under that day; None where there is none.

    The day is passed in the transaction that issues, so that nothing is issued twice or left out.

    Raises:
        Invalid: the document breaks a rule.

    """
    old = books.look_up(Generator, id=generator_id)
    if old is None or not old.active or old.next_on is None or old.next_on > books.today or books.account.blocked:
        return None
    invoice = issue_invoice(books, given_on(books, old, old.next_on), RULES)
    _pass_day(books, old, "generator_issued", invoice)
    return invoice


def run_now(books: Books, generator_id: int, day: dt.date, rules: Rules = RULES) -> Invoice:
    """Issue the next document now, whether or not it is paused; `day` is the one that it is of.

    It is issued today, or under its day where that has come. Its texts and its taxable supply are those of its day,
    and the day is passed in the same transaction, so that it is never issued for it again.

    Raises:
        NotFound: there is no such recurring generator.
        WrongState: it is finished, or that day is not the next one any more.
        Invalid: the document breaks a rule.
        Incomplete: by these rules the firm has to say more of itself first.

    """
    old = find_standing(books, generator_id, day)
    invoice = issue_invoice(books, run_given(books, old, day), rules)
    _pass_day(books, old, "generator_run", invoice)
    return invoice


def skip(books: Books, generator_id: int, day: dt.date) -> Generator:
    """Let the next day pass without a document; `day` says which one that is.

    Raises:
        NotFound: there is no such recurring generator.
        WrongState: it is finished, or that day is not the next one any more.

    """
    return _pass_day(books, find_standing(books, generator_id, day), "generator_skipped")


def fail(books: Books, generator_id: int) -> None:
    """Write down that a document could not be issued; the history says so once until it can be."""
    old = books.look_up(Generator, id=generator_id)
    if old is not None:
        new = books.change(old, changed(old, failed_at=books.now))
        if old.failed_at is None:
            books.note_event(Event("generator_failed", new))
            put_on_list(books, "generator_failed", new)


def pause(books: Books, generator_id: int) -> Generator:
    """Let it issue nothing until it is activated.

    Raises:
        NotFound: there is no such recurring generator.
        WrongState: it is paused or finished.

    """
    old = find_standing(books, generator_id)
    if not old.active:
        raise WrongState("already_paused")
    new = books.change(old, changed(old, active=False))
    books.note_event(Event("generator_paused", new))
    return new


def activate(books: Books, generator_id: int, given: Given) -> Generator:
    """Let it go on with the next day of its series in the future, or on `next_on`.

    Raises:
        NotFound: there is no such recurring generator.
        WrongState: it is active or finished.
        Invalid: the day is not in the future.

    """
    old = find_standing(books, generator_id)
    if old.active:
        raise WrongState("already_active")
    if given.unread:
        raise Invalid(given.unread)
    said = given.get("next_on")
    if said is not None and said <= books.today:
        raise Invalid({"next_on": [Problem("malformed")]})
    next_on = next_after(old, books.today) if said is None else until_end(old, placed(old, said))
    if next_on is None:
        raise WrongState("already_finished")
    new = books.change(old, changed(old, active=True, next_on=next_on))
    books.note_event(Event("generator_activated", new, _moved(old, new)))
    wake(books, new)
    return new


def find_recurring(books: Books, generator_id: int) -> Generator:
    """The generator.

    Raises:
        NotFound: there is none, or it is not recurring.

    """
    found = books.find(Generator, generator_id)
    if not found.recurring:
        raise NotFound(Generator.table_name)
    return found


def find_standing(books: Books, generator_id: int, day: dt.date | None = None) -> Generator:
    """The generator, which has a document to come: that of a day, where one is named.

    Raises:
        NotFound: there is no such recurring generator.
        WrongState: it is finished, or that day is not the next one any more.

    """
    found = find_recurring(books, generator_id)
    if found.next_on is None:
        raise WrongState("already_finished")
    if day is not None and found.next_on != day:
        raise WrongState("not_next")
    return found


def due_in(books: Books, most: int) -> list[int]:
    """The ids of those that have something to issue today, who has waited longest first; whoever failed waits a day."""
    since = books.now - RETRIED
    rows = books.tx.rows(_DUE_IN, account_id=books.account.id, today=books.today, since=since, most=most)
    return [row[0] for row in rows]


def accounts_with_due(office: Office) -> list[int]:
    """It is the same day in all countries that books are kept in."""
    return [row[0] for row in office.tx.rows(_ACCOUNTS, today=day_in("CZ", office.now))]


def wake(books: Books, generator: Generator) -> None:
    """What is to be issued today already does not wait for the night."""
    if generator.active and generator.next_on is not None and generator.next_on <= books.today:
        books.later(JOB)


def _pass_day(books: Books, old: Generator, name: EventName, invoice: Invoice | None = None) -> Generator:
    """Go on to the day after the next one; paused it stays paused."""
    next_on = until_end(old, following(old, cast("dt.date", old.next_on)))
    new = books.change(old, changed(old, next_on=next_on, active=old.active and next_on is not None, failed_at=None))
    number = {} if invoice is None else {"number": (None, invoice.number)}
    books.note_event(Event(name, new, {**number, **_moved(old, new)}, made=invoice))
    if old.failed_at is not None:
        take_off_list(books, "generator_failed", new)
    if next_on is None:
        books.note_event(Event("generator_finished", new))
        put_on_list(books, "generator_finished", new)
    return new


def _moved(old: Generator, new: Generator) -> Differences:
    """Whoever changes the generator as it was before has to be seen not to mean the day."""
    return {} if old.next_on == new.next_on else {"next_on": (old.next_on, new.next_on)}


RETRIED = dt.timedelta(hours=12)
"""How long what failed waits, so that it is tried again in the next night."""

JOB = "issue_account"
"""The job that issues in one account, as letters go out with it."""

_g = Generator.table.c

_due = _g.active & (_g.next_on <= sa.bindparam("today", type_=_g.next_on.type))

_DUE_IN = Query(
    sa.select(_g.id)
    .where(
        _g.account_id == sa.bindparam("account_id"),
        _due,
        sa.or_(_g.failed_at.is_(None), _g.failed_at <= sa.bindparam("since", type_=_g.failed_at.type)),
    )
    .order_by(_g.next_on, _g.id)
    .limit(sa.bindparam("most"))
)

_ACCOUNTS = Query(sa.select(_g.account_id).where(_due).distinct().order_by(_g.account_id))
