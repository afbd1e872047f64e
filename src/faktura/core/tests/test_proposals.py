"""What a program proposes: nothing is written until a person confirms it, and then what they saw."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.accounts.missing import Incomplete
from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.contacts import Contact, change_contact, find_contact
from faktura.core.errors import Clash, Given, Invalid, LimitReached, NotFound, WrongState
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message
from faktura.core.people.accounts import Account
from faktura.core.people.users import EVERY_SCOPE, User
from faktura.core.proposals import verbs
from faktura.core.proposals.deeds import (
    AddContact,
    AnyDeed,
    ChangeContact,
    EnterExpense,
    IssueInvoice,
    NewLine,
    PayExpense,
    PayInvoice,
    SendLetter,
)
from faktura.core.proposals.record import Proposal
from faktura.core.proposals.verbs import Outcome, Tried, confirm, propose, refuse, try_deed
from faktura.core.received.record import Expense
from faktura.core.tests.conftest import NOON, Firm

WORK = NewLine("Práce", Decimal(100))


@pytest.fixture
def whole(firm: Firm) -> Firm:
    """A firm that has said all that its documents must name."""
    said = {"registration_no": "05123456", "vat_no": "CZ05123456", "street": "Krátká 2", "city": "Brno"}

    def work(books: Books) -> Account:
        add_bank_account(books, Given({"name": "Bank", "number": "2600000000/2010", "currency": "CZK"}))
        return Office(books.tx, books.now).change(books.account, **said, postcode="60200")

    firm.account = firm.do(work)
    return firm


def person(firm: Firm) -> int:
    return firm.do(lambda books: Office(books.tx, books.now).find(User, email="owner@applecorp.example")).id


def tried(firm: Firm, deed: AnyDeed) -> Outcome:
    with pytest.raises(Tried) as found:
        firm.do(try_deed, deed)
    return found.value.outcome


def by_somebody(firm: Firm, verb: Callable[..., Proposal], *arguments: Any, program: str | None = None) -> Proposal:
    somebody = person(firm)
    return firm.do(lambda books: verb(Books(books.tx, books.account, somebody, books.now, program), *arguments))


def proposed(firm: Firm, deed: AnyDeed) -> Proposal:
    return by_somebody(firm, propose, deed, tried(firm, deed), program="faktura mcp")


def test_nothing_is_written_before_a_person_confirms(whole: Firm) -> None:
    before = whole.do(lambda books: books.count(Happening))
    proposal = proposed(whole, IssueInvoice(contact_id=whole.contact.id, lines=(WORK,)))

    assert whole.do(lambda books: (books.count(Invoice), books.count(Happening))) == (0, before)
    assert proposal.details["number"] == (None, "2026-0001")
    assert proposal.details["gross_total"] == (None, Decimal("121.00"))
    assert proposal.state(NOON) == "open"


def test_confirming_is_the_persons_act_through_the_program(whole: Firm) -> None:
    proposal = proposed(whole, IssueInvoice(contact_id=whole.contact.id, lines=(WORK,)))
    confirmed = by_somebody(whole, confirm, proposal.id)

    invoice = whole.do(find_invoice, confirmed.record_id)
    happened = next(one for one in whole.do(lambda books: books.all(Happening)) if one.name == "invoice_issued")
    assert (invoice.number, happened.record_id) == ("2026-0001", invoice.id)
    assert (happened.user_id, happened.program) == (person(whole), "faktura mcp")
    assert (confirmed.decision, confirmed.decided_by, confirmed.state(NOON)) == (
        "confirmed",
        person(whole),
        "confirmed",
    )


def test_a_number_that_was_given_out_meanwhile_is_not_given_out_again(whole: Firm) -> None:
    proposal = proposed(whole, IssueInvoice(contact_id=whole.contact.id, lines=(WORK,)))
    whole.issue()
    confirmed = by_somebody(whole, confirm, proposal.id)
    assert whole.do(find_invoice, confirmed.record_id).number == "2026-0002"
    assert confirmed.details["number"] == (None, "2026-0002")


@pytest.mark.parametrize("verb", [confirm, refuse])
def test_a_proposal_is_decided_once(whole: Firm, verb: Callable[..., Proposal]) -> None:
    proposal = proposed(whole, AddContact(name="Nový s.r.o."))
    by_somebody(whole, verb, proposal.id)
    for again in (confirm, refuse):
        with pytest.raises(WrongState, match="decided"):
            by_somebody(whole, again, proposal.id)
    assert whole.do(lambda books: books.count(Contact)) == (2 if verb is confirm else 1)


def test_a_proposal_expires_after_a_day(whole: Firm) -> None:
    proposal = proposed(whole, AddContact(name="Nový s.r.o."))
    whole.clock.stand_at(NOON + dt.timedelta(days=1))
    with pytest.raises(WrongState, match="expired"):
        by_somebody(whole, confirm, proposal.id)
    assert whole.do(lambda books: books.count(Contact)) == 1
    assert whole.do(lambda books: books.count(Proposal, verbs.proposals_seen(EVERY_SCOPE, open_at=books.now))) == 0


def test_what_somebody_changed_since_is_not_overwritten(whole: Firm) -> None:
    proposal = proposed(whole, ChangeContact(contact_id=whole.contact.id, street="Dlouhá 1"))
    assert proposal.details == {"street": ("Krátká 2", "Dlouhá 1")}
    whole.do(change_contact, whole.contact.id, Given({"street": "Široká 3"}))

    with pytest.raises(Clash):
        by_somebody(whole, confirm, proposal.id)
    assert whole.do(find_contact, whole.contact.id).street == "Široká 3"


def test_what_else_was_changed_since_stays(whole: Firm) -> None:
    proposal = proposed(whole, ChangeContact(contact_id=whole.contact.id, street="Dlouhá 1"))
    whole.do(change_contact, whole.contact.id, Given({"city": "Brno"}))
    by_somebody(whole, confirm, proposal.id)
    contact = whole.do(find_contact, whole.contact.id)
    assert (contact.street, contact.city) == ("Dlouhá 1", "Brno")


def test_what_the_books_refuse_is_refused_before_it_is_proposed(whole: Firm) -> None:
    with pytest.raises(Invalid):
        whole.do(try_deed, AddContact(name="Nový", email="nobody"))
    with pytest.raises(NotFound):
        whole.do(try_deed, PayInvoice(invoice_id=4711))


def test_a_firm_that_lacks_something_issues_nothing_by_a_proposal_either(firm: Firm) -> None:
    with pytest.raises(Incomplete):
        firm.do(try_deed, IssueInvoice(contact_id=firm.contact.id, lines=(WORK,)))


def test_money_that_comes_in_and_goes_out_is_proposed(whole: Firm) -> None:
    invoice = whole.issue()
    paid = proposed(whole, PayInvoice(invoice_id=invoice.id, amount=Decimal(21), paid_on=NOON.date()))
    assert paid.details["left_to_pay"] == (Decimal("121.00"), Decimal("100.00"))
    by_somebody(whole, confirm, paid.id)
    assert whole.again(invoice).left_to_pay == 100

    bought = EnterExpense(contact_id=whole.contact.id, lines=(WORK,), original_number="F-7")
    expense_id = by_somebody(whole, confirm, proposed(whole, bought).id).record_id
    by_somebody(whole, confirm, proposed(whole, PayExpense(expense_id=expense_id or 0)).id)
    assert whole.do(lambda books: books.find(Expense, expense_id or 0)).status == "paid"


def test_a_payment_that_somebody_wrote_down_meanwhile_is_not_written_twice(whole: Firm) -> None:
    invoice = whole.issue()
    paid = proposed(whole, PayInvoice(invoice_id=invoice.id, amount=Decimal(21)))
    by_somebody(whole, confirm, proposed(whole, PayInvoice(invoice_id=invoice.id, amount=Decimal(21))).id)
    with pytest.raises(Clash):
        by_somebody(whole, confirm, paid.id)
    assert whole.again(invoice).paid_amount == 21


def test_a_letter_leaves_when_it_is_confirmed(whole: Firm) -> None:
    invoice = whole.issue()
    letter = SendLetter(invoice_id=invoice.id, recipient="kupec@firma.example", subject="Faktura", body="Prosíme")
    proposal = proposed(whole, letter)
    assert whole.do(lambda books: books.count(Message)) == 0
    by_somebody(whole, confirm, proposal.id)
    [message] = whole.do(lambda books: books.all(Message))
    assert (message.recipient, message.subject) == ("kupec@firma.example", "Faktura")


def test_programs_leave_no_more_than_somebody_looks_through(whole: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "MOST_OPEN", 1)
    first = proposed(whole, AddContact(name="Nový s.r.o."))
    with pytest.raises(LimitReached):
        proposed(whole, AddContact(name="Další s.r.o."))
    by_somebody(whole, refuse, first.id)
    proposed(whole, AddContact(name="Další s.r.o."))
