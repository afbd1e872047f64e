"""A job is a row written in the transaction that causes it; whoever does it holds a lease on it meanwhile."""

import datetime as dt
from typing import Any

import msgspec
import sqlalchemy as sa

from faktura.store.records import Tenant, index, record
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of

LEASE = dt.timedelta(minutes=5)
FIRST_DELAY = dt.timedelta(seconds=10)
LONGEST_DELAY = dt.timedelta(hours=6)

HOUSE = 0
"""The account of jobs that concern no account."""


@record("jobs", index("waits_until"), paged=False)
class Job(Tenant):
    """Something to be done once `waits_until` is past; `arguments` is a JSON list.

    A claim moves `waits_until` to the end of the lease, so a job whose worker died waits no longer than that.
    """

    name: str
    arguments: str
    waits_until: dt.datetime
    attempts: int = 0
    last_error: str | None = None


def put(
    tx: Transaction, account_id: int, name: str, arguments: tuple[object, ...], due: dt.datetime, now: dt.datetime
) -> Job:
    """Write down a job."""
    job = Job(account_id, tx.next_id(Job), 1, now, now, name, msgspec.json.encode(arguments).decode(), due)
    tx.insert(job)
    return job


def is_due(tx: Transaction, now: dt.datetime) -> bool:
    """Whether there is something to claim: a look that keeps no writer waiting."""
    return bool(tx.rows(_DUE, now=now))


def is_put(tx: Transaction, account_id: int, name: str) -> bool:
    """Whether a job of this name waits for its time."""
    return bool(tx.rows(_PUT, account_id=account_id, name=name))


def claim(tx: Transaction, now: dt.datetime) -> Job | None:
    """Take the lease of the job that has waited longest, or None where none is due."""
    claimed = tx.records(Job, _claim(tx.engine), now=now, leased_until=now + LEASE)
    return claimed[0] if claimed else None


def finish(tx: Transaction, job: Job) -> None:
    """Cross the job out, in the transaction of its work.

    Raises:
        Stale: the lease ran out and somebody else took the job.

    """
    tx.remove(job)


def put_off(tx: Transaction, job: Job, error: str, now: dt.datetime) -> None:
    """Have a job that failed done again, each time after twice the delay."""
    delay = min(FIRST_DELAY * 2 ** min(job.attempts - 1, 20), LONGEST_DELAY)
    later = msgspec.structs.replace(
        job, version=job.version + 1, updated_at=now, waits_until=now + delay, last_error=error
    )
    tx.replace(job, later)


def waiting(tx: Transaction) -> int:
    """How many jobs are not done."""
    return int(tx.rows(_COUNT)[0][0])


_j = Job.table.c

_DUE = Query(sa.select(_j.id).where(_j.waits_until <= sa.bindparam("now", type_=_j.waits_until.type)).limit(1))

_PUT = Query(
    sa.select(_j.id).where(_j.account_id == sa.bindparam("account_id"), _j.name == sa.bindparam("name")).limit(1)
)

_COUNT = Query(sa.select(sa.func.count()).select_from(Job.table))


def _claims() -> dict[str, Query]:
    jobs = Job.table
    due = (
        sa.select(jobs.c.account_id, jobs.c.id)
        .where(jobs.c.waits_until <= sa.bindparam("now", type_=jobs.c.waits_until.type))
        .order_by(jobs.c.waits_until)
        .limit(1)
    )
    taken: dict[str, Any] = {
        "waits_until": sa.bindparam("leased_until"),
        "attempts": jobs.c.attempts + 1,
        "version": jobs.c.version + 1,
    }
    claims = {}
    for engine, found in (("sqlite", due), ("postgresql", due.with_for_update(skip_locked=True))):
        first = found.subquery("due")
        mine = sa.tuple_(jobs.c.account_id, jobs.c.id).in_(sa.select(first.c.account_id, first.c.id))
        claims[engine] = Query(sa.update(jobs).where(mine).values(taken).returning(*columns_of(Job)))
    return claims


_CLAIMS = _claims()


def _claim(engine: str) -> Query:
    return _CLAIMS[engine]
