"""No two debts have a variable symbol in common, unless they are of one order or their customer always pays by it."""

import threading
from typing import Any

import pytest

from faktura.core.contacts import add_contact
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import Firm, line

TAKEN = {"variable_symbol": ["taken"]}


def refused(firm: Firm, **values: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as told:
        firm.issue(**values)
    return {name: [problem.code for problem in found] for name, found in told.value.problems.items()}


def refused_change(firm: Firm, invoice: Invoice, **values: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as told:
        firm.do(change_invoice, invoice.id, Given(values))
    return {name: [problem.code for problem in found] for name, found in told.value.problems.items()}


@pytest.mark.parametrize("kind", ["invoice", "proforma"])
@pytest.mark.parametrize("other_kind", ["invoice", "proforma"])
def test_a_given_symbol_that_another_document_has_is_refused(firm: Firm, kind: str, other_kind: str) -> None:
    held = firm.issue(kind=kind).variable_symbol
    free = firm.issue(kind=other_kind)

    assert refused(firm, kind=other_kind, variable_symbol=held) == TAKEN
    assert refused_change(firm, free, variable_symbol=held) == TAKEN
    assert firm.do(change_invoice, free.id, Given({"variable_symbol": free.variable_symbol})) == free
    assert firm.do(change_invoice, free.id, Given({"variable_symbol": "77"})).variable_symbol == "77"
    assert firm.issue(variable_symbol=free.variable_symbol).variable_symbol == free.variable_symbol


def test_a_symbol_that_is_made_from_a_number_is_that_of_no_document_also_not_one_given_by_hand(firm: Firm) -> None:
    firm.issue(kind="proforma", variable_symbol="20260002")
    firm.issue()

    second = firm.issue()
    assert (second.number, second.variable_symbol) == ("2026-0002", "202600021")


def test_documents_of_one_order_may_have_the_symbol_of_its_proforma(firm: Firm) -> None:
    proforma = firm.issue(line(300), kind="proforma", follow_up="tax_document")
    symbol = proforma.variable_symbol
    firm.do(add_payment, proforma.id, Given())
    documents = [payment.tax_document_id for payment in firm.again(proforma).payments]

    final = firm.issue(line(300), kind="final_invoice", tax_document_ids=documents, variable_symbol=symbol)
    correction = firm.issue(line(-1), kind="correction", corrected_id=final.id, variable_symbol=symbol)
    again = firm.issue(line(-1), kind="correction", corrected_id=final.id)
    firm.do(change_invoice, again.id, Given({"variable_symbol": symbol}))
    assert {firm.again(one).variable_symbol for one in (proforma, final, correction, again)} == {symbol}
    assert refused(firm, variable_symbol=symbol) == TAKEN


def test_an_invoice_that_leaves_its_order_leaves_the_symbol_of_it(firm: Firm) -> None:
    proforma = firm.issue(kind="proforma")
    invoice = firm.issue(related_id=proforma.id)
    assert invoice.variable_symbol == proforma.variable_symbol

    left = firm.do(change_invoice, invoice.id, Given({"related_id": None}))
    assert left.variable_symbol == "20260001"
    assert refused_change(firm, left, variable_symbol=proforma.variable_symbol) == TAKEN
    firm.do(change_invoice, invoice.id, Given({"related_id": proforma.id, "variable_symbol": proforma.variable_symbol}))


def test_a_customer_who_always_pays_by_one_symbol_has_it_on_every_document(firm: Firm) -> None:
    loyal = firm.do(add_contact, Given({"name": "Stálý", "variable_symbol": "88"}))
    issued = [firm.issue(contact_id=loyal.id) for _ in range(2)]
    issued.append(firm.issue(contact_id=loyal.id, variable_symbol="88", kind="proforma"))

    assert {document.variable_symbol for document in issued} == {"88"}
    assert refused(firm, variable_symbol="88") == TAKEN
    moved = firm.do(change_invoice, issued[0].id, Given({"contact_id": firm.contact.id}))
    assert moved.variable_symbol == "20260001"


def test_of_sixteen_who_give_one_symbol_together_one_gets_it(firm: Firm) -> None:
    told: list[object] = []

    def issue() -> None:
        try:
            told.append(firm.issue(variable_symbol="4711").variable_symbol)
        except Invalid as invalid:
            told.append(list(invalid.problems))

    writers = [threading.Thread(target=issue) for _ in range(16)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(told, key=str) == sorted(["4711", *[["variable_symbol"]] * 15], key=str)
