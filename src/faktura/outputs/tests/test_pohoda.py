"""What Pohoda is told: the golden sample, sums by rate, letters of its code page, the side of what was received."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from lxml import etree

from faktura.core.accounts.change import change_account
from faktura.core.contacts import add_contact
from faktura.core.errors import Given, WrongState
from faktura.core.invoices.record import Invoice
from faktura.core.received.enter import enter_expense
from faktura.core.received.record import Expense
from faktura.core.tests.conftest import Firm, a_firm
from faktura.outputs.accounting.pohoda import NAMESPACES, Codes, Entry, codes_of, entered, level_of, pack
from faktura.outputs.accounting.windows_1250 import in_windows_1250
from faktura.outputs.reading.context import Context, told_context_of
from faktura.outputs.reading.receiving import settle_received
from faktura.outputs.reading.settled import Charge, Settled
from faktura.outputs.reading.settling import settle, unfit
from faktura.outputs.tests.any_document import any_document
from faktura.outputs.tests.stories import BUYER, GERMAN_BUYER, LITTLE_SELLER, SELLER, Story, named
from faktura.store.database import Database
from faktura.store.records import changed
from tests import needs

pytestmark = needs.ONE_ENGINE

BOOK = (
    "<inv:invoiceItem><inv:text>Kniha</inv:text><inv:quantity>2</inv:quantity><inv:unit>ks</inv:unit>"
    "<inv:payVAT>false</inv:payVAT><inv:rateVAT>low</inv:rateVAT><inv:homeCurrency><typ:unitPrice>100</typ:unitPrice>"
    "<typ:price>200</typ:price><typ:priceVAT>24</typ:priceVAT></inv:homeCurrency></inv:invoiceItem>"
)
"""The second line, which the sample lacks, though its sums hold it (decision 64)."""


def told(*entries: Entry, codes: Codes | None = None) -> etree._Element:
    written = b"".join(pack("faktura-2026-11", "12345679", [entered(entries, codes or Codes())]))
    assert written.startswith(b"<?xml version='1.0' encoding='Windows-1250'?>\n<dat:dataPack ")
    written.decode("cp1250")
    assert b"&#" not in written
    return etree.fromstring(written)


def text(element: etree._Element, path: str) -> list[str]:
    return [str(found.text or "") for found in element.iterfind(f".//{path}", NAMESPACES)]


def settled(firm: Firm, invoice: Invoice) -> Settled:
    return settle(invoice, firm.do(told_context_of, invoice))


def test_the_sample_is_made_again_from_its_story(database: Database, shared_folder: Path) -> None:
    sample = (shared_folder / "schemas" / "samples-tax" / "pohoda-issued-invoice.xml").read_bytes().decode("cp1250")
    ends = "</inv:invoiceItem></inv:invoiceDetail>"
    assert ends in sample
    firm = a_firm(database)
    story = Story(firm, SELLER, BUYER | {"street": "Krátká 2"})
    lines = named("Vývoj", 1000, 21, 10, unit="hod"), named("Kniha", 100, 12, 2, unit="ks")
    account = {"bank_account": "19-2000145399/0800", "note": "Fakturujeme Vám"}
    invoice = changed(story.issue(*lines, **account), number="2026-0001", variable_symbol="20260001")
    part = entered([Entry(settled(firm, invoice))], codes_of(firm.account))

    written = b"".join(pack("faktura-2026-11", "12345679", [part])).decode("cp1250")
    assert written == sample.replace(ends, f"</inv:invoiceItem>{BOOK}</inv:invoiceDetail>")


@pytest.mark.parametrize("seed", range(300))
def test_sums_of_levels_are_those_of_the_document(seed: int) -> None:
    invoice, context = any_document(Random(seed))  # noqa: S311 (repeatable)
    if invoice.kind == "oss_invoice" or unfit(invoice):
        return
    document = settle(invoice, context)
    found = told(Entry(document))
    sign = -1 if document.sort == "credit_note" else 1
    [home] = found.iterfind(".//inv:invoiceSummary/inv:homeCurrency", NAMESPACES)
    net = document.net - document.claimed_net
    vat = document.vat - document.claimed_vat
    amounts = {etree.QName(one).localname: Decimal(one.text or "0") for one in home if not len(one)}

    assert sum(amount for name, amount in amounts.items() if not name.endswith("VAT")) == sign * net.native
    assert sum(amount for name, amount in amounts.items() if name.endswith("VAT")) == sign * vat.native
    assert amounts == levels_of_items(found)
    if document.is_foreign:
        [whole] = text(found, "foreignCurrency/typ:priceSum".replace("foreign", "inv:foreign", 1))
        assert Decimal(whole) == (net + vat + document.rounding).own * sign


def levels_of_items(found: etree._Element) -> dict[str, Decimal]:
    """What lines come to, level by level, as Pohoda adds them up."""
    names = {"none": "priceNone", "low": "priceLow", "high": "priceHigh", "third": "price3"}
    sums = dict.fromkeys(("priceNone", "priceLow", "priceLowVAT", "priceHigh", "priceHighVAT"), Decimal())
    for item in found.iterfind(".//inv:invoiceItem", NAMESPACES):
        [level] = text(item, "inv:rateVAT")
        name = names[level.removeprefix("history").lower()]
        for said, ending in (("price", ""), ("priceVAT", "VAT" if name != "priceNone" else "")):
            [amount] = text(item, f"inv:homeCurrency/typ:{said}")
            sums[name + ending] = sums.get(name + ending, Decimal()) + Decimal(amount)
    return sums


@pytest.mark.parametrize(
    ("values", "buyer", "kind"),
    [
        ({}, BUYER, "issuedInvoice"),
        ({"kind": "proforma"}, BUYER, "issuedAdvanceInvoice"),
    ],
)
def test_each_kind_has_a_type_of_its_own(
    database: Database, values: dict[str, Any], buyer: dict[str, Any], kind: str
) -> None:
    firm = a_firm(database)
    found = told(Entry(settled(firm, Story(firm, SELLER, buyer).issue(**values))))
    assert text(found, "inv:invoiceType") == [kind]
    assert bool(text(found, "inv:classificationVAT/typ:classificationVATType")) == (kind == "issuedInvoice")


def test_what_a_credit_note_gives_back_is_negative(database: Database) -> None:
    firm = a_firm(database)
    story = Story(firm, SELLER, BUYER)
    original = story.issue(named("Vývoj", 1000), number="2026-0001")
    note = story.issue(named("Vývoj", -1000), kind="correction", corrected_id=original.id)
    found = told(Entry(settled(firm, note)))

    assert text(found, "inv:invoiceType") == ["issuedCreditNotice"]
    assert text(found, "inv:symPar") == ["2026-0001"]
    assert text(found, "inv:invoiceItem/inv:quantity") == ["-1"]
    assert text(found, "typ:unitPrice") == ["1000"]
    assert (text(found, "typ:priceHigh"), text(found, "typ:priceHighVAT")) == (["-1000"], ["-210"])


def test_a_final_invoice_takes_off_what_was_taxed_and_what_was_paid(database: Database) -> None:
    firm = a_firm(database)
    story = Story(firm, SELLER, BUYER)
    taxed = story.taxed_proforma("DD2026-01")
    advance = told(Entry(settled(firm, taxed)))
    assert text(advance, "inv:invoiceType") == ["issuedInvoice"]
    assert text(advance, "typ:priceHigh") == ["1000"]
    assert text(advance, "inv:invoiceAdvancePaymentItem/inv:homeCurrency/typ:price") == ["-1210"]

    final = told(
        Entry(settled(firm, story.issue(named("Vývoj", 3000), kind="final_invoice", tax_document_ids=(taxed.id,))))
    )
    assert text(final, "inv:invoiceItem/inv:text") == ["Vývoj", "Odečtená záloha DD2026-01"]
    assert text(final, "inv:invoiceItem/inv:homeCurrency/typ:price") == ["3000", "-1000"]
    assert (text(final, "typ:priceHigh"), text(final, "typ:priceHighVAT")) == (["2000"], ["420"])


def test_a_foreign_document_has_both_currencies_and_its_rate(database: Database) -> None:
    firm = a_firm(database)
    euros = {"currency": "EUR", "exchange_rate": Decimal("24.275")}
    found = told(Entry(settled(firm, Story(firm, SELLER, GERMAN_BUYER).issue(named("Service", 100, 0), **euros))))

    assert text(found, "typ:country/typ:ids") == ["DE"]
    assert text(found, "inv:invoiceItem/inv:foreignCurrency/typ:price") == ["100"]
    assert text(found, "inv:invoiceItem/inv:homeCurrency/typ:price") == ["2427.50"]
    summary = found.find(".//inv:invoiceSummary/inv:foreignCurrency", NAMESPACES)
    assert summary is not None
    said = [text(summary, f"typ:{name}") for name in ("ids", "rate", "amount", "priceSum")]
    assert said == [["EUR"], ["24.275"], ["1"], ["100"]]


SWISS = {"name": "Käufer AG", "country": "CH"}


@pytest.mark.parametrize(
    ("seller", "buyer", "values", "code"),
    [
        (SELLER, BUYER, {}, ["inland"]),
        (SELLER, GERMAN_BUYER, {"reverse_charge": True, "sale_kind": "merchandise"}, ["UDdodEU", "inland"]),
        (SELLER, GERMAN_BUYER, {"reverse_charge": True}, ["nonSubsume"]),
        (SELLER, SWISS, {"reverse_charge": True}, ["UDzahr", "inland"]),
        (SELLER, BUYER, {"reverse_charge": True, "supply_code": "4"}, ["UDpdp", "inland"]),
        (LITTLE_SELLER, BUYER, {}, ["nonSubsume"]),
    ],
)
def test_why_there_is_no_vat_is_told_by_a_code(
    database: Database, seller: dict[str, Any], buyer: dict[str, Any], values: dict[str, Any], code: list[str]
) -> None:
    firm = a_firm(database)
    found = told(Entry(settled(firm, Story(firm, seller, buyer).issue(named("Práce", 100), **values))))
    assert [*text(found, "inv:classificationVAT/typ:ids"), *text(found, "typ:classificationVATType")] == code


def test_an_account_says_the_codes_of_its_accountant(database: Database) -> None:
    firm = a_firm(database)
    firm.account = firm.do(change_account, Given({"vat_code_eu_services": "UDsl", "vat_code_abroad": "X1"}))
    assert codes_of(firm.account) == Codes("UDdodEU", "UDsl", "X1", "UDpdp")


@pytest.mark.parametrize(
    ("percent", "day", "level"),
    [
        ("21", "2026-11-21", ("standard", None)),
        ("12", "2026-11-21", ("reduced", None)),
        ("10", "2023-06-01", ("second_reduced", None)),
        ("15", "2026-11-21", ("reduced", "15")),
        ("20", "2026-11-21", ("standard", "20")),
        ("5.5", "2026-11-21", ("standard", "5.5")),
        ("0", "2026-11-21", ("zero", None)),
    ],
)
def test_a_rate_of_another_day_is_told_with_its_percent(percent: str, day: str, level: tuple[str, str | None]) -> None:
    band, said = level
    found = level_of(Charge(Decimal(percent)), "CZ", dt.date.fromisoformat(day))
    assert found == (band, None if said is None else Decimal(said))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Žluťoučký kůň łąę „tak“ – 5 €", "Žluťoučký kůň łąę „tak“ – 5 €"),
        ("Señor Ångström, Øresund, Æble, İzmir", "Senor Angström, Oresund, AEble, Izmir"),
        ("漢字 🙂 Иван", "?? ? ????"),
        ("e\u0301a \u2212 1", "ea - 1"),
    ],
)
def test_what_the_code_page_lacks_is_written_like_it(written: str, expected: str) -> None:
    assert in_windows_1250(written) == expected
    expected.encode("cp1250")


def expense(firm: Firm, *lines: Given, supplier: dict[str, Any] | None = None, **values: Any) -> Expense:
    contact = firm.do(add_contact, Given(supplier or BUYER))
    days = {
        "issued_on": dt.date(2026, 10, 30),
        "taxable_on": dt.date(2026, 10, 29),
        "received_on": dt.date(2026, 11, 2),
    }
    given = {"contact_id": contact.id, "lines": list(lines), "original_number": "FA-17/2026"}
    return firm.do(enter_expense, Given(given | days | values))


def test_what_was_received_is_told_under_the_suppliers_number(database: Database) -> None:
    firm = a_firm(database)
    Story(firm, SELLER, BUYER)
    lines = named("Papír", 100, 21, 3), named("Kniha", "50.55", 12)
    paper = expense(firm, *lines, variable_symbol="172026", bank_account="2000145399/0800")
    found = told(Entry(settle_received(paper, firm.account), paper.number, paper.received_on))

    assert text(found, "inv:invoiceType") == ["receivedInvoice"]
    assert text(found, "typ:numberRequested") == []
    assert text(found, "inv:originalDocument") == ["FA-17/2026"]
    assert text(found, "inv:note") == [paper.number]
    said = [text(found, f"inv:{name}") for name in ("symVar", "date", "dateTax", "dateKHDPH")]
    assert said == [["172026"], ["2026-10-30"], ["2026-11-02"], ["2026-10-29"]]
    assert text(found, "typ:company") == ["Kupující a.s."]
    assert text(found, "inv:paymentAccount/typ:accountNo") == ["2000145399"]
    assert (text(found, "typ:priceHigh"), text(found, "typ:priceHighVAT")) == (["300"], ["63"])
    assert (text(found, "typ:priceLow"), text(found, "typ:priceLowVAT")) == (["50.55"], ["6.07"])


def test_what_a_supplier_pays_back_is_a_credit_note(database: Database) -> None:
    firm = a_firm(database)
    Story(firm, SELLER, BUYER)
    back = expense(firm, named("Vratka", -100))
    found = told(Entry(settle_received(back, firm.account), back.number, back.received_on))
    assert text(found, "inv:invoiceType") == ["receivedCreditNotice"]
    assert text(found, "typ:priceHigh") == ["-100"]


def test_who_pays_no_vat_deducts_none(database: Database) -> None:
    firm = a_firm(database)
    Story(firm, LITTLE_SELLER, BUYER)
    paper = expense(firm, named("Papír", 100, 21))
    found = told(Entry(settle_received(paper, firm.account), paper.number, paper.received_on))
    assert text(found, "typ:classificationVATType") == ["nonSubsume"]
    assert text(found, "inv:dateTax") == []
    assert (text(found, "typ:priceNone"), text(found, "typ:priceHigh")) == (["100"], ["0"])


def test_no_text_is_longer_than_the_program_takes(database: Database) -> None:
    firm = a_firm(database)
    long = "Ž" * 300
    story = Story(firm, SELLER, BUYER | {"name": long, "street": long, "city": long})
    invoice = story.issue(named(long, 1, unit="x" * 30), note=long, order_number="1" * 60)
    found = told(Entry(settled(firm, invoice)))
    paths = ("inv:invoiceHeader/inv:text", "inv:invoiceItem/inv:text", "inv:unit", "inv:numberOrder", "typ:city")
    assert [len(text(found, path)[0]) for path in paths] == [240, 90, 10, 32, 45]


def test_parts_make_one_file_in_their_order() -> None:
    documents: Sequence[Settled] = [settle(*any_document(Random(seed), kind="invoice")) for seed in range(5)]  # noqa: S311
    parts = [entered([Entry(one)], Codes()) for one in documents]
    whole = b"".join(pack("faktura-1", "", parts))
    assert whole == b"".join(pack("faktura-1", "", [entered(map(Entry, documents), Codes())]))
    assert etree.fromstring(b"".join(pack("faktura-1", "", [entered([], Codes())]))).tag.endswith("dataPack")


def test_a_document_that_came_to_other_sums_is_not_told() -> None:
    invoice, _ = any_document(Random(1), kind="invoice")  # noqa: S311
    with pytest.raises(WrongState):
        settle(msgspec.structs.replace(invoice, lines=()), Context())
