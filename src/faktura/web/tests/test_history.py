"""What happened is shown with what it changed, in the language of the reader, also of what is gone."""

import datetime as dt
import re
from decimal import Decimal
from html import unescape
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from flask import Flask
from flask_babel import force_locale

from faktura.core.accounts.change import CHANGEABLE, change_account
from faktura.core.books.books import Books
from faktura.core.books.history import EVENT_NAMES
from faktura.core.contacts import change_contact, delete_contact
from faktura.core.errors import Given
from faktura.core.generators.record import Generator
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import ABOUT, KsefConnection
from faktura.core.papers.record import Paper
from faktura.core.people.accounts import Account
from faktura.core.people.users import Language, Permission, Scope, add_user, join
from faktura.core.received.record import Expense
from faktura.outputs.words.words import events_in
from faktura.web.history.changes import SHAPES
from faktura.web.history.codes import code_name
from faktura.web.history.labels import label_of
from faktura.web.tests.conftest import Browser, add, in_books, in_office, issue
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)

OF_EVERY_RECORD = {"account_id", "id", "version", "created_at", "updated_at", "uuid"}

OF_DOCUMENTS = {
    *("token", "stage", "seller", "contact_id"),
    *("tag_lines", "line_texts", "exchange_rate_given", "number_format_id", "period", "counter", "bank_account_id"),
    *("buyer_uuid", "buyer_tax_digits", "generator_id", "sale_date_kind", "vat_date_kind"),
    *("margin_total", "margin_vat_total"),
    *("native_currency", "native_net_total", "native_gross_total", "native_remaining_amount", "deducted"),
    "remaining_amount",
    *("left_to_pay", "vat_sums", "corrected_id", "correction_id", "related_id", "previous_advance_id", "deductions"),
    *("previous_advances", "next_advances", "corrected_uuid", "corrected_gross_total", "correction_obliging"),
    *("sale_date_before", "service_from_before", "service_until_before", "split_payment_kind", "occasional_sale"),
    *("sale_kind", "sales_kind", "building_service", "not_income", "exchange_date_kind", "recipient_unit"),
    *("seller_unit", "ksef"),
}

OF_EXPENSES = {
    *("progress", "own_vat_mode", "reading", "reading_asked_at", "reading_ended_at", "paper"),
    *("seller_tax_digits", "source", "added_by_id", "standing", "told", "unread", "original_uuid"),
}
"""What follows from other attributes, points at records, or is a choice of a dialect without words."""

LEFT_TO_THE_SERVER = set(Account.__struct_fields__) - CHANGEABLE
"""Address, plan and limits of an account."""

NOT_SHOWN = {
    "invoices": OF_DOCUMENTS,
    "expenses": OF_DOCUMENTS & set(Expense.__struct_fields__) | OF_EXPENSES,
    "papers": OF_DOCUMENTS & set(Paper.__struct_fields__),
    "generators": OF_DOCUMENTS & set(Generator.__struct_fields__),
    "contacts": {"created_by", "tax_digits", "sought_name"},
    "products": {"sought_name", "bought", "bought_value"},
    "stock_moves": {"product_id", "native_value", "document_kind", "document_id", "line_id"},
    "bank_accounts": set(),
    "accounts": LEFT_TO_THE_SERVER - OF_EVERY_RECORD - {"logo", "reminders"},
    "number_formats": set(),
    "users": {"user_id"},
    "ksef_connections": set(KsefConnection.__struct_fields__) - OF_EVERY_RECORD - {*ABOUT, "last_error", "active"},
}
"""By table."""


def plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ").split())


def change(service: Service, firm: Firm, invoice: Invoice) -> None:
    line = Given({"id": invoice.lines[0].id, "unit_price": Decimal("1234.5")})
    values = {"due_on": dt.date(2026, 12, 24), "note": "Děkujeme", "tags": ("vip",), "language": "de", "lines": [line]}
    in_books(service, firm, lambda books: change_invoice(books, invoice.id, Given(values)))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                *("Due date : Dec 5, 2026 → Dec 24, 2026", "Note : – → Děkujeme", "Language : Czech → German"),
                *("Tags : – → vip", "Items : Práce: 1 × 100.00 → Práce: 1 × 1,234.50"),
                *("Total VAT : 21.00 → 259.25", "Total with VAT : 121.00 → 1,493.75"),
            ],
        ),
        (
            "cs",
            [
                *("Datum splatnosti : 5. 12. 2026 → 24. 12. 2026", "Jazyk : čeština → němčina"),
                *("Položky : Práce: 1 × 100,00 → Práce: 1 × 1 234,50", "Celkem s DPH : 121,00 → 1 493,75"),
            ],
        ),
        ("pl", ["Termin płatności : 5 gru 2026 → 24 gru 2026", "Język : czeski → niemiecki"]),
    ],
)
def test_a_change_shows_what_was_and_what_is(
    service: Service, browser: Browser, language: Language, said: list[str]
) -> None:
    service.clock.stand_at(NOON)
    firm = open_firm(service.database, service.clock, language=language)
    browser.sign_in(firm.user.email)
    invoice = issue(service, firm)
    change(service, firm, invoice)

    for path in (f"/applecorp/invoices/{invoice.id}", "/applecorp/history"):
        text = plain(browser.get(path).text)
        for words in said:
            assert words in text, path


def test_a_payment_shows_its_day_its_amount_and_the_status(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    in_books(service, firm, lambda books: add_payment(books, invoice.id, Given({"paid_on": NOON.date()})))

    text = plain(owner.get(f"/applecorp/invoices/{invoice.id}").text)
    assert "Payments : – → Nov 21, 2026: 121.00" in text
    assert "Status : Open → Paid" in text


def test_what_was_deleted_is_shown_whole(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm, note="Poslední")
    contact = add(service, firm, "Karel <b>", city="Brno")

    def work(books: Books) -> None:
        delete_invoice(books, invoice.id)
        change_contact(books, contact.id, Given({"city": "Praha"}))
        delete_contact(books, contact.id)

    in_books(service, firm, work)
    page = owner.get("/applecorp/history").text
    text = plain(page)

    assert f"Deleted {invoice.number}" in text
    assert "Note Poslední" in text
    assert "Total with VAT 121.00" in text
    assert "Contact deleted Karel <b>" in text
    assert "City : Brno → Praha" in text
    assert "Karel <b>" not in page


def test_whoever_may_not_see_documents_sees_nothing_of_them(browser: Browser, service: Service, firm: Firm) -> None:
    permission: Permission = "write"
    scopes: tuple[Scope, ...] = ("expenses",)
    invoice = issue(service, firm)
    user = in_office(service, lambda office: add_user(office, "u@x.example", "Eva", firm.user.password_hash, "en"))
    in_books(service, firm, lambda books: join(books, user, permission, scopes))
    assert browser.sign_in("u@x.example").status_code == 303

    text = plain(browser.get("/applecorp/history").text)
    assert "Contact added Odběratel a.s." in text
    assert invoice.number not in text


@pytest.mark.parametrize("language", ["cs", "pl", "en"])
@pytest.mark.parametrize("kind", SHAPES)
def test_every_attribute_has_a_name_or_is_not_for_people(app: Flask, language: str, kind: str) -> None:
    with app.test_request_context("/"), force_locale(language):
        nameless = {name for name in SHAPES[kind].__struct_fields__ if label_of(kind, name) is None}

    assert nameless - OF_EVERY_RECORD == NOT_SHOWN[kind]


@pytest.mark.parametrize("language", ["cs", "pl", "en"])
def test_every_code_that_an_attribute_holds_has_a_name(app: Flask, language: str) -> None:
    with app.test_request_context("/"), force_locale(language):
        for kind, cls in SHAPES.items():
            for name, hint in get_type_hints(cls).items():
                codes = codes_in(hint) if label_of(kind, name) is not None else ()
                assert not [code for code in codes if code_name(name, code) in {None, code}], (kind, name)


@pytest.mark.parametrize("language", ["cs", "pl", "en"])
def test_every_event_has_a_name(language: str) -> None:
    names = [events_in(language)[name] for name in EVENT_NAMES]
    english = [events_in("en")[name] for name in EVENT_NAMES]

    assert not set(names) & set(EVENT_NAMES)
    assert language == "en" or not set(names) & set(english)


def codes_in(hint: Any) -> tuple[str, ...]:
    """The texts that a value may be, where there are only so many."""
    if get_origin(hint) is Literal:
        return tuple(code for code in get_args(hint) if isinstance(code, str))
    return tuple(code for part in get_args(hint) for code in codes_in(part))


def test_a_change_of_the_firm_is_told_in_words(owner: Browser, service: Service, firm: Firm) -> None:
    given = {"vat_mode": "identified_person", "invoice_language": "en", "hide_bank_account_for": ("cash",)}
    in_books(service, firm, lambda books: change_account(books, Given(given)))

    text = plain(owner.get("/applecorp/history").text)
    assert "Account changed" in text
    assert "VAT : VAT payer: we add VAT to our prices → Identified person" in text
    assert "Language of documents : Czech → English" in text
    assert "Bank account is hidden for : – → Cash" in text
