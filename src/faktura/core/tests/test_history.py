"""The history says what happened, from what to what, by whose hand and through what."""

from decimal import Decimal
from typing import Any

from faktura.core.books.books import Books
from faktura.core.books.history import DELETIONS, Event, Happening
from faktura.core.contacts import add_contact, change_contact, delete_contact
from faktura.core.errors import Given
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.events import fire
from faktura.core.tests.conftest import Firm, line
from faktura.store.queries import Order, Selection


def last(firm: Firm) -> Happening:
    newest = Selection(order=(Order("id", descending=True),))
    found: list[Happening] = firm.do(lambda books: books.all(Happening, newest))
    return found[0]


def counted(firm: Firm, verb: Any, *arguments: Any) -> int:
    """How many rows the verb writes into the history."""
    before = firm.do(lambda books: books.count(Happening))
    firm.do(verb, *arguments)
    return int(firm.do(lambda books: books.count(Happening))) - int(before)


def test_a_change_says_what_every_attribute_was_and_is(firm: Firm) -> None:
    contact = firm.do(add_contact, Given({"name": "Novák", "city": "Praha"}))

    assert counted(firm, change_contact, contact.id, Given({"city": "Brno", "due_days": 30})) == 1
    assert last(firm).details == {"city": ("Praha", "Brno"), "due_days": (None, 30)}


def test_what_is_deleted_is_kept_whole_with_the_event(firm: Firm) -> None:
    contact = firm.do(add_contact, Given({"name": "Novák", "city": "Praha"}))

    assert counted(firm, delete_contact, contact.id) == 1
    happened = last(firm)
    assert (happened.name, happened.record_id, happened.details) == ("contact_deleted", contact.id, None)
    assert happened.snapshot is not None
    assert (happened.snapshot["name"], happened.snapshot["city"]) == ("Novák", "Praha")


def test_of_many_lines_only_those_that_changed_are_written(firm: Firm) -> None:
    invoice = firm.issue(*(line(price) for price in range(1, 11)))
    changed_line = Given({"id": invoice.lines[3].id, "unit_price": Decimal(500)})

    assert counted(firm, change_invoice, invoice.id, Given({"lines": [changed_line]})) == 1
    details = last(firm).details or {}
    was, is_now = details["lines"]
    assert [[(one["id"], one["entered"]) for one in lines] for lines in (was, is_now)] == [
        [(invoice.lines[3].id, "4")],
        [(invoice.lines[3].id, "500")],
    ]
    assert [Decimal(total) for total in details["net_total"]] == [55, 551]


def test_an_event_of_a_document_says_how_its_status_moved(firm: Firm) -> None:
    invoice = firm.issue()

    assert counted(firm, fire, invoice.id, "cancel") == 1
    happened = last(firm)
    assert (happened.name, (happened.details or {})["status"]) == ("invoice_cancelled", ("open", "cancelled"))


def test_nothing_is_written_where_nothing_changed(firm: Firm) -> None:
    contact = firm.do(add_contact, Given({"name": "Novák"}))

    assert counted(firm, change_contact, contact.id, Given({"name": "Novák"})) == 0


def test_a_program_is_written_beside_the_person_who_acts_through_it(firm: Firm) -> None:
    def act(books: Books) -> None:
        mine = Books(books.tx, books.account, books.user_id, books.now, "Fakturovač")
        mine.note_event(Event("contact_added", add_contact(books, Given({"name": "Novák"}))))

    firm.do(act)

    assert last(firm).program == "Fakturovač"


def test_every_deletion_keeps_a_snapshot() -> None:
    sold, bought = {"invoice", "generator", "paper", "product", "stock_move"}, {"expense", "scan"}
    deleted = {"contact", "bank_account", "webhook", *sold, *bought}
    assert set(DELETIONS) == {f"{noun}_deleted" for noun in deleted}
