"""What the ministry says of KSeF itself: when it is down, as planned or not."""

import datetime as dt
from collections.abc import Iterable

from faktura.core.books.office import Office
from faktura.core.ksef.deadlines import Outage
from faktura.store.records import Shared, record, unique
from faktura.store.transaction import Transaction

KEPT = dt.timedelta(days=90)
"""How long an outage that is over may still matter to a deadline."""


@record("ksef_services", unique("status_url"))
class KsefService(Shared):
    """The outages that were announced of an environment, as its `status_url` said them at `read_at`."""

    status_url: str
    read_at: dt.datetime
    outages: tuple[Outage, ...] = ()


def outages_at(tx: Transaction, status_url: str) -> tuple[Outage, ...]:
    """Those that are known."""
    service = tx.get(KsefService, status_url=status_url)
    return service.outages if service else ()


def keep_outages(office: Office, status_url: str, told: Iterable[Outage]) -> KsefService:
    """Keep what was said now; what is said no more stays, as it may still move a deadline."""
    known = office.look_up(KsefService, status_url=status_url)
    if known is None:
        return office.add(KsefService, status_url=status_url, read_at=office.now, outages=_kept((), told, office.now))
    return office.change(known, read_at=office.now, outages=_kept(known.outages, told, office.now))


def _kept(known: Iterable[Outage], told: Iterable[Outage], now: dt.datetime) -> tuple[Outage, ...]:
    by_event = {outage.event: outage for outage in (*known, *told)}
    return tuple(one for one in by_event.values() if one.until is None or one.until > now - KEPT)
