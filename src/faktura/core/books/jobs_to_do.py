"""A job is a row written in the transaction that causes it; whoever does it holds a lease on it meanwhile."""

import datetime as dt
import itertools
from collections.abc import Iterator

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


@record(
    "jobs",
    index("name", "account_id", "waits_until", "id", over_all_accounts="a worker looks for who is due, sort by sort"),
    paged=False,
)
class Job(Tenant):
    """Something to be done once `waits_until` is past; `arguments` is a JSON list.

    A claim moves `waits_until` to the end of the lease, so a job whose worker died waits no longer than that.
    """

    name: str
    arguments: str
    waits_until: dt.datetime
    attempts: int = 0
    last_error: str | None = None


class Due(msgspec.Struct, frozen=True):
    """A job whose time has come, as a look that locks nothing saw it."""

    account_id: int
    id: int
    version: int
    name: str
    waits_until: dt.datetime


def put(
    tx: Transaction, account_id: int, name: str, arguments: tuple[object, ...], due: dt.datetime, now: dt.datetime
) -> Job:
    """Write down a job."""
    job = Job(account_id, tx.next_id(Job), 1, now, now, name, msgspec.json.encode(arguments).decode(), due)
    tx.insert(job)
    return job


def names_waiting(tx: Transaction) -> list[str]:
    """The names of the jobs that are written down, due or not."""
    found: list[str] = []
    while (name := tx.rows(_NEXT_NAME, name=found[-1] if found else "")[0][0]) is not None:
        found.append(name)
    return found


def due(tx: Transaction, now: dt.datetime, name: str, after: int = HOUSE - 1, most: int = 16) -> list[Due]:
    """Of each account the job of this name that has waited longest, in turn: the accounts after `after` come first.

    However many jobs an account has due, it is there once, and costs one look into the index.
    """
    onwards = _in_turn(tx, now, name, after)
    around = itertools.takewhile(lambda seen: seen.account_id <= after, _in_turn(tx, now, name, HOUSE - 1))
    return list(itertools.islice(itertools.chain(onwards, around), most))


def _in_turn(tx: Transaction, now: dt.datetime, name: str, after: int) -> Iterator[Due]:
    while found := tx.rows(_NEXT_DUE, now=now, name=name, after=after):
        yield (seen := Due(*found[0]))
        after = seen.account_id


def is_put(tx: Transaction, account_id: int, name: str) -> bool:
    """Whether a job of this name waits for its time."""
    return bool(tx.rows(_PUT, account_id=account_id, name=name))


def claim(tx: Transaction, seen: Due, now: dt.datetime) -> Job | None:
    """Take the lease of the job that was seen due, or None where somebody else was faster: then look again."""
    claimed = tx.records(
        Job, _CLAIM, account_id=seen.account_id, id=seen.id, seen_version=seen.version, leased_until=now + LEASE
    )
    return claimed[0] if claimed else None


def finish(tx: Transaction, job: Job) -> None:
    """Cross the job out, in the transaction of its work.

    Raises:
        Stale: the lease ran out and somebody else took the job.

    """
    tx.remove(job)


def put_off(tx: Transaction, job: Job, error: str, now: dt.datetime, delay: dt.timedelta | None = None) -> None:
    """Have a job done again: one that failed each time after twice the delay, one that has a `delay` after that."""
    attempts = job.attempts if delay is None else job.attempts - 1
    if delay is None:
        delay = min(FIRST_DELAY * 2 ** min(attempts - 1, 20), LONGEST_DELAY)
    later = msgspec.structs.replace(
        job, version=job.version + 1, updated_at=now, waits_until=now + delay, attempts=attempts, last_error=error
    )
    tx.replace(job, later)


def waiting(tx: Transaction) -> int:
    """How many jobs are not done."""
    return int(tx.rows(_COUNT)[0][0])


_j = Job.table.c

_NEXT_NAME = Query(sa.select(sa.func.min(_j.name)).where(_j.name > sa.bindparam("name")))

_NEXT_DUE = Query(
    sa.select(_j.account_id, _j.id, _j.version, _j.name, _j.waits_until)
    .where(
        _j.name == sa.bindparam("name"),
        _j.account_id > sa.bindparam("after"),
        _j.waits_until <= sa.bindparam("now", type_=_j.waits_until.type),
    )
    .order_by(_j.account_id, _j.waits_until, _j.id)
    .limit(1)
)

_CLAIM = Query(
    sa.update(Job.table)
    .where(
        _j.account_id == sa.bindparam("account_id"),
        _j.id == sa.bindparam("id"),
        _j.version == sa.bindparam("seen_version"),
    )
    .values(waits_until=sa.bindparam("leased_until"), attempts=_j.attempts + 1, version=_j.version + 1)
    .returning(*columns_of(Job))
)

_PUT = Query(
    sa.select(_j.id).where(_j.account_id == sa.bindparam("account_id"), _j.name == sa.bindparam("name")).limit(1)
)

_COUNT = Query(sa.select(sa.func.count()).select_from(Job.table))
