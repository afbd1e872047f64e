"""How each event that programs may hear of is made to happen, on records that are made for it."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from faktura.core.books.books import Books
from faktura.core.books.history import DocumentEvent, EventName
from faktura.core.books.listeners import TELLERS
from faktura.core.books.tasks import Task, complete_task, refuse_task
from faktura.core.catalogue import Product, delete_product
from faktura.core.contacts import Contact, add_contact, change_contact, delete_contact
from faktura.core.documents.events import restate_due
from faktura.core.errors import Given
from faktura.core.generators.change import add_generator, change_generator, delete_generator
from faktura.core.generators.record import Generator
from faktura.core.generators.recur import pause, run_now
from faktura.core.inventory.items import add_item, change_item, set_item_aside
from faktura.core.inventory.moves import add_move, change_move, delete_move
from faktura.core.inventory.record import StockMove
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.events import fire
from faktura.core.invoices.follow_up import add_payment, remove_payment
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.mark import SendingState
from faktura.core.ksef.sendings import KsefSending, show_state
from faktura.core.received.change import change_expense, delete_expense, let_happen_to_expense
from faktura.core.received.enter import enter_expense
from faktura.core.received.extraction import Extraction
from faktura.core.received.notes import add_note
from faktura.core.received.pay import pay_expense, take_payment_back
from faktura.core.received.reading import ask_to_read, cannot_be_read, could_not_read, read_as
from faktura.core.received.record import Expense
from faktura.core.received.scans import add_scan, delete_scan
from faktura.outputs.mail.wording import send_invoice
from faktura.sandbox.example.days import ago, line
from faktura.sandbox.example.drawn import receipt
from faktura.store.records import Tenant

Recipe = Callable[[Books], Tenant]
"""Gives the record that it happened to; one that was deleted, too."""

EMAIL = "customer@story.example"


def customer(books: Books, **values: Any) -> Contact:
    """A contact with an address of a person in the firm's country."""
    name = {"CZ": "Zkušební zákazník", "PL": "Klient próbny"}.get(books.account.country, "Customer of a story")
    return add_contact(books, Given({"name": name, "email": EMAIL, **values}))


def lines(books: Books, price: str | int = 1000) -> list[Given]:
    return [line("Story", "1", price, rate=books.account.vat_rate)]


def invoice(books: Books, **values: Any) -> Invoice:
    """A document of one line; `price` is that of its line."""
    price = values.pop("price", 1000)
    contact_id = values.pop("contact_id", None) or customer(books).id
    return issue_invoice(books, Given({"contact_id": contact_id, "lines": lines(books, price), **values}))


def expense(books: Books, **values: Any) -> Expense:
    contact_id = values.pop("contact_id", None) or customer(books).id
    return enter_expense(books, Given({"contact_id": contact_id, "lines": lines(books), **values}))


def _of_invoice(then: Callable[[Books, Invoice], Invoice]) -> Recipe:
    def recipe(books: Books) -> Invoice:
        return then(books, invoice(books))

    return recipe


def _of_expense(then: Callable[[Books, Expense], Expense]) -> Recipe:
    def recipe(books: Books) -> Expense:
        return then(books, expense(books))

    return recipe


def _fired(*events: str) -> Recipe:
    def then(books: Books, made: Invoice) -> Invoice:
        for event in events:
            made = fire(books, made.id, event)
        return made

    return _of_invoice(then)


def _happened(*events: str) -> Recipe:
    def then(books: Books, made: Expense) -> Expense:
        for event in events:
            made = let_happen_to_expense(books, made.id, event)
        return made

    return _of_expense(then)


def _late_invoice(books: Books) -> Invoice:
    made = invoice(ago(books, 30), due_days=14)
    _restate(books)
    return books.find(Invoice, made.id)


def _late_expense(books: Books) -> Expense:
    made = expense(ago(books, 30), due_on=books.today - dt.timedelta(days=16))
    _restate(books)
    return books.find(Expense, made.id)


def _restate(books: Books) -> None:
    """What became overdue meanwhile is said to be so."""
    while restate_due(books):
        pass


def _sent(books: Books, made: Invoice) -> Invoice:
    send_invoice(books, made.id, Given({}), "")
    return books.find(Invoice, made.id)


def _part(books: Books, made: Invoice) -> Invoice:
    return add_payment(books, made.id, Given({"amount": Decimal(100)})).invoice


def _taken_back(books: Books, made: Invoice) -> Invoice:
    paid = add_payment(books, made.id, Given({"amount": Decimal(100)}))
    return remove_payment(books, made.id, paid.payment.id)


def _expense_taken_back(books: Books, made: Expense) -> Expense:
    paid, (payment, _) = pay_expense(books, made.id, Given({"amount": Decimal(100)}))
    return take_payment_back(books, paid.id, payment.id)


def _product(books: Books) -> Product:
    """Counted from nothing on, so that nothing moved yet."""
    sku = f"STORY-{books.tx.chance.digits('story', 4)}"
    prices = {"unit_net_price": Decimal(50), "purchase_unit_net_price": Decimal(30)}
    return add_item(books, Given({"name": "Story", "sku": sku, "track_quantity": True, "stock": Decimal(0), **prices}))


def _set_aside(books: Books) -> Product:
    return set_item_aside(books, _move(books).product_id)


def _move(books: Books) -> StockMove:
    values = {"direction": "in", "moved_on": books.today, "quantity_change": Decimal(2), "purchase_price": Decimal(30)}
    return add_move(books, _product(books).id, Given(values))


def _moved(books: Books) -> StockMove:
    made = _move(books)
    return change_move(books, made.product_id, made.id, Given({"quantity_change": Decimal(3)}))


def _moved_back(books: Books) -> StockMove:
    made = _move(books)
    delete_move(books, made.product_id, made.id)
    return made


def _scan(books: Books) -> Expense:
    return add_scan(books, Given({"content": receipt(("STORY", "")), "filename": "story.png"}))


def _read(then: Callable[[Books, int], None]) -> Recipe:
    """A file that was asked to be read, and what became of it."""

    def recipe(books: Books) -> Expense:
        made = ask_to_read(books, _scan(books).id)
        then(books, made.id)
        return books.find(Expense, made.id)

    return recipe


def _generator(books: Books) -> Generator:
    return add_generator(books, Given({"contact_id": customer(books).id, "name": "Story", "lines": lines(books)}))


def _recurring(books: Books) -> Generator:
    values = {"contact_id": customer(books).id, "name": "Story", "lines": lines(books), "recurring": True, "months": 1}
    return add_generator(books, Given({**values, "start_on": books.today + dt.timedelta(days=1)}))


def _run(books: Books) -> Generator:
    made = _recurring(books)
    run_now(books, made.id, books.today + dt.timedelta(days=1))
    return books.find(Generator, made.id)


def _gone(make: Callable[[Books], Any], delete: Callable[[Books, int], None]) -> Recipe:
    def recipe(books: Books) -> Tenant:
        made: Tenant = make(books)
        delete(books, made.id)
        return made

    return recipe


def _renamed(make: Callable[[Books], Any], change: Callable[[Books, int, Given], Any], **values: Any) -> Recipe:
    return lambda books: change(books, make(books).id, Given(values))


def _at_ksef(state: SendingState, happened: DocumentEvent) -> Recipe:
    """As if KSeF had said so; nothing goes there."""

    def then(books: Books, made: Invoice) -> Invoice:
        accepted = state == "accepted"
        sending = books.add(
            KsefSending,
            uuid=books.tx.chance.uuid(KsefSending.table_name),
            invoice_id=made.id,
            environment="test",
            attempt=1,
            kind="VAT",
            number=made.number,
            xml=b"<Faktura/>",
            digest="",
            state=state,
            not_before=books.now,
            next_at=books.now,
            code=200 if accepted else 450,
            text="Sukces" if accepted else "Błąd weryfikacji semantyki dokumentu faktury",
            ksef_number=f"0000000000-{books.today:%Y%m%d}-{made.id:012X}-00" if accepted else None,
            finished_at=books.now,
        )
        show_state(books, sending, happened)
        return books.find(Invoice, made.id)

    return _of_invoice(then)


ACTIONS = "create_invoice", "mark_as_paid"
"""What is handed in as a task, in the words of the doors that take any."""


def _handed_in(books: Books, door: str, action: str) -> Task:
    """A task whose job is gone already."""
    reference = books.tx.chance.uuid(Task.table_name)
    return books.add(Task, reference=reference, door=door, action=action, kind="vat", parameters={}, job_id=0)


def _tasks(event: EventName, end: Callable[[Books, Task], Task]) -> Recipe:
    """One of each action, at each door that tells of them."""

    def recipe(books: Books) -> Task:
        doors = [
            door for door, teller in TELLERS.items() for of_noun in teller.names.values() if event in of_noun.values()
        ]
        return [end(books, _handed_in(books, door, action)) for door in doors for action in ACTIONS][-1]

    return recipe


def _marked(books: Books, task: Task) -> Task:
    return complete_task(books, task, invoice(books).uuid)


def _refused(books: Books, task: Task) -> Task:
    return refuse_task(books, task, {"base": ["Refused in a story"]})


RECIPES: Mapping[EventName, Recipe] = {
    "task_done": _tasks("task_done", _marked),
    "task_refused": _tasks("task_refused", _refused),
    "contact_added": customer,
    "contact_changed": _renamed(customer, change_contact, name="Changed in a story"),
    "contact_deleted": _gone(customer, delete_contact),
    "invoice_issued": invoice,
    "invoice_changed": _renamed(invoice, change_invoice, note="Changed in a story"),
    "invoice_deleted": _gone(invoice, delete_invoice),
    "invoice_overdue": _late_invoice,
    "invoice_paid": _of_invoice(lambda books, made: add_payment(books, made.id, Given({})).invoice),
    "invoice_payment_added": _of_invoice(_part),
    "invoice_payment_removed": _of_invoice(_taken_back),
    "invoice_sent": _of_invoice(_sent),
    "invoice_accepted_by_ksef": _at_ksef("accepted", "accepted_by_ksef"),
    "invoice_refused_by_ksef": _at_ksef("rejected", "refused_by_ksef"),
    "invoice_marked_as_sent": _fired("mark_as_sent"),
    "invoice_locked": _fired("lock"),
    "invoice_unlocked": _fired("lock", "unlock"),
    "invoice_cancelled": _fired("cancel"),
    "invoice_cancellation_removed": _fired("cancel", "undo_cancel"),
    "invoice_uncollectible": _fired("mark_as_uncollectible"),
    "invoice_uncollectible_removed": _fired("mark_as_uncollectible", "undo_uncollectible"),
    "expense_entered": expense,
    "expense_changed": _renamed(expense, change_expense, note="Changed in a story"),
    "expense_deleted": _gone(expense, delete_expense),
    "expense_overdue": _late_expense,
    "expense_paid": _of_expense(lambda books, made: pay_expense(books, made.id, Given({}))[0]),
    "expense_payment_added": _of_expense(
        lambda books, made: pay_expense(books, made.id, Given({"amount": Decimal(100)}))[0]
    ),
    "expense_payment_removed": _of_expense(_expense_taken_back),
    "expense_locked": _happened("lock"),
    "expense_unlocked": _happened("lock", "unlock"),
    "product_added": _product,
    "product_changed": _renamed(_product, change_item, name="Story, changed"),
    "product_deleted": _gone(_product, delete_product),
    "product_archived": _set_aside,
    "product_unarchived": lambda books: set_item_aside(books, _set_aside(books).id, aside=False),
    "stock_move_added": _move,
    "stock_move_changed": _moved,
    "stock_move_deleted": _moved_back,
    "scan_added": _scan,
    "scan_asked_to_be_read": lambda books: ask_to_read(books, _scan(books).id),
    "scan_changed": lambda books: add_note(books, _scan(books), "Story"),
    "scan_read": _read(lambda books, scan_id: read_as(books, scan_id, Extraction())),
    "scan_reading_failed": _read(could_not_read),
    "scan_reading_refused": _read(cannot_be_read),
    "scan_entered": lambda books: expense(books, scan_id=_scan(books).id),
    "scan_deleted": _gone(_scan, delete_scan),
    "generator_added": _generator,
    "generator_changed": _renamed(_generator, change_generator, name="Story, changed"),
    "generator_deleted": _gone(_generator, delete_generator),
}

RECURRING: Mapping[EventName, Recipe] = {
    "generator_added": _recurring,
    "generator_changed": _renamed(_recurring, change_generator, name="Story, changed"),
    "generator_deleted": _gone(_recurring, delete_generator),
    "generator_paused": lambda books: pause(books, _recurring(books).id),
    "generator_issued": _run,
    "generator_run": _run,
}
"""What happens to a generator that issues by itself."""
