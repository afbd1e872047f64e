"""Margin invoices of a Polish firm on pages: typed, issued, corrected, and no VAT of the margin anywhere."""

import re
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.bank_accounts import BankAccount, add_bank_account
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.record import Invoice
from faktura.store.database import Database
from faktura.web.tests.conftest import Browser, add, in_books
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

NEW = "/applecorp/invoices/new"
CAR = {"lines-0-name": "Octavia", "lines-0-quantity": "1", "lines-0-unit_price": "12000"}
BOUGHT = {"lines-0-purchase_price": "10000"}
HIDDEN = re.compile(r"373[.,]98|280[.,]49|93[.,]49")
"""The VAT inside the margins."""


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    said: dict[str, Any] = {"street": "Krótka 2", "city": "Warszawa", "postcode": "00-001", "vat_no": "5252248481"}
    return open_firm(database, clock, language="en", country="PL", currency="PLN", **said)


@pytest.fixture(autouse=True)
def bank_account(service: Service, firm: Firm) -> BankAccount:
    given = Given({"name": "Bank A", "number": "49915000093326449042496767"})
    return in_books(service, firm, lambda books: add_bank_account(books, given))


def newest(service: Service, firm: Firm) -> Invoice:
    return max(in_books(service, firm, lambda books: books.all(Invoice)), key=lambda one: one.id)


def test_a_polish_firm_is_offered_margin_invoices(owner: Browser) -> None:
    assert "kind=margin_invoice" in owner.get(NEW).text
    page = owner.get(f"{NEW}?kind=margin_invoice").text
    for label in ("Margin scheme", "Second-hand goods", "Bought for"):
        assert label in page
    assert "lines-0-vat_rate" not in page


def test_a_dealer_sells_a_car_and_lowers_its_price(owner: Browser, service: Service, firm: Firm) -> None:
    """Bought for 10,000, sold for 12,000, and then for 500 less."""
    contact = add(service, firm, "Karel")
    typed = {"contact_id": str(contact.id), "kind": "margin_invoice", "margin_kind": "second_hand_goods"}
    typed |= {"issued_on": "2026-11-28", "payment_method": "cash"} | CAR

    owner.get(f"{NEW}?kind=margin_invoice")
    assert owner.post(NEW, **typed).status_code == 422
    done = owner.post(NEW, **typed, **BOUGHT)
    assert done.status_code == 303, done.text
    sold = newest(service, firm)
    assert (sold.kind, sold.gross_total, sold.margin_total) == ("margin_invoice", Decimal(12000), Decimal(2000))
    assert (sold.margin_vat_total, sold.vat_total) == (Decimal("373.98"), Decimal(0))
    here = f"/applecorp/invoices/{sold.id}"
    pages = [owner.get(here).text, owner.get(f"{here}/edit").text, owner.get(f"{here}/copy").text]
    assert "procedura marży – towary używane" in pages[0] or "Margin scheme – second-hand goods" in pages[0]
    assert all("10000" in page for page in pages[1:])

    lowered = {"amount": "500", "text": "Rysa na drzwiach"}
    seen = owner.post(f"{here}/correct", **lowered)
    assert "VAT of the credit note" not in seen.text
    done = owner.post(f"{here}/correct", **lowered, seen="-500.00")
    assert done.status_code == 303, done.text
    note = newest(service, firm)
    assert (note.gross_total, note.margin_total) == (Decimal(-500), Decimal(-500))
    assert note.margin_vat_total == Decimal("-93.49")
    assert [(line.after, line.gross, line.margin) for line in note.lines] == [
        (False, Decimal(12000), Decimal(2000)),
        (True, Decimal(11500), Decimal(1500)),
    ]
    pages += [seen.text, owner.get(f"/applecorp/invoices/{note.id}").text, owner.get("/applecorp/invoices").text]
    assert not any(HIDDEN.search(page) for page in pages)
    listed = owner.get("/applecorp/invoices?kind=margin_invoice").text
    assert sold.number in listed
    assert note.number not in listed

    raised = {"amount": "200", "text": "Rysa mniejsza"}
    here = f"/applecorp/invoices/{note.id}"
    owner.post(f"{here}/correct", **raised)
    done = owner.post(f"{here}/correct", **raised, seen="200.00")
    assert done.status_code == 303, done.text
    again = newest(service, firm)
    assert (again.corrected_id, again.margin_kind) == (note.id, "second_hand_goods")
    assert [(line.after, line.gross, line.margin) for line in again.lines] == [
        (False, Decimal(11500), Decimal(1500)),
        (True, Decimal(11700), Decimal(1700)),
    ]


def test_travel_outside_the_eu_bears_no_vat_of_its_margin(owner: Browser, service: Service, firm: Firm) -> None:
    """Of one journey, the part that is spent there (art. 119 (8) of the Polish act)."""
    contact = add(service, firm, "Karel")
    typed = {"contact_id": str(contact.id), "kind": "margin_invoice", "margin_kind": "travel_agencies"}
    typed |= {"issued_on": "2026-11-28", "payment_method": "cash"} | CAR | BOUGHT
    typed |= {"lines-1-name": "Hotel w Kairze", "lines-1-quantity": "1", "lines-1-unit_price": "3000"}
    typed |= {"lines-1-purchase_price": "2400", "lines-1-margin_rate": "0"}
    assert "VAT of the margin" in owner.get(f"{NEW}?kind=margin_invoice").text
    done = owner.post(NEW, **typed)
    assert done.status_code == 303, done.text
    sold = newest(service, firm)
    assert [line.margin_zero_rated for line in sold.lines] == [False, True]
    assert (sold.margin_total, sold.margin_vat_total) == (Decimal(2600), Decimal("373.98"))

    here = f"/applecorp/invoices/{sold.id}"
    assert owner.get(f"{here}/edit").text.count('<option value="0" selected') == 1
    lowered = {"amount": "300", "text": "Rabat"}
    owner.get(f"{here}/correct")
    owner.post(f"{here}/correct", **lowered)
    assert owner.post(f"{here}/correct", **lowered, seen="-300.00").status_code == 303
    note = newest(service, firm)
    assert [line.margin_zero_rated for line in note.lines] == [False, False, True, True]
    assert note.margin_vat_total == Decimal("-44.87")
    owner.get(f"{here}/edit")
    ids = {f"lines-{place}-id": str(line.id) for place, line in enumerate(sold.lines)}
    changed = typed | ids | {"lines-1-margin_rate": "", "confirmed": "yes"}
    version = in_books(service, firm, lambda books: find_invoice(books, sold.id)).version
    done = owner.post(f"{here}/edit", **changed, version=str(version))
    assert done.status_code == 303, done.text
    now = in_books(service, firm, lambda books: find_invoice(books, sold.id))
    assert now.margin_vat_total == Decimal("486.18")


def test_a_margin_invoice_is_changed(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    typed = {"contact_id": str(contact.id), "kind": "margin_invoice", "margin_kind": "works_of_art"}
    typed |= {"issued_on": "2026-11-28", "payment_method": "cash"} | CAR
    owner.get(f"{NEW}?kind=margin_invoice")
    owner.post(NEW, **typed, **BOUGHT)
    sold = newest(service, firm)

    line = {"lines-0-id": str(sold.lines[0].id), "lines-0-purchase_price": "11000", "margin_kind": "second_hand_goods"}
    owner.get(f"/applecorp/invoices/{sold.id}/edit")
    done = owner.post(f"/applecorp/invoices/{sold.id}/edit", **(typed | line), version=str(sold.version))
    assert done.status_code == 303, done.text
    now = in_books(service, firm, lambda books: find_invoice(books, sold.id))
    assert (now.margin_kind, now.margin_total) == ("second_hand_goods", Decimal(1000))
