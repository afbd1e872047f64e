"""Where a customer pays on the firm's payment page: offered by a press, found on the document, on paper, in letters."""

from decimal import Decimal

import pypdfium2
import pytest

from faktura.core.accounts.change import change_account
from faktura.core.errors import Given
from faktura.core.invoices.events import fire
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message
from faktura.web.tests.conftest import Browser, add, in_books, issue
from faktura.wire.service import Service
from tests.firm import Firm

PAGE = "https://pay.example/{number}?sum={amount}&in={currency}"


@pytest.fixture
def taking_payments(service: Service, firm: Firm) -> None:
    in_books(service, firm, lambda books: change_account(books, Given({"payment_page": PAGE})))


paid_online = pytest.mark.usefixtures("taking_payments")


def payable(service: Service, firm: Firm, **values: object) -> Invoice:
    """A document over 121."""
    return issue(service, firm, add(service, firm, "Karel", email="karel@example.com"), **values)


def here(invoice: Invoice) -> str:
    return f"/applecorp/invoices/{invoice.id}"


def public(invoice: Invoice) -> str:
    return f"/applecorp/p/{invoice.token}/{invoice.number}"


def address(invoice: Invoice, amount: str = "121.00") -> str:
    return f"https://pay.example/{invoice.number.replace('/', '%2F')}?sum={amount}&in=CZK"


def offer(owner: Browser, invoice: Invoice) -> None:
    owner.get(here(invoice))
    assert owner.post(f"{here(invoice)}/payment-link").status_code == 303


def as_written(text: str) -> str:
    return text.replace("&amp;", "&")


@paid_online
def test_what_is_offered_stands_where_a_customer_pays(
    owner: Browser, browser: Browser, service: Service, firm: Firm
) -> None:
    invoice = payable(service, firm)
    assert "pay.example" not in browser.get(public(invoice)).text
    offer(owner, invoice)

    seen = as_written(browser.get(public(invoice)).text)
    assert seen.count(f'href="{address(invoice)}"') == 2
    assert ">Zaplatit online</a>" in seen
    assert f'data-copy="{address(invoice)}"' in as_written(owner.get(here(invoice)).text)
    letter = owner.get(f"{here(invoice)}/send").text
    assert f"Zaplatit online: {address(invoice)}" in as_written(letter)
    paper = pypdfium2.PdfDocument(browser.get(f"{public(invoice)}.pdf").data)
    text = paper[0].get_textpage().get_text_range()
    assert "Zaplatit online" in text
    assert address(invoice) in text.replace("\r\n", "").replace("\N{ZERO WIDTH SPACE}", "")


@paid_online
def test_a_letter_that_leaves_has_the_link(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = payable(service, firm)
    offer(owner, invoice)

    sent = {"recipient": "karel@example.com", "subject": "Faktura"}
    page = owner.get(f"{here(invoice)}/send").text
    body = as_written(page.split("<textarea", 1)[1].split(">", 1)[1].split("</textarea>", 1)[0])
    assert owner.post(f"{here(invoice)}/send", body=body, **sent).status_code == 303
    [letter] = in_books(service, firm, lambda books: books.all(Message))
    assert address(invoice) in letter.body


@paid_online
def test_it_asks_for_what_is_left_and_for_nothing_once_all_is_paid(
    owner: Browser, browser: Browser, service: Service, firm: Firm
) -> None:
    invoice = payable(service, firm)
    offer(owner, invoice)

    in_books(service, firm, lambda books: add_payment(books, invoice.id, Given({"amount": Decimal(21)})))
    seen = as_written(browser.get(public(invoice)).text)
    assert address(invoice, "100.00") in seen
    assert address(invoice) not in seen
    in_books(service, firm, lambda books: add_payment(books, invoice.id, Given()))
    for page in (browser.get(public(invoice)), owner.get(here(invoice)), owner.get(f"{here(invoice)}/send")):
        assert "pay.example" not in page.text


@paid_online
def test_it_is_taken_away_and_offered_again(owner: Browser, browser: Browser, service: Service, firm: Firm) -> None:
    invoice = payable(service, firm)
    offer(owner, invoice)

    owner.get(here(invoice))
    assert owner.post(f"{here(invoice)}/payment-link/withdraw").status_code == 303
    assert "pay.example" not in browser.get(public(invoice)).text
    offer(owner, invoice)
    assert "pay.example" in browser.get(public(invoice)).text


def test_no_link_is_made_up_where_there_is_no_payment_page(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)

    assert "payment-link" not in owner.get(here(invoice)).text
    refused = owner.post(f"{here(invoice)}/payment-link")
    assert refused.status_code == 409
    assert "The firm has no payment page." in refused.text


@paid_online
@pytest.mark.parametrize("kind", ["invoice", "proforma"])
def test_what_asks_for_nothing_is_offered_no_link(owner: Browser, service: Service, firm: Firm, kind: str) -> None:
    cancelled, paid = payable(service, firm, kind=kind), payable(service, firm, kind=kind)
    in_books(service, firm, lambda books: fire(books, cancelled.id, "cancel"))
    in_books(service, firm, lambda books: add_payment(books, paid.id, Given()))
    for invoice, said in ((cancelled, "The document is cancelled."), (paid, "The document is paid already.")):
        assert "payment-link" not in owner.get(here(invoice)).text
        refused = owner.post(f"{here(invoice)}/payment-link")
        assert refused.status_code == 409
        assert said in refused.text


@paid_online
def test_money_that_goes_back_is_not_asked_for(owner: Browser, service: Service, firm: Firm) -> None:
    original = payable(service, firm)
    lines = [Given({"name": "Zpět", "unit_price": Decimal(-10), "vat_rate": Decimal(21)})]
    note = issue(
        service, firm, kind="correction", corrected_id=original.id, contact_id=original.contact_id, lines=lines
    )

    assert "payment-link" not in owner.get(here(note)).text
    assert owner.post(f"{here(note)}/payment-link").status_code == 409
