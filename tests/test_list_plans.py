"""Each way to ask for a list is found by an index: of 200,000 documents no page visits many more than it gives."""

import importlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from bench.long_books import House, filled
from faktura.core.clock import Clock
from faktura.dialects import Dialect
from faktura.outputs.printing.printer import Printer
from faktura.store import schema
from faktura.store.database import open_database
from faktura.web import application
from faktura.web.door.lists import MOST_SORTED
from faktura.web.tests.conftest import Browser
from faktura.web.tests.every_list import every_list
from faktura.wire.service import Service
from tests.every_list import Asked, Values
from tests.needs import EACH_DIALECT
from tests.postgres import administrator, create_template, url_of
from tests.visits import Visit, Visited

HOST = "faktura.example"
DOCUMENTS, EXPENSES = 200_000, 30_000


class Exemption(NamedTuple):
    """What visits more, why that may be (decision 48), and how much it visits at most."""

    why: str
    is_meant: Callable[[Asked, Visit], bool]
    most: int


def _seeks(asked: Asked, visit: Visit) -> bool:
    return "_search" in visit.sql and "nobody" not in str(asked)


def _asks(*words: str) -> Callable[[Asked, Visit], bool]:
    return lambda asked, _: any(word in str(asked) for word in words)


EXEMPTIONS = (
    Exemption("each that the index of texts finds is looked through, with its text", _seeks, 2 * DOCUMENTS),
    Exemption("sums are kept by day: a row for each day of a span", lambda _, visit: "_sums" in visit.sql, 20_000),
    Exemption("what fits is sorted for a page, if it is not too much", _asks("sort=", "day="), 10 * MOST_SORTED),
    Exemption(
        "it stands in the index of the order, or in the row, and is read there",
        _asks("currency", "taxable_on", "costs.json?net_in_cents", "costs.json?source"),
        DOCUMENTS,
    ),
    Exemption("an order that few ask costs for is sorted", _asks("costs.json?order="), 2 * EXPENSES),
    Exemption("a list of one kind is asked for another, too", _asks("?q%5Bkind"), DOCUMENTS),
    Exemption("of two that many have, either finds", _asks("/corrective_invoices.json?q%5Bstatus"), DOCUMENTS),
    Exemption("an order of a few words leaves all that have the same", _asks("order=kind", "order=status"), DOCUMENTS),
    Exemption("the index has those with a number alone", _asks("order=ksef_number"), DOCUMENTS),
    Exemption("what has the same in the order is sorted by its id", _asks("order="), 20_000),
    Exemption("PostgreSQL guesses from a sample which way is short", lambda _, visit: "$1" in visit.sql, 3_000),
)


class Books(NamedTuple):
    """A house whose reads are counted, and what its records have."""

    house: House
    database: Visited
    values: Values

    def service(self, printer: Printer, **more: Any) -> Service:
        counted: Any = self.database
        known = frozenset({HOST, "api.infakt.pl"})
        return Service(counted, self.house.clock, f"http://{HOST}", known, printer=printer, **more)

    def wide(self, lists: Iterable[Asked], ask: Callable[[Asked], int]) -> Iterator[str]:
        """What visits more than it may, of all that is asked."""
        for asked in lists:
            self.database.noted()
            assert ask(asked) == 200, asked
            for visit in self.database.noted():
                most = max((e.most for e in EXEMPTIONS if e.is_meant(asked, visit)), default=0)
                if not visit.is_narrow and visit.visited > most:
                    yield f"{asked} visits {visit.visited} for {visit.given}: {visit.sql}"


@pytest.fixture(scope="module")
def books(
    engine_of_module: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Books]:
    """200,000 documents, of which 130,000 are of one account; nobody changes them."""
    if engine_of_module == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('books') / 'faktura.sqlite'}"
        house = _filled(url)
    else:
        server, houses = request.getfixturevalue("postgres_server"), []
        create_template(server, "long_books", lambda url: houses.append(_filled(url)))
        url, [house] = url_of(server, "long_books"), houses
    database = open_database(url)
    yield Books(house._replace(database=database), Visited(database), Values(database, house.firm.account.id))
    database.close()
    if engine_of_module == "postgresql":
        with administrator(server) as connection:
            connection.execute("DROP DATABASE long_books")


def _filled(url: str) -> House:
    database = open_database(url)
    schema.prepare(database)
    house = filled(database, Clock(), 10_000, 100_000, EXPENSES)
    filled(database, Clock(), 1_000, 60_000, 10_000, "other")
    database.close()
    return house


@pytest.mark.timeout(600)
@EACH_DIALECT
def test_a_list_of_a_dialect_visits_little_beside_what_it_gives(
    dialect: Dialect, books: Books, printer: Printer
) -> None:
    tests = f"faktura.dialects.{dialect.name}.tests"
    lists = importlib.import_module(f"{tests}.every_list").every_list(books.values)
    client = importlib.import_module(f"{tests}.conftest").Client(books.service(printer), books.house.firm)

    def ask(asked: Asked) -> int:
        return int(client.get(asked.path, query_string=urlencode(asked.query)).status_code)

    assert list(books.wide(lists, ask)) == []


@pytest.mark.timeout(600)
def test_a_list_of_the_pages_visits_little_beside_what_it_gives(books: Books, printer: Printer) -> None:
    browser = Browser(application(books.service(printer, secret_key="of tests")))
    browser.sign_in(books.house.firm.user.email)

    lists = every_list(books.house.firm.account.slug, books.values)

    assert list(books.wide(lists, lambda asked: browser.get(str(asked)).status_code)) == []
