"""Nobody is asked for money that is no longer paid in; what was issued in it stays as it is."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from faktura.core.bank_accounts import add_bank_account
from faktura.core.codes import is_currency
from faktura.core.contacts import add_contact, change_contact
from faktura.core.documents.checks import Rules
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.issue import issue_invoice
from faktura.core.tests.conftest import Firm, line

OLD = ["DEM", "HRK", "SKK", "CSK", "ATS", "LTL", "SLL", "ZWL"]
TODAY = dt.date(2026, 11, 21)
IN_KUNAS = {"currency": "HRK", "exchange_rate": Decimal(3)}
WHEN_THERE_WERE = {"issued_on": dt.date(2022, 5, 5)}


@pytest.mark.parametrize("currency", ["CZK", "EUR", "PLN", "HUF", "XCG", "XOF", "CLF", "SLE", "ZWG"])
def test_what_is_paid_in_is_a_currency(currency: str) -> None:
    assert is_currency(currency, TODAY)


@pytest.mark.parametrize("currency", [*OLD, "XXX", "XAU", "CNH", "ABC", ""])
def test_what_is_withdrawn_or_no_money_is_none(currency: str) -> None:
    assert not is_currency(currency, TODAY)


@pytest.mark.parametrize("currency", OLD)
def test_nothing_new_is_in_a_withdrawn_currency(firm: Firm, currency: str) -> None:
    issued = firm.issue()
    verbs: list[Callable[[], object]] = [
        lambda: firm.issue(currency=currency, exchange_rate=Decimal(1)),
        lambda: firm.do(change_invoice, issued.id, Given({"currency": currency, "exchange_rate": Decimal(1)})),
        lambda: firm.do(add_contact, Given({"name": "Karel", "currency": currency})),
        lambda: firm.do(change_contact, firm.contact.id, Given({"currency": currency})),
        lambda: firm.do(add_bank_account, Given({"name": "A", "number": "1", "currency": currency})),
    ]
    for verb in verbs:
        with pytest.raises(Invalid) as refused:
            verb()
        assert [one.code for one in refused.value.problems["currency"]] == ["not_in_list"]


def test_a_document_from_when_it_was_paid_in_is_taken_changed_and_corrected(firm: Firm) -> None:
    issued = firm.issue(**IN_KUNAS, **WHEN_THERE_WERE)
    assert firm.do(change_invoice, issued.id, Given({"currency": "HRK", "note": "x"})).note == "x"

    correction = firm.issue(line(-100), kind="correction", corrected_id=issued.id)
    assert (correction.currency, correction.issued_on) == ("HRK", TODAY)
    assert firm.issue(line(-1), kind="correction", corrected_id=issued.id, **IN_KUNAS).currency == "HRK"


def test_a_contract_may_list_a_withdrawn_one(firm: Firm) -> None:
    given = Given({"contact_id": firm.contact.id, "lines": [line(100)]} | IN_KUNAS)
    assert firm.do(issue_invoice, given, Rules(old_currencies=frozenset({"HRK"}))).currency == "HRK"
