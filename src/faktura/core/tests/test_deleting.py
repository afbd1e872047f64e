"""Deleting a document leaves nobody pointing at it, and one that others rest on stays."""

from decimal import Decimal

import pytest

from faktura.core.books.audit import AUDIT
from faktura.core.errors import Given, InUse
from faktura.core.invoices.change import delete_invoice
from faktura.core.invoices.follow_up import add_payment
from faktura.core.tests.conftest import Firm, line
from faktura.store.check import check


def findings(firm: Firm) -> list[str]:
    return check(firm.database, lambda _: None, AUDIT)


def test_a_document_stays_as_long_as_one_of_its_corrections(firm: Firm) -> None:
    original = firm.issue()
    first, second = (firm.issue(line(-1), kind="correction", corrected_id=original.id) for _ in range(2))

    firm.do(delete_invoice, second.id)

    assert firm.again(original).correction_id == first.id
    with pytest.raises(InUse):
        firm.do(delete_invoice, original.id)
    firm.do(delete_invoice, first.id)
    assert firm.again(original).correction_id is None
    firm.do(delete_invoice, original.id)
    assert findings(firm) == []


@pytest.mark.parametrize("kind", ["proforma", "invoice"])
def test_all_that_name_a_deleted_document_as_related_name_it_no_longer(firm: Firm, kind: str) -> None:
    named = firm.issue(kind=kind)
    followers = [firm.issue(related_id=named.id) for _ in range(2)]

    firm.do(delete_invoice, named.id)

    assert [firm.again(follower).related_id for follower in followers] == [None, None]
    assert findings(firm) == []


def test_a_proforma_stays_as_long_as_one_of_its_followers_is_paid(firm: Firm) -> None:
    proforma = firm.issue(kind="proforma")
    paid, _unpaid = (firm.issue(related_id=proforma.id) for _ in range(2))
    firm.do(add_payment, paid.id, Given({}))

    with pytest.raises(InUse):
        firm.do(delete_invoice, proforma.id)


def test_a_chain_of_advances_is_deleted_from_its_end(firm: Firm) -> None:
    first = firm.issue(kind="tax_document", advance_amount=Decimal(5))
    second = firm.issue(kind="tax_document", advance_amount=Decimal(5), previous_advance_id=first.id)
    final = firm.issue(kind="final_invoice", previous_advance_id=second.id)

    with pytest.raises(InUse):
        firm.do(delete_invoice, first.id)
    for document in (final, second, first):
        firm.do(delete_invoice, document.id)
    assert findings(firm) == []
