"""Contacts: the best of many, two that are one, a table of them, and how they pay."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.books.audit import AUDIT
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.contacts import Contact, add_contact, best_contacts, change_contact, find_contact
from faktura.core.errors import Given, Invalid, NotFound, Problem
from faktura.core.importing import OnlyTried, import_contacts, try_import
from faktura.core.invoices.balance import balance_of
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.merging import merge_contacts
from faktura.core.tests.conftest import Firm
from faktura.store.check import check
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import changed
from faktura.store.statements import Statement

MANY = 1001
"""Documents of one contact that are more than one statement changes."""

# The best of many


def test_names_that_begin_with_the_text_come_first(firm: Firm) -> None:
    for name in ("Jan Novák", "Nováček", "Anna Nová", "novák & syn"):
        firm.do(add_contact, Given({"name": name}))

    found = firm.do(best_contacts, "nova", 3)
    assert {contact.name for contact in found[:2]} == {"Nováček", "novák & syn"}
    assert len(found) == 3


def test_a_name_that_begins_with_the_text_comes_first_however_many_hold_it_elsewhere(firm: Firm) -> None:
    for number in range(50):
        firm.do(add_contact, Given({"name": f"Hostinec {number}", "email": f"pivo{number}@hostinec.example"}))
    for name in ("Pivovar", "pívo a spol."):
        firm.do(add_contact, Given({"name": name}))

    found = firm.do(best_contacts, "Piv", 8)
    assert [contact.name for contact in found[:2]] == ["pívo a spol.", "Pivovar"]
    assert len({contact.id for contact in found}) == 8


def test_a_contact_is_found_by_the_beginning_of_the_name_that_it_has_now(firm: Firm) -> None:
    contact = firm.do(add_contact, Given({"name": "Žalud"}))
    firm.do(change_contact, contact.id, Given({"name": "Ořech"}))

    assert [found.id for found in firm.do(best_contacts, "ore", 1)] == [contact.id]
    assert firm.do(best_contacts, "zal", 1) == []


def test_without_a_text_those_come_that_changed_last(firm: Firm) -> None:
    firm.clock.stand_at(firm.clock.now() + dt.timedelta(hours=1))
    last = firm.do(add_contact, Given({"name": "Zuzana"}))

    assert firm.do(best_contacts, "", 1) == [last]


# Two that are one


def test_documents_of_the_one_that_goes_are_the_kept_ones_and_say_what_they_said(firm: Firm) -> None:
    kept = firm.do(add_contact, Given({"name": "Karel", "custom_id": "1"}))
    documents = [firm.issue() for _ in range(2)]
    buyer = documents[0].buyer_name
    merged = firm.do(merge_contacts, kept.id, firm.contact.id, Given({"street": "Krátká 2"}))

    assert (merged.name, merged.street) == ("Karel", "Krátká 2")
    for document in documents:
        now = firm.again(document)
        assert (now.contact_id, now.buyer_name) == (kept.id, buyer)
    with pytest.raises(NotFound):
        firm.do(find_contact, firm.contact.id)
    happened = firm.do(lambda books: books.all(Happening))
    assert [h.name for h in happened][-5:] == [
        "invoice_changed",
        "invoice_changed",
        "contact_deleted",
        "contact_merged",
        "contact_changed",
    ]
    assert check(firm.database, lambda _: None, AUDIT) == []


def test_each_document_of_a_contact_that_is_merged_has_its_next_version_with_its_event(firm: Firm) -> None:
    kept = firm.do(add_contact, Given({"name": "Karel"}))
    first = firm.issue()
    firm.do(copies_of, first, MANY)
    firm.do(merge_contacts, kept.id, firm.contact.id, Given())

    documents = firm.do(lambda books: books.all(Invoice))
    assert {(document.contact_id, document.version) for document in documents} == {(kept.id, first.version + 1)}
    merged = Selection((Condition("name", "eq", "invoice_changed"),), order=(Order("record_id"),))
    happened = firm.do(lambda books: books.all(Happening, merged))
    assert [one.record_id for one in happened] == sorted(document.id for document in documents)
    assert {(one.record_version, one.contact_id) for one in happened} == {(first.version + 1, kept.id)}
    assert [one.details for one in happened] == [{"contact_id": (firm.contact.id, kept.id)}] * (MANY + 1)
    assert check(firm.database, lambda _: None, AUDIT) == []


def test_merging_asks_the_database_the_same_whether_a_contact_has_one_document_or_hundreds(firm: Firm) -> None:
    kept = firm.do(add_contact, Given({"name": "Karel"}))
    gone = [firm.contact.id, firm.do(add_contact, Given({"name": "Karel"})).id]
    first = firm.issue()
    other = firm.issue(contact_id=gone[1])
    firm.do(copies_of, other, 500)

    assert len({firm.do(questions_of_merging, kept.id, contact_id) for contact_id in gone}) == 1
    assert firm.again(first).contact_id == firm.again(other).contact_id == kept.id


def test_a_merge_that_is_refused_at_its_end_leaves_all_as_it_was(firm: Firm) -> None:
    kept = firm.do(add_contact, Given({"name": "Karel"}))
    firm.do(copies_of, firm.issue(), MANY)
    before = firm.do(all_that_names_a_contact)
    with pytest.raises(Invalid):
        firm.do(merge_contacts, kept.id, firm.contact.id, Given({"email": "nobody"}))

    assert firm.do(all_that_names_a_contact) == before


def copies_of(books: Books, document: Invoice, count: int) -> None:
    """As many more documents of the same contact, which hold no place in a series."""
    books.tx.insert_all(
        [
            changed(document, id=n, uuid=str(n), token=str(n), variable_symbol=f"9{n}", counter=None, period=None)
            for n in books.next_ids(Invoice, count)
        ]
    )


def all_that_names_a_contact(books: Books) -> Any:
    return books.all(Invoice), books.all(Happening), books.all(Contact)


def questions_of_merging(books: Books, kept_id: int, gone_id: int) -> int:
    """How many statements merging them takes."""
    asked: list[str] = []

    def counted(verb: Callable[..., Any]) -> Callable[..., Any]:
        def count(statement: Statement, *arguments: Any) -> Any:
            asked.append(statement.sql)
            return verb(statement, *arguments)

        return count

    with pytest.MonkeyPatch.context() as patched:
        for name in ("run", "write", "write_in_order", "write_all"):
            patched.setattr(Statement, name, counted(getattr(Statement, name)))
        merge_contacts(books, kept_id, gone_id, Given())
    return len(asked)


def test_the_kept_contact_may_take_over_what_only_one_may_have(firm: Firm) -> None:
    kept = firm.do(add_contact, Given({"name": "Karel", "custom_id": "1"}))
    gone = firm.do(add_contact, Given({"name": "Karel", "custom_id": "2"}))

    assert firm.do(merge_contacts, kept.id, gone.id, Given({"custom_id": "2"})).custom_id == "2"


def test_a_contact_is_not_merged_with_itself_and_a_refused_value_undoes_all(firm: Firm) -> None:
    kept = firm.do(add_contact, Given({"name": "Karel"}))
    with pytest.raises(Invalid):
        firm.do(merge_contacts, kept.id, kept.id, Given())
    with pytest.raises(Invalid):
        firm.do(merge_contacts, kept.id, firm.contact.id, Given({"email": "nobody"}))

    assert firm.do(find_contact, firm.contact.id) == firm.contact


# A table of them


def test_each_row_is_added_or_changes_whom_it_is_about_or_is_refused_alone(firm: Firm) -> None:
    known = firm.do(add_contact, Given({"name": "Karel", "registration_no": "27082440", "city": "Brno"}))
    rows = [
        Given({"name": "Nový", "custom_id": "A"}),
        Given({"name": "Karel", "registration_no": "27082440", "city": "Praha"}),
        Given({"name": "", "email": "nobody"}),
        Given({"name": "Nový podruhé", "custom_id": "A"}),
        Given({"name": "Nový podruhé", "custom_id": "A"}),
    ]
    results = firm.do(import_contacts, rows)

    assert [row.result for row in results] == ["added", "changed", "refused", "changed", "same"]
    assert [row.number for row in results] == [1, 2, 3, 4, 5]
    assert results[2].problems == {"name": [Problem("blank")], "email": [Problem("malformed_email")]}
    assert firm.do(find_contact, known.id).city == "Praha"
    assert {c.name for c in firm.do(lambda books: books.all(Contact))} == {"Odběratel a.s.", "Karel", "Nový podruhé"}


def test_a_trial_of_a_table_keeps_nothing(firm: Firm) -> None:
    with pytest.raises(OnlyTried) as tried:
        firm.do(try_import, [Given({"name": "Nový"})])

    assert [row.result for row in tried.value.rows] == ["added"]
    assert firm.do(lambda books: books.all(Contact)) == [firm.contact]


# How they pay


def test_a_balance_says_what_is_owed_what_is_late_and_how_late_they_pay(firm: Firm) -> None:
    today = firm.do(lambda books: books.today)
    days = dt.timedelta(days=1)
    paid = [firm.issue(issued_on=today - 40 * days, due_days=10) for _ in range(2)]
    firm.issue(issued_on=today - 40 * days, due_days=10)
    firm.issue(due_days=10)
    for invoice, late in zip(paid, (2, 5), strict=True):
        firm.do(add_payment, invoice.id, Given({"amount": Decimal(121), "paid_on": today - (30 - late) * days}))
    balance = firm.do(balance_of, firm.contact.id)

    assert [(owed.currency, owed.documents, owed.left) for owed in balance.owed] == [("CZK", 2, 242)]
    assert (balance.late.documents, balance.late.amount) == (1, 121)
    assert (balance.days_late, balance.paid) == (4, 2)


def test_of_whoever_paid_nothing_yet_nobody_knows_how_late_they_pay(firm: Firm) -> None:
    balance = firm.do(balance_of, firm.contact.id)

    assert (balance.owed, balance.late.documents, balance.days_late) == ([], 0, None)
