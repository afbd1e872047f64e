"""Exchange rates as central banks publish them, once a working day: Czech, Polish, European."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from faktura.core.countries.country import Bank
from faktura.core.money.exchange_rates import Quotation
from faktura.outside.http import Client, Unanswered, origin_of
from faktura.outside.xml import read_xml

T = TypeVar("T")

DAY = dt.timedelta(days=1)

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


class EcbRate(msgspec.Struct):
    """How much of a currency a euro is worth."""

    currency: Code
    rate: Decimal


def rates_of(client: Client, bank: Bank, url: str, day: dt.date) -> list[Quotation]:
    """What the bank at this address says of a day; nothing where it published nothing.

    Of a day without rates of its own the Czech and the European bank give those that hold on, with their own day.

    Raises:
        Unanswered: the bank cannot be reached, or does not answer with rates of that day or before.

    """
    return _checked(bank, _BANKS[bank](client, url, day), day)


def rates_between(client: Client, bank: Bank, url: str, first: dt.date, last: dt.date) -> Iterator[list[Quotation]]:
    """What the bank says of the days from first to last, as they are asked for.

    Raises:
        Unanswered: as for `rates_of`.

    """
    if bank == "ecb" and first < last:
        yield from (_checked(bank, told, day) for day, told in _ecb(client, url, _LAST_DAYS) if first <= day <= last)
        return
    for day in range(first.toordinal(), last.toordinal() + 1):
        yield rates_of(client, bank, url, dt.date.fromordinal(day))


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


def _ecb_on(client: Client, url: str, day: dt.date) -> list[Quotation]:
    """The file of the last working day is small, that of the days before it is not."""
    for name in (_LAST_DAY, _LAST_DAYS):
        before = [told for of, told in _ecb(client, url, name) if of <= day]
        if before:
            return before[-1]
    return []


def _ecb(client: Client, url: str, name: str) -> list[tuple[dt.date, list[Quotation]]]:
    """The days of a file in their order; it says how much of a currency a euro is worth."""
    answer = _answer(client, f"{url}/{name}")
    if answer is None:
        return []
    try:
        days = read_xml(answer, origin_of(url)).iterfind(".//{*}Cube[@time]")
        read = {
            dt.date.fromisoformat(day.get("time")): [msgspec.convert(dict(rate.attrib), EcbRate) for rate in day]
            for day in days
        }
    except ValueError as error:
        raise Unanswered(f"{origin_of(url)}: {error}") from None
    if not read:
        raise Unanswered(f"{origin_of(url)}: there are no rates in {name}")
    return [(day, [_turned(rate, day) for rate in read[day]]) for day in sorted(read)]


def _turned(told: EcbRate, day: dt.date) -> Quotation:
    """That 1 euro is worth 24.465 crowns is kept as: 24465 crowns are worth 1000 euros."""
    if not (told.rate.is_finite() and 0 < told.rate < MOST):
        raise Unanswered(f"{told.rate} is no rate of {told.currency}")
    worth, amount = Decimal(1), told.rate
    while amount % 1 and worth < MOST:
        worth, amount = worth * 10, amount * 10
    return Quotation(told.currency, day, worth, int(amount))


_LAST_DAY = "eurofxref-daily.xml"
_LAST_DAYS = "eurofxref-hist-90d.xml"

_BANKS: dict[Bank, Callable[[Client, str, dt.date], list[Quotation]]] = {"cnb": _cnb, "nbp": _nbp, "ecb": _ecb_on}


def _checked(bank: Bank, told: list[Quotation], day: dt.date) -> list[Quotation]:
    for quotation in told:
        exponent = quotation.worth.as_tuple().exponent
        if not (isinstance(exponent, int) and exponent >= FINEST and 0 < quotation.worth < MOST):
            raise Unanswered(f"{quotation.worth} is no rate of {quotation.currency}")
        if quotation.valid_on > day:
            raise Unanswered(f"asked for {day}, {bank} gives rates of {quotation.valid_on}")
    return told


def _read(client: Client, url: str, kind: type[T]) -> T | None:
    answer = _answer(client, url)
    if answer is None:
        return None
    try:
        return msgspec.json.decode(answer, type=kind)
    except msgspec.DecodeError as error:
        raise Unanswered(f"{origin_of(url)}: {error}") from None


def _answer(client: Client, url: str) -> bytes | None:
    """None where there is nothing at the address."""
    answer = client.get(url)
    if answer.status == NOT_FOUND:
        return None
    if answer.status != OK:
        raise Unanswered(f"{origin_of(url)}: status {answer.status}")
    return answer.body


OK = 200
NOT_FOUND = 404
