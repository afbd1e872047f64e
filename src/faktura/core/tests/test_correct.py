"""Credit notes and final invoices are prefilled: what was chosen comes back negative, what was paid is taken off."""

from decimal import Decimal
from typing import Any

import pytest

from faktura.core.errors import Given, Invalid, WrongState
from faktura.core.invoices.chain import chain_of
from faktura.core.invoices.compose import compose_invoice
from faktura.core.invoices.correct import correction_of, final_of
from faktura.core.invoices.corrected import corrected
from faktura.core.invoices.events import fire
from faktura.core.invoices.follow_up import add_payment, create_tax_document
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import Firm, a_firm, line
from faktura.store.database import Database


def correct(firm: Firm, invoice: Invoice, **chosen: Any) -> Invoice:
    given = Given({"quantities": {}, "reason": "Vráceno"} | chosen)
    return firm.do(issue_invoice, firm.do(correction_of, invoice.id, given))


def refused(firm: Firm, invoice: Invoice, **chosen: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        correct(firm, invoice, **chosen)
    return {name: [problem.code for problem in found] for name, found in caught.value.problems.items()}


def test_the_chosen_quantity_of_a_line_comes_back(firm: Firm) -> None:
    invoice = firm.issue(line(100, quantity=3), line(50, 12, 2))
    credit = correct(firm, invoice, quantities={invoice.lines[0].id: Decimal(2)})

    assert (credit.kind, credit.corrected_id, credit.note) == ("correction", invoice.id, "Vráceno")
    assert [(one.quantity, one.net, one.vat) for one in credit.lines] == [(2, -200, -42)]
    assert firm.again(invoice).correction_id == credit.id


@pytest.mark.parametrize("price", ["unit_price", "net", "gross"])
@pytest.mark.parametrize("mode", ["without_vat", "from_total_with_vat"])
def test_a_whole_document_comes_back_to_the_cent(firm: Firm, price: str, mode: str) -> None:
    lines = [
        Given({"name": "Věc", "quantity": Decimal(7), price: Decimal("33.33"), "vat_rate": Decimal(rate)})
        for rate in (21, 12)
    ]
    invoice = firm.issue(*lines, price_mode=mode)
    credit = correct(firm, invoice, quantities={one.id: one.quantity for one in invoice.lines})

    assert (credit.net_total, credit.vat_total) == (-invoice.net_total, -invoice.vat_total)


def test_an_amount_is_borne_by_each_rate_in_its_part(firm: Firm) -> None:
    invoice = firm.issue(line(100), line(100, 12))
    credit = correct(firm, invoice, amount=Decimal(100), text="Sleva")

    assert credit.gross_total == -100
    assert {one.vat_rate for one in credit.vat_sums} == {21, 12}
    assert {one.name for one in credit.lines} == {"Sleva"}


def test_what_cannot_be_credited_is_said_at_its_field(firm: Firm) -> None:
    invoice = firm.issue(line(100))
    (one,) = invoice.lines

    assert refused(firm, invoice) == {"amount": ["blank"]}
    assert refused(firm, invoice, quantities={one.id: Decimal(2)}) == {f"quantities.{one.id}": ["too_large"]}
    assert refused(firm, invoice, quantities={one.id: Decimal(1)}, reason=" ") == {"reason": ["blank"]}
    assert refused(firm, invoice, amount=Decimal(1000), text="x") == {"amount": ["too_large"]}
    assert refused(firm, invoice, amount=Decimal(10)) == {"text": ["blank"], "lines.name": ["blank"]}
    both = refused(firm, invoice, amount=Decimal(10), text="x", quantities={one.id: Decimal(1)})
    assert both == {"amount": ["not_together"]}


def test_credit_notes_together_take_back_no_more_than_the_document_comes_to(firm: Firm) -> None:
    invoice = firm.issue(line(100, quantity=3))
    (one,) = invoice.lines
    first = correct(firm, invoice, quantities={one.id: Decimal(2)})

    assert f"quantities.{one.id}" in refused(firm, invoice, quantities={one.id: Decimal(2)})
    assert refused(firm, invoice, amount=Decimal(122), text="x") == {"amount": ["more_than_left"]}
    correct(firm, invoice, quantities={one.id: Decimal(1)})
    assert refused(firm, invoice, amount=Decimal(1), text="x") == {"amount": ["more_than_left"]}

    firm.do(fire, first.id, "cancel")
    assert correct(firm, invoice, quantities={one.id: Decimal(2)}).gross_total == -242


def test_thirds_of_a_document_come_back_one_by_one(firm: Firm) -> None:
    invoice = firm.issue(line("33.33", quantity=3), line("0.05", 12, 3), round_total=True)
    for _ in range(3):
        correct(firm, invoice, quantities={one.id: Decimal(1) for one in invoice.lines})


def test_in_poland_a_line_is_shown_before_and_after_and_no_reason_is_asked(database: Database) -> None:
    firm = a_firm(database, "jablko", country="PL")
    invoice = firm.issue(line(100, 23, 3), language="pl")
    credit = correct(firm, invoice, quantities={invoice.lines[0].id: Decimal(1)}, reason="")

    assert [(one.group, one.after, one.quantity) for one in credit.lines] == [(1, False, 3), (1, True, 2)]
    assert (credit.net_total, credit.vat_total) == (-100, -23)


def test_a_second_correction_goes_on_from_what_the_first_left(database: Database) -> None:
    firm = a_firm(database, "jablko", country="PL")
    invoice = firm.issue(line(100, 23, 5), line(40, 23, 2, name="Dojazd"), language="pl")
    work, way = invoice.lines
    cancelled = correct(firm, invoice, quantities={work.id: Decimal(4)})
    firm.do(fire, cancelled.id, "cancel")
    correct(firm, invoice, quantities={work.id: Decimal(1)})
    second = correct(firm, invoice, quantities={work.id: Decimal(2), way.id: Decimal(2)})
    third = correct(firm, invoice, quantities={work.id: Decimal(1)})

    assert [(one.name, one.after, one.quantity) for one in second.lines] == [
        *(("Práce", False, 4), ("Práce", True, 2)),
        *(("Dojazd", False, 2), ("Dojazd", True, 0)),
    ]
    assert [(one.after, one.quantity, one.net) for one in third.lines] == [(False, 2, 200), (True, 1, 100)]
    assert refused(firm, invoice, quantities={work.id: Decimal(2)})[f"quantities.{work.id}"] == ["too_large"]


def test_a_price_that_a_client_corrected_is_the_price_before_the_next_correction(database: Database) -> None:
    firm = a_firm(database, "jablko", country="PL")
    invoice = firm.issue(line(100, 23, 3), language="pl")
    pair = [line(100, 23, 3, group=7, after=False), line(90, 23, 3, group=7, after=True)]
    firm.issue(*pair, kind="correction", corrected_id=invoice.id, language="pl")
    next_one = correct(firm, invoice, quantities={invoice.lines[0].id: Decimal(1)})

    assert [(one.after, one.quantity, one.net) for one in next_one.lines] == [(False, 3, 270), (True, 2, 180)]


def test_no_more_of_a_line_comes_back_than_is_left_of_it(firm: Firm) -> None:
    invoice = firm.issue(line(100, quantity=2), line(300, quantity=2))
    cheap, dear = invoice.lines
    correct(firm, invoice, quantities={dear.id: Decimal(1)})
    correct(firm, invoice, quantities={cheap.id: Decimal(2)})

    assert refused(firm, invoice, quantities={cheap.id: Decimal(1)}) == {f"quantities.{cheap.id}": ["too_large"]}
    assert correct(firm, invoice, quantities={dear.id: Decimal(1)}).net_total == -300


def test_a_correction_of_a_correction_puts_back_what_that_one_took(firm: Firm) -> None:
    invoice = firm.issue(line(100, quantity=3), line(50, 12, 2))
    (one, _) = invoice.lines
    credit = correct(firm, invoice, quantities={one.id: Decimal(2)})
    (taken,) = credit.lines
    again = correct(firm, credit, quantities={taken.id: Decimal(1)})

    assert (again.kind, again.corrected_id, again.corrected_number) == ("correction", credit.id, credit.number)
    assert [(one.quantity, one.net, one.vat) for one in again.lines] == [(1, 100, 21)]
    assert firm.again(credit).correction_id == again.id
    assert refused(firm, credit, quantities={taken.id: Decimal(2)})[f"quantities.{taken.id}"] == ["too_large"]
    assert [one.id for one in firm.do(chain_of, firm.again(invoice))] == [invoice.id, credit.id, again.id]

    assert refused(firm, invoice, quantities={one.id: Decimal(3)})[f"quantities.{one.id}"] == ["too_large"]
    assert correct(firm, invoice, quantities={one.id: Decimal(2)}).net_total == -200


def test_what_was_put_back_is_taken_back_again(firm: Firm) -> None:
    """However long the chain is, each link turns what the one before did."""
    invoice = firm.issue(line(100, quantity=3))
    chain, quantity = [invoice], Decimal(3)
    for _ in range(4):
        chain.append(correct(firm, chain[-1], quantities={chain[-1].lines[0].id: quantity}))

    assert [one.net_total for one in chain] == [300, -300, 300, -300, 300]
    left = firm.do(corrected, invoice).lines[invoice.lines[0].id]
    assert left.quantity == 3
    assert refused(firm, chain[1], quantities={chain[1].lines[0].id: Decimal(1)})


def test_an_amount_that_was_taken_off_is_put_back_and_no_more(firm: Firm) -> None:
    invoice = firm.issue(line(100), line(100, 12))
    credit = correct(firm, invoice, amount=Decimal(100), text="Sleva")
    again = correct(firm, credit, amount=Decimal(60), text="Sleva nebyla")

    assert again.gross_total == 60
    assert {one.vat_rate for one in again.vat_sums} == {21, 12}
    assert refused(firm, credit, amount=Decimal(60), text="x") == {"amount": ["more_than_left"]}
    assert refused(firm, credit, amount=Decimal(101), text="x")["amount"][0] == "too_large"


def test_in_poland_what_is_put_back_stands_before_and_after_as_all_before_it_left_it(database: Database) -> None:
    firm = a_firm(database, "jablko", country="PL")
    invoice = firm.issue(line(100, 23, 9), language="pl")
    (work,) = invoice.lines
    first = correct(firm, invoice, quantities={work.id: Decimal(4)})
    correct(firm, invoice, quantities={work.id: Decimal(2)})
    again = correct(firm, first, quantities={first.lines[0].id: Decimal(3)})

    assert [(one.group, one.after, one.quantity, one.net) for one in again.lines] == [
        (1, False, 3, 300),
        (1, True, 6, 600),
    ]
    assert (again.net_total, again.vat_total) == (300, 69)
    last = correct(firm, again, quantities={again.lines[0].id: Decimal(1)})
    assert [(one.after, one.quantity) for one in last.lines] == [(False, 6), (True, 5)]
    assert refused(firm, first, quantities={first.lines[0].id: Decimal(3)})
    assert correct(firm, first, quantities={first.lines[0].id: Decimal(2)}).lines[1].quantity == 7


def test_all_that_a_correction_took_is_put_back_at_its_price(database: Database) -> None:
    firm = a_firm(database, "jablko", country="PL")
    invoice = firm.issue(line(100, 23, 2), language="pl")
    all_of_it = correct(firm, invoice, quantities={invoice.lines[0].id: Decimal(2)})
    again = correct(firm, all_of_it, quantities={all_of_it.lines[0].id: Decimal(1)})

    assert [(one.after, one.quantity, one.net) for one in again.lines] == [(False, 0, 0), (True, 1, 100)]


def test_a_price_that_was_lowered_is_raised_by_an_amount(database: Database) -> None:
    firm = a_firm(database, "jablko", country="PL")
    invoice = firm.issue(line(100, 23, 3), language="pl")
    pair = [line(100, 23, 3, group=7, after=False), line(90, 23, 3, group=7, after=True)]
    lowered = firm.issue(*pair, kind="correction", corrected_id=invoice.id, language="pl")

    assert refused(firm, lowered, quantities={lowered.lines[0].id: Decimal(1)})
    again = correct(firm, lowered, amount=Decimal("36.90"), text="Rabat cofnięty", reason="")
    assert [(one.after, one.quantity, one.net, one.gross) for one in again.lines] == [
        (False, 3, 270, Decimal("332.1")),
        (True, 3, 300, 369),
    ]
    assert again.note == "Rabat cofnięty"
    assert refused(firm, lowered, amount=Decimal(1), text="x") == {"amount": ["more_than_left"]}


def test_a_correction_that_a_client_wrote_of_a_document_unknown_here_is_corrected_by_itself(database: Database) -> None:
    firm = a_firm(database, "jablko", country="PL")
    pair = [line(100, 23, 3, group=7, after=False), line(100, 23, 1, group=7, after=True)]
    note = firm.issue(*pair, kind="correction", corrected_number="1/2020", language="pl")
    again = correct(firm, note, quantities={note.lines[0].id: Decimal(1)})

    assert [(one.after, one.quantity) for one in again.lines] == [(False, 1), (True, 2)]
    last = correct(firm, note, quantities={note.lines[0].id: Decimal(1)})
    assert [(one.after, one.quantity) for one in last.lines] == [(False, 2), (True, 3)]


def test_what_is_seen_before_is_what_is_issued(firm: Firm) -> None:
    invoice = firm.issue(line("33.33", quantity=3), round_total=True)
    given = firm.do(correction_of, invoice.id, Given({"quantities": {invoice.lines[0].id: Decimal(1)}, "reason": "x"}))
    seen = firm.do(compose_invoice, given)
    issued = firm.do(issue_invoice, given)

    assert not seen.problems
    assert (seen.invoice.gross_total, seen.invoice.number) == (issued.gross_total, issued.number)


def test_a_proforma_is_not_corrected_and_nothing_else_is_followed(firm: Firm) -> None:
    proforma, invoice = firm.issue(kind="proforma"), firm.issue()

    with pytest.raises(WrongState, match="not_corrected"):
        firm.do(correction_of, proforma.id, Given({"quantities": {}}))
    with pytest.raises(WrongState, match="not_a_proforma"):
        firm.do(final_of, invoice.id)


def test_a_final_invoice_takes_off_what_was_taxed_and_paid(firm: Firm) -> None:
    proforma = firm.issue(line(1000), kind="proforma", follow_up="none")
    first = firm.do(add_payment, proforma.id, Given({"amount": Decimal(605)}))
    firm.do(create_tax_document, proforma.id, first.payment.id)
    firm.do(add_payment, proforma.id, Given({"amount": Decimal(205)}))
    final = firm.do(issue_invoice, firm.do(final_of, proforma.id))

    assert (final.gross_total, final.deducted, final.left_to_pay) == (1210, 810, 400)
    assert [d.net + d.vat for d in final.deductions] == [605]
    assert final.variable_symbol == proforma.variable_symbol


def test_all_documents_of_a_trade_are_one_chain_from_wherever_one_looks(firm: Firm) -> None:
    proforma = firm.issue(line(1000), kind="proforma", follow_up="none")
    for amount in (605, 605):
        paid = firm.do(add_payment, proforma.id, Given({"amount": Decimal(amount)}))
        firm.do(create_tax_document, proforma.id, paid.payment.id)
    final = firm.do(issue_invoice, firm.do(final_of, proforma.id))
    credit = correct(firm, final, quantities={final.lines[0].id: Decimal(1)})
    kinds = ["proforma", "tax_document", "tax_document", "final_invoice", "correction"]

    for one in (proforma, final, credit):
        chain = firm.do(chain_of, firm.again(one))
        assert [document.kind for document in chain] == kinds
        assert sum(d.vat_total for d in chain if d.kind == "final_invoice") == 210
    assert firm.do(chain_of, firm.issue()) == []
