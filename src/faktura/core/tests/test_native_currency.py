"""A document says for good what it was worth in the currency that the books were kept in when it was issued."""

import datetime as dt
from decimal import Decimal

import pytest

from faktura.core.accounts.change import change_account
from faktura.core.books.audit import AUDIT
from faktura.core.books.office import Office
from faktura.core.errors import Given
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.debts import by_month
from faktura.core.invoices.follow_up import add_payment, create_tax_document
from faktura.core.invoices.record import Invoice
from faktura.core.money.exchange_rates import Quotation, keep_rates
from faktura.core.tests.conftest import NOON, Firm, line
from faktura.store.check import check

RATE = Decimal(25)


@pytest.fixture
def firm(firm: Firm) -> Firm:
    """A Czech firm on days on which a euro is worth 25 crowns."""
    days = [NOON.date() - dt.timedelta(days=days) for days in range(10)]
    quoted = [Quotation("EUR", day, RATE) for day in days]
    firm.database.write(lambda tx: keep_rates(Office(tx, firm.clock.now()), "cnb", quoted))
    return firm


def keep_books_in(firm: Firm, currency: str) -> None:
    firm.account = firm.do(change_account, Given({"currency": currency}))


def natively(invoice: Invoice) -> tuple[str, Decimal | None, Decimal | None, Decimal | None]:
    return invoice.native_currency, invoice.exchange_rate, invoice.native_gross_total, invoice.native_remaining_amount


def findings(firm: Firm) -> list[str]:
    return check(firm.database, lambda _: None, AUDIT)


@pytest.mark.parametrize(("currency", "rate", "worth"), [("CZK", 1, 121), ("EUR", 25, 3025)])
def test_a_document_keeps_its_native_sums_when_the_books_are_kept_in_another_currency(
    firm: Firm, currency: str, rate: int, worth: int
) -> None:
    before = firm.issue(currency=currency)

    keep_books_in(firm, "EUR")

    assert firm.again(before) == before
    assert natively(before) == ("CZK", rate, worth, worth)
    after = firm.issue(currency=currency)
    expected = {"CZK": (Decimal("0.04"), Decimal("4.84")), "EUR": (1, 121)}[currency]
    assert natively(after) == ("EUR", *expected, expected[1])
    assert findings(firm) == []


@pytest.mark.parametrize(("currency", "worth"), [("CZK", 242), ("EUR", 6050)])
def test_a_change_of_an_old_document_counts_in_its_own_native_currency(firm: Firm, currency: str, worth: int) -> None:
    before = firm.issue(currency=currency)
    keep_books_in(firm, "EUR")

    given = {"lines": [line(100)], "taxable_on": NOON.date() - dt.timedelta(days=3)}
    changed = firm.do(change_invoice, before.id, Given(given))
    payment = firm.do(add_payment, before.id, Given({})).payment

    assert natively(changed) == ("CZK", before.exchange_rate, worth, worth)
    assert payment.native_amount == worth
    assert findings(firm) == []


def test_an_old_document_that_changes_its_currency_is_valued_in_its_native_one(firm: Firm) -> None:
    before = firm.issue(currency="EUR")
    keep_books_in(firm, "EUR")

    crowns = firm.do(change_invoice, before.id, Given({"currency": "CZK"}))
    euros = firm.do(change_invoice, before.id, Given({"currency": "EUR"}))

    assert natively(crowns) == ("CZK", 1, 121, 121)
    assert natively(euros) == ("CZK", RATE, 3025, 3025)


def test_a_correction_takes_no_rate_of_books_in_another_currency(firm: Firm) -> None:
    original = firm.issue(currency="EUR", exchange_rate=Decimal(24))
    alike = firm.issue(line(-10), kind="correction", corrected_id=original.id)
    keep_books_in(firm, "EUR")

    other = firm.issue(line(-10), kind="correction", corrected_id=original.id)

    assert (alike.native_currency, alike.exchange_rate) == ("CZK", 24)
    assert (other.native_currency, other.exchange_rate, other.native_gross_total) == ("EUR", 1, Decimal("-12.1"))


@pytest.mark.parametrize(("currency", "rate"), [("CZK", "0.04"), ("EUR", "1")])
def test_what_a_proforma_of_old_books_has_issued_is_of_the_new(firm: Firm, currency: str, rate: str) -> None:
    proforma = firm.issue(kind="proforma", follow_up="tax_document", currency=currency)
    keep_books_in(firm, "EUR")

    receipt_id = firm.do(add_payment, proforma.id, Given({})).payment.tax_document_id

    receipt = firm.do(lambda books: books.find(Invoice, receipt_id))
    assert (receipt.native_currency, receipt.exchange_rate) == ("EUR", Decimal(rate))
    assert firm.again(proforma).native_currency == "CZK"
    assert findings(firm) == []


def test_a_final_invoice_does_not_add_crowns_of_an_advance_to_its_euros(firm: Firm) -> None:
    """What was taxed in other books is valued with the rest, since no sum of both would be of one currency."""
    proforma = firm.issue(line(10000), kind="proforma", follow_up="none")
    payment = firm.do(add_payment, proforma.id, Given({"amount": Decimal(2420)})).payment
    advance = firm.do(create_tax_document, proforma.id, payment.id).payment.tax_document_id
    keep_books_in(firm, "EUR")

    final = firm.issue(line(10000), kind="final_invoice", currency="CZK", tax_document_ids=[advance])

    assert (final.gross_total, final.deducted) == (12100, 2420)
    assert natively(final) == ("EUR", Decimal("0.04"), Decimal(484), Decimal("387.2"))
    assert [d.native_net for d in final.deductions] == [None]
    assert findings(firm) == []


def test_months_before_and_after_are_summed_in_the_currency_of_the_books(firm: Firm) -> None:
    firm.issue(line(100, 0))
    keep_books_in(firm, "EUR")
    firm.issue(line(100, 0), currency="EUR")

    assert firm.do(by_month)[-1].issued == Decimal(104)
