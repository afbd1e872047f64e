"""A document is sent to KSeF by one press, from the form and many together; what KSeF would refuse is told before."""

import re

import pytest

from faktura.core.accounts.change import change_account
from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.todos import put_on_list
from faktura.web.tests.conftest import Browser, add, in_books, issue
from faktura.web.tests.ksef.desk import BUYER, NOON, SELLER, card, connect, put, sold, state_of
from faktura.web.tests.test_document_verbs import become
from faktura.web.tests.test_export import work
from faktura.wire.service import Service
from tests.firm import Firm


@pytest.fixture
def whole(service: Service, polish: Firm) -> Firm:
    """The firm with all that its documents must name."""
    number = {"name": "PLN", "number": "61 1090 1014 0000 0712 1981 2874", "currency": "PLN"}
    in_books(service, polish, lambda books: add_bank_account(books, Given(number)))
    return polish._replace(account=in_books(service, polish, lambda books: change_account(books, Given(SELLER))))


def test_a_document_is_sent_by_one_press_and_taken_back_by_another(
    owner: Browser, service: Service, whole: Firm
) -> None:
    connect(service, whole, send_delay=300)
    invoice = sold(service, whole)
    page = owner.get(f"/jablko/invoices/{invoice.id}").text
    assert "Send to KSeF" in card(page)
    sent = owner.post(f"/jablko/ksef/{invoice.id}/send")
    assert sent.location == f"/jablko/invoices/{invoice.id}#ksef"
    page = owner.get(f"/jablko/invoices/{invoice.id}").text
    assert "The document goes to KSeF." in page
    assert "It leaves at" in card(page)
    assert "/edit" not in page[page.index("<main") :]
    assert owner.get(f"/jablko/invoices/{invoice.id}/edit").status_code == 409
    assert state_of(service, whole, invoice) == "waiting"

    owner.post(f"/jablko/ksef/{invoice.id}/take-back")
    assert state_of(service, whole, invoice) is None
    assert "It was not sent to KSeF." in card(owner.get(f"/jablko/invoices/{invoice.id}").text)


def test_what_has_left_is_not_taken_back(owner: Browser, service: Service, whole: Firm) -> None:
    connect(service, whole)
    invoice = sold(service, whole)
    put(service, whole, invoice, "sent", sent_at=NOON, session_ref="session")
    page = owner.get(f"/jablko/invoices/{invoice.id}").text
    assert "Take it back" not in card(page)
    refused = owner.post(f"/jablko/ksef/{invoice.id}/take-back")

    assert refused.status_code == 409
    assert "The document is on its way to KSeF." in refused.text
    assert state_of(service, whole, invoice) == "sent"


def test_what_was_refused_is_changed_and_sent_again(owner: Browser, service: Service, whole: Firm) -> None:
    connect(service, whole)
    invoice = sold(service, whole)
    put(service, whole, invoice, "rejected", code=450, text="Błąd semantyki")
    page = owner.get(f"/jablko/invoices/{invoice.id}").text
    assert "Send to KSeF again" in card(page)
    assert f"/jablko/invoices/{invoice.id}/edit" in page
    owner.post(f"/jablko/ksef/{invoice.id}/send")

    assert state_of(service, whole, invoice) == "waiting"


def test_without_a_connection_nothing_is_sent(owner: Browser, service: Service, whole: Firm) -> None:
    invoice = sold(service, whole)
    page = owner.get(f"/jablko/invoices/{invoice.id}").text
    assert "Send to KSeF" not in card(page)
    refused = owner.post(f"/jablko/ksef/{invoice.id}/send")

    assert refused.status_code == 409
    assert "The account is not connected to KSeF." in refused.text


def test_what_ksef_would_refuse_stands_on_the_page_before_it_is_sent(
    owner: Browser, service: Service, whole: Firm
) -> None:
    connect(service, whole)
    invoice = sold(service, whole, name="x" * 600)
    said = card(owner.get(f"/jablko/invoices/{invoice.id}").text)
    assert "KSeF would refuse it: Items: Name: It may have up to" in said
    refused = owner.post(f"/jablko/ksef/{invoice.id}/send")

    assert refused.status_code == 422
    assert state_of(service, whole, invoice) is None


def test_what_may_only_be_read_is_not_sent(owner: Browser, service: Service, whole: Firm) -> None:
    connect(service, whole)
    invoice = sold(service, whole)
    become(service, whole, "read")

    assert (
        "<form"
        not in owner.get(f"/jablko/invoices/{invoice.id}").text.partition('id="ksef"')[2].partition("</section>")[0]
    )
    owner.get("/me")
    assert {owner.post(f"/jablko/ksef/{invoice.id}/{verb}").status_code for verb in ("send", "take-back")} == {403}


# The form


def typed(buyer: Contact, **values: str) -> dict[str, str]:
    row = {"lines-0-name": "Usługa", "lines-0-quantity": "1", "lines-0-unit_price": "100", "lines-0-vat_rate": "23"}
    return {"contact_id": str(buyer.id), "contact_id-words": buyer.name, "kind": "invoice"} | row | values


def test_a_new_document_is_issued_and_sent_at_once(owner: Browser, service: Service, whole: Firm) -> None:
    connect(service, whole)
    buyer = add(service, whole, "Nabywca SA", **BUYER)
    assert "Issue and send to KSeF" in owner.get("/jablko/invoices/new").text
    issued = owner.post("/jablko/invoices/new", **typed(buyer), then="ksef")

    [invoice] = in_books(service, whole, lambda books: books.all(Invoice))
    assert issued.location == f"/jablko/invoices/{invoice.id}"
    assert state_of(service, whole, invoice) == "waiting"


def test_what_ksef_would_refuse_is_told_at_its_field_and_not_issued(
    owner: Browser, service: Service, whole: Firm
) -> None:
    connect(service, whole)
    buyer = add(
        service, whole, "Kunde GmbH", vat_no="DE136695976", country="DE", street="Weg 1", city="Bonn", postcode="53111"
    )
    abroad = {"lines-0-vat_rate": "not_subject"}
    owner.get("/jablko/invoices/new")
    totals = owner.post("/jablko/invoices/totals", **typed(buyer, **abroad)).text
    assert "KSeF would refuse it:" in totals
    assert '<a href="#sale_kind">Goods or a service</a>' in totals
    refused = owner.post("/jablko/invoices/new", **typed(buyer, **abroad), then="ksef")
    assert refused.status_code == 422
    assert 'id="sale_kind-wrong"' in refused.text
    assert in_books(service, whole, lambda books: books.count(Invoice)) == 0

    issued = owner.post("/jablko/invoices/new", **typed(buyer, **abroad, sale_kind="service"), then="ksef")
    assert issued.status_code == 303
    [invoice] = in_books(service, whole, lambda books: books.all(Invoice))
    assert (invoice.sale_kind, state_of(service, whole, invoice)) == ("service", "waiting")


@pytest.mark.parametrize("name", ["sale_kind", "vat_exemption"])
def test_a_code_of_no_list_is_refused(owner: Browser, service: Service, whole: Firm, name: str) -> None:
    buyer = add(service, whole, "Nabywca SA", **BUYER)
    owner.get("/jablko/invoices/new")
    refused = owner.post("/jablko/invoices/new", **typed(buyer), **{name: "nonsense"})

    assert refused.status_code == 422
    assert f'id="{name}-wrong"' in refused.text


@pytest.mark.parametrize(
    ("mode", "said"),
    [("at_issue", "It goes to KSeF by itself once it is issued."), ("at_printing", "once it is printed or sent.")],
)
def test_what_goes_by_itself_has_no_button(owner: Browser, service: Service, whole: Firm, mode: str, said: str) -> None:
    connect(service, whole, send_mode=mode)
    page = owner.get("/jablko/invoices/new").text

    assert said in page
    assert "Issue and send to KSeF" not in page


# Many documents


def test_many_are_sent_together_and_each_says_what_came_of_it(owner: Browser, service: Service, whole: Firm) -> None:
    connect(service, whole)
    good, bad, proforma = (
        sold(service, whole),
        sold(service, whole, name="x" * 600),
        issue(service, whole, kind="proforma"),
    )
    address = "/jablko/invoices/bulk?verb=ksef&all=yes"
    assert "Send to KSeF" in owner.get(address).text
    done = owner.post(address).location
    work(service)
    page = owner.get(done).text

    assert dict(re.findall(r'">([^<]+)</a></th><td class="note">([^<]+)<', page)) == {
        good.number: "Done",
        bad.number: "KSeF would refuse it. Its page says for what.",
        proforma.number: "A document of this sort does not go to KSeF.",
    }
    assert state_of(service, whole, good) == "waiting"


# Todos


def test_what_needs_a_person_says_what_ksef_said(owner: Browser, service: Service, whole: Firm) -> None:
    invoice, other = sold(service, whole), sold(service, whole)

    def list_them(books: Books) -> None:
        put_on_list(books, "ksef_refused", invoice, said="450 Błąd semantyki")
        put_on_list(books, "ksef_refused", other)
        put_on_list(books, "ksef_not_connected", books.account)

    in_books(service, whole, list_them)
    page = owner.get("/jablko/todos").text

    assert "450 Błąd semantyki" in page
    assert "Its page says for what." in page
    assert '<a href="/jablko/ksef">KSeF</a>' in page
