"""Money that was paid once is taken off once, whatever happens to the documents afterwards."""

from decimal import Decimal
from typing import Any

import pytest

from faktura.core.books.audit import AUDIT
from faktura.core.contacts import add_contact
from faktura.core.documents.checks import Rules
from faktura.core.errors import Given, InUse, Invalid, WrongState
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.events import fire
from faktura.core.invoices.follow_up import add_payment, create_tax_document, remove_payment
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import NOON, Firm, line
from faktura.store.check import check

TODAY = NOON.date()


@pytest.fixture(autouse=True)
def whatever_happened_the_books_agree(firm: Firm) -> Any:
    yield
    assert check(firm.database, lambda _: None, AUDIT) == []


def pay(firm: Firm, invoice: Invoice, amount: int | None = None, **values: Any) -> int:
    given = values | ({} if amount is None else {"amount": Decimal(amount)})
    return firm.do(add_payment, invoice.id, Given(given)).payment.id


def proforma_of(firm: Firm, price: int = 100, follow_up: str = "none", **values: Any) -> Invoice:
    return firm.issue(line(price), kind="proforma", follow_up=follow_up, **values)


def tax_document_over(firm: Firm, proforma: Invoice, payment_id: int) -> int:
    found = firm.do(create_tax_document, proforma.id, payment_id).payment.tax_document_id
    assert found is not None
    return found


def refused(firm: Firm, *lines: Given, **values: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as told:
        firm.issue(*lines, **values)
    return {name: [problem.code for problem in found] for name, found in told.value.problems.items()}


def refused_change(firm: Firm, invoice: Invoice, **values: Any) -> dict[str, list[tuple[str, str]]]:
    with pytest.raises(Invalid) as told:
        firm.do(change_invoice, invoice.id, Given(values))
    return {name: [(p.code, p.number) for p in found] for name, found in told.value.problems.items()}


def owed(firm: Firm, invoice: Invoice) -> tuple[str, Decimal]:
    now = firm.again(invoice)
    return now.status, now.left_to_pay


def test_the_proforma_and_its_tax_documents_named_together_take_its_money_off_once(firm: Firm) -> None:
    proforma = proforma_of(firm, 200)
    tax_document = tax_document_over(firm, proforma, pay(firm, proforma, 121))
    pay(firm, proforma)

    final = firm.issue(line(300), kind="final_invoice", related_id=proforma.id, tax_document_ids=[tax_document])

    assert (final.gross_total, final.deducted, final.left_to_pay) == (363, 242, 121)
    assert [d.document_id for d in final.deductions] == [tax_document]
    assert firm.again(proforma).related_id == final.id


def test_a_proforma_that_an_invoice_took_off_is_taken_off_by_no_other(firm: Firm) -> None:
    proforma = proforma_of(firm)
    tax_document = tax_document_over(firm, proforma, pay(firm, proforma))
    first = firm.issue(line(100), related_id=proforma.id)
    assert first.deducted == 121

    assert refused(firm, related_id=proforma.id) == {"related_id": ["not_in_list"]}
    assert refused(firm, kind="final_invoice", tax_document_ids=[tax_document]) == {"tax_document_ids": ["not_in_list"]}
    firm.do(delete_invoice, first.id)
    assert firm.issue(kind="final_invoice", tax_document_ids=[tax_document]).deducted == 121
    assert refused(firm, related_id=proforma.id) == {"related_id": ["not_in_list"]}


def test_an_advance_is_taken_off_by_one_that_goes_on_from_it(firm: Firm) -> None:
    first = firm.issue(kind="tax_document", advance_amount=Decimal(40))
    second = firm.issue(kind="tax_document", advance_amount=Decimal(30), previous_advance_id=first.id)
    used = {"previous_advance_id": ["not_in_list"]}

    assert refused(firm, kind="tax_document", advance_amount=Decimal(5), previous_advance_id=first.id) == used
    assert refused(firm, kind="final_invoice", previous_advance_id=first.id) == used
    final = firm.issue(kind="final_invoice", previous_advance_id=second.id)
    assert (final.deducted, final.left_to_pay) == (70, 51)
    assert refused(firm, kind="final_invoice", previous_advance_id=second.id) == used
    for advance in (first, second):
        assert refused(firm, kind="final_invoice", tax_document_ids=[advance.id]) == {
            "tax_document_ids": ["not_in_list"]
        }


def test_what_an_advance_took_in_is_taken_off_by_the_words_of_either_door(firm: Firm) -> None:
    advance = firm.issue(line(100), line(100, 12), kind="tax_document", advance_amount=Decimal(116))
    final = firm.issue(line(300), kind="final_invoice", tax_document_ids=[advance.id])
    assert (final.deducted, sum(d.net + d.vat for d in final.deductions)) == (116, 116)

    proforma = proforma_of(firm)
    tax_document = tax_document_over(firm, proforma, pay(firm, proforma, 50))
    other = firm.issue(kind="final_invoice", previous_advance_id=tax_document)
    assert (other.deducted, other.left_to_pay) == (50, 71)


@pytest.mark.parametrize("difference", ["currency", "customer"])
def test_money_of_another_currency_or_customer_is_not_taken_off(firm: Firm, difference: str) -> None:
    proforma = proforma_of(firm)
    tax_document = tax_document_over(firm, proforma, pay(firm, proforma))
    advance = firm.issue(kind="tax_document", advance_amount=Decimal(40))
    other = firm.do(add_contact, Given({"name": "Jiný"}))
    values: dict[str, Any] = {"contact_id": other.id}
    if difference == "currency":
        values = {"currency": "EUR", "exchange_rate": Decimal(25)}

    assert refused(firm, related_id=proforma.id, **values) == {"related_id": ["not_in_list"]}
    for name, named in (("tax_document_ids", [tax_document]), ("previous_advance_id", advance.id)):
        assert refused(firm, kind="final_invoice", **{name: named}, **values) == {name: ["not_in_list"]}
    follower = firm.issue(line(300), related_id=proforma.id)
    assert refused_change(firm, follower, **values) == {"related_id": [("not_in_list", "")]}


def test_payments_of_a_proforma_show_in_the_invoice_that_takes_them_off(firm: Firm) -> None:
    proforma = proforma_of(firm, 200)
    invoice = firm.issue(line(200), related_id=proforma.id)
    assert owed(firm, invoice) == ("open", 242)

    payment = pay(firm, proforma, 42)
    assert owed(firm, invoice) == ("open", 200)
    last = pay(firm, proforma)
    paid = firm.again(invoice)
    assert (paid.status, paid.left_to_pay, paid.paid_on, paid.show_paid_note) == ("paid", 0, TODAY, True)
    firm.do(remove_payment, proforma.id, last)
    assert owed(firm, invoice) == ("open", 200)
    assert not firm.again(invoice).show_paid_note
    firm.do(remove_payment, proforma.id, payment)
    assert owed(firm, invoice) == ("open", 242)


def test_a_payment_taken_back_opens_the_final_invoice_that_the_proforma_issued(firm: Firm) -> None:
    proforma = proforma_of(firm, 200, "final_invoice_paid")
    payment = pay(firm, proforma)
    final_id = firm.again(proforma).related_id
    assert final_id is not None
    final = firm.do(lambda books: books.find(Invoice, final_id))

    firm.do(remove_payment, proforma.id, payment)
    assert owed(firm, final) == ("open", 242)
    pay(firm, proforma)
    assert owed(firm, final) == ("paid", 0)
    assert firm.again(proforma).related_id == final.id


def test_what_is_paid_after_an_invoice_follows_is_taken_off_by_the_first_that_does(firm: Firm) -> None:
    proforma = proforma_of(firm)
    first, second = (firm.issue(related_id=proforma.id) for _ in range(2))

    pay(firm, proforma, 21)
    assert [firm.again(one).deducted for one in (first, second)] == [21, 0]
    firm.do(delete_invoice, first.id)
    assert firm.again(second).deducted == 21
    assert firm.again(proforma).related_id == second.id
    with pytest.raises(InUse):
        firm.do(delete_invoice, proforma.id)


def test_an_advance_that_changes_is_taken_off_as_it_is(firm: Firm) -> None:
    first = firm.issue(line(1000), kind="tax_document", advance_amount=Decimal(40))
    final = firm.issue(line(1000), kind="final_invoice", previous_advance_id=first.id)

    firm.do(change_invoice, first.id, Given({"advance_amount": Decimal(140), "number": "2026-0777"}))

    now = firm.again(final)
    assert (now.deducted, now.left_to_pay) == (140, 1070)
    assert [(link.number, link.amount) for link in now.previous_advances] == [("2026-0777", 140)]


def test_a_settled_tax_document_keeps_its_sums_and_names_who_rests_on_it(firm: Firm) -> None:
    proforma = proforma_of(firm)
    tax_document_id = tax_document_over(firm, proforma, pay(firm, proforma))
    final = firm.issue(line(300), kind="final_invoice", tax_document_ids=[tax_document_id])
    tax_document = firm.do(lambda books: books.find(Invoice, tax_document_id))

    assert refused_change(firm, tax_document, all_lines=[line(10)]) == {"lines": [("relied_on", final.number)]}
    other = firm.do(add_contact, Given({"name": "Jiný"}))
    assert refused_change(firm, tax_document, contact_id=other.id) == {"contact_id": [("relied_on", final.number)]}
    renumbered = firm.do(change_invoice, tax_document_id, Given({"variable_symbol": "77"}))
    assert firm.again(final).deductions[0].variable_symbol == renumbered.variable_symbol == "77"


def test_a_proforma_whose_money_is_taken_off_is_not_cancelled(firm: Firm) -> None:
    proforma = proforma_of(firm)
    pay(firm, proforma, 21)
    invoice = firm.issue(related_id=proforma.id)

    with pytest.raises(WrongState) as told:
        firm.do(fire, proforma.id, "cancel")
    assert (told.value.reason, told.value.event) == ("relied_on", invoice.number)
    firm.do(delete_invoice, invoice.id)
    firm.do(fire, proforma.id, "cancel")
    assert refused(firm, related_id=proforma.id) == {"related_id": ["not_in_list"]}


def test_every_receipt_gets_its_tax_document_when_the_proforma_is_complete(firm: Firm) -> None:
    proforma = proforma_of(firm, 300, "tax_document")
    early = pay(firm, proforma, 63)
    tax_document_over(firm, proforma, early)
    pay(firm, proforma, 100)
    assert [p.tax_document_id is None for p in firm.again(proforma).payments] == [False, True]
    pay(firm, proforma)

    ids = [payment.tax_document_id for payment in firm.again(proforma).payments]
    assert len(set(ids)) == 3
    assert None not in ids
    assert [firm.do(lambda books, n=n: books.find(Invoice, n)).gross_total for n in ids] == [63, 100, 200]
    final = firm.issue(line(300), kind="final_invoice", tax_document_ids=ids)
    assert (final.status, final.left_to_pay) == ("paid", 0)


def test_what_comes_in_after_the_final_invoice_was_taxed_by_that_one(firm: Firm) -> None:
    proforma = proforma_of(firm, 200, follow_up="tax_document")
    first = tax_document_over(firm, proforma, pay(firm, proforma, 100))
    final = firm.issue(line(200), kind="final_invoice", related_id=proforma.id, tax_document_ids=[first])

    pay(firm, proforma)

    assert [payment.tax_document_id for payment in firm.again(proforma).payments] == [first, None]
    assert owed(firm, final) == ("paid", 0)


def test_a_correction_is_in_the_currency_and_at_the_rate_of_its_original(firm: Firm) -> None:
    original = firm.issue(currency="EUR", exchange_rate=Decimal("24.1"))

    correction = firm.issue(line(-1), kind="correction", corrected_id=original.id)
    assert (correction.currency, correction.exchange_rate) == ("EUR", Decimal("24.1"))
    assert refused(firm, line(-1), kind="correction", corrected_id=original.id, currency="CZK") == {
        "corrected_id": ["not_in_list"]
    }


def test_a_correction_is_of_the_customer_of_its_original(firm: Firm) -> None:
    other = firm.do(add_contact, Given({"name": "Jiný"}))
    original = firm.issue()
    names = {"corrected_id": original.id}, {"corrected_uuid": original.uuid}, {"corrected_number": original.number}
    for named in names:
        told = refused(firm, line(-1), kind="correction", contact_id=other.id, **named)
        assert told == {"corrected_id": ["not_in_list"]}

    correction = firm.issue(line(-1), kind="correction", corrected_id=original.id)
    assert refused_change(firm, correction, contact_id=other.id) == {"corrected_id": [("not_in_list", "")]}
    assert refused_change(firm, original, contact_id=other.id) == {"contact_id": [("relied_on", correction.number)]}


def test_a_paid_invoice_that_grows_owes_the_rest_and_takes_payments(firm: Firm) -> None:
    invoice = firm.issue(line(100))
    pay(firm, invoice)

    firm.do(change_invoice, invoice.id, Given({"all_lines": [line(300)]}))
    assert owed(firm, invoice) == ("open", 242)
    pay(firm, invoice)
    assert owed(firm, invoice) == ("paid", 0)


def test_an_invoice_that_shrinks_to_what_was_paid_is_paid(firm: Firm) -> None:
    invoice = firm.issue(line(300))
    pay(firm, invoice, 121)

    firm.do(change_invoice, invoice.id, Given({"all_lines": [line(100)]}))
    assert owed(firm, invoice) == ("paid", 0)


def test_what_was_called_paid_counts_as_paid_when_the_invoice_grows(firm: Firm) -> None:
    invoice = firm.issue(line(100))
    pay(firm, invoice, 21, mark_as_paid=True)

    firm.do(change_invoice, invoice.id, Given({"all_lines": [line(200)]}))
    assert owed(firm, invoice) == ("open", 121)


def test_an_invoice_after_a_fully_paid_proforma_is_covered(firm: Firm) -> None:
    proforma = proforma_of(firm)
    pay(firm, proforma)

    invoice = firm.issue(line(100), related_id=proforma.id)
    assert (invoice.status, invoice.left_to_pay, invoice.show_paid_note) == ("paid", 0, True)


def test_the_currency_of_a_document_with_payments_stays(firm: Firm) -> None:
    invoice = firm.issue()
    pay(firm, invoice, 1)

    assert refused_change(firm, invoice, currency="EUR", exchange_rate=Decimal(25)) == {"currency": [("immutable", "")]}


def test_a_payment_of_nothing_is_refused(firm: Firm) -> None:
    invoice = firm.issue()
    with pytest.raises(Invalid) as told:
        pay(firm, invoice, 0)
    assert [p.code for p in told.value.problems["amount"]] == ["nothing"]


def test_what_is_said_to_be_paid_is_not_less_than_the_payments(firm: Firm) -> None:
    invoice = firm.issue()
    pay(firm, invoice, 100)

    assert refused_change(firm, invoice, paid_amount=Decimal(50)) == {"paid_amount": [("too_small", "")]}
    assert firm.do(change_invoice, invoice.id, Given({"paid_amount": Decimal(121)})).status == "paid"


def test_an_invoice_that_is_cancelled_takes_nothing_off(firm: Firm) -> None:
    proforma = proforma_of(firm)
    pay(firm, proforma, 21)
    first = firm.issue(related_id=proforma.id)
    firm.do(fire, first.id, "cancel")
    assert firm.again(first).deducted == 0

    second = firm.issue(related_id=proforma.id)
    assert second.deducted == 21
    with pytest.raises(WrongState):
        firm.do(fire, first.id, "undo_cancel")
    firm.do(delete_invoice, second.id)
    firm.do(fire, first.id, "undo_cancel")
    assert firm.again(first).deducted == 21


def test_only_a_sale_takes_off_what_was_paid_for_a_proforma(firm: Firm) -> None:
    proforma, original = proforma_of(firm), firm.issue()
    pay(firm, proforma)

    told = refused(firm, line(-1), kind="correction", corrected_id=original.id, related_id=proforma.id)
    assert told == {"related_id": ["not_in_list"]}


def test_a_proforma_that_is_followed_keeps_currency_and_customer_before_it_is_paid(firm: Firm) -> None:
    proforma = proforma_of(firm)
    number = firm.issue(related_id=proforma.id).number
    other = firm.do(add_contact, Given({"name": "Jiný"}))

    changes: tuple[dict[str, Any], ...] = ({"currency": "EUR", "exchange_rate": Decimal(25)}, {"contact_id": other.id})
    for values in changes:
        assert refused_change(firm, proforma, **values) == {next(iter(values)): [("relied_on", number)]}


def test_an_invoice_that_follows_no_longer_leaves_the_money_to_the_next(firm: Firm) -> None:
    proforma = proforma_of(firm)
    first, second = (firm.issue(related_id=proforma.id) for _ in range(2))
    pay(firm, proforma, 21)

    assert firm.do(change_invoice, first.id, Given({"related_id": None})).deducted == 0
    assert firm.again(second).deducted == 21
    assert firm.again(proforma).related_id == second.id


def test_a_final_invoice_that_is_cancelled_leaves_its_tax_documents_to_another(firm: Firm) -> None:
    proforma = proforma_of(firm)
    settled = [tax_document_over(firm, proforma, pay(firm, proforma))]
    cancelled = firm.issue(line(300), kind="final_invoice", tax_document_ids=settled)
    firm.do(fire, cancelled.id, "cancel")

    assert firm.again(cancelled).deducted == 0
    assert firm.issue(line(300), kind="final_invoice", tax_document_ids=settled).deducted == 121


def test_an_advance_that_goes_on_from_another_ends_in_a_chain_alone(firm: Firm) -> None:
    first = firm.issue(kind="tax_document", advance_amount=Decimal(40))
    second = firm.issue(kind="tax_document", advance_amount=Decimal(30), previous_advance_id=first.id)

    told = refused(firm, kind="final_invoice", tax_document_ids=[second.id])
    assert told == {"tax_document_ids": ["not_in_list"]}
    for last in (first, second):
        told_by_name = refused_change(firm, first, previous_advance_id=last.id)
        assert told_by_name == {"previous_advance_id": [("not_in_list", "")]}


def test_a_final_invoice_that_settles_all_may_leave_the_proforma_and_come_back(firm: Firm) -> None:
    proforma = proforma_of(firm)
    settled = [tax_document_over(firm, proforma, pay(firm, proforma))]
    final = firm.issue(line(300), kind="final_invoice", related_id=proforma.id, tax_document_ids=settled)

    firm.do(change_invoice, final.id, Given({"related_id": None}))
    assert firm.do(change_invoice, final.id, Given({"related_id": proforma.id})).deducted == 121


def test_of_two_documents_with_one_number_a_correction_means_that_of_its_customer(firm: Firm) -> None:
    other = firm.do(add_contact, Given({"name": "Jiný"}))
    repeated = Rules(number_may_repeat=True)
    values = {"contact_id": other.id, "number": "7/2020", "lines": [line(100)]}
    firm.do(issue_invoice, Given(values), repeated)
    own = firm.do(issue_invoice, Given(values | {"contact_id": firm.contact.id}), repeated)

    assert firm.issue(line(-1), kind="correction", corrected_number="7/2020").corrected_id == own.id
