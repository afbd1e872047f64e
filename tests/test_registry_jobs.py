"""What registries say reaches contacts, expenses and documents by jobs, and its proofs stay with the account."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

import pytest

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.jobs_to_do import Job
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact, change_contact
from faktura.core.errors import Given
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.core.received.change import change_expense
from faktura.core.received.enter import enter_expense
from faktura.core.received.record import Expense
from faktura.core.received.risks import CHECK_PAYMENT, risks_of
from faktura.core.registries.checks import Check
from faktura.core.todos import Todo
from faktura.jobs import Reach, handlers
from faktura.jobs.check_due import next_night_after
from faktura.outside.registries.asking import Registries
from faktura.outside.registries.known import adapters
from faktura.sandbox.outside.registries import SESSION, Doubles, Standing
from faktura.store.database import Database
from faktura.store.every import every, of_row
from faktura.store.queries import Condition, Selection
from faktura.store.transaction import Transaction
from faktura.worker import Worker
from tests.firm import Firm, open_firm
from tests.registry_double import SOURCES, AskingDoubles

T = TypeVar("T")

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)

OUTSIDE = ("update_contact", "check_payers", "check_payment", "check_buyer")

OPTICIAN = {"name": "Optika", "registration_no": "17985765", "country": "CZ"}
"""Who is in the example, under another name."""

BAKERY = {"name": "Piekarnia", "vat_no": "PL5213017056", "country": "PL"}
CZECH_ACCOUNT = "19-2000145399/0800"
POLISH_ACCOUNT = "61109010140000071219812874"


class House(NamedTuple):
    """Firms with a worker that asks doubles."""

    database: Database
    clock: Clock
    doubles: Doubles
    worker: Worker
    registries: Registries
    maintenance: list[bool]

    def do(self, firm: Firm, work: Callable[[Books], T]) -> T:
        return self.database.write(
            lambda tx: work(Books(tx, tx.get(Account, id=firm.account.id) or firm.account, None, self.clock.now()))
        )

    def work(self) -> None:
        while self.worker.do_next():
            pass

    def jobs(self) -> list[Job]:
        """Those that wait for something outside."""

        def jobs(tx: Transaction) -> list[Any]:
            return [of_row(Job, row) for rows in every(tx, Job) for row in rows]

        return [job for job in self.database.read(jobs) if job.name in OUTSIDE]

    def contact(self, firm: Firm, contact_id: int) -> Contact:
        return self.do(firm, lambda books: books.find(Contact, contact_id))

    def all(self, firm: Firm, cls: type[Any]) -> list[Any]:
        return self.do(firm, lambda books: books.all(cls))


@pytest.fixture
def house(database: Database) -> House:
    clock = Clock()
    clock.stand_at(NOON)
    doubles = Doubles(clock)
    maintenance: list[bool] = []
    known = adapters(SOURCES, SESSION)
    registries = Registries(database, clock, AskingDoubles(doubles=doubles), known, lambda: bool(maintenance))
    worker = Worker(database, clock, handlers(), Reach(registries=registries))
    return House(database, clock, doubles, worker, registries, maintenance)


@pytest.fixture
def firm(house: House) -> Firm:
    return open_firm(house.database, house.clock, vat_no="CZ12345679")


@pytest.fixture
def polish(house: House) -> Firm:
    return open_firm(house.database, house.clock, "jabluszko", country="PL", currency="PLN", vat_no="PL5213017228")


def add(house: House, firm: Firm, **values: Any) -> Contact:
    return house.do(firm, lambda books: add_contact(books, Given(values)))


def enter(house: House, firm: Firm, contact: Contact, price: int, **values: Any) -> Expense:
    line = Given({"name": "Zboží", "unit_price": Decimal(price), "vat_rate": Decimal(0)})
    given = Given({"contact_id": contact.id, "lines": [line], **values})
    return house.do(firm, lambda books: enter_expense(books, given))


def calls(house: House) -> int:
    """How often any double was asked."""
    return sum(house.doubles.keep()[1].values())


def risks(house: House, firm: Firm, expense: Expense) -> tuple[str, ...]:
    return house.do(firm, lambda books: risks_of(books, books.find(Expense, expense.id)))


def test_a_contact_that_follows_the_registry_is_what_that_says(house: House, firm: Firm) -> None:
    contact = add(house, firm, **OPTICIAN, update_from_registry="on", email="a@b.cz", street="Stará 1")
    assert house.contact(firm, contact.id).name == "Optika"
    house.work()

    now = house.contact(firm, contact.id)
    assert (now.name, now.street, now.city, now.postcode) == ("Optika Čočka", "Náměstí Míru 4", "Liberec", "460 01")
    assert (now.vat_no, now.legal_form, now.vat_mode, now.email) == ("CZ17985765", "112", "vat_payer", "a@b.cz")
    changed = house.all(firm, Happening)[-1]
    assert (changed.name, changed.program, changed.user_id) == ("contact_changed", "update_contact", None)
    assert changed.details["name"] == ("Optika", "Optika Čočka")
    house.work()
    assert house.contact(firm, contact.id).version == now.version


@pytest.mark.parametrize(("switch", "of_account", "follows"), [("inherit", True, True), ("off", True, False)])
def test_the_account_decides_for_those_that_say_nothing_themselves(
    house: House,
    switch: str,
    of_account: bool,  # noqa: FBT001 (as below)
    follows: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    firm = open_firm(house.database, house.clock, update_contacts_from_registry=of_account)
    contact = add(house, firm, **OPTICIAN, update_from_registry=switch)
    house.work()
    assert (house.contact(firm, contact.id).name == "Optika Čočka") is follows


def test_only_another_number_is_a_reason_to_ask(house: House, firm: Firm) -> None:
    contact = add(house, firm, **OPTICIAN, update_from_registry="on")
    house.work()
    house.do(firm, lambda books: change_contact(books, contact.id, Given({"name": "Čočka"})))
    house.work()
    assert house.contact(firm, contact.id).name == "Čočka"
    number = Given({"registration_no": "16115210"})
    house.do(firm, lambda books: change_contact(books, contact.id, number))
    house.work()
    assert house.contact(firm, contact.id).name == "Pivovar Orlice"


def test_a_polish_contact_follows_the_polish_registry(house: House, polish: Firm) -> None:
    contact = add(house, polish, **BAKERY, update_from_registry="on")
    house.work()
    now = house.contact(polish, contact.id)
    assert (now.name, now.street, now.city, now.vat_no) == ("Piekarnia Źródło", "Źródlana 4", "Wrocław", "5213017056")


def test_what_somebody_typed_while_the_registry_was_asked_stays(house: House, firm: Firm) -> None:
    contact = add(house, firm, **OPTICIAN, update_from_registry="on")
    reply = house.doubles.reply

    def meanwhile(path: str, body: bytes = b"") -> Any:
        house.do(firm, lambda books: change_contact(books, contact.id, Given({"name": "Typed"})))
        return reply(path, body)

    house.doubles.reply = meanwhile  # type: ignore[method-assign]
    house.work()
    now = house.contact(firm, contact.id)
    assert (now.name, now.city) == ("Typed", "Liberec")


@pytest.mark.parametrize("state", ["down", "refuse"])
def test_a_registry_that_is_away_is_asked_again_and_the_contact_stays(house: House, firm: Firm, state: Any) -> None:
    house.doubles.world["ares"] = Standing(state=state)
    contact = add(house, firm, **OPTICIAN, update_from_registry="on")
    house.work()
    assert house.contact(firm, contact.id) == contact
    house.doubles.world["ares"] = Standing()
    house.clock.stand_at(NOON + dt.timedelta(minutes=1))
    house.work()
    assert house.contact(firm, contact.id).name == "Optika Čočka"


def test_a_firm_that_is_not_there_and_a_blocked_account_change_nothing(house: House, firm: Firm) -> None:
    house.doubles.world["ares"] = Standing(not_found=("17985765",))
    contact = add(house, firm, **OPTICIAN, update_from_registry="on")
    house.work()
    assert house.contact(firm, contact.id) == contact
    blocked = open_firm(house.database, house.clock, "blocked", blocked=True)
    other = add(house, blocked, **(OPTICIAN | {"registration_no": "16115210"}), update_from_registry="on")
    house.work()
    assert house.contact(blocked, other.id) == other


def test_every_night_it_is_asked_whether_suppliers_and_customers_are_to_be_relied_on(house: House, firm: Firm) -> None:
    supplier = add(house, firm, name="Optika", vat_no="CZ17985765")
    customer = add(house, firm, name="Pivovar", vat_no="CZ16115210")
    nobody = add(house, firm, name="Obuv", vat_no="CZ18359876")
    abroad = add(house, firm, name="Müller", vat_no="DE123456780", country="DE")
    enter(house, firm, supplier, 100)
    line = Given({"name": "Práce", "unit_price": Decimal(100), "vat_rate": Decimal(21)})
    for contact in (customer, abroad):
        given = Given({"contact_id": contact.id, "lines": [line]})
        house.do(firm, lambda books, given=given: issue_invoice(books, given))  # type: ignore[misc]
    house.doubles.world["crpdph"] = Standing(unreliable=("17985765",))
    house.worker.put_recurring()
    house.work()

    unreliable = {c.id: house.contact(firm, c.id).unreliable for c in (supplier, customer, nobody, abroad)}
    assert unreliable == {supplier.id: True, customer.id: False, nobody.id: None, abroad.id: None}
    assert house.contact(firm, customer.id).unreliable_checked_at == NOON
    todos = [(todo.name, todo.record_id) for todo in house.all(firm, Todo)]
    assert todos == [("contact_unreliable", supplier.id)]
    house.clock.stand_at(next_night_after(NOON))
    house.work()
    assert house.contact(firm, customer.id).unreliable_checked_at == next_night_after(NOON)
    kept = [(check.contact_id, check.said.get("unreliable", False)) for check in house.all(firm, Check)]
    assert sorted(kept) == sorted([(supplier.id, True), (customer.id, False)]), "what stays the same is kept once"
    house.doubles.world["crpdph"] = Standing()
    house.clock.stand_at(next_night_after(next_night_after(NOON)))
    house.work()
    assert house.contact(firm, supplier.id).unreliable is False


def test_the_night_asks_once_for_all_accounts_and_half_an_hour_after_midnight(house: House, firm: Firm) -> None:
    assert next_night_after(NOON) == dt.datetime(2026, 11, 21, 23, 30, tzinfo=dt.UTC)
    other = open_firm(house.database, house.clock, "pearcorp")
    for one in (firm, other):
        enter(house, one, add(house, one, name="Optika", vat_no="CZ17985765"), 100)
    house.worker.put_recurring()
    house.work()
    assert calls(house) == 1
    assert [len(house.all(one, Check)) for one in (firm, other)] == [1, 1]


def test_on_the_first_of_a_month_contacts_in_use_are_brought_up_to_date(house: House, firm: Firm) -> None:
    used, unused = (add(house, firm, **OPTICIAN) for _ in range(2))
    enter(house, firm, used, 100)
    for contact in (used, unused):
        house.do(firm, lambda books, c=contact: change_contact(books, c.id, Given({"update_from_registry": "on"})))  # type: ignore[misc]
    house.worker.put_recurring()
    house.work()
    assert house.contact(firm, used.id).name == "Optika"
    house.clock.stand_at(dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC))
    house.work()
    assert [house.contact(firm, c.id).name for c in (used, unused)] == ["Optika Čočka", "Optika"]


def test_a_large_czech_expense_is_to_be_paid_to_an_account_that_was_published(house: House, firm: Firm) -> None:
    supplier = add(house, firm, name="Optika", vat_no="CZ17985765")
    small = enter(house, firm, supplier, 540_000, bank_account="1234567890/0100")
    right = enter(house, firm, supplier, 540_001, bank_account=CZECH_ACCOUNT)
    wrong = enter(house, firm, supplier, 540_001, bank_account="1234567890/0100")
    assert [risks(house, firm, one) for one in (small, right)] == [(), ("not_checked",)]
    house.work()

    assert [risks(house, firm, one) for one in (small, right, wrong)] == [(), (), ("account_not_published",)]
    iban = Given({"bank_account": None, "iban": "CZ6508000000192000145399"})
    house.do(firm, lambda books: change_expense(books, wrong.id, iban))
    house.work()
    assert risks(house, firm, wrong) == ()


def test_any_czech_expense_of_who_is_not_to_be_relied_on_is_a_risk(house: House, firm: Firm) -> None:
    house.doubles.world["crpdph"] = Standing(unreliable=("17985765",))
    expense = enter(house, firm, add(house, firm, name="Optika", vat_no="CZ17985765"), 10)
    assert risks(house, firm, expense) == ()
    house.worker.put_recurring()
    house.work()
    assert risks(house, firm, expense) == ("unreliable",)


def test_a_large_polish_cost_is_to_be_paid_to_an_account_on_the_white_list(house: House, polish: Firm) -> None:
    supplier = add(house, polish, **BAKERY)
    small = enter(house, polish, supplier, 15_000, bank_account=POLISH_ACCOUNT)
    large = enter(house, polish, supplier, 15_001, bank_account=POLISH_ACCOUNT)
    assert [risks(house, polish, one) for one in (small, large)] == [(), ("not_checked",)]
    house.work()
    assert risks(house, polish, large) == ()
    [check] = house.all(polish, Check)
    assert (check.registry, check.document_id, check.checked_at) == ("white_list_check", large.id, NOON)
    assert check.question == f"5213017056|{POLISH_ACCOUNT}|2026-11-21"
    assert check.proof.startswith("double-")
    house.clock.stand_at(NOON + DAY)
    assert risks(house, polish, large) == ("not_checked",), "a proof counts for its day"


def test_an_account_that_is_not_on_the_white_list_is_a_risk_until_it_is(house: House, polish: Firm) -> None:
    house.doubles.world["white_list"] = Standing(not_found=(POLISH_ACCOUNT,))
    large = enter(house, polish, add(house, polish, **BAKERY), 15_001, iban=f"PL{POLISH_ACCOUNT}")
    house.work()
    assert risks(house, polish, large) == ("account_not_listed",)
    house.clock.stand_at(NOON + DAY)
    assert risks(house, polish, large) == ("account_not_listed",)


def sold(house: House, firm: Firm, contact: Contact, **values: Any) -> Invoice:
    line = Given({"name": "Práce", "unit_price": Decimal(100), "vat_rate": Decimal(0)})
    given = Given({"contact_id": contact.id, "lines": [line], **values})
    return house.do(firm, lambda books: issue_invoice(books, given))


def test_the_number_of_a_buyer_abroad_is_proved_for_the_firm_that_charged_no_vat(house: House, firm: Firm) -> None:
    buyer = add(house, firm, name="Müller", vat_no="DE123456780", country="DE")
    invoice = sold(house, firm, buyer, reverse_charge=True)
    sold(house, firm, add(house, firm, name="Optika", vat_no="CZ17985765"), reverse_charge=True)
    house.work()

    [check] = house.all(firm, Check)
    assert (check.registry, check.state, check.kind, check.document_id) == ("vies", "found", "invoices", invoice.id)
    assert check.question == "DE|123456780|CZ|12345679"
    assert check.proof == "WAPIAAAA20261121120000"
    assert house.all(firm, Todo) == []


def test_a_number_that_is_not_valid_needs_a_person_and_one_that_nobody_says_anything_of_does_not(
    house: House, firm: Firm
) -> None:
    buyer = add(house, firm, name="Müller", vat_no="DE123456780", country="DE")
    house.doubles.world["vies"] = Standing(state="down")
    invoice = sold(house, firm, buyer, reverse_charge=True)
    house.work()
    assert (house.all(firm, Check), house.all(firm, Todo)) == ([], [])
    house.doubles.world["vies"] = Standing(not_found=("123456780",))
    house.clock.stand_at(NOON + dt.timedelta(minutes=1))
    house.work()
    [todo] = house.all(firm, Todo)
    assert (todo.name, todo.kind, todo.record_id) == ("buyer_vat_no_invalid", "invoices", invoice.id)


def test_two_accounts_never_see_the_proofs_of_each_other(house: House, firm: Firm) -> None:
    other = open_firm(house.database, house.clock, "pearcorp", vat_no="CZ87654326")
    for one in (firm, other):
        sold(house, one, add(house, one, name="Müller", vat_no="DE123456780", country="DE"), reverse_charge=True)
    house.work()
    for one, number in ((firm, "12345679"), (other, "87654326")):
        [check] = house.all(one, Check)
        assert check.account_id == one.account.id
        assert check.question.endswith(number)
        found = house.do(one, lambda books: books.all(Check, Selection((Condition("proof", "null", value=True),))))
        assert found == []


def test_the_nightly_break_of_the_register_is_waited_for(house: House, firm: Firm) -> None:
    midnight = dt.datetime(2026, 11, 21, 23, 3, tzinfo=dt.UTC)
    house.clock.stand_at(midnight)
    enter(house, firm, add(house, firm, name="Optika", vat_no="CZ17985765"), 600_000, bank_account=CZECH_ACCOUNT)
    house.work()
    assert calls(house) == 0
    [waiting] = house.jobs()
    assert (waiting.name, waiting.waits_until, waiting.attempts) == (CHECK_PAYMENT, midnight + 7 * MINUTE, 0)
    house.clock.stand_at(midnight + 7 * MINUTE)
    house.work()
    assert house.all(firm, Check)


def test_in_maintenance_nobody_is_asked_and_jobs_wait_for_its_end(house: House, firm: Firm) -> None:
    house.maintenance.append(True)
    contact = add(house, firm, **OPTICIAN, update_from_registry="on")
    for minute in range(3):
        house.clock.stand_at(NOON + minute * MINUTE)
        house.work()
    assert (calls(house), house.contact(firm, contact.id).name) == (0, "Optika")
    assert [job.attempts for job in house.jobs()] == [0]
    house.maintenance.clear()
    house.clock.stand_at(NOON + 3 * MINUTE)
    house.work()
    assert house.contact(firm, contact.id).name == "Optika Čočka"


def test_a_blocked_account_asks_nothing(house: House, firm: Firm) -> None:
    contact = add(house, firm, **OPTICIAN, vat_no="CZ17985765", update_from_registry="on")
    enter(house, firm, contact, 600_000, bank_account=CZECH_ACCOUNT)
    sold(house, firm, add(house, firm, name="Müller", vat_no="DE123456780", country="DE"), reverse_charge=True)

    def block(office: Office) -> None:
        office.change(office.find(Account, id=firm.account.id), blocked=True)

    house.database.write(lambda tx: block(Office(tx, NOON)))
    house.worker.put_recurring()
    house.work()
    assert calls(house) == 0


def test_what_a_person_typed_later_than_the_answer_is_not_changed_to_it(house: House, firm: Firm) -> None:
    """An answer that was kept before the contact was saved does not count: it is asked for once more."""
    house.registries.ask("ares", "17985765")
    house.doubles.world["ares"] = Standing(state="down")
    house.clock.stand_at(NOON + MINUTE)
    contact = add(house, firm, **OPTICIAN, update_from_registry="on")
    house.work()
    assert house.contact(firm, contact.id).name == "Optika"
    assert calls(house) == 2


def test_thirty_polish_contacts_are_asked_for_in_one_call(database: Database) -> None:
    clock = Clock()
    clock.stand_at(NOON)
    doubles = Doubles(clock)
    only = {"white_list": SOURCES["white_list"]}
    registries = Registries(database, clock, AskingDoubles(doubles=doubles), adapters(only))
    worker = Worker(database, clock, handlers(), Reach(registries=registries))
    house = House(database, clock, doubles, worker, registries, [])
    polish = open_firm(database, clock, "jabluszko", country="PL", currency="PLN")
    numbers = [BAKERY["vat_no"], "PL5213017228", *("PL1111111111" for _ in range(30))]
    contacts = [add(house, polish, name="Stara", vat_no=number, country="PL") for number in numbers]
    on = Given({"update_from_registry": "on"})
    for contact in contacts:
        enter(house, polish, contact, 10)
        house.do(polish, lambda books, c=contact: change_contact(books, c.id, on))  # type: ignore[misc]
    house.clock.stand_at(dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC))
    house.worker.put_recurring()
    for second in range(3):
        house.clock.stand_at(dt.datetime(2026, 11, 30, 23, 30, second, tzinfo=dt.UTC))
        house.work()
    assert house.contact(polish, contacts[0].id).name == "Piekarnia Źródło"
    assert house.contact(polish, contacts[2].id).name == "Stara"
    assert calls(house) == 1


def test_where_no_registry_may_be_asked_jobs_end_without_one(house: House, firm: Firm) -> None:
    worker = Worker(house.database, house.clock, handlers(), Reach())
    contact = add(house, firm, **OPTICIAN, update_from_registry="on")
    enter(house, firm, contact, 600_000, bank_account=CZECH_ACCOUNT)
    sold(house, firm, add(house, firm, name="Müller", vat_no="DE123456780", country="DE"), reverse_charge=True)
    worker.put_recurring()
    while worker.do_next("outside"):
        pass
    assert house.contact(firm, contact.id) == contact
    assert house.all(firm, Check) == []
