"""What `faktura db check` finds in the books: gaps and doubles in series, sums that do not fit, lost records."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from faktura.core.books.audit import AUDIT
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.documents.checks import Rules
from faktura.core.documents.numbering import NumberFormat
from faktura.core.errors import Given
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.invitations import Invitation, Newcomer, accept_invitation, invite, withdraw_invitation
from faktura.core.tests.conftest import Firm, line
from faktura.store import schema
from faktura.store.check import check
from faktura.store.records import changed

MAY_REPEAT = Rules(number_may_repeat=True)


def findings(firm: Firm) -> list[str]:
    return check(firm.database, lambda _: None, AUDIT)


def run(firm: Firm, statement: str, **values: Any) -> None:
    """Do what the program never would."""
    with schema.engine_for(firm.database).begin() as connection:
        connection.execute(sa.text(statement), values)


def spoil(firm: Firm, invoice: Invoice, **values: Any) -> None:
    """Write into a document what its rules would never come to."""

    def work(books: Books) -> None:
        old = books.find(Invoice, invoice.id)
        books.change(old, changed(old, **values))

    firm.do(work)


def test_a_gap_that_nothing_explains_is_found(firm: Firm) -> None:
    documents = [firm.issue() for _ in range(6)]
    for lost in (documents[1], documents[3], documents[4]):
        run(firm, "DELETE FROM invoices WHERE id = :id", id=lost.id)

    found = [finding for finding in findings(firm) if "number_series" in finding]

    series = "number_series of account 1, format 1, 2026: no document has"
    assert found == [f"{series} number 2, and nothing says why", f"{series} numbers 4 to 5, and nothing says why"]


def test_gaps_that_deletions_numbers_from_outside_and_renumbering_made_are_explained(firm: Firm) -> None:
    documents = [firm.issue() for _ in range(3)]
    firm.do(delete_invoice, documents[2].id)
    firm.issue(number="2026-0010")
    firm.do(change_invoice, documents[0].id, Given({"number": "2026-0020"}))
    firm.do(change_invoice, documents[1].id, Given({"number": "by hand"}))
    firm.issue(number="2027-0005", issued_on=dt.date(2027, 1, 1))
    firm.issue()

    assert findings(firm) == []


def test_a_number_that_another_document_has_by_hand_is_left_out_with_its_reason(firm: Firm) -> None:
    first, other = firm.issue(), firm.issue(kind="proforma")
    firm.do(change_invoice, first.id, Given({"note": "x"}))
    run(firm, "UPDATE invoices SET kind = 'invoice', number = '2026-0002', counter = NULL WHERE id = :id", id=other.id)

    assert firm.issue().number == "2026-0003"
    assert [finding for finding in findings(firm) if "2026: no document has number 2" in finding] == []


def test_numbers_given_far_from_each_other_cost_a_row_and_not_a_row_each(firm: Firm) -> None:
    firm.issue(number="2026-999999999")

    assert findings(firm) == []


def test_a_deletion_that_the_history_does_not_know_explains_nothing(firm: Firm) -> None:
    document = firm.issue()
    firm.do(delete_invoice, document.id)
    assert findings(firm) == []

    run(firm, "DELETE FROM history WHERE name = 'invoice_deleted'")

    assert findings(firm) == [
        "number_series of account 1, format 1, 2026: no document has number 1, and nothing says why",
        f"invoices account_id 1, id {document.id}: is in the history, but it is gone and nobody deleted it",
    ]


def test_a_number_that_two_formats_gave_is_found(firm: Firm) -> None:
    first = firm.issue()

    def add_format(books: Books) -> NumberFormat:
        return books.add(NumberFormat, kind="invoice", pattern="#yyyy#-#dddd#")

    second = firm.issue(number_format_id=firm.do(add_format).id, number="2026-0002")
    run(firm, "UPDATE invoices SET number = '2026-0001', counter = 1 WHERE id = :id", id=second.id)

    assert f"invoices account_id 1, id {second.id}: has the number 2026-0001, as {first.id} has or had" in findings(
        firm
    )


def test_a_number_of_a_deleted_document_that_was_given_out_again_is_found(firm: Firm) -> None:
    deleted = firm.issue()
    firm.do(delete_invoice, deleted.id)
    run(firm, "UPDATE number_series SET last = 0")
    again = firm.issue()

    assert findings(firm) == [
        f"invoices account_id 1, id {again.id}: has the number 2026-0001, as {deleted.id} has or had"
    ]


def test_a_number_that_may_repeat_is_no_double(firm: Firm) -> None:
    firm.issue()
    values = {"contact_id": firm.contact.id, "lines": [line(100)], "number": "2026-0001"}
    repeated = firm.do(issue_invoice, Given(values), MAY_REPEAT)
    firm.do(delete_invoice, repeated.id)

    assert findings(firm) == []


def test_a_number_that_is_not_that_of_its_place_is_found(firm: Firm) -> None:
    document = firm.issue()
    run(firm, "UPDATE invoices SET number = '2026-0007'")

    assert f"{name(document)}: has the number 2026-0007, which is not counter 1 of 2026" in findings(firm)


def name(document: Invoice) -> str:
    return f"invoices account_id 1, id {document.id}"


SPOILT: dict[str, dict[str, Any]] = {
    "net_total is 99, but should be 100": {"net_total": Decimal(99)},
    "vat_total is 22, but should be 21": {"vat_total": Decimal(22)},
    "rounding is 1, but should be 0.00": {"rounding": Decimal(1)},
    "native_net_total is 99, but should be 100.00": {"native_net_total": Decimal(99)},
    "remaining_amount is 1, but should be 121": {"remaining_amount": Decimal(1)},
    "native_remaining_amount is 1, but should be 121.00": {"native_remaining_amount": Decimal(1)},
    "left_to_pay is 0, but should be 121": {"left_to_pay": Decimal(0)},
    "status is paid, but paid_on is None": {"status": "paid"},
    "vat_sums is (), but should be": {"vat_sums": ()},
}


@pytest.mark.parametrize("finding", SPOILT)
def test_a_sum_that_does_not_fit_is_found(firm: Firm, finding: str) -> None:
    document = firm.issue()
    assert findings(firm) == []

    spoil(firm, document, **SPOILT[finding])

    assert any(found.startswith(f"{name(document)}: {finding.partition(', but')[0]}, but") for found in findings(firm))


def test_a_line_that_does_not_add_up_is_found(firm: Firm) -> None:
    document = firm.issue()
    [sold] = document.lines
    spoil(firm, document, lines=(msgspec.structs.replace(sold, gross=Decimal(1)),))

    assert any(f"line {sold.id} comes to 1, but its net and VAT to 121" in found for found in findings(firm))


def test_payments_that_come_to_more_than_was_paid_are_found(firm: Firm) -> None:
    document = firm.issue()
    firm.do(add_payment, document.id, Given({"amount": Decimal(100)}))
    assert findings(firm) == []

    spoil(firm, firm.again(document), paid_amount=Decimal(10), left_to_pay=Decimal(111))

    assert f"{name(document)}: paid_amount is 10, but its payments come to 100.00" in findings(firm)


def test_a_deduction_that_is_not_what_the_tax_document_says_is_found(firm: Firm) -> None:
    proforma = firm.issue(kind="proforma", follow_up="tax_document")
    settled = firm.do(add_payment, proforma.id, Given({}))
    advance = settled.payment.tax_document_id
    final = firm.issue(line(200), kind="final_invoice", tax_document_ids=[advance])
    assert findings(firm) == []

    run(firm, "UPDATE links SET amount = :amount WHERE sort = 'settles'", amount=5_000_000)

    found = findings(firm)
    assert any(f"id {advance}: comes to 121" in finding and "takes off 5" in finding for finding in found)
    assert any(f"id {final.id}: deducted is not what its links say" in finding for finding in found)


def test_a_document_that_shows_a_link_which_is_not_there_is_found(firm: Firm) -> None:
    original = firm.issue()
    correction = firm.issue(line(-1), kind="correction", corrected_id=original.id)

    run(firm, "DELETE FROM links")

    shown = {f"{name(original)}: correction_id is not what its links say"}
    assert shown | {f"{name(correction)}: corrected_id is not what its links say"} <= set(findings(firm))


def test_a_record_that_is_gone_without_a_word_is_found(firm: Firm) -> None:
    run(firm, "DELETE FROM contacts")

    assert f"contacts account_id 1, id {firm.contact.id}: is in the history, but it is gone and nobody deleted it" in (
        findings(firm)
    )


def test_invitations_that_were_accepted_or_withdrawn_are_not_missed(firm: Firm) -> None:
    secret = firm.do(invite, "new@firm.example", "write")
    withdrawn = firm.do(lambda books: (invite(books, "other@firm.example", "read"), books.all(Invitation)[-1].id)[1])
    firm.do(withdraw_invitation, withdrawn)
    newcomer = Newcomer("Somebody New", "no hash", "en")
    firm.database.write(lambda tx: accept_invitation(Office(tx, firm.clock.now()), secret, newcomer))

    assert findings(firm) == []


def test_a_document_that_cannot_be_read_does_not_end_the_check(firm: Firm) -> None:
    proforma = firm.issue(kind="proforma", follow_up="tax_document")
    advance = firm.do(add_payment, proforma.id, Given({})).payment.tax_document_id
    firm.issue(line(200), kind="final_invoice", tax_document_ids=[advance])
    run(firm, "DELETE FROM contacts")
    run(firm, "UPDATE invoices SET lines = 'no JSON' WHERE id = :id", id=advance)

    found = findings(firm)

    assert any(line.startswith(f"invoices account_id 1, id {advance}: cannot be read: ") for line in found)
    assert any(line.startswith("wrong links: cannot be looked for: ") for line in found)
    assert any(line.endswith("it is gone and nobody deleted it") for line in found)
