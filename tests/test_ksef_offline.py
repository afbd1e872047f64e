"""Documents that are issued beside KSeF: signed here, followed by their deadlines, and named when they are paid."""

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.clock import Clock
from faktura.core.contacts import Contact
from faktura.core.errors import Given, Invalid, WrongState
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.collective import CollectiveIdentifier, ask_for_collective, collectives_of
from faktura.core.ksef.connecting import connect
from faktura.core.ksef.connection import active_connection, keep_offline_pair, note_sign_in, put_out
from faktura.core.ksef.deadlines import Outage
from faktura.core.ksef.named import named_in
from faktura.core.ksef.numbers import is_collective, numbers_in
from faktura.core.ksef.progress import Named, Said, accept, give_up
from faktura.core.ksef.sendings import SEND, KsefSending, latest_sending
from faktura.core.ksef.service import KsefService, outages_at
from faktura.core.received.enter import enter_expense
from faktura.core.received.record import Expense
from faktura.core.tests.conftest import Firm
from faktura.core.todos import Todo
from faktura.jobs import Reach, handlers, inside
from faktura.outputs.e_invoices.ksef import send
from faktura.outputs.e_invoices.ksef_offline import send_offline, take_offline
from faktura.outputs.printing.pdf import compose
from faktura.outputs.printing.printed import PrintedDocument
from faktura.outputs.reading.context import context_of
from faktura.outputs.reading.invoices import facts_of
from faktura.outputs.tests.documents import codes_on, text_of
from faktura.outside.http import Client
from faktura.outside.ksef.line import Ksef
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.serving import listening
from faktura.sandbox.outside.ksef.standing import Announced, Handed, Standing
from faktura.store.database import Database
from faktura.store.records import changed
from faktura.worker import Worker
from tests.ksef_firm import TAX_NO, Queue, polish_firm, sold

KEY = "a key that seals secrets"
TUESDAY = dt.datetime(2026, 11, 10, 9, tzinfo=dt.UTC)
"""The day after is a holiday."""

NUMBER = "5265877635-20250826-0100001AF629-AF"
JOBS = ("check_ksef", "watch_ksef", "follow_ksef", "ask_for_collective")


class House(NamedTuple):
    """A connected firm, the double that it reaches, and a worker that looks after what is issued beside KSeF."""

    firm: Firm
    clock: Clock
    double: Double
    ksef: Ksef

    def do(self, verb: Callable[..., Any], *arguments: Any) -> Any:
        return self.firm.do(verb, *arguments)

    def work(self, *, sends: bool = False) -> None:
        """Jobs of the house whose time has come, and what they put; what waits for KSeF leaves only if it `sends`."""
        chosen = {name: handler for name, handler in handlers().items() if name in JOBS}
        chosen[SEND] = handlers()[SEND] if sends else inside(lambda _books: None)
        reach = Reach(ksef=self.ksef, client=Client(loopback=True), secret_key=KEY)
        worker = Worker(self.firm.database, self.clock, chosen, reach)
        worker.put_recurring()
        while worker.do_next():
            pass

    def pass_by(self, span: dt.timedelta, *, sends: bool = False) -> None:
        self.clock.stand_at(self.clock.now() + span)
        self.work(sends=sends)

    def sending(self, invoice: Invoice) -> KsefSending:
        found: KsefSending = self.do(latest_sending, invoice.id)
        return found

    def todos(self) -> list[tuple[str, bool]]:
        todos = self.do(lambda books: books.all(Todo))
        return [(todo.name, todo.done_at is not None) for todo in todos if todo.name.startswith("ksef")]


@pytest.fixture
def house(database: Database) -> Iterator[House]:
    clock = Clock()
    clock.stand_at(TUESDAY)
    with listening(clock) as double:
        firm = polish_firm(database, clock)
        connect_to(firm, double)
        ksef = Ksef(KEY)
        yield House(firm, clock, double, ksef)
        ksef.close()


def connect_to(firm: Firm, double: Double, **wishes: Any) -> None:
    certificate, private_key = double.certificate(TAX_NO)
    secrets = {"certificate": certificate, "private_key": private_key}
    given = Given({"environment": "test", "method": "certificate", "offline_allowed": True, **secrets, **wishes})
    firm.do(lambda books: connect(books, given, KEY, double=double.base))
    firm.do(note_sign_in, None)
    firm.do(keep_offline_pair, *double.certificate(TAX_NO, "Offline"), KEY)


def announce(house: House, category: str, start: dt.datetime, end: dt.datetime | None = None) -> None:
    told = Announced(category, start, end)  # type: ignore[arg-type]
    house.double.standing = Standing(announced=(*house.double.standing.announced, told))


def day_of(moment: dt.datetime | None) -> str:
    assert moment is not None
    return moment.isoformat()[:10]


def test_by_choice_a_document_is_issued_beside_ksef_and_has_both_codes(house: House) -> None:
    invoice = house.firm.issue(sold())

    sent: KsefSending = house.do(send_offline, invoice.id, KEY)

    assert (sent.state, sent.mode, day_of(sent.deadline)) == ("waiting", "offline24", "2026-11-12")
    now = house.firm.again(invoice)
    assert now.ksef is not None
    facts = house.do(lambda books: facts_of(now, context_of(books, now)))
    codes = codes_on(compose(PrintedDocument(facts=facts, language="pl")))
    assert {now.ksef.link, now.ksef.certificate_link} <= set(codes)
    page = Client(loopback=True).get(now.ksef.certificate_link)
    assert page.status == 200


def test_without_a_certificate_for_it_nothing_is_issued_beside_ksef(house: House) -> None:
    invoice = house.firm.issue(sold())
    house.clock.stand_at(TUESDAY + dt.timedelta(days=3000))

    with pytest.raises(WrongState, match="no_offline_certificate"):
        house.do(send_offline, invoice.id, KEY)
    house.clock.stand_at(TUESDAY)
    with pytest.raises(WrongState, match="no_offline_certificate"):
        house.do(send_offline, invoice.id, "another key")
    assert house.firm.again(invoice).ksef is None


def test_what_waits_already_is_signed_in_addition_and_keeps_its_bytes(house: House) -> None:
    invoice = house.firm.issue(sold())
    waiting: KsefSending = house.do(send, invoice.id)

    signed: KsefSending = house.do(send_offline, invoice.id, KEY)
    again: KsefSending = house.do(send_offline, invoice.id, KEY)

    assert (signed.id, signed.digest, signed.mode) == (waiting.id, waiting.digest, "offline24")
    assert again == signed


def test_while_a_failure_is_announced_documents_are_issued_because_of_it(house: House) -> None:
    announce(house, "FAILURE", TUESDAY - dt.timedelta(hours=2))
    house.work()

    sent: KsefSending = house.do(send_offline, house.firm.issue(sold()).id, KEY)

    assert (sent.mode, sent.deadline) == ("emergency", None)


def test_after_the_failure_seven_working_days_remain(house: House) -> None:
    announce(house, "FAILURE", TUESDAY - dt.timedelta(hours=2))
    house.work()
    invoice = house.firm.issue(sold())
    house.do(send_offline, invoice.id, KEY)
    ended = Announced("FAILURE", TUESDAY - dt.timedelta(hours=2), TUESDAY + dt.timedelta(days=2))
    house.double.standing = Standing(announced=(ended,))

    house.pass_by(dt.timedelta(days=2, hours=1))

    assert day_of(house.sending(invoice).deadline) == "2026-11-23"


def test_a_planned_maintenance_is_known_before_it_begins(house: House) -> None:
    begins = TUESDAY + dt.timedelta(hours=3)
    announce(house, "MAINTENANCE", begins, begins + dt.timedelta(hours=30))
    house.work()
    house.clock.stand_at(begins + dt.timedelta(minutes=1))

    sent: KsefSending = house.do(send_offline, house.firm.issue(sold()).id, KEY)

    assert (sent.mode, day_of(sent.deadline)) == ("unavailable", "2026-11-12")


def test_what_waits_while_ksef_is_down_is_issued_beside_it_by_itself(house: House) -> None:
    invoice = house.firm.issue(sold())
    house.do(send, invoice.id)
    announce(house, "FAILURE", TUESDAY)

    house.pass_by(dt.timedelta(minutes=5))

    sending, now = house.sending(invoice), house.firm.again(invoice)
    assert sending.mode == "emergency"
    assert now.ksef is not None
    assert (now.ksef.mode, bool(now.ksef.certificate_link)) == ("emergency", True)


def test_a_firm_that_does_not_allow_it_waits(house: House) -> None:
    connect_to(house.firm, house.double, offline_allowed=False)
    invoice = house.firm.issue(sold())
    house.do(send, invoice.id)
    announce(house, "FAILURE", TUESDAY)

    house.pass_by(dt.timedelta(minutes=5))

    assert house.sending(invoice).mode == "online"


@pytest.mark.parametrize(("attempts", "mode"), [(2, "online"), (3, "offline24")])
def test_who_answers_nobody_again_and_again_is_not_waited_for(house: House, attempts: int, mode: str) -> None:
    invoice = house.firm.issue(sold())
    house.do(send, invoice.id)
    house.do(lambda books: _have_failed(books, attempts))

    house.pass_by(dt.timedelta(minutes=5))

    assert house.sending(invoice).mode == mode


def _have_failed(books: Books, attempts: int) -> None:
    [job] = [job for job in books.all(Job) if job.name == SEND]
    later = books.now + dt.timedelta(hours=1)
    books.change(job, changed(job, attempts=attempts, last_error="KSeF does not answer", waits_until=later))


def test_what_is_not_there_after_its_deadline_is_on_the_list_until_it_is(house: House) -> None:
    invoice = house.firm.issue(sold())
    house.do(send_offline, invoice.id, KEY)
    house.clock.stand_at(dt.datetime(2026, 11, 12, 22, 59, tzinfo=dt.UTC))
    house.work()
    assert house.todos() == []

    house.pass_by(dt.timedelta(minutes=2))
    house.pass_by(dt.timedelta(minutes=5))

    assert house.todos() == [("ksef_overdue", False)]
    house.do(lambda books: _accepted(books, invoice))
    assert house.todos() == [("ksef_overdue", True)]


def _accepted(books: Books, invoice: Invoice) -> None:
    sending = latest_sending(books, invoice.id)
    assert sending is not None
    accept(books, sending, Named(NUMBER, "session"), Said(200), active_connection(books))


def test_latarnia_that_says_nothing_leaves_what_was_said_before(house: House) -> None:
    announce(house, "FAILURE", TUESDAY)
    house.work()
    known = house.do(lambda books: outages_at(books.tx, f"{house.double.base}/latarnia"))
    house.double.standing = Standing(state="down")

    house.pass_by(dt.timedelta(hours=2))

    assert house.do(lambda books: outages_at(books.tx, f"{house.double.base}/latarnia")) == known
    assert known == (Outage(1, "failure", TUESDAY),)


def test_latarnia_is_asked_every_hour_and_more_often_where_something_waits(house: House) -> None:
    def asked_at() -> dt.datetime:
        [service] = house.do(lambda books: [books.tx.get(KsefService, status_url=f"{house.double.base}/latarnia")])
        at: dt.datetime = service.read_at
        return at

    house.work()
    first = asked_at()
    house.pass_by(dt.timedelta(minutes=10))
    assert asked_at() == first
    house.do(send_offline, house.firm.issue(sold()).id, KEY)
    house.pass_by(dt.timedelta(minutes=10))
    assert asked_at() == first + dt.timedelta(minutes=20)


def test_an_account_whose_connection_is_out_is_left_alone(house: House) -> None:
    invoice = house.firm.issue(sold())
    house.do(send, invoice.id)
    house.work()
    house.do(put_out, "401: gone")
    announce(house, "FAILURE", TUESDAY)

    house.pass_by(dt.timedelta(minutes=5))

    assert house.sending(invoice).mode == "online"


def bought(house: House, *numbers: str | None) -> list[Expense]:
    """Expenses under these numbers of KSeF's."""
    found: list[Expense] = []
    contact: Contact = house.firm.contact
    for place, number in enumerate(numbers):
        given = {"contact_id": contact.id, "original_number": f"FV/{place}", "lines": [sold()]}
        entered = house.do(enter_expense, Given(given))
        kept = house.do(
            lambda books, entered=entered, number=number: books.change(entered, changed(entered, ksef_number=number))
        )
        found.append(kept)
    return found


def _numbered(books: Books, expense: Expense, number: str | None) -> Expense:
    return books.change(expense, changed(expense, ksef_number=number))


def held_by(double: Double, count: int, seller: str = "1111111111") -> list[str]:
    """Numbers of invoices of a supplier that the double holds."""
    before = len(double.invoices)
    handed = [Handed(number=f"{before + place}", buyer_tax_no=TAX_NO, seller_tax_no=seller) for place in range(count)]
    return double.hand_in(*handed)


def test_several_invoices_of_a_supplier_are_paid_by_one_number_that_is_kept(house: House) -> None:
    numbers = held_by(house.double, 3)
    expenses = bought(house, *numbers)

    asked = house.do(ask_for_collective, [one.id for one in expenses])
    again = house.do(ask_for_collective, [one.id for one in reversed(expenses)])
    house.work()

    assert again == asked
    [kept] = house.do(collectives_of, 10)
    assert is_collective(kept.identifier)
    assert kept.identifier.startswith("1111111111-IZ")
    assert kept.ksef_numbers == tuple(sorted(numbers))
    named = house.do(named_in, f"Przelew {kept.identifier.lower()}")
    assert [one.id for one in named.expenses] == [one.id for one in expenses]


@pytest.mark.parametrize("case", ["one", "two_suppliers", "without_a_number", "nothing"])
def test_one_number_is_not_asked_for_what_ksef_would_refuse(house: House, case: str) -> None:
    numbers, other = held_by(house.double, 2), held_by(house.double, 1, "5260250274")
    first = numbers[0]
    cases: dict[str, list[str | None]] = {
        "one": [first],
        "two_suppliers": [*numbers, *other],
        "without_a_number": [first, None],
        "nothing": [],
    }
    expenses = bought(house, *cases[case])

    with pytest.raises(Invalid, match="not_together"):
        house.do(ask_for_collective, [one.id for one in expenses])
    assert house.do(lambda books: books.all(CollectiveIdentifier)) == []


def test_why_ksef_gave_no_number_is_kept_and_it_can_be_asked_again(house: House) -> None:
    [known] = held_by(house.double, 1, "5265877635")
    expenses = bought(house, known, NUMBER)

    house.do(ask_for_collective, [one.id for one in expenses])
    house.work()

    [kept] = house.do(collectives_of, 10)
    assert (kept.identifier, "71001" in kept.problem) == (None, True)
    assert house.do(ask_for_collective, [one.id for one in expenses]).problem == ""


def test_a_payment_is_recognised_by_the_numbers_in_its_text(house: House) -> None:
    invoice = house.firm.issue(sold())
    house.do(lambda books: books.change(invoice, changed(invoice, ksef_number=NUMBER)))
    unknown = "5260250274-IZ202701-0A1B2C3D4E5F-"
    [identifier] = [f"{unknown}{n:02X}" for n in range(256) if numbers_in(f"{unknown}{n:02X}").collectives]

    named = house.do(named_in, f"/VAT/23,00/IDC/{TAX_NO}/INV/{NUMBER}/TXT/ {identifier}")

    assert [one.id for one in named.invoices] == [invoice.id]
    assert named.expenses == ()
    assert named.unknown == (identifier,)
    assert house.do(named_in, "Zapłata za fakturę 1/2026") == ((), (), ())


def test_what_is_on_its_way_online_is_taken_offline_once(house: House) -> None:
    invoice = house.firm.issue(sold())
    waiting: KsefSending = house.do(send, invoice.id)

    taken: KsefSending = house.do(take_offline, waiting, KEY)

    assert house.do(take_offline, taken, KEY) == taken


def test_after_an_outage_over_a_holiday_it_arrives_as_issued_beside_ksef_and_its_code_is_of_its_bytes(
    house: House,
) -> None:
    invoice = house.firm.issue(sold())
    house.do(send, invoice.id)
    house.double.standing = Standing(state="down")
    for _ in range(12):
        house.pass_by(dt.timedelta(minutes=1), sends=True)
    beside = house.sending(invoice)
    assert (beside.mode, day_of(beside.deadline)) == ("offline24", "2026-11-12")
    house.double.standing = Standing()
    for _ in range(12):
        house.pass_by(dt.timedelta(minutes=10), sends=True)

    [held], sending = house.double.invoices, house.sending(invoice)
    assert (held.mode, sending.state, sending.ksef_number) == ("Offline", "accepted", held.ksef_number)
    now = house.firm.again(invoice)
    facts = house.do(lambda books: facts_of(now, context_of(books, now)))
    file = compose(PrintedDocument(facts=facts, language="pl"))
    [code] = [code for code in codes_on(file) if "/qr/invoice/" in code]
    assert base64.urlsafe_b64decode(code.rpartition("/")[2] + "=") == hashlib.sha256(held.xml).digest()
    assert held.ksef_number in text_of(file).replace("\n", "")
    assert Client(loopback=True).get(code).status == 200


def test_what_was_issued_beside_ksef_and_refused_is_corrected_as_such(house: House) -> None:
    invoice = house.firm.issue(sold())
    first: KsefSending = house.do(send_offline, invoice.id, KEY)
    house.double.standing = Standing(fail_next=(430,))
    with Queue(house.firm) as queue:
        queue.until_quiet()
        assert house.sending(invoice).state == "rejected"
        house.clock.stand_at(house.clock.now() + dt.timedelta(seconds=1))
        again: KsefSending = house.do(send_offline, invoice.id, KEY)
        queue.until_quiet()

    assert (again.mode, again.deadline, again.corrected_digest) == (first.mode, first.deadline, first.digest)
    [held] = house.double.invoices
    assert (held.mode, held.corrected_digest) == ("Offline", first.digest)
    assert house.sending(invoice).state == "accepted"


def test_what_was_given_up_keeps_its_second_code(house: House) -> None:
    invoice = house.firm.issue(sold())
    sending: KsefSending = house.do(send_offline, invoice.id, KEY)
    signed = house.firm.again(invoice).ksef
    assert signed is not None
    house.do(give_up, sending, Said(None, "KSeF does not answer"))

    again: KsefSending = house.do(send, invoice.id)

    now = house.firm.again(invoice).ksef
    assert now is not None
    assert (again.mode, again.digest, now.certificate_link) == ("offline24", sending.digest, signed.certificate_link)
