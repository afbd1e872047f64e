"""A job is a row written in the transaction that causes it; whoever does it holds a lease on it meanwhile."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from faktura.store.records import Tenant, changed, index, record
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of

LEASE = dt.timedelta(minutes=5)

HOUSE = 0
"""The account of jobs that concern no account."""


@record(
    "jobs",
    index("name", "account_id", "waits_until", "id", over_all_accounts="a worker looks for who is due, sort by sort"),
    index("account_id", "in_order", "id", where_set="in_order"),
    paged=False,
)
class Job(Tenant):
    """Something to be done once `waits_until` is past; `arguments` is a JSON list.

    A claim moves `waits_until` to the end of the lease, so a job whose worker died waits no longer than that. What was
    given up waits for nothing but an operator. Jobs of an account with the same `in_order` are done one after
    the other, as they were put; one that was given up holds up no other.
    """

    name: str
    arguments: str
    waits_until: dt.datetime | None
    attempts: int = 0
    last_error: str | None = None
    in_order: str | None = None


class Due(msgspec.Struct, frozen=True):
    """A job whose time has come, as a look that locks nothing saw it."""

    account_id: int
    id: int
    version: int
    name: str
    waits_until: dt.datetime


def put(
    tx: Transaction,
    account_id: int,
    name: str,
    arguments: tuple[object, ...],
    due: dt.datetime,
    now: dt.datetime,
    in_order: str | None = None,
) -> Job:
    """Write down a job."""
    job = Job(account_id, 0, 1, now, now, name, msgspec.json.encode(arguments).decode(), due, in_order=in_order)
    tx.add(job)
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


def put_for_each(tx: Transaction, account_ids: Iterable[int], name: str, now: dt.datetime) -> None:
    """Write down a job for each of the accounts in which none of this name waits."""
    for account_id in account_ids:
        if not is_put(tx, account_id, name):
            put(tx, account_id, name, (), now, now)


def put_by(tx: Transaction, account_id: int, name: str, due: dt.datetime, now: dt.datetime) -> None:
    """Have the one job of this name done by then; one that is under way, or that failed, keeps its own time."""
    if not tx.write(_HASTEN, account_id=account_id, name=name, due=due, now=now) and not is_put(tx, account_id, name):
        put(tx, account_id, name, (), due, now, in_order=name)


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


def put_off(tx: Transaction, job: Job, why: str, now: dt.datetime, until: dt.datetime, attempts: int) -> None:
    """Have a job done later; so many attempts count."""
    _rewrite(tx, job, now, waits_until=until, attempts=attempts, last_error=why)


def hand_over(tx: Transaction, job: Job, name: str, now: dt.datetime) -> None:
    """Have a job done under another name, now; it keeps its place in its order, and this try does not count."""
    _rewrite(tx, job, now, name=name, waits_until=now, attempts=job.attempts - 1)


def give_up(tx: Transaction, job: Job, why: str, now: dt.datetime) -> None:
    """Have a job done no more, unless an operator has it done again."""
    _rewrite(tx, job, now, waits_until=None, last_error=why)


def do_again(tx: Transaction, job: Job, now: dt.datetime) -> None:
    """Have a job done now, with all its attempts before it."""
    _rewrite(tx, job, now, waits_until=now, attempts=0)


def failing(tx: Transaction) -> list[Job]:
    """The jobs of all accounts that failed or were put off, and those that were given up."""
    return tx.records(Job, _FAILING)


def _rewrite(tx: Transaction, job: Job, now: dt.datetime, **values: Any) -> None:
    tx.replace(job, changed(job, version=job.version + 1, updated_at=now, **values))


def waiting(tx: Transaction) -> int:
    """How many jobs are to be done."""
    return int(tx.rows(_COUNT)[0][0])


_j = Job.table.c
_before = Job.table.alias("before")

_OTHERS_FIRST = (
    sa.select(_before.c.id)
    .where(_before.c.account_id == _j.account_id, _before.c.in_order == _j.in_order)
    .where(_before.c.id < _j.id, _before.c.waits_until.is_not(None))
    .exists()
)

_NEXT_NAME = Query(sa.select(sa.func.min(_j.name)).where(_j.name > sa.bindparam("name")))

_NEXT_DUE = Query(
    sa.select(_j.account_id, _j.id, _j.version, _j.name, _j.waits_until)
    .where(
        _j.name == sa.bindparam("name"),
        _j.account_id > sa.bindparam("after"),
        _j.waits_until <= sa.bindparam("now", type_=_j.waits_until.type),
        _j.in_order.is_(None) | ~_OTHERS_FIRST,
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
    sa.select(_j.id)
    .where(_j.account_id == sa.bindparam("account_id"), _j.name == sa.bindparam("name"), _j.waits_until.is_not(None))
    .limit(1)
)

_HASTEN = Query(
    sa.update(Job.table)
    .where(
        _j.account_id == sa.bindparam("account_id"),
        _j.name == sa.bindparam("name"),
        # One that nobody has taken yet: what was taken waits for the end of its lease.
        _j.attempts == 0,
        _j.waits_until > sa.bindparam("due", type_=_j.waits_until.type),
    )
    .values(
        waits_until=sa.bindparam("due", type_=_j.waits_until.type),
        updated_at=sa.bindparam("now", type_=_j.updated_at.type),
        version=_j.version + 1,
    )
)

_FAILING = Query(sa.select(*columns_of(Job)).where(_j.last_error.is_not(None)).order_by(_j.id))

_COUNT = Query(sa.select(sa.func.count()).select_from(Job.table).where(_j.waits_until.is_not(None)))
