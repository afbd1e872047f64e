"""What was issued beside KSeF: by when it must be there, what is late, and what cannot wait for KSeF any longer."""

import datetime as dt

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.books.office import Office
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import KsefConnection, connection_of
from faktura.core.ksef.deadlines import deadline_of, mode_at
from faktura.core.ksef.mark import Mode, SendingState
from faktura.core.ksef.sendings import COUNTS, SEND, KsefSending, latest_sending
from faktura.core.ksef.service import KsefService, outages_at
from faktura.core.todos import put_on_list
from faktura.store.queries import Condition, Selection
from faktura.store.records import changed
from faktura.store.statements import Query

BESIDE: tuple[Mode, ...] = ("offline24", "unavailable", "emergency")

NOT_THERE: tuple[SendingState, ...] = ("waiting", "sending", "sent", "rejected", "failed")

HERE: tuple[SendingState, ...] = ("waiting", "sending")
"""KSeF has not said yet that it has it."""

SILENT = 3
"""Failed tries after which nobody waits for KSeF."""

HOUR = dt.timedelta(hours=1)


def is_late(sending: KsefSending, now: dt.datetime) -> bool:
    """Whether it should be at KSeF by now; it is sent all the same."""
    return sending.deadline is not None and sending.state in NOT_THERE and sending.deadline < now


def follow_deadlines(books: Books) -> None:
    """Deadlines follow what the ministry says of outages; what is late needs a person."""
    connection = connection_of(books)
    outages = outages_at(books.tx, connection.status_url) if connection else ()
    for sending in _issued_beside(books):
        invoice = books.look_up(Invoice, id=sending.invoice_id)
        if invoice is None or latest_sending(books, invoice.id) != sending:
            continue
        deadline = deadline_of(sending.mode, invoice.issued_on, outages)
        kept = books.change(sending, changed(sending, deadline=deadline))
        if is_late(kept, books.now):
            put_on_list(books, "ksef_overdue", invoice)


def waiting_in_vain(books: Books) -> list[KsefSending]:
    """What was to go there at once while KSeF is down or answers nobody, where the firm allows another way."""
    connection = connection_of(books)
    if connection is None or not connection.active or not may_sign(connection, books.now):
        return []
    if not connection.offline_allowed or not (_is_down(books, connection) or _is_silent(books)):
        return []
    return [one for state in HERE for one in _of(books, state, "online") if one.not_before <= books.now]


def may_sign(connection: KsefConnection, now: dt.datetime) -> bool:
    """Whether it has a certificate by which documents are issued beside KSeF."""
    until = connection.offline_until
    return connection.offline_key is not None and until is not None and now < until


def accounts_to_follow(office: Office) -> list[int]:
    """Those with documents that were issued beside KSeF, or that should have left for a while."""
    return [row[0] for row in office.tx.rows(_TO_FOLLOW, since=office.now - dt.timedelta(minutes=1))]


def services_to_ask(office: Office) -> list[str]:
    """Addresses of what says when KSeF is down: where something waits for it, else every hour."""
    waiting = {row[0] for row in office.tx.rows(_WAITED_FOR, since=office.now - dt.timedelta(minutes=1))}
    used = [row[0] for row in office.tx.rows(_USED)]
    return [url for url in used if url in waiting or _is_old(office, url)]


def _is_old(office: Office, status_url: str) -> bool:
    known = office.look_up(KsefService, status_url=status_url)
    if known is None or known.read_at <= office.now - HOUR:
        return True
    return any(outage.until is None or outage.holds_at(office.now) for outage in known.outages)


def _issued_beside(books: Books) -> list[KsefSending]:
    return [one for state in NOT_THERE for mode in BESIDE for one in _of(books, state, mode)]


def _of(books: Books, state: SendingState, mode: Mode) -> list[KsefSending]:
    chosen = COUNTS, Condition("state", "eq", state), Condition("mode", "eq", mode)
    return books.all(KsefSending, Selection(chosen))


def _is_down(books: Books, connection: KsefConnection) -> bool:
    return mode_at(outages_at(books.tx, connection.status_url), books.now) != "offline24"


def _is_silent(books: Books) -> bool:
    """Whether the job that sends has failed again and again, as it does where nobody answers."""
    jobs = books.all(Job, Selection((Condition("name", "eq", SEND),)))
    return any(job.last_error is not None and job.attempts >= SILENT for job in jobs)


_c, _s = KsefConnection.table.c, KsefSending.table.c

_beside = sa.or_(*(_s.mode == mode for mode in BESIDE))
_waits = sa.or_(*(_s.state == state for state in HERE)) & (
    _s.not_before <= sa.bindparam("since", type_=_s.not_before.type)
)
_not_there = sa.or_(*(_s.state == state for state in NOT_THERE))

_something = (
    sa.select(_s.id)
    .where(_s.account_id == _c.account_id, _s.aside.is_(None), _not_there, _beside | _waits)
    .limit(1)
    .exists()
)

_TO_FOLLOW = Query(sa.select(_c.account_id).where(_c.active.is_(sa.true()), _something).order_by(_c.account_id))

_WAITED_FOR = Query(sa.select(_c.status_url).where(_c.active.is_(sa.true()), _something).distinct())

_USED = Query(sa.select(_c.status_url).where(_c.active.is_(sa.true())).distinct().order_by(_c.status_url))
