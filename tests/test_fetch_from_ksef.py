"""What KSeF holds for a firm comes into its books, each invoice once, whichever way, and none is missing."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import msgspec
import pytest

from faktura.core.books.jobs_to_do import Job
from faktura.core.ksef.connection import connection_of
from faktura.core.ksef.receive import mark_of
from faktura.core.received.book import book_scan
from faktura.inputs.tests.hostile import example
from faktura.sandbox.outside.ksef.standing import Handed, HandedLine, Standing
from faktura.store.database import Database
from faktura.store.queries import Selection
from tests.ksef_firm import TAX_NO
from tests.ksef_received import NOON, Receiver, received_by

OTHER = "5265877635"


@pytest.fixture
def firm(database: Database) -> Iterator[Receiver]:
    with received_by(database) as receiver:
        yield receiver


@pytest.fixture
def recent(firm: Receiver) -> Receiver:
    """One that has fetched everything before."""
    firm.fetch()
    firm.double.standing = Standing()
    return firm


def calls(firm: Receiver, sort: str) -> int:
    return firm.double.counts[sort]


def in_order(firm: Receiver, numbers: list[str]) -> bool:
    """Whether just these are kept, each once."""
    return sorted(firm.numbers()) == sorted(numbers)


def test_few_are_fetched_one_by_one(firm: Receiver) -> None:
    numbers = firm.hand_in(3)

    firm.fetch()

    assert in_order(firm, numbers)
    assert sorted(scan.ksef_number or "" for scan in firm.inbox) == sorted(numbers)
    assert (calls(firm, "invoiceDownload"), calls(firm, "invoiceExport")) == (3, 0)
    assert firm.jobs() == []


def test_what_came_says_what_its_supplier_said_and_is_booked_by_a_press(firm: Receiver) -> None:
    firm.hand_in(1, seller_name="Palarnia", lines=(HandedLine("Kawa", Decimal("10.50")),))
    firm.fetch()
    [scan] = firm.inbox

    assert scan.told is not None
    assert (scan.told.number, scan.told.supplier.name, scan.told.warnings) == ("Z/1", "Palarnia", ())
    expense = firm.firm.do(book_scan, scan.id)
    assert (expense.ksef_number, str(expense.gross_total)) == (firm.numbers()[0], "12.92")


def test_many_come_in_a_package_of_parts(firm: Receiver) -> None:
    firm.double.standing = Standing(part_most=10_000)
    numbers = firm.hand_in(230)

    firm.fetch()

    assert in_order(firm, numbers)
    assert (calls(firm, "invoiceDownload"), calls(firm, "invoiceExport")) == (0, 1)
    assert calls(firm, "storage") > 1
    assert len(firm.inbox) == 230


def test_a_package_is_waited_for(recent: Receiver) -> None:
    recent.double.standing = Standing(status_after_s=12)
    numbers = recent.hand_in(11)

    recent.fetch("Subject2")

    assert in_order(recent, numbers)
    assert calls(recent, "invoiceExportStatus") == 3


def test_what_is_too_much_for_a_package_comes_in_others(recent: Receiver) -> None:
    recent.double.standing = Standing(export_most=40)
    numbers = recent.hand_in(130)

    recent.fetch("Subject2")

    assert in_order(recent, numbers)
    assert calls(recent, "invoiceExport") > 3


def test_what_is_not_settled_yet_comes_later_and_nothing_is_left_out(recent: Receiver) -> None:
    recent.double.standing = Standing(hwm_lag_s=120)
    numbers = recent.hand_in(30)
    recent.fetch("Subject2")
    assert recent.numbers() == []

    recent.firm.clock.stand_at(recent.firm.clock.now() + dt.timedelta(seconds=121))
    later = recent.hand_in(5, first=31)
    recent.fetch("Subject2")
    assert in_order(recent, numbers)

    recent.firm.clock.stand_at(recent.firm.clock.now() + dt.timedelta(seconds=121))
    recent.fetch("Subject2")
    assert in_order(recent, numbers + later)


def test_what_is_there_is_not_fetched_again(firm: Receiver) -> None:
    firm.hand_in(3)
    firm.fetch()
    firm.fetch("Subject2")

    assert calls(firm, "invoiceDownload") == 3


def test_the_mark_is_what_ksef_has_settled(firm: Receiver) -> None:
    firm.fetch()

    connection = firm.firm.do(connection_of)
    assert connection is not None
    assert NOON <= mark_of(connection, "Subject2") == connection.costs_fetched_at


def test_what_we_issued_elsewhere_is_kept_and_no_cost(recent: Receiver) -> None:
    recent.hand_in(2, buyer_tax_no=OTHER, seller_tax_no=TAX_NO)

    recent.fetch()

    assert [one.side for one in recent.kept] == ["Subject1", "Subject1"]
    assert recent.inbox == []


@pytest.mark.parametrize(("role", "is_cost"), [("8", True), ("2", True), ("1", False), ("7", False)])
def test_a_third_party_pays_what_it_stands_on_as_one_who_buys(recent: Receiver, role: str, *, is_cost: bool) -> None:
    text = example("samples-fa3/vat-jst-third-party.xml").decode()
    text = text.replace("1234563218", OTHER).replace("<Rola>8", f"<Rola>{role}")
    head, third = text.split("<Podmiot3>")
    xml = f"{head}<Podmiot3>{third.replace('1111111111', TAX_NO, 1)}"
    recent.double.hand_in(Handed(number="13/11/2026", buyer_tax_no="1111111111", seller_tax_no=OTHER, xml=xml))

    recent.fetch()

    assert [one.side for one in recent.kept] == ["Subject3"]
    assert len(recent.inbox) == is_cost
    assert all(scan.told and scan.told.is_to_be_checked for scan in recent.inbox)


def test_no_account_gets_what_belongs_to_another(recent: Receiver, database: Database) -> None:
    other = Receiver(database, recent.firm.clock, recent.double, "other", OTHER)
    ours, theirs = recent.hand_in(12), other.hand_in(3, first=100)

    recent.fetch("Subject2")
    other.fetch("Subject2")

    assert in_order(recent, ours)
    assert in_order(other, theirs)
    other.ksef.close()


BOMB = '<?xml version="1.0"?><!DOCTYPE F [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Faktura>&b;</Faktura>'
ROOT = '<?xml version="1.0"?><Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/">'
DEEP = f"{ROOT}{'<a>' * 5000}{'</a>' * 5000}</Faktura>"
GARBLED = f"{ROOT}<NIP>"


@pytest.mark.parametrize(("xml", "why"), [(BOMB, "doctype"), (DEEP, "damaged"), (GARBLED, "damaged")])
@pytest.mark.parametrize("beside", [2, 20])
def test_what_would_harm_its_reader_stands_there_unread_and_harms_no_other(
    recent: Receiver, xml: str, why: str, beside: int
) -> None:
    numbers = recent.hand_in(beside)
    numbers += recent.hand_in(1, first=1000, xml=xml, checked=False)

    recent.fetch("Subject2")

    assert in_order(recent, numbers)
    [unread] = [scan for scan in recent.inbox if scan.told is None]
    assert unread.unread is not None
    assert unread.unread.reason == why
    assert next(one.xml for one in recent.kept if one.expense_id == unread.id) == xml.encode()


def test_ksef_is_left_alone_as_long_as_it_wants(recent: Receiver) -> None:
    numbers = recent.hand_in(30)
    recent.double.standing = Standing(refuse_next=(429, 429))

    recent.fetch("Subject2")

    assert in_order(recent, numbers)
    assert not recent.double.early_calls


def test_no_more_is_asked_than_ksef_allows(firm: Receiver) -> None:
    firm.double.standing = Standing(export_most=11)
    numbers = firm.hand_in(100)

    firm.fetch()

    assert in_order(firm, numbers)
    assert not firm.double.refusals
    assert not firm.double.early_calls
    assert firm.firm.clock.now() > NOON + dt.timedelta(hours=1)


def test_what_was_not_answered_is_asked_again(recent: Receiver) -> None:
    numbers = recent.hand_in(30)
    recent.double.standing = Standing(lose_answers=3)

    recent.fetch("Subject2")

    assert in_order(recent, numbers)


def test_a_package_that_is_gone_is_asked_for_again(recent: Receiver) -> None:
    numbers = recent.hand_in(12)
    export = ["20261121-EH-1234567890-1234567890-00", "00" * 16, [NOON.isoformat(), None]]
    recent.firm.do(lambda books: books.later("fetch_from_ksef", ["Subject2"], export))

    recent.fetch("Subject2")

    assert in_order(recent, numbers)


def test_whoever_lacks_the_right_is_no_longer_connected(recent: Receiver) -> None:
    recent.hand_in(1)
    recent.double.standing = Standing(rights={TAX_NO: ("InvoiceWrite",)})

    recent.fetch("Subject2")

    connection = recent.firm.do(connection_of)
    assert connection is not None
    assert not connection.active
    assert recent.jobs() == []


@pytest.mark.parametrize("change", [{"active": False}, {"receive": False}])
def test_nothing_is_looked_for_where_nobody_wants_it(recent: Receiver, change: dict[str, bool]) -> None:
    recent.hand_in(1)
    recent.change(**change)
    before = sum(recent.double.counts.values())
    recent.firm.do(lambda books: books.later("fetch_from_ksef"))

    recent.work()

    assert sum(recent.double.counts.values()) == before
    assert recent.jobs() == []


def test_accounts_look_when_their_turn_has_come(recent: Receiver) -> None:
    def looks() -> list[str]:
        recent.firm.clock.stand_at(recent.firm.clock.now() + dt.timedelta(minutes=30))
        recent.worker.put_recurring()
        before = calls(recent, "invoiceMetadata")
        recent.work()
        return ["looked"] * (calls(recent, "invoiceMetadata") - before)

    assert looks() == []
    assert looks() == ["looked"] * 2
    assert [job.name for job in recent.jobs()] == []
    assert recent.firm.do(lambda books: books.count(Job, Selection())) == 0


def test_the_key_of_a_package_is_written_down_nowhere(recent: Receiver) -> None:
    recent.double.standing = Standing(status_after_s=60)
    recent.hand_in(12)
    recent.firm.do(lambda books: books.later("fetch_from_ksef", ["Subject2"]))
    recent.work()

    [job] = recent.jobs()
    [export] = recent.double._system.held.exports.values()  # noqa: SLF001 (what only KSeF knows)
    for secret in (export.key, export.iv):
        assert secret.hex() not in job.arguments
        assert msgspec.json.encode(secret).decode().strip('"') not in job.arguments
