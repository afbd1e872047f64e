"""What needs a person is on the list once, and off it when it is done or when its fact has ended."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from faktura.core.books.books import Books
from faktura.core.books.listeners import Seen
from faktura.core.contacts import delete_contact, note_reliability
from faktura.core.deliveries import Notice, note_delivery
from faktura.core.documents.events import restate_due
from faktura.core.errors import Given, NotFound
from faktura.core.generators.change import change_generator, delete_generator
from faktura.core.generators.recur import fail, issue_due
from faktura.core.inventory.items import add_item, change_item
from faktura.core.inventory.moves import add_move
from faktura.core.invoices.change import delete_invoice
from faktura.core.invoices.events import fire
from faktura.core.messages import Outgoing, delivered, give_up, send_again, write_message
from faktura.core.received.change import change_expense, delete_expense
from faktura.core.received.due import list_due
from faktura.core.received.enter import enter_expense
from faktura.core.received.pay import pay_expense
from faktura.core.received.record import Expense
from faktura.core.subscriptions import Subscription, unsubscribe
from faktura.core.tests.conftest import NOON, Firm, change, line, pay
from faktura.core.tests.test_recurring import recurring
from faktura.core.todos import Todo, todos_seen, toggle
from faktura.store.queries import Selection

LATE = {"issued_on": dt.date(2026, 11, 1), "due_days": 10}


def todos(firm: Firm) -> list[tuple[str, int, bool]]:
    """The last first: what it is called, what it is about, and whether it is done."""
    found: list[Todo] = firm.do(lambda books: books.all(Todo, todos_seen(("invoices", "expenses"))))
    return [(one.name, one.record_id, one.done_at is not None) for one in found]


def at(firm: Firm, days: int) -> None:
    firm.clock.stand_at(NOON + dt.timedelta(days=days))


def enter(firm: Firm, **values: Any) -> Expense:
    return firm.do(enter_expense, Given({"contact_id": firm.contact.id, "lines": [line(100)]} | values))


def test_a_document_that_becomes_overdue_is_on_the_list_once_until_it_is_paid(firm: Firm) -> None:
    invoice = firm.issue(due_days=3)
    assert todos(firm) == []
    at(firm, 4)
    for _ in range(2):
        firm.do(restate_due)
        change(firm, invoice, private_note=f"{_}")
    assert todos(firm) == [("invoice_overdue", invoice.id, False)]

    pay(firm, invoice)
    assert todos(firm) == [("invoice_overdue", invoice.id, True)]


def test_a_document_that_is_overdue_when_it_is_issued_is_on_the_list(firm: Firm) -> None:
    invoice = firm.issue(**LATE)

    assert todos(firm) == [("invoice_overdue", invoice.id, False)]


@pytest.mark.parametrize(
    "end",
    [
        lambda firm, invoice: firm.do(fire, invoice.id, "cancel"),
        lambda firm, invoice: firm.do(fire, invoice.id, "mark_as_uncollectible"),
        lambda firm, invoice: change(firm, invoice, due_days=60),
    ],
    ids=["cancelled", "given up", "due later"],
)
def test_nobody_is_late_with_a_document_any_more(firm: Firm, end: Any) -> None:
    invoice = firm.issue(**LATE)
    end(firm, invoice)

    assert todos(firm) == [("invoice_overdue", invoice.id, True)]


def test_what_is_given_back_asks_nobody_for_money(firm: Firm) -> None:
    invoice = firm.issue()
    firm.issue(line(-100), kind="correction", corrected_id=invoice.id, **LATE)

    assert todos(firm) == []


def test_a_document_that_is_late_again_is_on_the_list_again(firm: Firm) -> None:
    invoice = firm.issue(**LATE)
    firm.do(fire, invoice.id, "mark_as_uncollectible")
    firm.do(fire, invoice.id, "undo_uncollectible")

    assert todos(firm) == [("invoice_overdue", invoice.id, False), ("invoice_overdue", invoice.id, True)]


def test_what_was_done_by_hand_stays_done_and_may_be_to_do_again(firm: Firm) -> None:
    invoice = firm.issue(**LATE)
    [todo] = firm.do(lambda books: books.all(Todo))
    assert firm.do(toggle, todo.id).done_at == NOON
    at(firm, 1)
    firm.do(restate_due)
    assert todos(firm) == [("invoice_overdue", invoice.id, True)]
    assert firm.do(toggle, todo.id).done_at is None
    with pytest.raises(NotFound):
        firm.do(toggle, todo.id + 1)


def test_what_is_deleted_leaves_nothing_to_do(firm: Firm) -> None:
    invoice, expense = firm.issue(**LATE), enter(firm, due_on=NOON.date())
    generator = recurring(firm)
    firm.do(list_due)
    firm.do(fail, generator.id)
    assert len(todos(firm)) == 3

    for delete, record in ((delete_invoice, invoice), (delete_expense, expense), (delete_generator, generator)):
        firm.do(delete, record.id)
    firm.do(note_unreliable, firm.contact.id)
    firm.do(delete_contact, firm.contact.id)
    assert todos(firm) == []


def note_unreliable(books: Books, contact_id: int) -> None:
    note_reliability(books, contact_id, unreliable=True)


def test_an_expense_is_on_the_list_three_days_before_it_is_due_and_until_it_is_paid(firm: Firm) -> None:
    due, other = enter(firm, due_on=dt.date(2026, 12, 1)), enter(firm, due_on=dt.date(2026, 12, 1), remind_due=False)
    at(firm, 6)
    firm.do(list_due)
    assert todos(firm) == []
    at(firm, 7)
    for _ in range(2):
        firm.do(list_due)
    assert todos(firm) == [("expense_due", due.id, False)]

    firm.do(pay_expense, due.id, Given({"amount": Decimal(1)}))
    assert todos(firm) == [("expense_due", due.id, False)]
    for expense in (due, other):
        firm.do(pay_expense, expense.id, Given({}))
    assert todos(firm) == [("expense_due", due.id, True)]
    at(firm, 8)
    firm.do(list_due)
    assert len(todos(firm)) == 1


def test_an_expense_that_is_to_be_paid_later_comes_back_when_its_day_does(firm: Firm) -> None:
    expense = enter(firm, due_on=NOON.date())
    firm.do(list_due)
    firm.do(change_expense, expense.id, Given({"due_on": dt.date(2026, 12, 10)}))
    assert todos(firm) == []
    at(firm, 17)
    firm.do(list_due)
    assert todos(firm) == [("expense_due", expense.id, False)]


def test_a_letter_that_was_not_delivered_is_on_the_list_until_one_is(firm: Firm) -> None:
    invoice = firm.issue()
    letter = firm.do(write_message, invoice, Outgoing("nikdo@firma.example", "Doklad", "Dobrý den"))
    firm.do(give_up, letter.id, "550 No such user")
    assert todos(firm) == [("letter_undelivered", invoice.id, False)]
    [todo] = firm.do(lambda books: books.all(Todo))
    assert todo.params == {"email": "nikdo@firma.example"}

    again = firm.do(send_again, invoice, letter.id)
    assert todos(firm) == [("letter_undelivered", invoice.id, False)]
    firm.do(delivered, again.id, "250 OK")
    assert todos(firm) == [("letter_undelivered", invoice.id, True)]


def test_a_letter_about_a_document_that_is_gone_needs_nobody(firm: Firm) -> None:
    invoice = firm.issue()
    letter = firm.do(write_message, invoice, Outgoing("nikdo@firma.example", "Doklad", "Dobrý den"))
    firm.do(delete_invoice, invoice.id)
    firm.do(give_up, letter.id, "The document was deleted")

    assert todos(firm) == []


def test_a_template_that_fails_is_on_the_list_once_until_it_issues(firm: Firm) -> None:
    generator = recurring(firm)
    for _ in range(2):
        firm.do(fail, generator.id)
    assert todos(firm) == [("generator_failed", generator.id, False)]

    firm.do(issue_due, generator.id)
    assert todos(firm) == [("generator_failed", generator.id, True)]


def test_a_template_that_has_ended_is_on_the_list(firm: Firm) -> None:
    generator = recurring(firm, end_on=dt.date(2026, 12, 1))
    firm.do(issue_due, generator.id)

    assert todos(firm) == [("generator_finished", generator.id, False)]
    firm.do(change_generator, generator.id, Given({"note": "Děkujeme"}))
    assert todos(firm) == [("generator_finished", generator.id, False)]


def test_a_contact_that_becomes_unreliable_is_on_the_list_and_so_is_one_that_is_reliable_again(firm: Firm) -> None:
    def note(*, unreliable: bool) -> None:
        firm.do(lambda books: note_reliability(books, firm.contact.id, unreliable=unreliable))

    note(unreliable=False)
    assert todos(firm) == []
    for _ in range(2):
        note(unreliable=True)
    assert todos(firm) == [("contact_unreliable", firm.contact.id, False)]
    note(unreliable=False)
    assert todos(firm) == [("contact_reliable", firm.contact.id, False), ("contact_unreliable", firm.contact.id, True)]


def seen_contact(firm: Firm) -> Seen:
    return Seen("contact_added", NOON, "contacts", msgspec.to_builtins(firm.contact, str_keys=True))


@pytest.mark.usefixtures("door")
def test_a_webhook_that_was_given_up_is_on_the_list_until_it_is_delivered(firm: Firm) -> None:
    known: dict[str, Any] = {"reference": "r", "door": "door", "application_id": 1, "grant_id": 1, "user_id": 1}
    known |= {"url": "https://x.example", "events": ("subject_created",), "api_root": "", "web_root": ""}
    heard = firm.do(lambda books: books.add(Subscription, **known))
    told = [Notice(heard.id, "subject_created", "", key, seen_contact(firm)) for key in ("a", "b", "c")]
    for notice in told[:2]:
        firm.do(note_delivery, notice, "failed")
    assert todos(firm) == [("webhook_failed", heard.id, False)]
    firm.do(note_delivery, told[2], "delivered")
    assert todos(firm) == [("webhook_failed", heard.id, True)]
    firm.do(unsubscribe, heard)
    assert todos(firm) == []


def test_a_product_of_which_there_are_too_few_is_on_the_list_until_there_are_enough(firm: Firm) -> None:
    counted = {"name": "Mošt", "sku": "M-1", "track_quantity": True, "stock": Decimal(10), "min_quantity": Decimal(5)}
    prices = {"unit_net_price": Decimal(2), "purchase_unit_net_price": Decimal(1)}
    product = firm.do(add_item, Given(counted | prices))

    def move(direction: str, quantity: int) -> None:
        day = {"direction": direction, "moved_on": NOON.date(), "quantity_change": Decimal(quantity)}
        firm.do(add_move, product.id, Given(day | {"purchase_price": Decimal(1)}))

    assert todos(firm) == []
    for _ in range(2):
        move("out", 4)
    assert todos(firm) == [("product_low", product.id, False)]
    move("in", 20)
    assert todos(firm) == [("product_low", product.id, True)]
    firm.do(change_item, product.id, Given({"min_quantity": Decimal(50)}))
    assert todos(firm) == [("product_low", product.id, False), ("product_low", product.id, True)]


@pytest.mark.usefixtures("door")
def test_a_webhook_that_is_switched_off_needs_nobody(firm: Firm) -> None:
    known: dict[str, Any] = {"reference": "r", "door": "door", "application_id": 1, "grant_id": 1, "user_id": 1}
    known |= {"url": "https://x.example", "events": ("subject_created",), "api_root": "", "web_root": ""}
    heard = firm.do(lambda books: books.add(Subscription, active=False, **known))
    firm.do(note_delivery, Notice(heard.id, "subject_created", "", "a", seen_contact(firm)), "failed")

    assert todos(firm) == []


def test_whoever_sees_no_expenses_sees_none_that_are_to_be_paid(firm: Firm) -> None:
    enter(firm, due_on=NOON.date())
    firm.do(list_due)

    def seen(*scopes: Any) -> int:
        return firm.do(lambda books: len(books.all(Todo, todos_seen(scopes))))

    assert (seen("invoices"), seen("expenses"), seen()) == (0, 1, 0)
    assert firm.do(lambda books: books.count(Todo, Selection())) == 1
