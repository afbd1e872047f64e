"""The log of requests: what it holds, for whom, and how little."""

import datetime as dt

from faktura.wire.request_log import MOST_ACCOUNTS, MOST_OF_ACCOUNT, Asked, RequestLog

NOON = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)


def asked(path: str = "/clients.json", status: int = 200) -> Asked:
    return Asked("GET", "/api/v3", path, status, "sklep")


def test_an_account_sees_its_own_last_ones_the_newest_first() -> None:
    log = RequestLog()
    for n in range(MOST_OF_ACCOUNT + 1):
        log.add(1, NOON + dt.timedelta(seconds=n), 1.5, asked(f"/clients/{n}.json"))
    log.add(2, NOON, 1.5, asked())

    found = log.of(1)
    assert len(found) == MOST_OF_ACCOUNT
    assert (found[0].path, found[-1].path) == (
        f"/api/v3/clients/{MOST_OF_ACCOUNT}.json",
        "/api/v3/clients/1.json",
    )
    assert len(log.of(2)) == 1
    assert log.of(3) == []


def test_of_many_accounts_those_stay_that_asked_last() -> None:
    log = RequestLog()
    for n in range(MOST_ACCOUNTS + 1):
        log.add(n, NOON + dt.timedelta(seconds=n), 1.5, asked())

    assert log.of(0) == []
    assert [len(log.of(n)) for n in (MOST_ACCOUNTS - 1, MOST_ACCOUNTS)] == [1, 1]
    assert sum(len(log.of(n)) for n in range(MOST_ACCOUNTS + 1)) <= MOST_ACCOUNTS


def test_what_opens_a_file_is_not_shown() -> None:
    log = RequestLog()
    log.add(1, NOON, 1.5, asked("/files/0123456789abcdef"))

    assert "0123456789abcdef" not in log.of(1)[0].path
