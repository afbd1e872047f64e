"""What a document breaks as an e-invoice stands among what is to be done, and on the document."""

from faktura.core.accounts.change import change_account
from faktura.core.errors import Given
from faktura.core.invoices.e_invoice import note_check
from faktura.core.invoices.record import Invoice
from faktura.web.tests.conftest import Browser, add, in_books, issue
from faktura.wire.service import Service
from tests.firm import Firm

RULE = "BR-CO-09: The Seller VAT identifier shall have a prefix."


def checked(service: Service, firm: Firm, *broken: str) -> Invoice:
    """A document of an account that wants its documents checked, after its check."""
    in_books(service, firm, lambda books: change_account(books, Given({"check_e_invoices": True})))
    invoice = issue(service, firm, add(service, firm, "Odběratel a.s."))
    in_books(service, firm, lambda books: note_check(books, invoice.id, invoice.version, broken, None))
    return invoice


def test_rules_that_are_broken_stand_in_their_own_words(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = checked(service, firm, RULE)
    for path in ("/applecorp/todos", "/applecorp", f"/applecorp/invoices/{invoice.id}"):
        assert RULE in owner.get(path).text, path
    assert "E-invoice breaks rules" in owner.get(f"/applecorp/invoices/{invoice.id}").text


def test_a_document_that_breaks_nothing_has_no_mark(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = checked(service, firm)
    assert "E-invoice breaks rules" not in owner.get(f"/applecorp/invoices/{invoice.id}").text


def test_why_no_e_invoice_can_say_it_is_a_sentence(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = checked(service, firm)
    in_books(service, firm, lambda books: note_check(books, invoice.id, invoice.version, (), "without_vat_no"))
    assert "The firm has no VAT number." in owner.get("/applecorp/todos").text
