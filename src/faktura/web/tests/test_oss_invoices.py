"""Invoices under the one-stop shop on pages: typed with the rates of another country, issued, corrected, listed."""

import datetime as dt
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
TOTALS = "/applecorp/invoices/totals"
DAY = "2026-11-20"
BOOK = {"lines-0-name": "E-book", "lines-0-quantity": "3", "lines-0-unit_price": "20"}
SOLD = {"kind": "oss_invoice", "oss": "service", "oss_service": "electronic", "supply_place": "Lindenallee 5, Berlin"}
TERMS = {"issued_on": DAY, "taxable_on": DAY, "currency": "EUR", "exchange_rate": "4.25", "payment_method": "card"}


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


def typed(service: Service, firm: Firm, country: str = "DE", **values: str) -> dict[str, str]:
    contact = add(service, firm, "Jürgen Groß", country=country)
    return {"contact_id": str(contact.id), **SOLD, **TERMS, **BOOK} | values


def issued(owner: Browser, service: Service, firm: Firm, country: str = "DE", **values: str) -> Invoice:
    owner.get(f"{NEW}?kind=oss_invoice")
    done = owner.post(NEW, **typed(service, firm, country, **values))
    assert done.status_code == 303, done.text
    return newest(service, firm)


def test_a_polish_firm_is_offered_oss_invoices(owner: Browser) -> None:
    assert "kind=oss_invoice" in owner.get(NEW).text
    page = owner.get(f"{NEW}?kind=oss_invoice").text
    for label in ("Country of consumption", "Where the customer lives", "What is sold", "Evidence of the place"):
        assert label in page
    for absent in ("Reverse charge", "Exempt", "Switzerland"):
        assert absent not in page


def test_a_customer_who_is_chosen_already_says_the_country(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Élise", country="FR")

    page = owner.get(f"{NEW}?kind=oss_invoice&subject={contact.id}").text
    assert "France, where the customer lives" in page
    assert '<option value="20">20 %<option value="10">10 %<option value="5.5">5.5 %<option value="2.1">2.1 %' in page


@pytest.mark.parametrize(
    ("country", "day", "offered"),
    [
        ("DE", DAY, "19 %|7 %"),
        ("FI", "2024-08-31", "24 %|14 %|10 %"),
        ("FI", DAY, "25.5 %|13.5 %|10 %"),
        ("SK", DAY, "23 %|19 %|5 %"),
    ],
)
def test_rates_are_offered_of_that_country_on_that_day(
    owner: Browser, service: Service, firm: Firm, country: str, day: str, offered: str
) -> None:
    """Without a script by one button more."""
    owner.get(f"{NEW}?kind=oss_invoice")
    again = owner.post(TOTALS, **typed(service, firm, "DE", buyer_country=country, taxable_on=day)).text

    rates = again.partition('id="lines-0-vat_rate"')[2].partition("</select>")[0]
    assert [option.partition(">")[2] for option in rates.split("<option ")[1:]] == offered.split("|")


def test_a_script_puts_the_rates_of_another_country_beside_those_typed(
    owner: Browser, service: Service, firm: Firm
) -> None:
    owner.get(f"{NEW}?kind=oss_invoice")
    sent = typed(service, firm, "DE", buyer_country="FR") | {"lines-0-vat_rate": "19"}
    part = owner.post_part(TOTALS, **owner.hidden, **sent).text

    assert '<hx-partial hx-target="#lines-0-vat_rate"><option selected>19</option><option value="20">20 %' in part
    assert "Not known as rates of VAT there on that day: 19 %." in part


def test_a_rate_that_nobody_chose_is_the_usual_one_of_the_country(owner: Browser, service: Service, firm: Firm) -> None:
    sold = issued(owner, service, firm)

    assert (sold.kind, sold.buyer_country, sold.number) == ("oss_invoice", "DE", "1/OSS/11/2026")
    assert [(s.vat_rate, s.net, s.vat) for s in sold.vat_sums] == [(Decimal(19), Decimal(60), Decimal("11.40"))]
    assert (sold.native_net_total, sold.native_gross_total) == (Decimal(255), Decimal("303.45"))


def test_the_page_of_a_document_says_where_what_and_by_which_evidence(
    owner: Browser, service: Service, firm: Firm
) -> None:
    sold = issued(owner, service, firm, "FR", supply_place_secondary="IP 203.0.113.7", **{"lines-0-vat_rate": "5.5"})

    page = owner.get(f"/applecorp/invoices/{sold.id}").text
    for told in ("France", "Electronic services", "Lindenallee 5, Berlin", "IP 203.0.113.7", "OSS invoice", "5.5"):
        assert told in page
    assert "VAT of the country of consumption: FR" in page
    assert "Make a template of it" not in page


def test_evidence_of_the_place_of_a_service_is_missed(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(f"{NEW}?kind=oss_invoice")
    refused = owner.post(NEW, **typed(service, firm, supply_place=""))

    assert refused.status_code == 422
    assert 'href="#supply_place"' in refused.text


def test_a_customer_outside_the_union_is_no_consumer_of_it(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(f"{NEW}?kind=oss_invoice")
    refused = owner.post(NEW, **typed(service, firm, "CH"))

    assert refused.status_code == 422
    assert 'href="#buyer_country"' in refused.text


def test_a_new_customer_lives_where_they_consume(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(f"{NEW}?kind=oss_invoice")
    sent = typed(service, firm, buyer_country="AT") | {"contact_id": "", "new_contact.name": "Anna Gruber"}

    assert owner.post(NEW, **sent).status_code == 303
    sold = newest(service, firm)
    assert (sold.buyer_name, sold.buyer_country) == ("Anna Gruber", "AT")


def test_it_is_changed_and_copied_with_its_country_and_evidence(owner: Browser, service: Service, firm: Firm) -> None:
    sold = issued(owner, service, firm)
    here = f"/applecorp/invoices/{sold.id}"
    for page in (owner.get(f"{here}/edit").text, owner.get(f"{here}/copy").text):
        assert '<option value="DE" selected>Germany' in page
        assert 'value="Lindenallee 5, Berlin"' in page

    line = {"lines-0-id": str(sold.lines[0].id), "lines-0-vat_rate": "7", "buyer_country": "DE"}
    sent = typed(service, firm) | {"contact_id": str(sold.contact_id), "version": str(sold.version)} | line
    done = owner.post(f"{here}/edit", **sent)
    assert done.status_code == 303, done.text
    now = in_books(service, firm, lambda books: find_invoice(books, sold.id))
    assert (now.vat_total, now.supply_place) == (Decimal("4.20"), "Lindenallee 5, Berlin")


def test_a_return_is_corrected_with_before_and_after(owner: Browser, service: Service, firm: Firm) -> None:
    sold = issued(owner, service, firm)
    here, back = f"/applecorp/invoices/{sold.id}", {f"quantities.{sold.lines[0].id}": "1", "reason": "Zwrot"}

    seen = owner.post(f"{here}/correct", **back)
    assert "1/OSS-KOR/11/2026" in seen.text
    assert owner.post(f"{here}/correct", **back, seen="-23.80").status_code == 303
    note = newest(service, firm)
    assert (note.kind, note.oss, note.supply_place) == ("oss_correction", "service", "Lindenallee 5, Berlin")
    assert [(line.after, line.quantity, line.vat) for line in note.lines] == [
        (False, Decimal(3), Decimal("11.40")),
        (True, Decimal(2), Decimal("7.60")),
    ]
    page = owner.get(f"/applecorp/invoices/{note.id}").text
    assert "Germany" in page
    assert sold.number in page


def test_the_list_is_narrowed_to_either_kind(owner: Browser, service: Service, firm: Firm) -> None:
    sold = issued(owner, service, firm)
    here, back = f"/applecorp/invoices/{sold.id}/correct", {f"quantities.{sold.lines[0].id}": "3", "reason": "Zwrot"}
    owner.get(here)
    owner.post(here, **back, seen="-71.40")
    note = newest(service, firm)

    for kind, one, other in (("oss_invoice", sold, note), ("oss_correction", note, sold)):
        listed = owner.get(f"/applecorp/invoices?kind={kind}").text
        assert f"/applecorp/invoices/{one.id}" in listed
        assert f"/applecorp/invoices/{other.id}" not in listed
    assert note.number in owner.get("/applecorp/invoices?part=corrections").text


def test_a_firm_that_pays_no_vat_at_home_shows_that_of_the_other_country(
    database: Database, clock: Clock, browser: Browser, service: Service
) -> None:
    said: dict[str, Any] = {"street": "Krótka 2", "city": "Warszawa", "postcode": "00-001", "vat_no": "5252248481"}
    exempt = open_firm(
        database, clock, "pearcorp", language="en", country="PL", currency="PLN", vat_mode="non_vat_payer", **said
    )
    given = Given({"name": "Bank A", "number": "49915000093326449042496767"})
    in_books(service, exempt, lambda books: add_bank_account(books, given))
    browser.sign_in(exempt.user.email)
    sent = typed(service, exempt)

    assert "VAT 19 %" in browser.post(TOTALS.replace("applecorp", "pearcorp"), **sent).text
    assert browser.post(NEW.replace("applecorp", "pearcorp"), **sent).status_code == 303
    assert newest(service, exempt).vat_total == Decimal("11.40")


def test_the_day_of_the_supply_counts_for_rates(owner: Browser, service: Service, firm: Firm) -> None:
    before = issued(owner, service, firm, "EE", taxable_on="2025-06-30")

    assert before.taxable_on == dt.date(2025, 6, 30)
    assert before.vat_sums[0].vat_rate == Decimal(22)
