"""Named stories of a firm, told step by step or whole, each on records that anybody can look at meanwhile."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.contacts import note_reliability
from faktura.core.errors import Given
from faktura.core.invoices.correct import correction_of, final_of
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.reminders import step_reached
from faktura.core.people.accounts import ReminderStep
from faktura.outputs.mail.wording import send_invoice, send_reminder
from faktura.sandbox.stories.recipes import customer, expense, invoice
from faktura.sandbox.stories.stage import Stage

Cast = dict[str, int]
"""The ids of the records that a story is about, by their part in it: the contact, the invoice."""

FIRST_REMINDER = ReminderStep(1, 3, on=True)
"""Where the firm has no step of its own for that day."""

DAYS_DUE = 14
PRICE = 2000


class Step(NamedTuple):
    """What happens, in a sentence, and how; `play` adds to the cast whoever comes in."""

    name: str
    says: str
    play: Callable[[Stage, Cast], None]


class Scenario(NamedTuple):
    """`about` is the part in the cast that may be given a record that is there already."""

    name: str
    says: str
    about: str
    steps: tuple[Step, ...]


def _issue(kind: str = "invoice", part: str = "invoice") -> Callable[[Stage, Cast], None]:
    def play(stage: Stage, cast: Cast) -> None:
        if part in cast:
            known = stage.look(lambda books: books.find(Invoice, cast[part]))
            cast["contact"] = known.contact_id
            return
        made = stage.do(lambda books: invoice(books, kind=kind, price=PRICE, due_days=DAYS_DUE))
        cast |= {"contact": made.contact_id, part: made.id}

    return play


def _send(stage: Stage, cast: Cast) -> None:
    def send(books: Books) -> None:
        found = books.find(Invoice, cast["invoice"])
        send_invoice(books, found.id, Given({}), _public_page(stage, found))

    stage.do(send)


def _let_due_date_pass(stage: Stage, cast: Cast) -> None:
    due_on = stage.look(lambda books: books.find(Invoice, cast["invoice"]).due_on)
    stage.wait_until(due_on + dt.timedelta(days=FIRST_REMINDER.days))


def _remind(stage: Stage, cast: Cast) -> None:
    def remind(books: Books) -> None:
        late = books.find(Invoice, cast["invoice"])
        step = step_reached(books.account, (books.today - late.due_on).days) or FIRST_REMINDER
        send_reminder(books, late, step, _public_page(stage, late))

    stage.do(remind)


def _public_page(stage: Stage, document: Invoice) -> str:
    return f"{stage.web_root}/{stage.slug}/p/{document.token}"


def _pay(part: str = "invoice", share: str = "1") -> Callable[[Stage, Cast], None]:
    """So much of what is left to pay comes in."""

    def pay(books: Books, cast: Cast) -> None:
        found = books.find(Invoice, cast[part])
        left = found.remaining_amount - found.paid_amount
        given = {} if share == "1" else {"amount": (left * Decimal(share)).quantize(Decimal("0.01"))}
        add_payment(books, found.id, Given(given))

    return lambda stage, cast: stage.do(lambda books: pay(books, cast))


def _advance_document(stage: Stage, cast: Cast) -> None:
    """The tax document over the advance follows from the payment, by what the proforma says."""
    paid = stage.do(lambda books: add_payment(books, cast["proforma"], Given({"follow_up": "tax_document"})))
    if paid.payment.tax_document_id is not None:
        cast["tax_document"] = paid.payment.tax_document_id


def _final(stage: Stage, cast: Cast) -> None:
    cast["final_invoice"] = stage.do(lambda books: issue_invoice(books, final_of(books, cast["proforma"]))).id


def _supplier(stage: Stage, cast: Cast) -> None:
    if "contact" not in cast:
        cast["contact"] = stage.do(customer).id


def _found_unreliable(stage: Stage, cast: Cast) -> None:
    stage.do(lambda books: note_reliability(books, cast["contact"], unreliable=True))


def _buy(stage: Stage, cast: Cast) -> None:
    cast["expense"] = stage.do(lambda books: expense(books, contact_id=cast["contact"])).id


def _found_reliable(stage: Stage, cast: Cast) -> None:
    stage.do(lambda books: note_reliability(books, cast["contact"], unreliable=False))


def _correct(stage: Stage, cast: Cast) -> None:
    def correct(books: Books) -> Invoice:
        corrected = books.find(Invoice, cast["invoice"])
        quantities = {line.id: line.quantity for line in corrected.lines}
        chosen = Given({"quantities": quantities, "reason": "Story: everything came back"})
        return issue_invoice(books, correction_of(books, corrected.id, chosen))

    cast["correction"] = stage.do(correct).id


_ISSUED = Step("issue", "The invoice is issued", _issue())

SCENARIOS: Mapping[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "late-payer",
            "An invoice becomes overdue, its customer is reminded, pays a part, and then the rest",
            "invoice",
            (
                _ISSUED,
                Step("send", "The invoice is sent", _send),
                Step("become-overdue", "The clock passes its due date", _let_due_date_pass),
                Step("remind", "The customer is reminded", _remind),
                Step("pay-a-part", "Half of it is paid", _pay(share="0.5")),
                Step("pay-the-rest", "The rest is paid", _pay()),
            ),
        ),
        Scenario(
            "advance",
            "A proforma is paid, a tax document is issued over the advance, and a final invoice settles it",
            "proforma",
            (
                Step("issue", "The proforma is issued", _issue("proforma", "proforma")),
                Step("pay", "It is paid, and a tax document follows", _advance_document),
                Step("settle", "The final invoice takes the advance off", _final),
            ),
        ),
        Scenario(
            "unreliable-payer",
            "The register of payers says that a supplier is unreliable, something is bought from them, and it ends",
            "contact",
            (
                Step("add", "The supplier is added", _supplier),
                Step("become-unreliable", "The register says that they are unreliable", _found_unreliable),
                Step("buy", "An expense from them is entered", _buy),
                Step("become-reliable", "The register says that they are reliable again", _found_reliable),
            ),
        ),
        Scenario(
            "returned-goods",
            "An invoice is paid, everything comes back, and the credit note is paid back",
            "invoice",
            (
                _ISSUED,
                Step("pay", "It is paid", _pay()),
                Step("correct", "A credit note over everything is issued", _correct),
                Step("pay-back", "The money is returned", _pay("correction")),
            ),
        ),
    )
}
