"""Rates are fetched up to today, kept exactly, and found for the day they hold on."""

import contextlib
import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from faktura.assembly.house import reach_of
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.countries.country import Bank
from faktura.core.money.exchange_rates import ExchangeRate, Quotation, keep_rates, newest_day, rate_for
from faktura.jobs import Reach, handlers
from faktura.outside.http import Client
from faktura.sandbox.example.exchange_rates import add_exchange_rates
from faktura.settings import Misset, Settings, read_settings
from faktura.store.database import Database
from faktura.store.every import count
from faktura.worker import Worker
from tests.http_double import Host, Reply, host

SATURDAY = dt.date(2026, 11, 21)
FRIDAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(NOON)
    return clock


def day_of(path: str) -> dt.date:
    [found] = [part[:10] for part in path.replace("=", "/").split("/") if part[:3] == "202"]
    return dt.date.fromisoformat(found)


def of_cnb(path: str) -> Reply:
    """Euros are worth 24 crowns and as many hellers as the day of the month; on days of rest the last rates hold."""
    day = day_of(path)
    day -= DAY * max(day.weekday() - 4, 0)
    euro = {"currencyCode": "EUR", "amount": 1, "rate": 24 + day.day / 100}
    forint = {"currencyCode": "HUF", "amount": 100, "rate": 6.245}
    rupiah = {"currencyCode": "IDR", "amount": 1000, "rate": 1.461}
    return Reply(200, json.dumps({"rates": [r | {"validFor": str(day)} for r in (euro, forint, rupiah)]}).encode())


def of_nbp(path: str) -> Reply:
    day = day_of(path)
    if day.weekday() > 4:
        return Reply(404)
    rates = [{"code": "EUR", "mid": 4 + day.day / 100}, {"code": "IDR", "mid": 0.00021234}]
    return Reply(200, json.dumps([{"effectiveDate": str(day), "rates": rates}]).encode())


def of_ecb(path: str) -> Reply:
    """A euro is worth a crown less than in Prague; there are files of the last day and of the last ninety."""
    days = [SATURDAY - n * DAY for n in range(90 if path.endswith("90d.xml") else 2)]
    cubes = "".join(
        f"<Cube time='{day}'><Cube currency='CZK' rate='{24 + day.day / 100}0'/>"
        "<Cube currency='IDR' rate='19321.45'/></Cube>"
        for day in days
        if day.weekday() < 5
    )
    spaces = (
        "xmlns:gesmes='http://www.gesmes.org/xml/2002-08-01' xmlns='http://www.ecb.int/vocabulary/2002-08-01/eurofxref'"
    )
    return Reply(200, f"<?xml version='1.0'?><gesmes:Envelope {spaces}><Cube>{cubes}</Cube></gesmes:Envelope>".encode())


@pytest.fixture
def ecb() -> Iterator[Host]:
    with host(of_ecb) as bank:
        yield bank


@pytest.fixture
def cnb() -> Iterator[Host]:
    with host(of_cnb) as bank:
        yield bank


@pytest.fixture
def nbp() -> Iterator[Host]:
    with host(of_nbp) as bank:
        yield bank


def fetcher(database: Database, clock: Clock, **sources: str) -> Worker:
    name = "fetch_exchange_rates"
    worker = Worker(
        database, clock, {name: handlers()[name]}, Reach(rate_sources=sources, client=Client(loopback=True))
    )
    worker.put_recurring()
    return worker


def rate(database: Database, bank: Bank, currency: str, on: dt.date) -> Decimal | None:
    return database.read(lambda tx: rate_for(tx, bank, currency, on))


def test_a_new_house_has_the_rates_of_the_last_month_of_both_banks(
    database: Database, clock: Clock, cnb: Host, nbp: Host
) -> None:
    assert fetcher(database, clock, cnb=cnb.url, nbp=nbp.url).do_next()

    assert rate(database, "cnb", "EUR", FRIDAY) == Decimal("24.2")
    assert rate(database, "nbp", "EUR", FRIDAY) == Decimal("4.2")
    assert rate(database, "cnb", "EUR", dt.date(2026, 10, 23)) == Decimal("24.23")
    assert rate(database, "cnb", "EUR", SATURDAY - 31 * DAY) == Decimal("24.21")


def test_on_a_day_of_rest_the_rate_of_the_last_working_day_holds(
    database: Database, clock: Clock, cnb: Host, nbp: Host
) -> None:
    assert fetcher(database, clock, cnb=cnb.url, nbp=nbp.url).do_next()

    assert rate(database, "cnb", "EUR", SATURDAY) == rate(database, "cnb", "EUR", FRIDAY)
    assert rate(database, "nbp", "EUR", SATURDAY) == rate(database, "nbp", "EUR", FRIDAY)
    assert database.read(lambda tx: newest_day(tx, "nbp")) == FRIDAY


def test_a_rate_is_that_of_one_unit_to_the_last_digit(database: Database, clock: Clock, cnb: Host, nbp: Host) -> None:
    assert fetcher(database, clock, cnb=cnb.url, nbp=nbp.url).do_next()

    assert rate(database, "cnb", "HUF", FRIDAY) == Decimal("0.06245")
    assert rate(database, "cnb", "IDR", FRIDAY) == Decimal("0.001461")
    assert rate(database, "nbp", "IDR", FRIDAY) == Decimal("0.00021234")


def test_the_european_rates_of_a_month_are_fetched_with_a_file(database: Database, clock: Clock, ecb: Host) -> None:
    assert fetcher(database, clock, ecb=ecb.url).do_next()

    assert rate(database, "ecb", "CZK", SATURDAY) == 1 / Decimal("24.2")
    assert rate(database, "ecb", "CZK", dt.date(2026, 11, 5)) == 1 / Decimal("24.05")
    assert rate(database, "ecb", "CZK", SATURDAY - 31 * DAY) == 1 / Decimal("24.21")
    assert rate(database, "ecb", "IDR", FRIDAY) == 1 / Decimal("19321.45")
    assert ecb.asked == ["/eurofxref-daily.xml", "/eurofxref-hist-90d.xml", "/eurofxref-hist-90d.xml"]


def test_the_european_rates_of_a_day_are_fetched_with_the_small_file(
    database: Database, clock: Clock, ecb: Host
) -> None:
    worker = fetcher(database, clock, ecb=ecb.url)
    assert worker.do_next()
    ecb.asked.clear()
    clock.stand_at(NOON + dt.timedelta(hours=6))
    assert worker.do_next()

    assert ecb.asked == ["/eurofxref-daily.xml"]
    assert database.read(lambda tx: newest_day(tx, "ecb")) == FRIDAY


def test_the_job_comes_back_and_asks_only_for_days_that_it_does_not_know(
    database: Database, clock: Clock, cnb: Host
) -> None:
    worker = fetcher(database, clock, cnb=cnb.url)
    assert worker.do_next()
    cnb.asked.clear()
    clock.stand_at(NOON + 2 * DAY)

    assert worker.do_next()

    assert [day_of(path) for path in cnb.asked] == [FRIDAY + n * DAY for n in (1, 2, 3)]
    assert rate(database, "cnb", "EUR", SATURDAY + 2 * DAY) == Decimal("24.23")
    cnb.asked.clear()
    clock.stand_at(NOON + 2 * DAY + dt.timedelta(hours=6))
    assert worker.do_next()
    assert cnb.asked == []


def test_a_bank_that_does_not_answer_keeps_no_other_waiting_and_is_asked_again(
    database: Database, clock: Clock, cnb: Host, nbp: Host, caplog: pytest.LogCaptureFixture
) -> None:
    cnb.answer = lambda _path: Reply(503)
    worker = fetcher(database, clock, cnb=cnb.url, nbp=nbp.url)

    assert worker.do_next()
    [line] = caplog.records
    assert (line.levelname, line.message, line.exc_info) == ("WARNING", "not done outside", None)
    assert cnb.url in vars(line)["error"]
    assert rate(database, "cnb", "EUR", FRIDAY) is None
    assert rate(database, "nbp", "EUR", FRIDAY) == Decimal("4.2")
    cnb.answer = of_cnb
    clock.stand_at(NOON + dt.timedelta(minutes=1))
    assert worker.do_next()
    assert rate(database, "cnb", "EUR", FRIDAY) == Decimal("24.2")


def test_where_a_bank_fails_in_the_middle_nothing_is_left_out_later(
    database: Database, clock: Clock, cnb: Host
) -> None:
    cnb.answer = lambda path: Reply(503) if day_of(path) > dt.date(2026, 11, 4) else of_cnb(path)
    worker = fetcher(database, clock, cnb=cnb.url)
    assert worker.do_next()
    assert rate(database, "cnb", "EUR", FRIDAY) == Decimal("24.04")
    cnb.answer = of_cnb
    clock.stand_at(NOON + dt.timedelta(minutes=1))

    assert worker.do_next()

    for day in (5, 6, 9, 10, 20):
        assert rate(database, "cnb", "EUR", dt.date(2026, 11, day)) == 24 + Decimal(day) / 100


def test_nobody_is_asked_where_no_address_is_set(database: Database, clock: Clock) -> None:
    worker = fetcher(database, clock)

    assert worker.do_next()

    assert database.read(lambda tx: count(tx, ExchangeRate)) == 0
    assert not worker.do_next()


def test_a_rate_holds_from_its_day_until_the_next(database: Database, clock: Clock) -> None:
    told = [Quotation("EUR", FRIDAY, Decimal("24.4")), Quotation("EUR", FRIDAY + 3 * DAY, Decimal("24.5"))]
    database.write(lambda tx: keep_rates(Office(tx, clock.now()), "cnb", told))

    found = [rate(database, "cnb", "EUR", FRIDAY + n * DAY) for n in (-1, 0, 2, 3, 400)]
    assert found == [None, Decimal("24.4"), Decimal("24.4"), Decimal("24.5"), Decimal("24.5")]
    assert rate(database, "nbp", "EUR", FRIDAY) is None
    assert rate(database, "cnb", "USD", FRIDAY) is None


def test_what_a_bank_puts_right_is_put_right_and_the_same_again_changes_nothing(
    database: Database, clock: Clock
) -> None:
    def keep(worth: str) -> int:
        told = [Quotation("EUR", FRIDAY, Decimal(worth))]
        return database.write(lambda tx: keep_rates(Office(tx, clock.now()), "cnb", told))

    assert [keep("24.4"), keep("24.4"), keep("24.40"), keep("24.41")] == [1, 0, 0, 1]
    assert rate(database, "cnb", "EUR", FRIDAY) == Decimal("24.41")


def test_a_bank_may_be_switched_off_and_another_address_named() -> None:
    assert set(reach_of(Settings()).rate_sources) == {"cnb", "nbp", "ecb"}
    settings = read_settings(
        {"FAKTURA_CNB_URL": "off", "FAKTURA_NBP_URL": "http://127.0.0.1:9/api", "FAKTURA_ECB_URL": "off"}
    )
    assert reach_of(settings).rate_sources == {"nbp": "http://127.0.0.1:9/api"}
    for wrong in ("ftp://bank.example", "https://", "https://bank.example/?a=b", "of"):
        with contextlib.suppress(Misset):
            read_settings({"FAKTURA_CNB_URL": wrong})
            pytest.fail(f"{wrong} is no address")


def test_the_rates_of_the_sandbox_hold_on_every_day_that_its_clock_may_stand_at(
    database: Database, clock: Clock
) -> None:
    database.write(lambda tx: add_exchange_rates(Office(tx, clock.now())))

    for day in (dt.date(1970, 1, 1), SATURDAY, dt.date(2999, 12, 31)):
        assert rate(database, "cnb", "EUR", day) == Decimal("24.465")
        assert rate(database, "nbp", "CZK", day) == Decimal("0.1745")
        assert rate(database, "ecb", "CZK", day) == 1 / Decimal("24.465")
    assert rate(database, "cnb", "HUF", SATURDAY) == Decimal("0.06245")
