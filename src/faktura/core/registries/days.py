"""How often a registry was asked on a day, counted before it is asked, so that its limit is never passed."""

import datetime as dt

import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.core.registries.facts import RegistryName
from faktura.store.records import Shared, record, unique
from faktura.store.statements import Query

NO_LIMIT = 2**31 - 1

LONGEST_ERROR = 300


@record("registry_days", unique("registry", "day"))
class RegistryDay(Shared):
    """The calls of a day where the registry is; `rests_until` is when it is asked again after it failed often.

    `failed_at` and `last_error` are of the last call that failed.
    """

    registry: RegistryName
    day: dt.date
    calls: int = 0
    failed: int = 0
    rests_until: dt.datetime | None = None
    failed_at: dt.datetime | None = None
    last_error: str | None = None


def take_call(office: Office, registry: RegistryName, day: dt.date, limit: int) -> bool:
    """Count one more call; False where there were as many as are allowed, and none must be made."""
    values = {"registry": registry, "day": day, "now": office.now}
    if limit < 1:
        return False
    if office.tx.write(_TAKE, **values, limit=limit):
        return True
    if office.look_up(RegistryDay, registry=registry, day=day) is not None:
        return False
    office.add(RegistryDay, registry=registry, day=day, calls=1)
    return True


def note_failure(
    office: Office, registry: RegistryName, day: dt.date, why: str, rests_until: dt.datetime | None
) -> None:
    """Write down that a call failed, why, and how long nobody asks again."""
    values = {"why": why[:LONGEST_ERROR], "rests_until": rests_until}
    office.tx.write(_FAIL, registry=registry, day=day, now=office.now, **values)


def note_recovery(office: Office, registry: RegistryName, day: dt.date) -> None:
    """Write down that it answers again."""
    office.tx.write(_RECOVER, registry=registry, day=day, now=office.now)


def last_failure(office: Office, registry: RegistryName) -> RegistryDay | None:
    """The last day on which it failed."""
    found = office.tx.rows(_LAST_FAILURE, registry=registry)
    return office.look_up(RegistryDay, id=found[0][0]) if found else None


def note_spent(office: Office, registry: RegistryName, day: dt.date, limit: int) -> None:
    """The registry says itself that it answers no more on that day."""
    office.tx.write(_SPEND, registry=registry, day=day, now=office.now, limit=limit)


_d = RegistryDay.table.c

_OF_DAY = (_d.registry == sa.bindparam("registry"), _d.day == sa.bindparam("day", type_=_d.day.type))
_NOW = sa.bindparam("now", type_=_d.updated_at.type)
_NEXT = {"version": _d.version + 1, "updated_at": _NOW}

_TAKE = Query(
    sa.update(RegistryDay.table)
    .where(*_OF_DAY, _d.calls < sa.bindparam("limit", type_=sa.Integer))
    .values(calls=_d.calls + 1, **_NEXT)
)

_FAIL = Query(
    sa.update(RegistryDay.table)
    .where(*_OF_DAY)
    .values(
        failed=_d.failed + 1,
        failed_at=_NOW,
        last_error=sa.bindparam("why"),
        rests_until=sa.bindparam("rests_until", type_=_d.rests_until.type),
        **_NEXT,
    )
)

_RECOVER = Query(
    sa.update(RegistryDay.table).where(*_OF_DAY, _d.rests_until.is_not(None)).values(rests_until=None, **_NEXT)
)

_LAST_FAILURE = Query(
    sa.select(_d.id)
    .where(_d.registry == sa.bindparam("registry"), _d.failed_at.is_not(None))
    .order_by(_d.failed_at.desc())
    .limit(1)
)

_SPEND = Query(
    sa.update(RegistryDay.table).where(*_OF_DAY).values(calls=sa.bindparam("limit", type_=sa.Integer), **_NEXT)
)
