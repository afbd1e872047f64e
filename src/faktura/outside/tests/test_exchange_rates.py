"""Rates of the banks are read as their samples give them, to the last digit."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest

from faktura.core.money.exchange_rates import Quotation
from faktura.outside.http import Client, Unanswered
from faktura.outside.registries.exchange_rates import rates_of, rates_on
from tests.http_double import Reply, host

CLIENT = Client(loopback=True)

FRIDAY = dt.date(2026, 11, 20)
SATURDAY = dt.date(2026, 11, 21)
SUNDAY = dt.date(2026, 11, 22)


@pytest.fixture
def samples(shared_folder: Path) -> Path:
    return shared_folder / "schemas" / "registries"


def test_the_czech_bank_tells_the_rates_of_one_and_of_a_hundred(samples: Path) -> None:
    sample = (samples / "cnb-exrates-daily-200.json").read_bytes()
    with host(lambda _path: Reply(200, sample)) as bank:
        told = rates_of(CLIENT, "cnb", bank.url, FRIDAY)

    assert bank.asked == ["/exrates/daily?date=2026-11-20&lang=EN"]
    assert Quotation("EUR", FRIDAY, Decimal("24.465"), 1) in told
    assert Quotation("HUF", FRIDAY, Decimal("6.245"), 100) in told
    assert len(told) == 4


def test_of_a_day_of_rest_the_czech_bank_tells_the_rates_that_hold_on(samples: Path) -> None:
    sample = (samples / "cnb-exrates-daily-200.json").read_bytes()
    with host(lambda _path: Reply(200, sample)) as bank:
        told = rates_of(CLIENT, "cnb", bank.url, SUNDAY)

    assert {quotation.valid_on for quotation in told} == {FRIDAY}


def test_the_polish_bank_tells_its_table_of_middle_rates(samples: Path) -> None:
    sample = (samples / "nbp-table-A-200.json").read_bytes()
    with host(lambda _path: Reply(200, sample)) as bank:
        told = rates_of(CLIENT, "nbp", bank.url, FRIDAY)

    assert bank.asked == ["/exchangerates/tables/A/2026-11-20/?format=json"]
    assert Quotation("EUR", FRIDAY, Decimal("4.2689")) in told
    assert Quotation("HUF", FRIDAY, Decimal("0.010897")) in told


ECB = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
 <gesmes:subject>Reference rates</gesmes:subject>
 <gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
 <Cube><Cube time='2026-11-20'>
  <Cube currency='USD' rate='1.1643'/><Cube currency='JPY' rate='173.76'/><Cube currency='GBP' rate='0.87910'/>
 </Cube></Cube>
</gesmes:Envelope>"""


def test_the_european_bank_gives_what_a_euro_is_worth() -> None:
    with host(lambda _path: Reply(200, ECB)) as bank:
        told = rates_of(CLIENT, "ecb", bank.url, SUNDAY)

    assert bank.asked == ["/eurofxref-daily.xml"]
    assert told == [
        Quotation("USD", FRIDAY, Decimal(10_000), 11643),
        Quotation("JPY", FRIDAY, Decimal(100), 17376),
        Quotation("GBP", FRIDAY, Decimal(10_000), 8791),
    ]


def test_of_a_day_before_the_last_the_longer_file_of_the_european_bank_is_asked() -> None:
    before = ECB.replace(
        b"</Cube></Cube>", b"</Cube><Cube time='2026-11-18'><Cube currency='USD' rate='2'/></Cube></Cube>"
    )
    with host(lambda path: Reply(200, before if "90d" in path else ECB)) as bank:
        assert rates_of(CLIENT, "ecb", bank.url, FRIDAY - dt.timedelta(days=1)) == [
            Quotation("USD", FRIDAY - dt.timedelta(days=2), Decimal(1), 2)
        ]
        assert rates_of(CLIENT, "ecb", bank.url, FRIDAY - dt.timedelta(days=9)) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"{}",
        b"<a/>",
        b"<!DOCTYPE a [<!ENTITY b '2026-11-20'>]><a>&b;</a>",
        *(
            ECB.replace(b"1.1643", rate)
            for rate in (b"", b"0", b"-1", b"1,2", b"NaN", b"sNaN", b"1e9", b"0.00000000001")
        ),
        ECB.replace(b"USD", b"DOLLAR"),
        ECB.replace(b"2026-11-20", b"yesterday"),
    ],
)
def test_what_is_no_file_of_the_european_bank_is_no_answer(body: bytes) -> None:
    with host(lambda _path: Reply(200, body)) as bank, pytest.raises(Unanswered):
        rates_of(CLIENT, "ecb", bank.url, FRIDAY)


def test_where_the_polish_bank_has_none_its_last_day_before_is_asked(samples: Path) -> None:
    sample, nothing = (samples / "nbp-table-A-200.json").read_bytes(), (samples / "nbp-404.txt").read_bytes()
    with host(lambda path: Reply(200, sample) if "2026-11-20" in path else Reply(404, nothing)) as bank:
        assert rates_of(CLIENT, "nbp", bank.url, SUNDAY) == []
        told = rates_on(CLIENT, "nbp", bank.url, SUNDAY)

    assert {quotation.valid_on for quotation in told} == {FRIDAY}
    assert len(bank.asked) == 4


def test_a_bank_without_rates_for_long_has_not_answered() -> None:
    with host(lambda _path: Reply(404)) as bank, pytest.raises(Unanswered, match="no rates"):
        rates_on(CLIENT, "nbp", bank.url, SUNDAY)

    assert len(bank.asked) == 11


def test_an_error_of_the_bank_is_no_answer(samples: Path) -> None:
    refusal = (samples / "cnb-exrates-400.json").read_bytes()
    with host(lambda _path: Reply(400, refusal)) as bank, pytest.raises(Unanswered, match="400"):
        rates_of(CLIENT, "cnb", bank.url, FRIDAY)


def line(**values: object) -> bytes:
    usual = {"validFor": "2026-11-20", "amount": 1, "currencyCode": "EUR", "rate": 24.465}
    return json.dumps({"rates": [usual | values]}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"rates": [{}]}',
        line(rate=0),
        line(rate=-1),
        line(rate=1e9),
        line(rate=1e-12),
        line(rate="NaN"),
        line(rate="Infinity"),
        line(amount=0),
        line(currencyCode="EURO"),
        line(validFor="2026-11-21"),
    ],
)
def test_what_is_no_list_of_rates_of_that_day_is_no_answer(body: bytes) -> None:
    with host(lambda _path: Reply(200, body)) as bank, pytest.raises(Unanswered):
        rates_of(CLIENT, "cnb", bank.url, FRIDAY)
