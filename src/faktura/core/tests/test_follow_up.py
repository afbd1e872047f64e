"""A proforma that is paid has issued what it says, whichever way it became paid; what came in is taxed once."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.books.audit import AUDIT
from faktura.core.errors import Invalid, WrongState
from faktura.core.invoices.change import delete_invoice
from faktura.core.invoices.events import fire
from faktura.core.invoices.follow_up import call_paid, create_tax_document, remove_payment
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import NOON, Firm, change, line, pay
from faktura.store.check import check
from faktura.store.queries import Condition, Selection

TODAY = NOON.date()
EARLIER = TODAY - dt.timedelta(days=9)
TOTAL = Decimal(242)


@pytest.fixture(autouse=True)
def whatever_happened_the_books_agree(firm: Firm) -> Any:
    yield
    assert check(firm.database, lambda _: None, AUDIT) == []


def proforma_of(firm: Firm, follow_up: str, **values: Any) -> Invoice:
    return firm.issue(line(200), kind="proforma", follow_up=follow_up, **values)


def issued(firm: Firm, kind: str) -> list[Invoice]:
    found = firm.do(lambda books: books.all(Invoice, Selection((Condition("kind", "eq", kind),))))
    return sorted(found, key=lambda document: document.id)


def _by_a_payment(firm: Firm, proforma: Invoice) -> None:
    pay(firm, proforma, paid_on=EARLIER)


def _by_lines_that_shrink(firm: Firm, proforma: Invoice) -> None:
    change(firm, proforma, all_lines=[line(300)])
    pay(firm, proforma, 242, paid_on=EARLIER)
    change(firm, proforma, all_lines=[line(200)])


def _by_an_amount_that_is_said(firm: Firm, proforma: Invoice) -> None:
    change(firm, proforma, paid_amount=TOTAL)


def _by_a_payment_and_an_amount(firm: Firm, proforma: Invoice) -> None:
    pay(firm, proforma, 42, paid_on=EARLIER)
    change(firm, proforma, paid_amount=TOTAL)


def _by_an_amount_and_a_payment(firm: Firm, proforma: Invoice) -> None:
    change(firm, proforma, paid_amount=Decimal(42))
    pay(firm, proforma, paid_on=EARLIER)


def _by_being_called_so(firm: Firm, proforma: Invoice) -> None:
    firm.do(call_paid, proforma.id, EARLIER)


def _by_a_day_that_is_said(firm: Firm, proforma: Invoice) -> None:
    change(firm, proforma, paid_on=EARLIER)


WAYS: tuple[Callable[[Firm, Invoice], None], ...] = (
    _by_a_payment,
    _by_lines_that_shrink,
    _by_an_amount_that_is_said,
    _by_a_payment_and_an_amount,
    _by_an_amount_and_a_payment,
    _by_being_called_so,
    _by_a_day_that_is_said,
)


@pytest.mark.parametrize("way", WAYS)
def test_whichever_way_a_proforma_became_paid_its_final_invoice_is_issued(firm: Firm, way: Any) -> None:
    proforma = proforma_of(firm, "final_invoice_paid")
    way(firm, proforma)
    proforma = firm.again(proforma)

    [final] = issued(firm, "final_invoice")
    assert (proforma.status, proforma.related_id, final.related_id) == ("paid", final.id, proforma.id)
    assert (final.status, final.paid_on, final.show_paid_note) == ("paid", proforma.paid_on, True)
    assert (final.gross_total, final.left_to_pay, final.variable_symbol) == (TOTAL, 0, proforma.variable_symbol)
    change(firm, proforma, note="x")
    assert len(issued(firm, "final_invoice")) == 1


@pytest.mark.parametrize("way", WAYS)
def test_whichever_way_a_proforma_became_paid_all_that_came_in_has_tax_documents(firm: Firm, way: Any) -> None:
    proforma = proforma_of(firm, "tax_document")
    way(firm, proforma)
    proforma = firm.again(proforma)

    documents = issued(firm, "tax_document")
    assert sum(document.gross_total for document in documents) == TOTAL
    assert {document.status for document in documents} == {"paid"}
    assert None not in [payment.tax_document_id for payment in proforma.payments]
    final = firm.issue(line(200), kind="final_invoice", tax_document_ids=[document.id for document in documents])
    assert (final.status, final.left_to_pay) == ("paid", 0)
    change(firm, proforma, note="x")
    assert issued(firm, "tax_document") == [firm.again(document) for document in documents]


@pytest.mark.parametrize("follow_up", ["final_invoice", "none"])
@pytest.mark.parametrize("way", WAYS)
def test_a_proforma_that_wants_nothing_has_nothing_issued(firm: Firm, way: Any, follow_up: str) -> None:
    proforma = proforma_of(firm, follow_up)
    way(firm, proforma)
    proforma = firm.again(proforma)

    assert (proforma.status, proforma.related_id) == ("paid", None)
    assert issued(firm, "final_invoice") == issued(firm, "tax_document") == []


@pytest.mark.parametrize("way", WAYS)
def test_where_an_invoice_follows_nothing_more_is_issued(firm: Firm, way: Any) -> None:
    proforma = proforma_of(firm, "tax_document")
    invoice = firm.issue(line(200), related_id=proforma.id)
    way(firm, proforma)

    assert issued(firm, "tax_document") == []
    assert firm.again(invoice).left_to_pay == 0


def test_a_proforma_that_is_paid_from_the_start_has_its_final_invoice(firm: Firm) -> None:
    for said in ({"paid_amount": TOTAL}, {"paid_on": EARLIER}):
        proforma = proforma_of(firm, "final_invoice_paid", **said)
        assert proforma.related_id == issued(firm, "final_invoice")[-1].id


def test_a_payment_that_is_said_to_be_the_whole_is_documented_as_it_came_in(firm: Firm) -> None:
    proforma = proforma_of(firm, "tax_document")
    pay(firm, proforma, 200, mark_as_paid=True)

    assert [document.gross_total for document in issued(firm, "tax_document")] == [200]


def test_a_proforma_opened_again_owes_the_rest_and_documents_that_alone(firm: Firm) -> None:
    proforma = proforma_of(firm, "tax_document")
    _by_being_called_so(firm, proforma)

    change(firm, proforma, all_lines=[line(300)])
    opened = firm.again(proforma)
    assert (opened.status, opened.left_to_pay) == ("open", 121)
    pay(firm, proforma)
    assert [document.gross_total for document in issued(firm, "tax_document")] == [242, 121]


def test_a_proforma_opened_again_opens_its_final_invoice(firm: Firm) -> None:
    proforma = proforma_of(firm, "final_invoice_paid")
    _by_an_amount_that_is_said(firm, proforma)

    change(firm, proforma, paid_amount=Decimal(42))
    [final] = issued(firm, "final_invoice")
    assert (firm.again(proforma).status, final.status, final.left_to_pay) == ("open", "open", 200)
    pay(firm, proforma)
    [final] = issued(firm, "final_invoice")
    assert (final.status, final.left_to_pay) == ("paid", 0)


@pytest.mark.parametrize(
    ("way", "values", "name"),
    [
        (_by_an_amount_that_is_said, {"paid_amount": Decimal(200)}, "paid_amount"),
        (_by_a_payment_and_an_amount, {"paid_amount": Decimal(42)}, "paid_amount"),
        (_by_being_called_so, {"paid_on": None}, "paid_on"),
        (_by_a_day_that_is_said, {"paid_on": None}, "paid_on"),
    ],
)
def test_what_has_its_tax_document_stays_paid_and_names_it(firm: Firm, way: Any, values: Any, name: str) -> None:
    proforma = proforma_of(firm, "tax_document")
    way(firm, proforma)

    with pytest.raises(Invalid) as told:
        change(firm, proforma, **values)
    [problem] = told.value.problems[name]
    document = issued(firm, "tax_document")[-1]
    assert (list(told.value.problems), problem.code, problem.number) == ([name], "relied_on", document.number)
    firm.do(delete_invoice, document.id)
    change(firm, proforma, **values)


def test_the_final_invoice_of_a_completed_proforma_settles_the_tax_documents_that_are_there(firm: Firm) -> None:
    proforma = proforma_of(firm, "final_invoice_paid")
    firm.do(create_tax_document, proforma.id, pay(firm, proforma, 121))
    pay(firm, proforma)

    [final] = issued(firm, "final_invoice")
    [document] = issued(firm, "tax_document")
    assert (final.deducted, final.left_to_pay, final.status) == (242, 0, "paid")
    assert [deduction.document_id for deduction in final.deductions] == [document.id]
    assert firm.again(document).related_id == final.id


def test_a_proforma_whose_tax_document_was_settled_has_its_invoice(firm: Firm) -> None:
    proforma = proforma_of(firm, "final_invoice_paid")
    first = firm.do(create_tax_document, proforma.id, pay(firm, proforma, 121)).payment.tax_document_id
    firm.issue(line(200), kind="final_invoice", tax_document_ids=[first])
    pay(firm, proforma)

    assert len(issued(firm, "final_invoice")) == 1


def test_an_invoice_that_was_cancelled_leaves_the_proforma_to_issue_its_own(firm: Firm) -> None:
    proforma = proforma_of(firm, "final_invoice_paid")
    firm.do(fire, firm.issue(line(200), related_id=proforma.id).id, "cancel")
    pay(firm, proforma)

    [final] = issued(firm, "final_invoice")
    assert (final.status, firm.again(proforma).related_id) == ("paid", final.id)


def test_no_tax_document_is_made_over_a_payment_that_an_invoice_took_off(firm: Firm) -> None:
    proforma = proforma_of(firm, "none")
    payment = pay(firm, proforma, 121)
    invoice = firm.issue(line(200), related_id=proforma.id)
    later = pay(firm, proforma, 21)

    for payment_id in (payment, later):
        with pytest.raises(WrongState) as told:
            firm.do(create_tax_document, proforma.id, payment_id)
        assert told.value.reason == "no_tax_document"
    firm.do(fire, invoice.id, "cancel")
    firm.do(create_tax_document, proforma.id, payment)
    firm.do(remove_payment, proforma.id, later)


@pytest.mark.parametrize("kind", ["final_invoice", "tax_document"])
def test_an_advance_that_an_invoice_took_off_by_its_proforma_ends_in_no_chain(firm: Firm, kind: str) -> None:
    proforma = proforma_of(firm, "none")
    document = firm.do(create_tax_document, proforma.id, pay(firm, proforma)).payment.tax_document_id
    firm.issue(line(200), related_id=proforma.id)

    with pytest.raises(Invalid) as told:
        firm.issue(
            kind=kind, previous_advance_id=document, advance_amount=Decimal(1) if kind != "final_invoice" else None
        )
    assert list(told.value.problems) == ["previous_advance_id"]


def test_an_advance_that_a_chain_took_off_is_not_taken_off_by_its_proforma(firm: Firm) -> None:
    proforma = proforma_of(firm, "none")
    document = firm.do(create_tax_document, proforma.id, pay(firm, proforma, 121)).payment.tax_document_id
    second = firm.issue(kind="tax_document", previous_advance_id=document, advance_amount=Decimal(21))
    firm.issue(line(200), kind="final_invoice", previous_advance_id=second.id)

    with pytest.raises(Invalid) as told:
        firm.issue(line(200), related_id=proforma.id)
    assert list(told.value.problems) == ["related_id"]
    pay(firm, proforma, 50)
    assert firm.issue(line(200), related_id=proforma.id).deducted == 50


def test_a_cancelled_document_is_not_called_paid(firm: Firm) -> None:
    proforma = proforma_of(firm, "final_invoice_paid")
    firm.do(fire, proforma.id, "cancel")

    with pytest.raises(WrongState) as told:
        firm.do(call_paid, proforma.id)
    assert told.value.reason == "cancelled"
    assert change(firm, proforma, paid_amount=TOTAL).status == "cancelled"
    assert issued(firm, "final_invoice") == []


def test_what_a_proforma_wants_after_it_was_paid_is_not_issued_any_more(firm: Firm) -> None:
    proforma = proforma_of(firm, "none")
    pay(firm, proforma)

    change(firm, proforma, follow_up="final_invoice_paid")
    assert issued(firm, "final_invoice") == []
