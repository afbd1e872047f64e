"""Twenty stories and the FA(3) of each, which the schema of the ministry finds nothing against."""

import datetime as dt
import hashlib
from base64 import b64decode
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from faktura.core.bank_accounts import add_bank_account
from faktura.core.documents.third_parties import Agreement, LocalUnit, TransactionTerms
from faktura.core.errors import Given
from faktura.core.invoices.follow_up import add_payment, call_paid
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import a_firm
from faktura.outputs.e_invoices.checking import faults_in
from faktura.outputs.e_invoices.fa3.prepare import prepare
from faktura.outputs.tests.stories import Story, named
from faktura.store.database import Database
from faktura.store.records import changed
from tests import needs

pytestmark = needs.ONE_ENGINE

MADE_AT = dt.datetime(2026, 11, 21, 9, 42, 23, tzinfo=dt.UTC)
DAY_BEFORE = {"taxable_on": dt.date(2026, 11, 20)}

SELLER = {
    "name": "Firma Testowa sp. z o.o.",
    "vat_no": "1234563218",
    "street": "Długa 1/2",
    "city": "Kraków",
    "postcode": "30-001",
    "invoice_email": "biuro@example.pl",
    "phone": "123456789",
}
HOME = {"name": "Nabywca SA", "vat_no": "1111111111", "street": "Prosta 3", "city": "Warszawa", "postcode": "00-001"}
CZECH = {
    "name": "Odběratel s.r.o.",
    "vat_no": "CZ12345679",
    "street": "Dlouhá 1",
    "city": "Praha",
    "postcode": "110 00",
    "country": "CZ",
}
AMERICAN = {
    "name": "Buyer Inc.",
    "vat_no": "123456789",
    "street": "Main St 1",
    "city": "10001",
    "postcode": "NY",
    "country": "US",
}
GERMAN = {"name": "Max Mustermann", "street": "Straße 1", "city": "Berlin", "postcode": "10115", "country": "DE"}
CONSUMER = {"name": "Jan Kowalski", "street": "Długa 1/2", "city": "Kraków", "postcode": "30-001"}
TERMS = {
    "issued_on": dt.date(2026, 11, 21),
    "due_days": 14,
    "bank_account": "81 9150 0009 0000 0001 0000 0004",
    "bank_name": "Bank A",
}
EUR = {"currency": "EUR", "exchange_rate": Decimal("4.2512")}
USD = {"currency": "USD", "exchange_rate": Decimal("3.9011")}


class PolishStory(Story):
    """The same in Poland."""

    def issue(self, *lines: Given, **values: Any) -> Invoice:
        return self.firm.issue(*lines, **(TERMS | values))


def sold(name: str, price: str | int, rate: int = 23, quantity: str | int = 1, **values: Any) -> Given:
    return named(name, price, rate, quantity, **({"unit": "szt."} | values))


def untaxed(name: str, price: int, treatment: str = "taxed", **values: Any) -> Given:
    return sold(name, price, 0, vat_treatment=treatment, **values)


def mixed_rates(story: Story) -> Invoice:
    terms = TransactionTerms((Agreement("U/1", dt.date(2026, 1, 2)),), (Agreement("ZAM 5"),))
    lines = (
        sold("Usługa", "66.23", pkwiu="84.11.12.0", gtu="GTU_12"),
        sold("Książka", 40, 8, "2.5"),
        untaxed("Towar 0%", 10),
        untaxed("Lekcje", 50, "exempt", unit="godz."),
    )
    own = {"vat_exemption": "43-1-28", "note": "Dziękujemy", "bdo_code": "000123456", "transaction_terms": terms}
    return story.issue(*lines, **own, **DAY_BEFORE)


def split_payment(story: Story) -> Invoice:
    steel = sold("Stal", 20000, unit="t", gtu="GTU_08")
    return story.issue(steel, split_payment=True, split_payment_kind="required")


def reverse_charge(story: Story) -> Invoice:
    return story.issue(untaxed("Uprawnienia do emisji", 1000, "reverse_charge", gtu="GTU_11"))


def eu_service(story: Story) -> Invoice:
    lines = untaxed("Konsultacje", 500, "not_subject")
    return story.issue(lines, **EUR, **DAY_BEFORE, sale_kind="service")


def eu_goods(story: Story) -> Invoice:
    return story.issue(untaxed("Towar", 500), **EUR, **DAY_BEFORE, sale_kind="merchandise")


def export(story: Story) -> Invoice:
    return story.issue(untaxed("Towar", 700), **USD, **DAY_BEFORE, sale_kind="merchandise")


def outside_eu(story: Story) -> Invoice:
    return story.issue(untaxed("Usługa", 700, "not_subject"), **USD, sale_kind="service")


def foreign_currency(story: Story) -> Invoice:
    return story.issue(sold("Usługa", 100), **EUR, **DAY_BEFORE)


def continuous(story: Story) -> Invoice:
    days = {"service_from": dt.date(2026, 11, 1), "service_until": dt.date(2026, 11, 30)}
    return story.issue(sold("Abonament", 100, unit="mies."), sale_date_kind="continuous_service", **days)


def gross_prices(story: Story) -> Invoice:
    own = {"price_mode": "from_total_with_vat", "payment_method": "cash", "receipt_number": "-"}
    invoice = story.issue(sold("Towar", 100), **own)
    return story.firm.do(call_paid, invoice.id)


def margin(story: Story) -> Invoice:
    camera = {"name": "Aparat używany", "unit": "szt.", "gross": Decimal(1500), "purchase_price": Decimal(1000)}
    own = {"kind": "margin_invoice", "margin_kind": "second_hand_goods"}
    return story.issue(Given(camera | {"vat_treatment": "margin"}), **own)


def one_stop_shop(story: Story) -> Invoice:
    return story.issue(sold("E-book", 100, 19), **EUR, kind="oss_invoice", oss="service")


def local_unit(story: Story) -> Invoice:
    school = LocalUnit("Szkoła nr 1", "Długa", "1", "Kraków", "30-001", "PL", tax_no="1111111111", flat_number="2")
    invoice = story.issue(sold("Usługa", 100), payment_method="compensation", recipient_unit=school)
    bank = story.firm.do(add_bank_account, Given({"name": "Bank A", "number": "81 9150 0009 0000 0001 0000 0004"}))
    paid = Given({"amount": Decimal(23), "bank_account_id": bank.id, "paid_on": dt.date(2026, 11, 21)})
    return story.firm.do(add_payment, invoice.id, paid).invoice


def in_ksef(story: Story, invoice: Invoice, ksef_number: str) -> Invoice:
    story.firm.do(lambda books: books.change(invoice, changed(invoice, ksef_number=ksef_number)))
    return story.firm.again(invoice)


def correction(story: Story) -> Invoice:
    own = {"issued_on": dt.date(2026, 11, 1), "number": "1/11/2026"}
    original = story.issue(sold("Usługa", "66.23"), **own)
    original = in_ksef(story, original, "1234563218-20261101-0100001AF629-37")
    before, after = (sold("Usługa", "66.23", quantity=q, group=1, after=q == 0) for q in (1, 0))
    return correct(story, original, before, after, note="Zwrot", **DAY_BEFORE)


def correct(story: Story, original: Invoice, *lines: Given, **values: Any) -> Invoice:
    own = {"kind": "correction", "corrected_id": original.id, "correction_reason": "other"}
    return story.issue(*lines, **own, **values)


def correction_of_dates(story: Story) -> Invoice:
    own = {
        "contact_id": story.firm.contact.id,
        "kind": "correction",
        "corrected_number": "9/11/2025",
        "corrected_on": dt.date(2025, 11, 1),
        "correction_reason": "mistake",
        "note": "Błędna data sprzedaży",
        "sale_date_before": dt.date(2025, 10, 31),
        "lines": [],
    }
    return story.firm.do(issue_invoice, Given(TERMS | own | DAY_BEFORE))


def advance(story: Story) -> Invoice:
    own = {"kind": "tax_document", "advance_amount": Decimal(100), "number": "Z1/11/2026"}
    return story.issue(sold("Strona www", 200), **own, taxable_on=dt.date(2026, 11, 18))


def advance_in_ksef(story: Story) -> Invoice:
    invoice = advance(story)
    story.firm.do(lambda books: books.change(invoice, changed(invoice, issued_on=dt.date(2026, 11, 18))))
    return in_ksef(story, story.firm.again(invoice), "1234563218-20261118-0100001AF629-5A")


def correction_of_advance(story: Story) -> Invoice:
    taken = Given({"name": "Zwrot", "vat_rate": Decimal(23), "gross": Decimal(-50)})
    days = {"taxable_on": dt.date(2026, 11, 18)}
    return correct(story, advance_in_ksef(story), taken, note="Zwrot zaliczki", **days)


def final(story: Story) -> Invoice:
    return final_of(story, advance_in_ksef(story), "F1/11/2026")


def final_of(story: Story, advance: Invoice, number: str) -> Invoice:
    own = {"kind": "final_invoice", "previous_advance_id": advance.id, "number": number}
    return story.issue(sold("Strona www", 200), **own)


def final_outside(story: Story) -> Invoice:
    early = advance(story)
    story.firm.do(lambda books: books.change(early, changed(early, number="Z9/2025")))
    return final_of(story, early, "F2/11/2026")


def correction_of_final(story: Story) -> Invoice:
    original = in_ksef(story, final(story), "1234563218-20261121-0100001AF629-5A")
    before, after = (sold("Strona www", p, group=1, after=p == 190) for p in (200, 190))
    return correct(story, original, before, after, note="Rabat")


STORIES: dict[str, tuple[Callable[[Story], Invoice], dict[str, Any]]] = {
    "vat-mixed-rates": (mixed_rates, HOME),
    "vat-split-payment": (split_payment, HOME),
    "vat-reverse-domestic": (reverse_charge, HOME),
    "vat-eu-service-eur": (eu_service, CZECH),
    "vat-wdt": (eu_goods, CZECH),
    "vat-export-usd": (export, AMERICAN),
    "vat-np-outside-eu": (outside_eu, AMERICAN),
    "vat-eur-domestic-tax-in-pln": (foreign_currency, HOME),
    "vat-continuous-service": (continuous, HOME),
    "vat-gross-basis-discount-paid": (gross_prices, CONSUMER),
    "vat-margin": (margin, HOME),
    "vat-oss": (one_stop_shop, GERMAN),
    "vat-jst-third-party": (local_unit, HOME),
    "kor-lines": (correction, HOME),
    "kor-outside-ksef-date": (correction_of_dates, HOME),
    "zal": (advance, HOME),
    "kor-zal": (correction_of_advance, HOME),
    "roz": (final, HOME),
    "roz-outside": (final_outside, HOME),
    "kor-roz": (correction_of_final, HOME),
}
"""By the sample's name: what happened, and who buys."""


@pytest.mark.parametrize("name", STORIES)
def test_a_sample_is_made_again_from_its_story(database: Database, shared_folder: Path, name: str) -> None:
    happens, buyer = STORIES[name]
    sample = (shared_folder / "schemas" / "samples-fa3" / f"{name}.xml").read_text(encoding="utf-8")
    story = PolishStory(a_firm(database, country="PL", currency="PLN"), SELLER, {"country": "PL"} | buyer)
    invoice = happens(story)
    number = sample.partition("<P_2>")[2].partition("<")[0]
    story.firm.do(lambda books: books.change(invoice, changed(invoice, number=number)))
    made = story.firm.do(lambda books: prepare(books, story.firm.again(invoice), made_at=MADE_AT))

    assert made.xml.decode() == sample
    assert faults_in(made.xml, "fa3") == []
    assert b64decode(made.digest) == hashlib.sha256(made.xml).digest()


def test_the_number_of_a_receipt_stands_among_the_descriptions_where_it_is_known(database: Database) -> None:
    story = PolishStory(a_firm(database, country="PL", currency="PLN"), SELLER, {"country": "PL"} | CONSUMER)
    invoice = story.issue(sold("Towar", 100), receipt_number="W000123")
    made = story.firm.do(lambda books: prepare(books, invoice, made_at=MADE_AT))

    described = "<DodatkowyOpis><Klucz>Numer paragonu</Klucz><Wartosc>W000123</Wartosc></DodatkowyOpis>"
    assert f"<FP>1</FP>{described}" in made.xml.decode()


def test_there_is_a_story_for_each_sample(shared_folder: Path) -> None:
    samples = {path.stem for path in (shared_folder / "schemas" / "samples-fa3").iterdir()}
    assert samples == STORIES.keys()
