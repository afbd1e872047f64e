"""Whether KSeF is down is read where the ministry says it, and firms that wait for it are looked after.

Every five minutes where something waits for KSeF, or it is down; else every hour.
"""

import contextlib
import datetime as dt

from faktura.core.books.jobs_to_do import put_for_each
from faktura.core.books.office import Office
from faktura.core.ksef.offline import accounts_to_follow, services_to_ask
from faktura.core.ksef.service import keep_outages
from faktura.jobs import Effect, Errand, nothing_more
from faktura.outside.http import Unanswered
from faktura.outside.latarnia import outages_told

LANE = "outside"
EVERY = dt.timedelta(minutes=5)
FOLLOW = "follow_ksef"


def go_out(errand: Errand) -> Effect:
    """Where nobody says anything, what was said before counts."""
    if errand.reach.ksef is None:
        return nothing_more
    for url in errand.read(services_to_ask):
        with contextlib.suppress(Unanswered):
            _keep(errand, url)
    return _put


def _keep(errand: Errand, url: str) -> None:
    told = outages_told(errand.reach.client, url)
    errand.write(lambda office: keep_outages(office, url, told))


def _put(office: Office) -> None:
    put_for_each(office.tx, accounts_to_follow(office), FOLLOW, office.now)
