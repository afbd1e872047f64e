"""What an ISDOC says, rule by rule of its owner (they are told in our words: the file of rules states no licence)."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from lxml import etree

from faktura.core.documents.amounts import add_up
from faktura.core.documents.record import Line, Seller
from faktura.core.invoices.record import Invoice
from faktura.outputs.e_invoices.accounts import domestic
from faktura.outputs.e_invoices.checking import SCHEMAS, faults_in
from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.e_invoices.numbers import money, number
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.settling import settle
from faktura.outputs.tests.any_document import DAY, NOON, any_document
from tests import needs

pytestmark = needs.ONE_ENGINE

UUID = "0515c350-ff44-5693-af05-b98c73607c7d"
NS = {"i": "http://isdoc.cz/namespace/2013"}


def told(invoice: Invoice, path: str, context: Context | None = None) -> list[str]:
    file = isdoc(settle(invoice, context or Context()))
    return [str(found.text or "") for found in etree.fromstring(file).iterfind(path, NS)]


def some(kind: str, **values: Any) -> Invoice:
    at_home: dict[str, Any] = {"currency": "CZK", "exchange_rate": Decimal(1)}
    return any_document(Random(7), kind=kind, **(at_home | values))[0]  # noqa: S311 (the same each time)


@pytest.mark.parametrize(
    ("kind", "corrected", "expected"),
    [("invoice", "", "1"), ("final_invoice", "", "1"), ("proforma", "", "4"), ("tax_document", "", "5")],
)
def test_each_kind_has_its_type(kind: str, corrected: str, expected: str) -> None:
    invoice = some(kind, buyer_registration_no="12345679")
    assert told(invoice, "i:DocumentType", Context(corrected_kind=corrected)) == [expected]


@pytest.mark.parametrize(
    ("total", "corrected", "expected"),
    [("-1", "invoice", "2"), ("0", "invoice", "2"), ("1", "invoice", "3"), ("-1", "tax_document", "6")],
)
def test_a_correction_is_a_credit_or_a_debit_by_its_total(total: str, corrected: str, expected: str) -> None:
    invoice = some("correction")
    invoice.gross_total = Decimal(total)
    assert told(invoice, "i:DocumentType", Context(corrected_kind=corrected)) == [expected]


@pytest.mark.parametrize(
    ("method", "codes"),
    [("bank", ["42"]), ("cash", ["10"]), ("cod", ["10"]), ("card", ["48"]), ("check", ["20"]), ("paypal", [])],
)
def test_how_it_is_paid_has_a_code_or_is_not_said(method: str, codes: list[str]) -> None:
    invoice = some("invoice", payment_method=method)
    assert told(invoice, "i:PaymentMeans/i:Payment/i:PaymentMeansCode") == codes
    assert told(some("tax_document", payment_method=method), "i:PaymentMeans") == []


def test_note_and_footer_are_one_note_and_an_order_stands_twice() -> None:
    invoice = some("invoice")
    invoice.note, invoice.footer_note, invoice.order_number = "Díky\nza nákup", "C 1234", "PO-7"
    assert told(invoice, "i:Note") == ["Díky\nza nákup\n\nC 1234"]
    assert told(invoice, "i:OrderReferences/i:OrderReference/*") == ["PO-7", "PO-7"]


def test_parties_are_told_with_their_contacts_and_registers() -> None:
    invoice = some("invoice", buyer_registration_no="87654326")
    invoice.seller = msgspec.structs.replace(
        invoice.seller, contact_name="Jana", phone="1", email="a@example.cz", register_note="C 1234", country="SK"
    )
    invoice.buyer_contact_name, invoice.buyer_phone, invoice.buyer_email = "Karel", "2", "b@example.cz"
    seller, buyer = "i:AccountingSupplierParty/i:Party", "i:AccountingCustomerParty/i:Party"

    assert told(invoice, f"{seller}/i:Contact/*") == ["Jana", "1", "a@example.cz"]
    assert told(invoice, f"{seller}/i:RegisterIdentification/i:Preformatted") == ["C 1234"]
    assert told(invoice, f"{seller}/i:PostalAddress/i:Country/i:Name") == ["Slovensko"]
    assert told(invoice, f"{buyer}/i:Contact/*") == ["Karel", "2", "b@example.cz"]


def test_a_small_invoice_to_somebody_without_an_address_is_a_simple_one() -> None:
    def of(price: int, **values: Any) -> Invoice:
        lines = (Line(1, "Zboží", Decimal(price), vat_treatment="exempt"),)
        terms: dict[str, Any] = {
            "issued_on": DAY,
            "due_on": DAY,
            "exchange_rate": Decimal(1),
            "lines": lines,
            "number": "1",
        }
        named = {"uuid": UUID, "seller": Seller("Prodávající"), "buyer_name": "50% [sleva]", "language": "cs"}
        return add_up(Invoice(1, 7, 1, NOON, NOON, **(terms | named | values)))

    assert told(of(10_000), "i:DocumentType") == ["7"]
    assert told(of(10_000), "i:AnonymousCustomerParty/i:IDScheme") == ["50%25 %5Bsleva%5D"]
    assert told(of(10_001), "i:DocumentType") == ["1"]
    assert told(of(10_000, buyer_city="Brno"), "i:DocumentType") == ["1"]
    assert told(of(10_000, seller=Seller("Malý", "non_vat_payer")), "i:DocumentType") == ["1"]
    assert faults_in(isdoc(settle(of(10_000), Context())), "isdoc") == []


@pytest.mark.parametrize(
    ("account", "iban", "parts"),
    [
        ("19-2000145399/0800", "", ("19-2000145399", "0800")),
        ("", "CZ6508000000192000145399", ("19-2000145399", "0800")),
        ("", "SK3112000000198742637541", ("19-8742637541", "1200")),
        ("", "PL61109010140000071219812874", ("", "")),
        ("", "", ("", "")),
    ],
)
def test_an_account_is_told_as_it_is_written_at_home(account: str, iban: str, parts: tuple[str, str]) -> None:
    assert domestic(account, iban) == parts


def test_numbers_have_one_form() -> None:
    amounts = ("0", "-0.00", "100.00", "1E+3", "0.5", "12.34", "0.125", "-7.10")
    assert [money(Decimal(n)) for n in amounts] == ["0", "0", "100", "1000", "0.50", "12.34", "0.125", "-7.10"]
    assert [number(Decimal(n)) for n in ("24.2750", "1E+1", "1.50")] == ["24.275", "10", "1.5"]


def test_a_fault_is_told_with_its_line() -> None:
    [fault] = faults_in(b"\n<Invoice xmlns='http://isdoc.cz/namespace/2013' version='6.0.2'/>", "isdoc")
    assert fault.startswith("2: Element '{http://isdoc.cz/namespace/2013}Invoice': Missing child element(s)")


def test_every_schema_bears_the_notice_of_its_owner() -> None:
    files = sorted(Path(SCHEMAS).glob("isdoc/*.xsd"))
    assert len(files) == 3
    assert all("Permission to use, copy, modify and distribute this schema" in file.read_text() for file in files)


def test_days_are_those_of_the_document() -> None:
    invoice = some("invoice", taxable_on=dt.date(2026, 11, 20), buyer_registration_no="1", reverse_charge=False)
    invoice.seller = msgspec.structs.replace(invoice.seller, vat_mode="vat_payer")
    assert told(invoice, "i:TaxPointDate") == ["2026-11-20"]
    invoice.seller = msgspec.structs.replace(invoice.seller, vat_mode="non_vat_payer")
    assert told(invoice, "i:TaxPointDate") == []
