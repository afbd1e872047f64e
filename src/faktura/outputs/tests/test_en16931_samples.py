"""Fifteen files of EN 16931, made before the program and found right by its official rules, are made again."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import a_firm, line
from faktura.outputs.e_invoices.cii import cii
from faktura.outputs.e_invoices.en16931 import standard
from faktura.outputs.e_invoices.ubl import ubl
from faktura.outputs.reading.context import told_context_of
from faktura.outputs.reading.settling import settle
from faktura.outputs.tests.stories import BUYER, GERMAN_BUYER, LITTLE_SELLER, SELLER, Story, named
from faktura.store.database import Database
from faktura.store.records import changed
from tests import needs

pytestmark = needs.ONE_ENGINE

POLISH_SELLER = {
    "name": "Firma sp. z o.o.",
    "vat_no": "PL1234563218",
    "street": "Długa 1",
    "city": "Kraków",
    "postcode": "30-001",
    "country": "PL",
    "currency": "PLN",
}
CZECH_BUYER = BUYER | {"street": "Krátká 2", "country": "CZ"}
SLOVAK_BUYER = {
    "name": "Odberateľ s.r.o.",
    "registration_no": "12345679",
    "vat_no": "SK2222222222",
    "local_vat_no": "2222222222",
    "street": "Hlavná 1",
    "city": "Bratislava",
    "postcode": "81101",
    "country": "SK",
}
ORDERED = {"order_number": "OBJ-1", "taxable_on": dt.date(2026, 11, 20)}
IN_EUR = {"currency": "EUR", "exchange_rate": Decimal("24.275")}


def two_rates(story: Story) -> Invoice:
    return story.issue(named("Vývoj", 1000, 21, 10, unit="hod"), named("Kniha", 100, 12, 2), **ORDERED)


def credit_note(story: Story) -> Invoice:
    corrected = story.issue(number="2026-0001", issued_on=dt.date(2026, 11, 1))
    return story.issue(named("Vývoj", -1000), kind="correction", corrected_id=corrected.id, **ORDERED)


def prepaid_and_rounded(story: Story) -> Invoice:
    worked = named("Vývoj", "833.67", 21, "1.5", unit="hod")
    final = {"kind": "final_invoice", "related_id": story.paid_proforma("500").id, "round_total": True}
    return story.issue(worked, **final, **ORDERED)


def prices_with_vat(story: Story) -> Invoice:
    goods = named("Zboží", 100, 21, 3), named("Zboží 2", 100, 21, 7)
    return story.issue(*goods, price_mode="from_total_with_vat", **ORDERED)


def of_a_non_payer(story: Story) -> Invoice:
    return story.issue(named("Práce", 500, 0), **ORDERED)


def service_owed_by_the_buyer(story: Story) -> Invoice:
    return story.issue(named("Service", 100, 0), reverse_charge=True, **IN_EUR, **ORDERED)


def goods_within_the_eu(story: Story) -> Invoice:
    return story.issue(named("Goods", 100, 0), reverse_charge=True, sale_kind="merchandise", **IN_EUR, **ORDERED)


def to_slovakia(story: Story) -> Invoice:
    return story.issue(named("Materiál", "18.223333", 21, 3), **IN_EUR, **ORDERED)


def exempt(story: Story) -> Invoice:
    lessons = line(50, 0, 1, name="Lekcje", vat_treatment="exempt")
    return story.issue(lessons, vat_exemption="43-1-28", **ORDERED)


def taxed_in_zloty(story: Story) -> Invoice:
    return story.issue(named("Usługa", 100, 23), **IN_EUR | {"exchange_rate": Decimal("4.2513")}, **ORDERED)


def taxed_in_crowns(story: Story) -> Invoice:
    return story.issue(named("Služba", 100, 21), **IN_EUR, **ORDERED)


Values = dict[str, Any]


class Told(NamedTuple):
    """What happens, who sells, who buys, and what we write otherwise on purpose (decision 57)."""

    happens: Callable[[Story], Invoice]
    seller: Values
    buyer: Values
    differences: tuple[tuple[str, str], ...] = ()


NO_TERMS = ("<cac:PaymentTerms><cbc:Note>14 days</cbc:Note></cac:PaymentTerms>", "")
"""Each of our documents has a day on which it is due."""

IN_CROWNS = '<cac:TaxTotal><cbc:TaxAmount currencyID="CZK">278.68</cbc:TaxAmount></cac:TaxTotal>'
TAX_IN_CROWNS = (
    ("EUR</cbc:DocumentCurrencyCode>", "EUR</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>CZK</cbc:TaxCurrencyCode>"),
    ("</cac:TaxTotal>", f"</cac:TaxTotal>{IN_CROWNS}"),
)
"""Books are kept in crowns, in which the tax is said as well."""

QUALIFIED = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
ITS_PREFIX = (
    (f' xmlns:ns0="{QUALIFIED}"', ""),
    ("ns0:", "qdt:"),
    ('UnqualifiedDataType:100"', f'UnqualifiedDataType:100" xmlns:qdt="{QUALIFIED}"'),
)
"""All namespaces are declared at the beginning."""

ITS_ACT = ("pkt 28 ustawy o VAT", "pkt 28, Ustawa z dnia 11 marca 2004 r. o podatku od towarów i usług")
"""The act is called by its whole name, as on paper."""

STORIES = {
    "ubl-cz-two-rates": Told(two_rates, SELLER, CZECH_BUYER),
    "ubl-cz-credit-note": Told(credit_note, SELLER, CZECH_BUYER),
    "ubl-cz-prepaid-rounded": Told(prepaid_and_rounded, SELLER, CZECH_BUYER),
    "ubl-cz-gross-prices": Told(prices_with_vat, SELLER, CZECH_BUYER),
    "ubl-cz-non-payer": Told(of_a_non_payer, LITTLE_SELLER, CZECH_BUYER),
    "ubl-cz-de-reverse-service": Told(service_owed_by_the_buyer, SELLER, GERMAN_BUYER, (NO_TERMS,)),
    "ubl-cz-de-intra-community-goods": Told(goods_within_the_eu, SELLER, GERMAN_BUYER),
    "ubl-cz-sk-peppol": Told(to_slovakia, SELLER, SLOVAK_BUYER, TAX_IN_CROWNS),
    "ubl-pl-exempt": Told(exempt, POLISH_SELLER, CZECH_BUYER, (ITS_ACT,)),
    "ubl-pl-eur-tax-in-pln": Told(taxed_in_zloty, POLISH_SELLER, CZECH_BUYER),
    "cii-cz-two-rates": Told(two_rates, SELLER, CZECH_BUYER),
    "cii-cz-credit-note": Told(credit_note, SELLER, CZECH_BUYER, ITS_PREFIX),
    "cii-cz-prepaid-rounded": Told(prepaid_and_rounded, SELLER, CZECH_BUYER),
    "cii-cz-de-reverse-service": Told(service_owed_by_the_buyer, SELLER, GERMAN_BUYER),
    "cii-cz-eur-tax-in-czk": Told(taxed_in_crowns, SELLER, CZECH_BUYER),
}


@pytest.mark.parametrize("name", STORIES)
def test_a_sample_is_made_again_from_its_story(database: Database, shared_folder: Path, name: str) -> None:
    told = STORIES[name]
    sample = (shared_folder / "schemas" / "samples-en16931" / f"{name}.xml").read_text(encoding="utf-8")
    for theirs, ours in told.differences:
        assert theirs in sample
        sample = sample.replace(theirs, ours)
    firm = a_firm(database)
    invoice = as_in(sample, told.happens(Story(firm, told.seller, told.buyer)), told.seller)
    settled = settle(invoice, firm.do(told_context_of, invoice))
    file = ubl(standard(settled, "peppol")) if name.startswith("ubl") else cii(standard(settled, "en16931"))

    assert file.decode() == sample


def as_in(sample: str, invoice: Invoice, seller: Values) -> Invoice:
    """Under the number and the symbol that the order of documents decides."""
    contact_name = "Jana Nová" if seller is SELLER else None
    number = next(one for one in re.findall(r"<(?:cbc|ram):ID>([^<]*)<", sample) if ":" not in one)
    person = msgspec.structs.replace(invoice.seller, contact_name=contact_name)
    return changed(invoice, number=number, variable_symbol="20260001", seller=person)
