"""The account that pages are measured in: 10,000 contacts and 100,000 documents, 1,000 of them of one contact."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple, TypeVar

from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Given
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.store.database import Database
from faktura.store.records import changed
from tests.firm import Firm, open_firm

T = TypeVar("T")

CONTACTS, DOCUMENTS = 10_000, 100_000
AT_ONCE = 5_000
OF_THE_BUSY = 1_000

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


def filled(database: Database, clock: Clock, contacts: int = CONTACTS, documents: int = DOCUMENTS) -> House:
    """Copies of one contact and of one document, each with a name, number, day and amount of its own."""
    said: dict[str, Any] = {"street": "Krátká 2", "city": "Praha", "postcode": "110 00", "registration_no": "27082440"}
    firm = open_firm(database, clock, **said, vat_no="CZ27082440")
    line = Given({"name": "Práce", "unit_price": Decimal(100), "vat_rate": Decimal(21)})
    house = House(database, clock, firm, 0, Given({}))
    house.do(lambda books: add_bank_account(books, Given({"name": "Hlavní", "number": "19-2000145399/0800"})))
    who = house.do(lambda books: add_contact(books, Given({"name": "Vzor", "city": "Praha"})))
    given = Given({"contact_id": who.id, "lines": [line]})
    first = house.do(lambda books: issue_invoice(books, given))
    ids: list[int] = []
    for places in _spans(contacts):
        ids += house.do(partial(_contacts, who=who, places=places))
    for places in _spans(documents):
        house.do(partial(_documents, first=first, contact_ids=ids, places=places))
    return house._replace(busy=who.id, given=given)


def _spans(count: int) -> list[range]:
    return [range(start, min(start + AT_ONCE, count)) for start in range(0, count, AT_ONCE)]


def _contacts(books: Books, who: Contact, places: range) -> list[int]:
    ids = books.next_ids(Contact, len(places))
    books.tx.insert_all(
        [
            changed(
                who,
                id=record_id,
                uuid=f"c{place}",
                name=f"Firma {place:05} s.r.o.",
                city=CITIES[place % len(CITIES)],
                registration_no=f"{10_000_000 + place}",
            )
            for place, record_id in zip(places, ids, strict=True)
        ]
    )
    return ids


def _documents(books: Books, first: Invoice, contact_ids: list[int], places: range) -> None:
    ids = books.next_ids(Invoice, len(places))
    books.tx.insert_all([_document(books, first, contact_ids, *one) for one in zip(places, ids, strict=True)])


def _document(books: Books, first: Invoice, contact_ids: list[int], place: int, record_id: int) -> Invoice:
    """Nine of ten are paid; half of the others are late."""
    day = books.today - dt.timedelta(days=place // 100)
    paid, amount = place % 10 > 0, Decimal(place % 5000 + 100)
    is_of_busy = place % 100 == 0 and place < 100 * OF_THE_BUSY
    due_on = books.today + dt.timedelta(days=10 if place % 20 else -10)
    return changed(
        first,
        id=record_id,
        uuid=f"d{place}",
        token=f"t{place}",
        number=f"OLD-{place:06}",
        variable_symbol=f"9{place:06}",
        counter=None,
        period=None,
        contact_id=first.contact_id if is_of_busy else contact_ids[place % len(contact_ids)],
        buyer_name=f"Firma {place % len(contact_ids):05} s.r.o.",
        buyer_city=CITIES[place % len(CITIES)],
        issued_on=day,
        taxable_on=day,
        due_on=due_on,
        net_total=amount,
        gross_total=amount,
        native_gross_total=amount,
        status="paid" if paid else ("open" if place % 20 else "overdue"),
        paid_on=day if paid else None,
        paid_amount=amount if paid else Decimal(0),
        left_to_pay=Decimal(0) if paid else amount,
    )
