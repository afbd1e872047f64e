"""Sections 1.4 to 1.7 and 20.1 of costs: every filter, order and field is held to what it finds."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.documents.attachments import GivenFile
from faktura.core.received.find import find_paper
from faktura.core.received.record import Expense
from faktura.dialects.infakt.costs.listing import FILTERS, ORDERED
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.costing import (
    LISTED,
    PDF,
    WHOLE,
    enter,
    listed,
    many,
    put_in_books,
    read,
    scan,
    write,
)
from faktura.store.records import changed
from tests import needs
from tests.visits import Visited

NOON = dt.datetime(2026, 11, 20, 11, 15, 2, 481_000, dt.UTC)
DAY = dt.timedelta(days=1)

OLD: dict[str, Any] = {
    "issued_on": dt.date(2026, 9, 5),
    "received_on": dt.date(2026, 9, 7),
    "due_on": dt.date(2026, 9, 20),
}
NEW: dict[str, Any] = {
    "issued_on": dt.date(2026, 10, 6),
    "received_on": dt.date(2026, 10, 9),
    "due_on": dt.date(2026, 10, 21),
}


class Shelf:
    """A scan and two costs, each a day after the one before; every attribute of each has a value of its own."""

    def __init__(self, client: Client) -> None:
        self.client = client
        client.service.modes.rate_limits.clear()
        client.service.clock.stand_at(NOON)
        self.scan = scan(client)
        client.service.clock.stand_at(NOON + DAY)
        self.old = enter(client, price=100, category="paliwo", **OLD)
        client.service.clock.stand_at(NOON + 2 * DAY)
        self.new = enter(client, price=200, category="reklama", currency="EUR", exchange_rate=Decimal("4.25"), **NEW)
        client.service.clock.stand_at(NOON + 3 * DAY)
        many(client, "paid", self.new)
        put_in_books(client, self.old)

    def found(self, *uuids: str) -> list[str]:
        """In the usual order."""
        return [uuid for uuid in (self.new, self.old, self.scan) if uuid in uuids]


@pytest.fixture
def shelf(client: Client) -> Shelf:
    return Shelf(client)


FOUND: dict[str, dict[Any, tuple[str, ...]]] = {
    "created_at_gteq": {
        "2026-11-21": ("old", "new"),
        "2026-11-21 12:15:02 +0100": ("old", "new"),
        "2026-11-21T11:15:03Z": ("new",),
        "2026-11-23": (),
    },
    "created_at_lteq": {
        "2026-11-21": ("scan", "old"),
        "2026-11-20 12:15:03 +0100": ("scan",),
        "2026-11-19": (),
    },
    "issue_date_gteq": {"2026-09-05": ("old", "new"), "2026-09-06": ("new",), "2026-10-07": ()},
    "issue_date_lteq": {"2026-09-04": (), "2026-09-05": ("old",), "2026-10-06": ("old", "new")},
    "due_date_gteq": {"2026-09-20": ("old", "new"), "2026-09-21": ("new",), "2026-10-22": ()},
    "due_date_lteq": {"2026-09-19": (), "2026-09-20": ("old",), "2026-10-21": ("old", "new")},
    "net_in_cents_gteq": {10000: ("old", "new"), 10001: ("new",), 20001: ()},
    "net_in_cents_lteq": {9999: (), 10000: ("old",), 20000: ("old", "new")},
    "gross_in_cents_gteq": {12300: ("old", "new"), 12301: ("new",), 24601: ()},
    "gross_in_cents_lteq": {12299: (), 12300: ("old",), 24600: ("old", "new")},
    "currency_eq": {"PLN": ("old",), "EUR": ("new",), "USD": ()},
    "currency_in": {"PLN": ("old",), "EUR": ("new",), "USD": ()},
    "seller_tax_code_eq": {"5252248498": ("old", "new"), "PL 525-224-84-98": ("old", "new"), "5252248481": ()},
    "kind_in": {
        "document_scan": ("scan",),
        "cost": ("old", "new"),
        "internal_evidence": (),
        "work_fund_evidence": (),
        "health_fee_evidence": (),
    },
    "source_eq": {"upload": ("scan",), "infakt": ("old", "new"), "ksef": ()},
    "payment_document_statuses_symbol_in": {
        "payment_not_applicable": ("scan",),
        "unpaid": ("old",),
        "paid": ("new",),
        "partial_payment": (),
    },
    "cost_accounting_document_statuses_symbol_in": {
        "cost_not_accounted": ("scan", "new"),
        "cost_accounted": ("old",),
        "cost_rejected": (),
        "to_clarify": (),
        "autox_accounted": (),
        "cost_accounting_not_applicable": (),
    },
    "document_statuses_symbol_in": {"cost_accounted": ("old",), "paid": ("new",), "payment_not_applicable": ("scan",)},
}
"""By filter and value, what it finds."""


def test_every_filter_is_held_to_what_it_finds() -> None:
    assert FOUND.keys() == set(FILTERS)


@pytest.mark.parametrize("name", FOUND)
def test_a_filter_finds_what_it_says_bare_and_inside_q(shelf: Shelf, name: str) -> None:
    for value, names in FOUND[name].items():
        uuids = shelf.found(*(getattr(shelf, one) for one in names))
        brackets = "[]" if name.endswith("_in") else ""
        assert listed(shelf.client, **{f"{name}{brackets}": value}) == uuids, value
        assert listed(shelf.client, **{f"q[{name}]{brackets}": value}) == uuids, value


@pytest.mark.parametrize("name", [name for name in FOUND if name.endswith("_in")])
def test_of_several_words_any_is_found(shelf: Shelf, name: str) -> None:
    words = FOUND[name]
    found = {one for names in words.values() for one in names}
    everything = shelf.found(*(getattr(shelf, one) for one in found))
    assert listed(shelf.client, **{f"q[{name}][]": list(words)}) == everything


def test_filters_narrow_one_another(shelf: Shelf) -> None:
    asked = {"issue_date_gteq": "2026-09-05", "q[issue_date_lteq]": "2026-09-30", "kind_in[]": "cost"}
    assert listed(shelf.client, **asked) == [shelf.old]
    assert listed(shelf.client, **asked, **{"currency_in[]": "EUR"}) == []


@pytest.mark.parametrize("name", FOUND)
def test_a_filter_without_a_value_finds_everything_or_nothing_of_no_word(shelf: Shelf, name: str) -> None:
    """Forms send what nobody filled in; among no words there is none that a cost has."""
    everything = shelf.found(shelf.new, shelf.old, shelf.scan)
    of_words = name.endswith("_symbol_in") or name in {"kind_in", "source_eq"}
    assert listed(shelf.client, **{f"q[{name}]": ""}) == ([] if of_words else everything)


ORDERS: dict[str, tuple[str, ...]] = {
    "gross_price": ("old", "new", "scan"),
    "net_price": ("old", "new", "scan"),
    "tax_price": ("old", "new", "scan"),
    "category": ("old", "new", "scan"),
    "issue_date": ("old", "new", "scan"),
    "received_date": ("old", "new", "scan"),
    "due_date": ("old", "new", "scan"),
    "accounted_at": ("old", "new", "scan"),
    "created_at": ("scan", "old", "new"),
}
"""By key, what is listed from the least on; what has no value stands at the end either way."""


def test_every_order_is_held_to_what_it_gives() -> None:
    assert ORDERS.keys() == set(ORDERED)


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_sorts_either_way_and_leaves_what_has_no_value_to_the_end(shelf: Shelf, name: str) -> None:
    if name == "accounted_at":
        shelf.client.service.clock.stand_at(NOON + 5 * DAY)
        put_in_books(shelf.client, shelf.new)
    up = [getattr(shelf, one) for one in ORDERS[name]]
    with_value = up if name == "created_at" else up[:2]
    down = [*reversed(with_value), *up[len(with_value) :]]

    for order in (name, f"{name} asc", f"{name} ASC"):
        assert listed(shelf.client, order=order) == up
    assert listed(shelf.client, order=f"{name} desc") == down
    pages = [uuid for offset in range(3) for uuid in listed(shelf.client, order=f"{name} desc", limit=1, offset=offset)]
    assert pages == down


@pytest.mark.parametrize("order", ["", "number", "uuid desc", "gross_price sideways", "gross_price; drop"])
def test_an_order_that_is_none_leaves_the_newest_first(shelf: Shelf, order: str) -> None:
    assert listed(shelf.client, order=order) == [shelf.new, shelf.old, shelf.scan]


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "uuid"])
def test_a_field_alone_comes_with_the_uuid(shelf: Shelf, name: str) -> None:
    for uuid in (shelf.old, shelf.scan):
        whole = read(shelf.client, uuid)
        asked = shelf.client.get(f"/documents/costs/{uuid}.json", query_string=f"fields={name}").json
        assert asked == {"uuid": uuid, name: whole[name]}
    entities = shelf.client.get("/documents/costs.json", query_string=f"fields={name}").json["entities"]
    shown = {"uuid", name} if name in LISTED else {"uuid"}
    assert [set(entity) for entity in entities] == [shown] * 3


PLAIN: dict[str, Any] = {
    "number": "FV/7",
    "net_price": 10000,
    "gross_price": 12300,
    "tax_price": 2300,
    "currency": "PLN",
    "accounted_at": "2026-11-20",
    "issue_date": "2026-09-05",
    "received_date": "2026-09-07",
    "due_date": "2026-09-20",
    "seller_name": "Papiernia",
    "seller_tax_code": "PL5252248498",
    "seller_bank_account": "PL83101010230000261395100000",
    "description": "Papier",
    "category": "Artykuły biurowe",
    "kind": "cost",
    "notes_count": 1,
    "duplicated": False,
    "created_at": "2026-11-20 12:15:02 +0100",
    "source": "upload",
    "reconciliation_id": None,
    "statuses": [
        {"symbol": "cost_accounted", "name": "Zaksięgowano", "group": "cost_accounting"},
        {"symbol": "unpaid", "name": "Nie zapłacono", "group": "payment"},
    ],
    "related_internal_note": None,
    "related_exchange_differences_internal_evidences": None,
}
"""Of the cost below, what hangs on no id and no person."""


def test_a_cost_has_every_attribute_as_the_contract_spells_it(client: Client) -> None:
    """20.2, attribute by attribute, of a cost of which everything is known."""
    client.service.clock.stand_at(NOON)
    uuid = scan(client, "FV 7.pdf")
    beside = GivenFile("umowa.pdf", "application/pdf", PDF)
    more: dict[str, Any] = {"original_number": "FV/7", "description": "Papier", "iban": "PL83101010230000261395100000"}
    enter(client, uuid, files=[beside], category="artykuly_biurowe", **more, **OLD)
    many(client, "create_note", uuid, content="Za co to?")
    put_in_books(client, uuid)
    got = read(client, uuid)
    first, _, last = client.firm.user.full_name.partition(" ")
    note = {
        "kind": "general",
        "content": "Za co to?",
        "created_by": got["notes"][0]["created_by"],
        "author_first_name": first,
        "author_last_name": last,
        "author_avatar": None,
        "created_at": "2026-11-20T12:15:02.481+01:00",
    }
    paper = write(client, lambda books: find_paper(books, uuid))
    address = f"https://api.infakt.pl/api/v3/documents/costs/{uuid}/attachments"
    urls = [f"{address}/{file.id}.json" for file in paper.attachments]

    assert got == PLAIN | {
        "uuid": uuid,
        "added_by": client.firm.user.full_name,
        "newest_note": note,
        "attachments": [
            {"kind_id": kind_id, "file_name": name, "document_scan_uuid": uuid, "file_url": url, "download_url": url}
            for kind_id, name, url in zip((21, 20), ("FV 7.pdf", "umowa.pdf"), urls, strict=True)
        ],
        "notes": [note],
    }


def test_what_nobody_added_or_wrote_by_themselves_has_no_name(client: Client) -> None:
    """Such as what a job made, or somebody who left."""
    uuid = scan(client)
    many(client, "create_note", uuid, content="Za co to?")

    def forget(books: Any) -> None:
        paper = find_paper(books, uuid)
        notes = tuple(type(note)(note.id, note.content, None, note.created_at) for note in paper.notes)
        books.change(paper, changed(paper, added_by_id=None, notes=notes))

    write(client, forget)
    got = read(client, uuid)
    assert got["added_by"] == ""
    names = ("created_by", "author_first_name", "author_last_name", "author_avatar")
    assert {got["newest_note"][name] for name in names} == {None}


@needs.ONE_ENGINE
def test_a_page_of_a_hundred_costs_asks_as_little_as_one_of_ten(client: Client) -> None:
    client.service.modes.rate_limits.clear()
    for number in range(100):
        uuid = scan(client, f"{number}.pdf")
        if number % 2:
            enter(client, uuid, original_number=f"FV/{number % 7}")
            many(client, "create_note", uuid, content="Za co to?")
    client.service.database = counted = Visited(client.service.database)

    def asked(limit: int) -> int:
        counted.noted()
        answer = client.get("/documents/costs.json", query_string=f"limit={limit}")
        assert len(answer.json["entities"]) == limit
        return len(counted.noted())

    first = [asked(limit) for limit in (10, 100)]
    assert max(first) <= 5
    assert asked(100) == asked(10)
    assert client.get("/documents/costs.json").json["metainfo"]["total_count"] == write(
        client, lambda books: books.count(Expense)
    )
