"""Paper and page say the same of a document, fact by fact."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest

from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.invoices.events import fire
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.outputs.reading.tongue import Tongue
from faktura.outputs.tests.documents import text_of
from faktura.outputs.words.words import labels_in
from faktura.store.database import Database
from faktura.web.tests.conftest import Browser, without_wholes
from faktura.wire.service import Service
from tests import needs
from tests.firm import Firm, open_firm

pytestmark = needs.ONE_ENGINE

IBAN = "CZ6508000000192000145399"
NRB = "61109010140000071219812874"

PAGE_ALONE = ("lines", "payment", "scan", "code", "pdf", "sum", "tap")


class Texts(HTMLParser):
    """What stands in the main part of a page, text by text; one in which a number may not break is one text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False
        self.feed(without_wholes(page))

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._inside = self._inside or (tag == "main")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "main"

    def handle_data(self, data: str) -> None:
        if self._inside and data.strip():
            self.found.append(" ".join(data.split()))


Story = Callable[[Books], Invoice]


def line(price: str | int, rate: int = 21, **values: Any) -> Given:
    return Given({"name": "Práce", "unit_price": Decimal(price), "vat_rate": Decimal(rate)} | values)


def issue(books: Books, *lines: Given, **values: Any) -> Invoice:
    buyer = {"name": "Odběratel a.s.", "street": "Krátká 2", "city": "Brno", "registration_no": "27082440"}
    contact_id = values.pop("contact_id", None) or add_contact(books, Given(buyer)).id
    return issue_invoice(books, Given({"contact_id": contact_id, "lines": list(lines) or [line(100)]} | values))


def plain(books: Books) -> Invoice:
    return issue(books, line(100), line("33.333", 12, unit="h", discount=Decimal(10)), note="Díky", order_number="O-1")


def cancelled(books: Books) -> Invoice:
    return fire(books, issue(books).id, "cancel")


def paid(books: Books) -> Invoice:
    return add_payment(books, issue(books, show_paid_note=True).id, Given()).invoice


def partly_paid(books: Books) -> Invoice:
    return add_payment(books, issue(books).id, Given({"amount": Decimal(21)})).invoice


def reverse(books: Books) -> Invoice:
    return issue(books, reverse_charge=True)


def foreign(books: Books) -> Invoice:
    return issue(books, currency="EUR", exchange_rate=Decimal("25.135"), buyer_country="DE", bic="GIBACZPX")


def proforma(books: Books) -> Invoice:
    return issue(books, kind="proforma")


def receipt(books: Books) -> Invoice:
    asked = issue(books, line(100), line(50, 12), kind="proforma", follow_up="tax_document")
    [payment] = add_payment(books, asked.id, Given()).invoice.payments
    return find_invoice(books, payment.tax_document_id or 0)


def final(books: Books) -> Invoice:
    taxed = receipt(books)
    lines = [line(300), line(80, 12)]
    return issue(books, *lines, kind="final_invoice", tax_document_ids=(taxed.id,), contact_id=taxed.contact_id)


def after_proforma(books: Books) -> Invoice:
    asked = issue(books, kind="proforma", follow_up="none")
    add_payment(books, asked.id, Given({"amount": Decimal(50)}))
    return issue(books, line(300), related_id=asked.id, contact_id=asked.contact_id)


def credit_note(books: Books) -> Invoice:
    original = issue(books)
    return issue(books, line(-10), kind="correction", corrected_id=original.id, contact_id=original.contact_id)


def advance(books: Books) -> Invoice:
    lines = [line(1000, 23), line(500, 8)]
    return issue(books, *lines, kind="tax_document", advance_amount=Decimal(400), currency="PLN")


def settled_advances(books: Books) -> Invoice:
    before = advance(books)
    values = {"kind": "final_invoice", "previous_advance_id": before.id, "contact_id": before.contact_id}
    return issue(books, line(1000, 23), line(500, 8), currency="PLN", **values)


def exempt(books: Books) -> Invoice:
    lines = [line(100, 0, vat_treatment="exempt"), line(10, 0, vat_treatment="not_subject")]
    return issue(books, *lines, bank_account=NRB, iban=f"PL{NRB}", vat_exemption="43-1-28")


POLISH = (advance, settled_advances, exempt)

STORIES = (
    *(plain, cancelled, paid, partly_paid, reverse, foreign, proforma, receipt, final, after_proforma, credit_note),
    *POLISH,
)


@pytest.mark.parametrize("language", ["cs", "pl", "en", "de", "sk"])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_paper_and_page_say_the_same_fact_by_fact(
    browser: Browser,
    service: Service,
    database: Database,
    clock: Clock,
    story: Callable[[Books], Invoice],
    language: str,
) -> None:
    home, currency = ("PL", "PLN") if story in POLISH else ("CZ", "CZK")
    firm = open_firm(database, clock, country=home, currency=currency, invoice_language=language)
    invoice = in_books(service, firm, story)

    page, paper = both(browser, invoice)
    alone = {labels_in(language)[name] for name in PAGE_ALONE} | {"ISDOC"}
    alone.add(Tongue(language).amount(invoice.left_to_pay, grouped=False))
    title, _badge, *rest = page
    said = [title, *(text for text in rest if text not in alone)]

    squeezed = "".join(paper.split())
    assert [text for text in said if "".join(text.split()) not in squeezed] == []
    known = {word for text in said for word in text.split()} | {labels_in(language)["page"], "1", "/"}
    assert [word for word in words_of(paper) if word not in known] == []


def in_books(service: Service, firm: Firm, story: Story) -> Invoice:
    def work(books: Books) -> Invoice:
        add_bank_account(books, Given({"name": "Účet", "number": "19-2000145399/0800", "iban": IBAN}))
        return find_invoice(books, story(books).id)

    now = service.clock.now()
    return service.database.write(lambda tx: work(Books(tx, firm.account, firm.user.id, now)))


def both(browser: Browser, invoice: Invoice) -> tuple[list[str], str]:
    address = f"/applecorp/p/{invoice.token}"
    page, paper = browser.get(address), browser.get(f"{address}/{invoice.number}.pdf")
    assert (page.status_code, paper.status_code) == (200, 200)
    return Texts(page.text).found, text_of(paper.data)


def words_of(paper: str) -> Iterator[str]:
    captions = {"QR", "Platba", "SEPA", "Przelew"}
    yield from (word for word in re.split(r"\s+", paper) if word and word not in captions)
