"""Years of a firm's life, day by day and by the verbs of the core; the seed decides who buys, pays late and leaves."""

import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from faktura.core.books import jobs_to_do
from faktura.core.books.books import Books
from faktura.core.catalogue import Product
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Given, WrongState
from faktura.core.generators.change import add_generator
from faktura.core.generators.recur import due_in, issue_due, pause
from faktura.core.inventory.items import add_item
from faktura.core.invoices.correct import correction_of
from faktura.core.invoices.events import fire
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.reminders import reminders_due
from faktura.core.messages import JOB, delivered
from faktura.core.received.enter import enter_expense
from faktura.core.received.pay import pay_expense
from faktura.jobs.restate_account import bring_up_to_today
from faktura.outputs.mail.wording import send_reminder
from faktura.sandbox.example.customers import HABITS, customer, habit_of
from faktura.sandbox.example.days import ago, line
from faktura.store.transaction import Transaction

T = TypeVar("T")
Deed = Callable[[Books], object]

FULL_SHELF = 300
FIRST_CUSTOMERS = 6
OFFICE_DAYS = (1, 4)
"""Of a week: somebody looks after what is owed."""

GIVEN_UP_AFTER = 150
"""Days after which nobody hopes for the money any more."""


class Trade(NamedTuple):
    """What a firm sells and buys, each with a unit and a price; crates are counted."""

    crate: tuple[str, str, int, int]
    subscriptions: tuple[tuple[str, str, int], ...]
    services: tuple[tuple[str, str, int], ...]
    expenses: tuple[tuple[str, str, str, int], ...]
    reason: str


TRADES: Mapping[str, Trade] = {
    "applecorp": Trade(
        ("Bedna na jablka", "BEDNA-1", 85, 139),
        (("Ovoce do kanceláře za #m#/#y#", "měsíc", 3900), ("Péče o sad za #m#/#y#", "měsíc", 6200)),
        (("Lisování", "h", 650), ("Degustace", "os.", 290), ("Rozvoz", "km", 16), ("Sušená jablka", "kg", 320)),
        (("Sady Polabí", "Nájem sklepa", "měsíc", 11500), ("Energie Jih", "Elektřina", "MWh", 4100)),
        "Vrácené zboží",
    ),
    "jabluszko": Trade(
        ("Skrzynka na jabłka", "SKRZ-1", 14, 24),
        (("Owoce do biura za #m#/#y#", "mies.", 640), ("Opieka nad sadem za #m#/#y#", "mies.", 980)),
        (("Tłoczenie", "h", 110), ("Degustacja", "os.", 48), ("Dowóz", "km", 3), ("Suszone jabłka", "kg", 52)),
        (("Sady Mazowsze", "Najem chłodni", "mies.", 1900), ("Energia Wisła", "Prąd", "MWh", 890)),
        "Zwrot towaru",
    ),
}


def live(books: Mapping[str, Books], years: int) -> Iterator[None]:
    """Let the firms live up to yesterday; it goes on after every day."""
    lives = [Life(books[slug], trade) for slug, trade in TRADES.items()]
    for days in range(365 * years, 0, -1):
        for one in lives:
            one.live(days)
        yield
    _cross_out_letters(books["applecorp"].tx, books["applecorp"].now)


def _cross_out_letters(tx: Transaction, now: dt.datetime) -> None:
    """They were delivered long ago, and no job has to look."""
    while seen := jobs_to_do.due(tx, now, JOB):
        for job in filter(None, (jobs_to_do.claim(tx, one, now) for one in seen)):
            jobs_to_do.finish(tx, job)


class Life:
    """A firm, who buys from it, and what is to happen on which day: each is so many days ago."""

    def __init__(self, books: Books, trade: Trade) -> None:
        self._books = books
        self._trade = trade
        self._to_do: defaultdict[int, list[Deed]] = defaultdict(list)
        self._customers: list[tuple[Contact, tuple[int, int]]] = []
        self._came = 0
        self._subscribed: dict[int, int] = {}
        self._suppliers: list[Contact] = []
        self._crates: Product | None = None
        self._recent: Invoice | None = None

    def live(self, days: int) -> None:
        """A day: what is issued by itself, what was to be done; on the first of a month what it will bring."""
        then = ago(self._books, days)
        for generator_id in due_in(then, 100):
            while (issued := issue_due(then, generator_id)) is not None:
                self._expect_money(issued, days)
        if self._crates is None:
            self._begin(then, days)
        if then.today.day == 1:
            self._plan_month(days)
        for deed in self._to_do.pop(days, ()):
            deed(then)
        if then.today.weekday() in OFFICE_DAYS:
            self._remind(then)

    # What the seed decides

    def _below(self, most: int) -> int:
        return int.from_bytes(self._books.tx.chance.draw("years", 4)) % most

    def _one_of(self, choice: Sequence[T]) -> T:
        return choice[self._below(len(choice))]

    def _happens(self, percent: int) -> bool:
        return self._below(100) < percent

    def _on(self, days: int, deed: Deed) -> None:
        self._to_do[days].append(deed)

    # Beginning, and the course of a month

    def _begin(self, then: Books, days: int) -> None:
        name, sku, cost, price = self._trade.crate
        said = {"name": name, "sku": sku, "track_quantity": True, "stock": Decimal(FULL_SHELF), "unit": "ks"}
        prices = {"purchase_unit_net_price": Decimal(cost), "unit_net_price": Decimal(price)}
        rate = Decimal(then.account.vat_rate)
        self._crates = add_item(then, Given(said | prices | {"vat_rate": rate, "min_quantity": Decimal(40)}))
        for supplier, *_ in self._trade.expenses:
            self._suppliers.append(add_contact(then, Given({"name": supplier, "role": "supplier"})))
        for _ in range(FIRST_CUSTOMERS):
            self._welcome(then)
        self._plan_month(days)

    def _plan_month(self, days: int) -> None:
        often: tuple[tuple[Deed, int], ...] = (
            (self._order, 5 + self._below(4)),
            (self._advance, 1 + self._below(2)),
            (self._welcome, self._happens(45)),
            (self._part, self._happens(25)),
            (self._credit, self._happens(60)),
        )
        for deed, times in often:
            for _ in range(times):
                self._on(days - self._below(28), deed)
        for place in range(len(self._suppliers)):
            self._on(days - 3 - place, self._expense(place))
        self._on(days - 9, self._restock)

    def _welcome(self, then: Books) -> None:
        """A customer comes; every second one wants something each month."""
        contact = add_contact(then, customer(then.account.country, self._came))
        self._customers.append((contact, habit_of(self._came)))
        if self._came % 2 == 0:
            name, unit, price = self._one_of(self._trade.subscriptions)
            lines = [self._line(then, name, 1, price, unit)]
            plan = {"recurring": True, "start_on": then.today + dt.timedelta(days=1 + self._below(20)), "months": 1}
            given = {
                "contact_id": contact.id,
                "name": f"{name.split(' za ')[0]}: {contact.name}",
                "lines": lines,
                **plan,
            }
            self._subscribed[contact.id] = add_generator(then, Given(given)).id
        self._came += 1

    def _part(self, then: Books) -> None:
        """One of the first customers leaves."""
        if len(self._customers) > FIRST_CUSTOMERS:
            contact, _ = self._customers.pop(self._below(4))
            if (generator_id := self._subscribed.pop(contact.id, None)) is not None:
                pause(then, generator_id)

    # What is sold

    def _order(self, then: Books) -> None:
        contact, _ = self._one_of(self._customers)
        lines = [self._line(then, name, 1 + self._below(9), price, unit) for name, unit, price in self._wanted()]
        if self._happens(40):
            name, sku, _, price = self._trade.crate
            lines.append(self._line(then, name, 1 + self._below(20), price, "ks", sku=sku))
        self._expect_money(self._issue(then, contact, lines), self._days(then))

    def _advance(self, then: Books) -> None:
        """Four of five proformas are paid, and each of these is followed by its invoice."""
        contact, _ = self._one_of(self._customers)
        name, unit, price = self._one_of(self._trade.services)
        lines = [self._line(then, name, 10 + self._below(30), price, unit)]
        proforma = self._issue(then, contact, lines, kind="proforma", follow_up="final_invoice_paid")
        if self._happens(80):
            self._on(self._days(then) - 2 - self._below(12), self._payment(proforma.id))

    def _credit(self, then: Books) -> None:
        """Half of the first line of the last invoice is taken back."""
        recent = self._recent
        if recent is None:
            return
        taken = {recent.lines[0].id: recent.lines[0].quantity / 2}
        chosen = Given({"quantities": taken, "reason": self._trade.reason})
        note = issue_invoice(then, correction_of(then, recent.id, chosen))
        self._on(self._days(then) - 7, self._payment(note.id))
        self._recent = None

    def _wanted(self) -> list[tuple[str, str, int]]:
        first = self._below(len(self._trade.services))
        return [self._trade.services[(first + more) % len(self._trade.services)] for more in range(1 + self._below(2))]

    def _issue(self, then: Books, contact: Contact, lines: list[Given], **values: Any) -> Invoice:
        return issue_invoice(then, Given({"contact_id": contact.id, "lines": lines, **values}))

    def _line(self, then: Books, name: str, quantity: int, price: int, unit: str, sku: str | None = None) -> Given:
        return line(name, str(quantity), price, unit, rate=int(then.account.vat_rate), sku=sku)

    def _days(self, then: Books) -> int:
        return (self._books.now - then.now).days

    # Money

    def _expect_money(self, invoice: Invoice, days: int) -> None:
        """As its customer is used to; some pay in two parts, one in forty not at all."""
        self._recent = invoice
        habits = {contact.id: habit for contact, habit in self._customers}
        least, most = habits.get(invoice.contact_id or 0, HABITS[0])
        due = days - (invoice.due_on - invoice.issued_on).days
        if self._below(40) == 0:
            self._on(due - GIVEN_UP_AFTER, lambda then: fire(then, invoice.id, "mark_as_uncollectible"))
            return
        paid = due - least - self._below(most - least + 1)
        if self._happens(8):
            self._on(paid, self._payment(invoice.id, amount=(invoice.gross_total / 2).quantize(Decimal(1))))
            paid -= 10
        self._on(paid, self._payment(invoice.id))

    def _payment(self, invoice_id: int, **values: Any) -> Deed:
        def pay(then: Books) -> None:
            # A credit note may have paid it meanwhile.
            with contextlib.suppress(WrongState):
                add_payment(then, invoice_id, Given(values))

        return pay

    def _remind(self, then: Books) -> None:
        while bring_up_to_today(then):
            pass
        for one in reminders_due(then, then.today):
            letter = send_reminder(then, then.find(Invoice, one.invoice_id), one.step, "")
            delivered(then, letter.id, "250 2.0.0 Ok")

    # What is bought

    def _expense(self, place: int) -> Deed:
        _, name, unit, price = self._trade.expenses[place]

        def enter(then: Books) -> None:
            lines = [self._line(then, name, 1 + place * self._below(3), price, unit)]
            self._buy(then, self._suppliers[place], lines)

        return enter

    def _restock(self, then: Books) -> None:
        """As many crates as are missing come in with the expense."""
        name, sku, cost, _ = self._trade.crate
        assert self._crates is not None  # noqa: S101 (they are there from the first day)
        missing = FULL_SHELF - int(then.find(Product, self._crates.id).stock)
        if missing > 0:
            self._buy(then, self._suppliers[0], [self._line(then, name, missing, cost, "ks", sku=sku)])

    def _buy(self, then: Books, supplier: Contact, lines: list[Given]) -> None:
        number = f"{then.today:%y%m}{100 + self._below(900)}"
        expense = enter_expense(then, Given({"contact_id": supplier.id, "lines": lines, "original_number": number}))
        self._on(self._days(then) - 12 - self._below(6), lambda later: pay_expense(later, expense.id, Given({})))
