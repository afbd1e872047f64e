"""A used-car dealer buys, sells under the margin scheme, lowers the price and takes the car back."""

import re
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.record import Invoice
from faktura.outputs.printing.printer import Printer
from faktura.store.database import Database
from tests import needs
from tests.doors_and_pages import House, without_marks
from tests.test_corrections import correct, pair, resold
from tests.test_documents_two_doors import Values

pytestmark = [needs.FAKTUROID, needs.INFAKT]

UNSAID = re.compile(
    r"netto|stawka|kwota vat|23\s?%|373[.,]98|280[.,]49|93[.,]49|10[ .]?000[.,]00|(?<!\d)[12][ .]?[05]00[.,]00",
    re.IGNORECASE,
)
"""Rates, net amounts, the tax and what it is counted from: art. 106e (3) leaves them out."""

WORDS = "procedura marży – towary używane"


@pytest.fixture
def house(database: Database, printer: Printer) -> House:
    return House(database, printer, Clock())


def kept(house: House, document: Values) -> Invoice:
    """The document as the books have it."""
    account, now = house.firm.account, house.service.clock.now()
    return house.service.database.read(lambda tx: find_invoice(Books(tx, account, None, now), document["id"]))


def what_a_customer_sees(house: House, document: Values, resource: str) -> list[str]:
    """Paper, page, and the letter."""
    public = house.doors.first(document["id"])["public_html_url"].partition("example")[2]
    letter = house.owner.get(f"/applecorp/invoices/{document['id']}/send").text
    written = letter.partition("<textarea")[2].partition("</textarea>")[0]
    return [house.paper(resource, document), without_marks(house.owner.get(public).text), written]


def buy(house: House) -> None:
    """From somebody who is no payer of VAT, without which there is no margin scheme (art. 120 (10) 1)."""
    seller = house.doors.fakturoid("POST", "/subjects.json", {"name": "Jan Kowalski", "country": "PL"})
    line = {"name": "Skoda Octavia 2019", "unit_price": "10000", "vat_rate": 0}
    said = {"subject_id": seller["id"], "original_number": "U-1", "lines": [line]}
    expense = house.doors.fakturoid("POST", "/expenses.json", said)
    assert expense["total"] == "10000.0"


def sell(house: House) -> Values:
    said: dict[str, Any] = {"margin_kind": "second_hand_goods", "services": [resold(1200000, 200000)]}
    sold = house.doors.issue_here("margin_invoice", **said)
    assert (sold["gross_price"], sold["margin_amount_price"]) == (1200000, 200000)
    return sold


def lower(house: House, sold: Values) -> Values:
    """By 500, on the page of the document, for a scratch on a door."""
    here, lowered = f"/applecorp/invoices/{sold['id']}/correct", {"amount": "500", "text": "Rysa na drzwiach"}
    house.owner.get(here)
    house.owner.post(here, **lowered)
    assert house.owner.post(here, **lowered, seen="-500.00").status_code == 303
    [note] = house.doors.infakt("GET", "/corrective_invoices.json")["entities"]
    found: Values = house.doors.second(note["id"], "corrective_invoice")
    return found


def test_a_dealer_buys_sells_lowers_the_price_and_takes_the_car_back(house: House) -> None:
    """The margin of 2,000 holds 373.98 of VAT, that of 1,500 holds 280.49, and none is left when the car is back."""
    buy(house)
    sold = sell(house)
    assert kept(house, sold).margin_vat_total == Decimal("373.98")
    page = house.page(sold["id"])
    assert "Margin" in page
    assert "2,000.00" in page

    note = lower(house, sold)
    rows = [(row["correction"], row["gross_with_margin_amount_price"]) for row in note["services"]]
    assert rows == [(False, 1200000), (True, 1150000)]
    assert [row["margin_amount_price"] for row in note["services"]] == [200000, 150000]
    assert (note["gross_price"], note["tax_price"], note["corrected_invoice_uuid"]) == (-50000, 0, sold["uuid"])
    assert kept(house, note).margin_vat_total == Decimal("-93.49")
    assert house.doors.first(sold["id"])["correction_id"] == note["id"]

    back = correct(house, sold, pair(resold(1150000, 150000), resold(0, 0) | {"quantity": 0}))
    assert (back["gross_price"], back["tax_price"]) == (-1150000, 0)
    whole = [kept(house, document) for document in (sold, note, back)]
    assert sum(one.gross_total for one in whole) == sum(one.margin_vat_total for one in whole) == 0

    for document, resource in ((sold, "margin_invoices"), (note, "corrective_invoices"), (back, "corrective_invoices")):
        for text in what_a_customer_sees(house, document, resource):
            assert not UNSAID.search(text), (document["number"], UNSAID.search(text), text)
        paper, public, _ = what_a_customer_sees(house, document, resource)
        assert WORDS in paper
        assert WORDS in public
    assert sold["number"] in house.paper("corrective_invoices", note)


def test_a_car_that_was_sold_is_sold_again_by_hand_alone(house: House) -> None:
    """A copy asks what was paid for the next one; neither a template nor a month repeats the sale."""
    sold = sell(house)

    here = f"/applecorp/invoices/{sold['id']}"
    page, copy = house.owner.get(here).text, house.owner.get(f"{here}/copy").text
    assert f"{here}/copy" in page
    assert "Bought for" in copy
    for path in ("generators", "recurring_generators"):
        assert f"{path}/new?document={sold['id']}" not in page.replace("&amp;", "&")
        assert house.owner.get(f"/applecorp/{path}/new?document={sold['id']}").status_code == 409
