"""Exchange rates as the Czech National Bank and Narodowy Bank Polski publish them, once a working day."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from faktura.core.countries.country import Bank
from faktura.core.money.exchange_rates import Quotation
from faktura.outside.http import Client, Unanswered, origin_of

T = TypeVar("T")

LONGEST_PAUSE = 10
"""Days that a bank may publish nothing: weekends and holidays together."""

MOST = Decimal(10) ** 6
FINEST = -10
"""No rate reaches that, and none has more decimal places; else the answer is no list of rates."""

Code = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Amount = Annotated[int, Meta(ge=1, le=1_000_000)]


class CnbRate(msgspec.Struct, rename="camel"):
    """A line of the Czech National Bank; `amount` is 1, 100 or 1000."""

    valid_for: dt.date
    amount: Amount
    currency_code: Code
    rate: Decimal


class CnbDay(msgspec.Struct):
    rates: list[CnbRate]


class NbpRate(msgspec.Struct):
    """A line of table A: the middle rate of one unit."""

    code: Code
    mid: Decimal


class NbpDay(msgspec.Struct, rename="camel"):
    effective_date: dt.date
    rates: list[NbpRate]


def rates_of(client: Client, bank: Bank, url: str, day: dt.date) -> list[Quotation]:
    """What the bank at this address says of a day; nothing where it published nothing.

    Of a day without rates of its own the Czech National Bank tells those that hold on, with the day they are from.

    Raises:
        Unanswered: the bank cannot be reached, or does not answer with rates of that day or before.

    """
    told = _BANKS[bank](client, url, day)
    for quotation in told:
        exponent = quotation.worth.as_tuple().exponent
        if not (isinstance(exponent, int) and exponent >= FINEST and 0 < quotation.worth < MOST):
            raise Unanswered(f"{quotation.worth} is no rate of {quotation.currency}")
        if quotation.valid_on > day:
            raise Unanswered(f"asked for {day}, {bank} tells rates of {quotation.valid_on}")
    return told


def rates_on(client: Client, bank: Bank, url: str, day: dt.date) -> list[Quotation]:
    """The rates that hold on a day: its own, or those of the last day before that had some.

    Raises:
        Unanswered: there are none for long, or as for `rates_of`.

    """
    for back in range(LONGEST_PAUSE + 1):
        if told := rates_of(client, bank, url, day - dt.timedelta(days=back)):
            return told
    raise Unanswered(f"{bank} has no rates of {day} nor of {LONGEST_PAUSE} days before")


def _cnb(client: Client, url: str, day: dt.date) -> list[Quotation]:
    read = _read(client, f"{url}/exrates/daily?date={day}&lang=EN", CnbDay)
    return [] if read is None else [Quotation(r.currency_code, r.valid_for, r.rate, r.amount) for r in read.rates]


def _nbp(client: Client, url: str, day: dt.date) -> list[Quotation]:
    tables = _read(client, f"{url}/exchangerates/tables/A/{day}/?format=json", list[NbpDay])
    return [Quotation(r.code, table.effective_date, r.mid) for table in tables or () for r in table.rates]


_BANKS: dict[Bank, Callable[[Client, str, dt.date], list[Quotation]]] = {"cnb": _cnb, "nbp": _nbp}


def _read(client: Client, url: str, kind: type[T]) -> T | None:
    """None where there is nothing at the address."""
    answer = client.get(url)
    if answer.status == NOT_FOUND:
        return None
    if answer.status != OK:
        raise Unanswered(f"{origin_of(url)}: status {answer.status}")
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except msgspec.DecodeError as error:
        raise Unanswered(f"{origin_of(url)}: {error}") from None


OK = 200
NOT_FOUND = 404
