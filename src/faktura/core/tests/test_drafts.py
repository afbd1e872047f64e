"""Drafts of the pages: nothing typed is lost, nothing is issued twice, and no number is used before it is."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.documents.numbering import next_number
from faktura.core.errors import Given, Invalid, LimitReached, NotFound
from faktura.core.invoices import drafts
from faktura.core.invoices.change import delete_invoice
from faktura.core.invoices.compose import Composition, compose_invoice
from faktura.core.invoices.drafts import KeptDraft, drafts_of, drop_draft, find_draft, issue_draft, keep_draft
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import NOON, Firm, a_firm, line
from faktura.store.database import Database

TYPED = [("buyer", "Odběratel"), ("line_name", "Práce"), ("line_name", "Cesta")]


def keep(firm: Firm, draft_id: int | None = None, **shown: Any) -> KeptDraft:
    return firm.do(keep_draft, draft_id, TYPED, {"kind": "invoice"} | shown)


def compose(firm: Firm, *lines: Given, **values: Any) -> Composition:
    given = {"contact_id": firm.contact.id, "lines": list(lines) or [line(100)]} | values
    return firm.database.read(lambda tx: compose_invoice(Books(tx, firm.account, None, firm.clock.now()), Given(given)))


def test_a_draft_holds_what_was_typed_as_it_was_typed(firm: Firm) -> None:
    kept = keep(firm, customer="Odběratel", total=Decimal("121.00"))
    again = keep(firm, kept.id, customer="Odběratel a.s.")

    assert firm.do(find_draft, kept.id) == again
    assert again.typed == tuple(TYPED)
    assert [draft.customer for draft in firm.do(drafts_of)] == ["Odběratel a.s."]


def test_a_draft_takes_no_number(firm: Firm) -> None:
    keep(firm)
    assert firm.issue().number == "2026-0001"


def test_a_draft_is_issued_once_however_often_it_is_asked_for(firm: Firm) -> None:
    kept = keep(firm)
    values = Given({"contact_id": firm.contact.id, "lines": [line(100)]})

    first, second = firm.do(issue_draft, kept.id, values), firm.do(issue_draft, kept.id, values)
    assert (first.id, first.number) == (second.id, second.number)
    assert firm.do(lambda books: books.count(Invoice)) == 1
    assert firm.do(drafts_of) == []


def test_a_draft_that_is_refused_stays_and_takes_no_number(firm: Firm) -> None:
    kept = keep(firm)
    with pytest.raises(Invalid):
        firm.do(issue_draft, kept.id, Given({"contact_id": firm.contact.id, "lines": [line(100, name="")]}))

    assert firm.do(find_draft, kept.id).typed == tuple(TYPED)
    assert firm.do(next_number, "invoice", NOON.date()) == "2026-0001"


def test_what_was_issued_or_thrown_away_is_no_draft_any_more(firm: Firm) -> None:
    thrown, issued = keep(firm), keep(firm)
    firm.do(drop_draft, thrown.id)
    invoice = firm.do(issue_draft, issued.id, Given({"contact_id": firm.contact.id, "lines": [line(100)]}))

    for gone in (thrown.id, issued.id):
        for verb, arguments in ((find_draft, ()), (drop_draft, ()), (keep_draft, (TYPED, {}))):
            with pytest.raises(NotFound):
                firm.do(verb, gone, *arguments)
    firm.do(delete_invoice, invoice.id)
    with pytest.raises(NotFound):
        firm.do(issue_draft, issued.id, Given({"contact_id": firm.contact.id, "lines": [line(100)]}))


def test_an_account_keeps_so_many_drafts_and_a_draft_so_much(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 2)
    kept = [keep(firm), keep(firm)]
    with pytest.raises(LimitReached):
        keep(firm)
    assert keep(firm, kept[0].id, customer="Jiný").customer == "Jiný"
    with pytest.raises(Invalid):
        firm.do(keep_draft, None, [("note", "x" * drafts.LARGEST_DRAFT)], {"kind": "invoice"})


def test_what_a_draft_became_is_forgotten_after_a_week(firm: Firm) -> None:
    values = Given({"contact_id": firm.contact.id, "lines": [line(100)]})
    first = keep(firm)
    firm.do(issue_draft, first.id, values)
    firm.clock.stand_at(NOON + dt.timedelta(days=8))
    firm.do(issue_draft, keep(firm).id, values)

    with pytest.raises(NotFound):
        firm.do(issue_draft, first.id, values)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": "proforma"},
        {"lines": [line("0.5", 21, "3.333"), line("99.99", 12), line(7, 0)]},
        {"price_mode": "from_total_with_vat", "round_total": True},
        {"currency": "EUR", "exchange_rate": Decimal("24.5"), "issued_on": dt.date(2026, 3, 1)},
        {"reverse_charge": True, "due_days": 30},
        {"kind": "final_invoice"},
    ],
)
def test_a_composition_is_what_is_issued_then(firm: Firm, values: dict[str, Any]) -> None:
    composed = compose(firm, **values)
    before = firm.do(lambda books: books.count(Invoice))
    issued = firm.issue(**values)

    assert (before, composed.problems) == (0, {})
    for name in OF_BOTH:
        assert getattr(composed.invoice, name) == getattr(issued, name), name


def test_a_composition_counts_what_was_paid_before(firm: Firm) -> None:
    proforma = firm.issue(line(1000), kind="proforma")
    firm.do(add_payment, proforma.id, Given({"amount": Decimal(500), "paid_on": NOON.date()}))

    composed = compose(firm, line(1000), related_id=proforma.id)
    issued = firm.issue(line(1000), related_id=proforma.id)
    assert composed.invoice.deducted == issued.deducted == 500
    assert composed.invoice.left_to_pay == issued.left_to_pay == 710


def test_a_composition_without_a_customer_has_its_sums_and_says_what_is_missing(firm: Firm) -> None:
    composed = compose(firm, line(100), line(50, name=""), contact_id=None)

    assert composed.invoice.gross_total == Decimal("181.50")
    assert composed.invoice.number == "2026-0001"
    assert {"contact_id", "lines.name"} <= composed.problems.keys()


def test_a_composition_writes_nothing(firm: Firm) -> None:
    kept = firm.do(lambda books: books.count(KeptDraft))
    compose(firm)
    compose(firm, number="2026-0007")
    assert firm.do(lambda books: books.count(KeptDraft)) == kept
    assert firm.issue().number == "2026-0001"


OF_BOTH = (
    *(
        "number",
        "issued_on",
        "due_on",
        "buyer_name",
        "currency",
        "exchange_rate",
        "price_mode",
        "seller",
        "bank_account",
    ),
    *("net_total", "vat_total", "gross_total", "rounding", "native_net_total", "native_gross_total", "vat_sums"),
    *("deducted", "remaining_amount", "left_to_pay", "line_texts"),
)


def test_a_customer_is_added_with_the_document_or_not_at_all(firm: Firm) -> None:
    newcomer = {"contact_id": None, "new_contact": Given({"name": "Nováček", "due_days": 3})}
    composed = compose(firm, line(100), **newcomer)
    assert (composed.invoice.buyer_name, composed.invoice.due_days, composed.problems) == ("Nováček", 3, {})
    with pytest.raises(Invalid):
        firm.issue(line(100, name=""), **newcomer)
    with pytest.raises(Invalid) as refused:
        firm.issue(line(100), contact_id=None, new_contact=Given({"name": "", "email": "nobody"}))
    assert set(refused.value.problems) >= {"new_contact.name", "new_contact.email"}
    assert firm.do(lambda books: books.all(Contact)) == [firm.contact]

    invoice = firm.issue(line(100), **newcomer)
    assert firm.do(lambda books: books.find(Contact, invoice.contact_id)).name == invoice.buyer_name == "Nováček"
    assert invoice.number == "2026-0001"


def test_an_account_that_may_have_no_more_contacts_still_sees_what_is_typed(database: Database) -> None:
    firm = a_firm(database, "small", contact_limit=1)
    newcomer = {"contact_id": None, "new_contact": Given({"name": "Nováček"})}
    assert compose(firm, line(100), **newcomer).invoice.net_total == 100
    with pytest.raises(LimitReached):
        firm.issue(line(100), **newcomer)
    assert firm.do(lambda books: books.count(Invoice)) == 0
