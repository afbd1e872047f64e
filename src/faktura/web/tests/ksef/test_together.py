"""Several invoices of a supplier are paid by one number of KSeF's; a document is issued beside KSeF by one press."""

import datetime as dt
import functools
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from werkzeug.test import TestResponse

from faktura.core.accounts.change import change_account
from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.ksef.collective import CollectiveIdentifier, note_collective
from faktura.core.ksef.connection import keep_offline_pair
from faktura.core.ksef.numbers import check_digits
from faktura.core.received.record import Expense
from faktura.store.records import changed
from faktura.web.tests.conftest import Browser, add, enter, in_books
from faktura.web.tests.ksef.desk import NOON, SELLER, connect, sold
from faktura.wire.service import Service
from tests.firm import Firm

SUPPLIER, OTHER = "5260250274", "5265877635"


def number(place: int, seller: str = SUPPLIER) -> str:
    told = f"{seller}-20261101-{place:012X}"
    return f"{told}-{check_digits(told)}"


def bought(service: Service, firm: Firm, *numbers: str) -> list[Expense]:
    contact = add(service, firm, "Dostawca")
    entered = [enter(service, firm, contact, original_number=f"FV/{place}") for place, _ in enumerate(numbers)]
    pairs = zip(entered, numbers, strict=True)
    return [in_books(service, firm, functools.partial(numbered, expense=one, ksef_number=kept)) for one, kept in pairs]


def ask(owner: Browser, *expenses: Expense) -> TestResponse:
    owner.get("/jablko/expenses/together")
    chosen: Any = [str(expense.id) for expense in expenses]
    return owner.post("/jablko/expenses/together", expense=chosen)


def numbered(books: Books, expense: Expense, ksef_number: str) -> Expense:
    return books.change(expense, changed(expense, ksef_number=ksef_number))


def test_invoices_of_one_supplier_are_chosen_and_the_number_is_shown_to_be_copied(
    service: Service, polish: Firm, owner: Browser
) -> None:
    connect(service, polish)
    first, second, _ = bought(service, polish, number(1), number(2), number(3, OTHER))
    page = owner.get("/jablko/expenses/together").text
    assert number(1) in page
    assert number(2) in page
    assert number(3, OTHER) not in page

    answer = ask(owner, first, second)

    assert answer.status_code == 303
    assert "KSeF is asked" in owner.get("/jablko/expenses/together").text
    [asked] = in_books(service, polish, lambda books: books.all(CollectiveIdentifier))
    identifier = f"{SUPPLIER}-IZ202611-000000000001-"
    in_books(
        service, polish, lambda books: note_collective(books, asked.id, identifier + check_digits(identifier[:-1]))
    )
    assert f'data-copy="{identifier}' in owner.get("/jablko/expenses/together").text


def test_what_cannot_be_paid_together_is_said_above(service: Service, polish: Firm, owner: Browser) -> None:
    connect(service, polish)
    first, _, other = bought(service, polish, number(1), number(2), number(3, OTHER))

    answer = ask(owner, first, other)

    assert answer.status_code == 422
    assert "Choose two invoices of one supplier" in answer.text
    assert in_books(service, polish, lambda books: books.all(CollectiveIdentifier)) == []


def test_who_is_not_connected_is_told_so(service: Service, polish: Firm, owner: Browser) -> None:
    first, second = bought(service, polish, number(1), number(2))

    answer = ask(owner, first, second)

    assert answer.status_code == 409
    assert "not connected to KSeF" in answer.text


def test_why_ksef_gave_no_number_is_said(service: Service, polish: Firm, owner: Browser) -> None:
    connect(service, polish)
    first, second = bought(service, polish, number(1), number(2))
    ask(owner, first, second)
    [asked] = in_books(service, polish, lambda books: books.all(CollectiveIdentifier))

    in_books(service, polish, lambda books: note_collective(books, asked.id, None, "71001: unknown"))

    assert "KSeF gave no number: 71001: unknown" in owner.get("/jablko/expenses/together").text


def test_the_page_of_an_expense_has_the_text_of_its_transfer(service: Service, polish: Firm, owner: Browser) -> None:
    [expense] = bought(service, polish, number(1))

    page = owner.get(f"/jablko/expenses/{expense.id}").text

    assert f'data-copy="{number(1)} FV/0"' in page


def test_a_document_is_issued_offline_by_one_press_where_there_is_a_certificate_for_that(
    service: Service, polish: Firm, owner: Browser
) -> None:
    number = {"name": "PLN", "number": "61 1090 1014 0000 0712 1981 2874", "currency": "PLN"}
    in_books(service, polish, lambda books: add_bank_account(books, Given(number)))
    polish = polish._replace(account=in_books(service, polish, lambda books: change_account(books, Given(SELLER))))
    connect(service, polish, tax_no=SELLER["vat_no"])
    invoice = sold(service, polish)
    page = f"/jablko/invoices/{invoice.id}"
    assert "Issue offline" not in owner.get(page).text
    assert owner.post(f"/jablko/ksef/{invoice.id}/send-offline").status_code == 409

    in_books(service, polish, lambda books: keep_offline_pair(books, *a_pair(), service.secret_key))
    assert "Issue offline" in owner.get(page).text
    answer = owner.post(f"/jablko/ksef/{invoice.id}/send-offline")

    assert answer.status_code == 303
    assert "CERTYFIKAT" in owner.get(page).text
    assert "It has to be in KSeF by" in owner.get(page).text
    assert "Issue offline" not in owner.get(page).text


def a_pair() -> tuple[str, str]:
    """A certificate with its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Offline")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(NOON).not_valid_after(NOON + dt.timedelta(days=730))
    certificate = built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return certificate.decode(), private.decode()
