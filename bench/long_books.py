"""The account that pages are measured in: 10,000 contacts and products, 100,000 documents, expenses, papers and events.

Of the documents and of the expenses 1,000 are of one contact.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple, TypeVar

from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.catalogue import Product, add_product
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Given
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.papers.enter import enter_paper
from faktura.core.papers.record import Paper
from faktura.core.received.enter import enter_expense
from faktura.core.received.record import Expense
from faktura.store.database import Database
from faktura.store.queries import Selection
from faktura.store.records import Tenant
from faktura.store.transaction import Transaction
from tests.copies import copy, copying
from tests.firm import Firm, open_firm

T = TypeVar("T")

CONTACTS, DOCUMENTS = 10_000, 100_000
OF_THE_BUSY = 1_000
LITTLE = 5

CITIES = ("Praha", "Brno", "Ostrava", "Plzeň", "Liberec", "Olomouc", "Zlín", "Písek")


class House(NamedTuple):
    """A firm that wrote much, its busiest customer, and what one more document of theirs says."""

    database: Database
    clock: Clock
    firm: Firm
    busy: int
    given: Given

    def do(self, work: Callable[[Books], T]) -> T:
        account = self.firm.account
        return self.database.write(lambda tx: work(Books(tx, account, self.firm.user.id, self.clock.now())), account.id)


def filled(
    database: Database,
    clock: Clock,
    contacts: int = CONTACTS,
    documents: int = DOCUMENTS,
    expenses: int | None = None,
    slug: str = "applecorp",
) -> House:
    """Copies of one record of each kind, each with a name, number, day and amount of its own."""
    said: dict[str, Any] = {"street": "Krátká 2", "city": "Praha", "postcode": "110 00", "registration_no": "27082440"}
    firm = open_firm(database, clock, slug, **said, vat_no="CZ27082440")
    line = Given({"name": "Práce", "unit_price": Decimal(100), "vat_rate": Decimal(21)})
    house = House(database, clock, firm, 0, Given({}))
    house.do(lambda books: add_bank_account(books, Given({"name": "Hlavní", "number": "19-2000145399/0800"})))
    who = house.do(lambda books: add_contact(books, Given({"name": "Vzor", "city": "Praha"})))
    given = Given({"contact_id": who.id, "lines": [line]})
    first = house.do(lambda books: issue_invoice(books, given))
    event = house.do(lambda books: books.all(Happening, Selection())[-1])
    bought = Given({"contact_id": who.id, "issued_on": first.issued_on, "lines": [line]})
    expense = house.do(lambda books: enter_expense(books, bought))
    revenue = Given({"vat_exemption": "113-1-9", "lines": [Given({"name": "Utarg", "unit_price": Decimal(100)})]})
    paper = house.do(lambda books: enter_paper(books, "daily_revenue", revenue))
    product = house.do(lambda books: add_product(books, Given({"name": "Práce", "unit_net_price": Decimal(100)})))
    counts: dict[type[Tenant], int] = dict.fromkeys((Contact, Product), contacts)
    counts |= {Invoice: documents, Happening: documents, Expense: documents if expenses is None else expenses}
    counts[Paper] = counts[Expense]
    ids = house.do(lambda books: {cls: books.next_ids(cls, count) for cls, count in counts.items()})
    terms = partial(_terms, house.do(lambda books: books.today), who.id, ids[Contact])
    began = clock.now() - dt.timedelta(days=1)
    with copying(database) as tx:
        _copy(tx, who, ids, began, _contact)
        _copy(tx, first, ids, began, lambda place: terms(documents, place) | _document(place, contacts))
        _copy(tx, event, ids, began, lambda place: {"record_id": place + 1})
        _copy(tx, expense, ids, began, lambda place: terms(counts[Expense], place) | _expense(place))
        _copy(tx, product, ids, began, _product)
        _copy(tx, paper, ids, began, lambda place: _paper(paper.issued_on, counts[Paper], place))
    return house._replace(busy=who.id, given=given)


def _copy(
    tx: Transaction,
    one: Tenant,
    ids: dict[type[Tenant], list[int]],
    began: dt.datetime,
    own: Callable[[int], dict[str, Any]],
) -> None:
    """As many more records like that one as there are ids for them, but for what each has of its own."""
    times = (began + place * dt.timedelta(milliseconds=1) for place in range(len(ids[type(one)])))
    numbered = enumerate(zip(ids[type(one)], times, strict=True))
    copy(tx, one, [{"id": n, "created_at": time, "updated_at": time, **own(at)} for at, (n, time) in numbered])


def _contact(place: int) -> dict[str, Any]:
    return {
        "uuid": f"c{place}",
        "name": f"Firma {place:05} s.r.o.",
        "sought_name": f"firma {place:05} s.r.o.",
        "city": CITIES[place % len(CITIES)],
        "registration_no": f"{10_000_000 + place}",
        "role": "customer" if place % 20 else "both",
    }


def _product(place: int) -> dict[str, Any]:
    named = {"name": f"Zboží {place:05}", "sought_name": f"zbozi {place:05}"}
    return {"unit_net_price": Decimal(place % 500 + 1)} | named


def _paper(today: dt.date, count: int, place: int) -> dict[str, Any]:
    """Of fiscal reports there are few."""
    return {
        "uuid": f"p{place}",
        "kind": "internal_invoice" if place % 10 else ("fiscal_report" if place < 100 * LITTLE else "daily_revenue"),
        "number": f"P-{place:06}",
        "counter": None,
        "period": None,
        "issued_on": today - dt.timedelta(days=(count - 1 - place) // 100),
        "stage": "printed" if place % 3 else "draft",
        "gross_total": Decimal(place % 5000 + 100),
    }


def _document(place: int, contacts: int) -> dict[str, Any]:
    """Of what there is little, it is old."""
    kind = _KINDS.get(place % 100) or _RARE_KINDS.get(place % 1000, "invoice")
    little = {"kind": "tax_document", "status": "uncollectible", "stage": "sent", "currency": "EUR"}
    return {
        "kind": kind,
        "margin_kind": "second_hand_goods" if kind == "margin_invoice" else None,
        "custom_id": None if place % 10 else f"shop-{place}",
        "stage": "printed",
        "currency": "CZK",
        "token": f"t{place}",
        "number": f"OLD-{place:06}",
        "buyer_name": f"Firma {place % contacts:05} s.r.o.",
        "buyer_city": CITIES[place % len(CITIES)],
        **(little if place < LITTLE else {}),
    }


_KINDS = {7: "proforma", 8: "correction"}
_RARE_KINDS = {9: "margin_invoice", 10: "oss_invoice", 11: "final_invoice"}
"""By the last two or three figures of its place, the kind of a document that is no invoice."""


def _expense(place: int) -> dict[str, Any]:
    accounting = "rejected" if place % 5_000 == 0 else "accounted" if place % 4 else "open"
    return {
        "number": f"IN-{place:06}",
        "original_number": f"THEIRS-{place:06}",
        "accounting": accounting,
        "category": "paliwo" if place % 3 else "hotel" if place % 3_000 == 0 else None,
        "standing": f"{'paid' if place % 10 else 'unpaid'}, {accounting}",
    }


def _terms(today: dt.date, first_contact: int, contact_ids: list[int], count: int, place: int) -> dict[str, Any]:
    """Nine of ten are paid, one of twenty is late; a hundred are issued a day, the last of them today."""
    day = today - dt.timedelta(days=(count - 1 - place) // 100)
    status = "paid" if place % 10 else ("overdue" if place % 20 else "open")
    due_in = {"paid": day - today + dt.timedelta(days=14), "overdue": -dt.timedelta(days=1 + place % 300)}
    amount = Decimal(place % 5000 + 100)
    is_tagged, is_of_busy = place % 1000 == 0, place % 100 == 0 and place < 100 * OF_THE_BUSY
    return {
        "uuid": f"d{place}",
        "variable_symbol": f"9{place:06}",
        "counter": None,
        "tags": ("vip",) if is_tagged else (),
        "tag_lines": "\nvip\n" if is_tagged else "",
        "period": None,
        "contact_id": first_contact if is_of_busy else contact_ids[place % len(contact_ids)],
        "issued_on": day,
        "taxable_on": day,
        "due_on": today + due_in.get(status, dt.timedelta(days=place % 30)),
        "net_total": amount,
        "gross_total": amount,
        "native_gross_total": amount,
        "status": status,
        "paid_on": day if status == "paid" else None,
        "paid_amount": amount if status == "paid" else Decimal(0),
        "left_to_pay": Decimal(0) if status == "paid" else amount,
    }
