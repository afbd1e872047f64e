"""Exchange rates are fetched from the banks that the operator names, day by day up to today."""

import datetime as dt
from collections.abc import Callable

from faktura.core.books.office import Office
from faktura.core.countries.country import Bank
from faktura.core.countries.known import day_in
from faktura.core.money.exchange_rates import Quotation, keep_rates, newest_day
from faktura.jobs import Errand, doubling, nothing_more
from faktura.outside.http import Unanswered
from faktura.outside.registries.exchange_rates import rates_between, rates_on

LANE = "outside"

EVERY = dt.timedelta(hours=6)
"""Often enough to have a day's rates, published at noon in Warsaw, at half past two in Prague and at four in Frankfurt,
on that day."""

DELAYS = doubling(dt.timedelta(minutes=1), dt.timedelta(hours=1), EVERY)

DAY = dt.timedelta(days=1)

FIRST_DAYS = dt.timedelta(days=31)
"""How far back the rates of a new house go."""

COUNTRIES: dict[Bank, str] = {"cnb": "CZ", "nbp": "PL", "ecb": "DE"}


def go_out(errand: Errand) -> Callable[[Office], None]:
    """What came is kept at once; a bank that does not answer keeps no other waiting.

    Raises:
        Unanswered: some did not answer, and will be asked again.

    """
    unanswered: list[str] = []
    for bank, country in COUNTRIES.items():
        url = errand.reach.rate_sources.get(bank)
        if not url:
            continue
        try:
            _fetch(errand, bank, url, day_in(country, errand.clock.now()))
        except Unanswered as error:
            unanswered.append(str(error))
    if unanswered:
        raise Unanswered("; ".join(unanswered))
    return nothing_more


def _fetch(errand: Errand, bank: Bank, url: str, today: dt.date) -> None:
    known = errand.read(lambda office: newest_day(office.tx, bank))
    if known is None:
        known = today - FIRST_DAYS
        _keep(errand, bank, rates_on(errand.reach.client, bank, url, known))
    for told in rates_between(errand.reach.client, bank, url, known + DAY, today):
        _keep(errand, bank, told)


def _keep(errand: Errand, bank: Bank, told: list[Quotation]) -> None:
    if told:
        errand.write(lambda office: keep_rates(office, bank, told))
