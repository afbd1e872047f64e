"""A firm and its contacts say what electronic invoices need, and see what is missing."""

import pytest

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, find_contact
from faktura.core.errors import Given
from faktura.core.messages import LeftOut, Message, begin_delivery
from faktura.core.people.accounts import Account
from faktura.outputs.mail.wording import send_invoice
from faktura.web.tests.conftest import Browser, add, in_books, in_office, issue
from faktura.wire.service import Service
from tests import needs
from tests.firm import Firm

pytestmark = needs.ONE_ENGINE

PAGE = "/applecorp/settings/e-invoices"
BUYER = {"registration_no": "87654326", "vat_no": "CZ87654326", "email": "kun@odberatel.example"}


def account(service: Service) -> Account:
    return in_office(service, lambda office: office.find(Account, slug="applecorp"))


def contact_of(service: Service, firm: Firm, contact: Contact) -> Contact:
    return in_books(service, firm, lambda books: find_contact(books, contact.id))


def test_the_switch_of_a_czech_firm_is_on_until_somebody_says_otherwise(owner: Browser, service: Service) -> None:
    page = owner.get(PAGE).text
    assert 'id="embed_isdoc" name="embed_isdoc" type="checkbox" value="yes" checked' in page
    assert 'id="attach_isdoc" name="attach_isdoc" type="checkbox" value="yes">' in page
    assert account(service).embed_isdoc is None

    assert owner.post(PAGE, e_invoice_profile="xrechnung", attach_ubl="yes").location == PAGE
    kept = account(service)
    assert (kept.embed_isdoc, kept.attach_isdoc, kept.attach_ubl) == (False, False, True)
    assert kept.e_invoice_profile == "xrechnung"
    assert 'name="embed_isdoc" type="checkbox" value="yes">' in owner.get(PAGE).text


def test_an_address_is_kept_and_a_wrong_one_stays_typed(owner: Browser, service: Service) -> None:
    owner.get(PAGE)
    typed = {"electronic_scheme": "9929", "electronic_address": "12345679", "e_invoice_profile": "peppol"}
    refused = owner.post(PAGE, **typed)
    assert refused.status_code == 422
    assert "This is not written as it should be." in refused.text
    assert 'value="12345679"' in refused.text
    assert account(service).electronic_address is None

    owner.post(PAGE, **(typed | {"electronic_address": "cz 12345679"}))
    assert (account(service).electronic_scheme, account(service).electronic_address) == ("9929", "CZ12345679")


def test_the_page_says_what_each_profile_lacks(owner: Browser) -> None:
    page = owner.get(PAGE).text
    assert "The firm has no VAT number. Fill it in in the settings of the firm." in page
    assert "Fill in the phone and the e-mail address of the firm." in page
    assert 'href="/applecorp/settings/account"' in page


def test_a_contact_keeps_what_its_form_says_and_shows_what_it_lacks(
    owner: Browser, service: Service, firm: Firm
) -> None:
    contact = add(service, firm, "Käufer GmbH", country="DE")
    path = f"/applecorp/subjects/{contact.id}/edit"
    page = owner.get(path).text
    assert "The customer has no electronic address. Fill it in with the contact" in page
    assert "Fill in the buyer reference of the contact" in page

    typed = {
        "name": "Käufer GmbH",
        "country": "DE",
        "electronic_scheme": "0204",
        "electronic_address": "991-12345-67",
        "buyer_reference": "991-12345-67",
        "e_invoice_profile": "xrechnung",
        "attach_isdoc": "off",
        "embed_isdoc": "inherit",
        "attach_ubl": "on",
    }
    assert owner.post(path, **typed).status_code == 303
    kept = contact_of(service, firm, contact)
    assert {name: getattr(kept, name) for name in typed} == typed
    again = owner.get(path).text
    assert "Fill in the buyer reference of the contact" not in again
    assert '<option value="0204" selected>DE Leitweg-ID (0204)' in again


def test_a_letter_is_seen_with_its_boxes_and_leaves_as_they_were_ticked(
    owner: Browser, service: Service, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "sends_mail", True)
    contact = add(service, firm, "Kupující a.s.", **BUYER, attach_isdoc="on")
    invoice = issue(service, firm, contact)
    path = f"/applecorp/invoices/{invoice.id}/send"
    page = owner.get(path).text
    assert 'id="isdoc" name="isdoc" type="checkbox" value="yes" checked' in page
    assert 'id="ubl" name="ubl" type="checkbox" value="yes">' in page

    letter = {"recipient": "a@b.example", "subject": "Faktura", "body": "Dobrý den", "attached": "yes"}
    owner.post(path, **letter, ubl="yes")
    assert [one.e_invoices for one in letters(service, firm)] == [("isdoc_in_pdf", "ubl")]


def test_the_history_of_a_document_says_what_a_letter_went_without(
    owner: Browser, service: Service, firm: Firm
) -> None:
    contact = add(service, firm, "Kupující a.s.", **BUYER, attach_ubl="on")
    invoice = issue(service, firm, contact)

    def work(books: Books) -> None:
        letter = send_invoice(books, invoice.id, Given({}), "https://faktura.example")
        begin_delivery(books, letter.id, (LeftOut("ubl", "without_buyer_reference"),))

    in_books(service, firm, work)
    page = owner.get(f"/applecorp/invoices/{invoice.id}").text
    assert "It went without a UBL file: The customer&#39;s reference is missing." in page


def letters(service: Service, firm: Firm) -> list[Message]:
    return in_books(service, firm, lambda books: books.all(Message))
