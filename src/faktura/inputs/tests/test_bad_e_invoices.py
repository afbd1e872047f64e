"""Bad input, row by row of the table in the specification (0.5): refused by a kind, or read with a warning."""

import re
import zipfile
from decimal import Decimal
from random import Random

import pytest

from faktura.core.received.received_invoice import Doubt, Named, ReceivedInvoice, Warned
from faktura.inputs.e_invoices.read import not_for_us
from faktura.inputs.e_invoices.refusing import NoInvoice
from faktura.inputs.tests.hostile import (
    CII,
    ISDOC,
    NS,
    UBL,
    a_pdf,
    changed,
    example,
    isdoc_5,
    packed,
    read,
    refused,
    with_type,
    zugferd_1,
)
from tests import needs

pytestmark = needs.ONE_ENGINE

AN_ISDOC = example(ISDOC)


def doubts(invoice: ReceivedInvoice) -> set[Doubt]:
    return {warned.doubt for warned in invoice.warnings}


# Size


def filled(size: int) -> bytes:
    """An invoice of so many bytes."""
    return changed(AN_ISDOC, ("</Invoice>", f"<!--{'x' * (size - len(AN_ISDOC) - 7)}--></Invoice>"))


def test_an_xml_over_five_mebibytes_is_too_large() -> None:
    assert len(filled(5 << 20)) == 5 << 20
    assert read(filled(5 << 20)).invoice.number == "2026-0001"
    assert refused(filled((5 << 20) + 1)) == "too_large"


def test_a_pdf_over_fifteen_mebibytes_is_too_large() -> None:
    assert refused(b"%PDF-1.7\n".ljust((15 << 20) + 1, b"\0")) == "too_large"


def test_an_attached_xml_over_five_mebibytes_is_too_large() -> None:
    assert refused(a_pdf([("a.isdoc", filled((5 << 20) + 1))])) == "too_large"


def noise(size: int) -> bytes:
    """What cannot be packed."""
    return Random(7).randbytes(size)  # noqa: S311 (the same each time)


@pytest.mark.parametrize(
    "beside",
    [
        {"a": b"\0" * ((20 << 20) + 1)},
        {str(number): b"" for number in range(100)},
        {"a": b"\0" * (3 << 20)},
        {f"{number}{'x' * 60_000}": b"" for number in range(10)},
    ],
    ids=["unpacked size", "entries", "ratio", "list"],
)
def test_a_zip_that_grows_is_too_large(beside: dict[str, bytes]) -> None:
    assert refused(packed({"a.isdoc": AN_ISDOC} | beside)) == "too_large"


def test_a_zip_whose_isdoc_is_over_five_mebibytes_is_too_large() -> None:
    assert refused(packed({"a.isdoc": noise((5 << 20) + 1)})) == "too_large"


def test_a_zip_that_says_that_it_is_of_the_larger_kind_is_too_large() -> None:
    whole = packed({"a.isdoc": AN_ISDOC})
    at = whole.rfind(b"PK\5\6")

    assert refused(whole[:at] + b"PK\6\7" + b"\0" * 16 + whole[at:]) == "too_large"


# What leads elsewhere, or grows


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20))
TYPES = {
    "plain": "<!DOCTYPE Invoice>",
    "billion laughs": f'<!DOCTYPE Invoice [<!ENTITY a0 "lol">{LAUGHS}]>',
    "quadratic": f'<!DOCTYPE Invoice [<!ENTITY a "{"x" * 50_000}">]>',
    "a file of the server": '<!DOCTYPE Invoice [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "another server": '<!DOCTYPE Invoice SYSTEM "http://127.0.0.1:1/a.dtd">',
    "a parameter": '<!DOCTYPE Invoice [<!ENTITY % a SYSTEM "http://127.0.0.1:1/a.dtd"> %a;]>',
    "broken": "<!DOCTYPE Invoice [<!ENTITY",
}


@pytest.mark.parametrize("declared", TYPES.values(), ids=TYPES)
@pytest.mark.parametrize(
    "use", ["", "<Note>&a;</Note>", f"<Note>{'&a;' * 10_000}</Note>"], ids=["unused", "once", "often"]
)
def test_a_document_type_is_refused(declared: str, use: str) -> None:
    assert refused(with_type(changed(AN_ISDOC, ("</Invoice>", f"{use}</Invoice>")), declared)) == "doctype"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "iso-8859-2", "cp1250"])
def test_an_invoice_in_another_encoding_is_read_and_its_document_type_refused(encoding: str) -> None:
    named = encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    text = changed(AN_ISDOC, ("encoding='UTF-8'", f"encoding='{named.replace('cp', 'windows-')}'")).decode()
    mark = "\ufeff" if encoding.endswith(("-le", "-be")) else ""

    assert read((mark + text).encode(encoding)).invoice.supplier.name == "Prodávající s.r.o."
    typed = with_type(text.encode(), '<!DOCTYPE a [<!ENTITY a "b">]>').decode()
    assert refused((mark + typed).encode(encoding)) == "doctype"


@pytest.mark.parametrize("encoding", ["ascii", "x-nothing", "utf-16"])
def test_an_encoding_that_it_is_not_in_is_damage(encoding: str) -> None:
    assert refused(changed(AN_ISDOC, ("UTF-8", encoding))) == "damaged"


def test_what_leads_elsewhere_is_never_followed() -> None:
    """The network of tests is closed: whoever asked for one of these would fail."""
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    place = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:a http://127.0.0.1:1/a.xsd"'
    content = changed(
        AN_ISDOC,
        ("<LocalCurrencyCode>", f"<Note>{include}</Note><LocalCurrencyCode>"),
        ("<Invoice ", f"<Invoice {place} "),
        ("?>", '?><?xml-stylesheet href="http://127.0.0.1:1/a.xsl"?>'),
    )

    assert read(content).invoice.note == ""
    assert doubts(read(content).invoice) == {"breaks_schema"}


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<a>" * 100_000 + "</a>" * 100_000, "damaged"),
        ("<a/>" * 300_000, "too_large"),
        ("<a" + "".join(f" a{n}=''" for n in range(60_000)) + "/>", "too_large"),
        ("<a" + "".join(f" xmlns:a{n}='b'" for n in range(60_000)) + "/>", "too_large"),
    ],
    ids=["depth", "elements", "attributes", "namespaces"],
)
def test_a_flood_is_refused(inside: str, reason: str) -> None:
    assert refused(f'<Invoice xmlns="{NS}" version="6.0.2">{inside}</Invoice>'.encode()) == reason


# What is no e-invoice


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"<a/>", "a"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "svg http://www.w3.org/2000/svg"),
        (b'<Invoice xmlns="urn:b"/>', "Invoice urn:b"),
        (b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>', "Order urn:oasis:"),
        (b'<CommonDocument xmlns="http://isdoc.cz/namespace/2013"/>', "CommonDocument http://isdoc.cz/namespace/2013"),
        (a_pdf(), "application/pdf"),
        (a_pdf([("terms.xml", b"<a/>")]), "application/pdf"),
        (packed({"a.txt": b"", "b.isdoc": AN_ISDOC, "c.isdoc": AN_ISDOC}), "a.txt, b.isdoc, c.isdoc"),
        (packed({"folder/a.isdoc": AN_ISDOC}), "folder/a.isdoc"),
    ],
)
def test_what_is_no_e_invoice_is_named(content: bytes, detail: str) -> None:
    with pytest.raises(NoInvoice) as caught:
        read(content)

    assert caught.value.reason == "not_an_e_invoice"
    assert caught.value.detail.startswith(detail)


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"text", b"\x89PNG\r\n", b"<html><br></html>", b"{}", b"<a>&nbsp;</a>"]
)
def test_what_is_no_xml_is_no_e_invoice(content: bytes) -> None:
    assert refused(content) == "not_an_e_invoice"


@pytest.mark.parametrize(
    "content",
    [
        AN_ISDOC[:-1],
        AN_ISDOC[:2000],
        AN_ISDOC.replace("á".encode(), b"\xe1"),
        example(UBL)[:3000],
        example(CII)[:3000],
        b"%PDF-1.7\n" + b"\xff" * 1000,
        a_pdf([("a.isdoc", AN_ISDOC)])[:1500],
        a_pdf([("a.isdoc", AN_ISDOC[:-1])]),
        packed({"a.isdoc": AN_ISDOC})[:-30],
        packed({"a.isdoc": AN_ISDOC[:-1]}),
        packed({"a.isdoc": AN_ISDOC}, zipfile.ZIP_LZMA),
        b"PK\x03\x04",
    ],
)
def test_what_is_cut_or_garbled_is_damaged(content: bytes) -> None:
    assert refused(content) == "damaged"


# Other versions


@pytest.mark.parametrize(
    ("content", "version"),
    [
        (isdoc_5(), "5.2.1"),
        (changed(AN_ISDOC, ('version="6.0.2"', 'version="7.0"')), "7.0"),
        (changed(example(UBL), ("urn:cen.eu:en16931:2017", "urn:of:mine")), "urn:of:mine#compliant#"),
        (zugferd_1(), "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort"),
    ],
)
def test_another_version_is_read_by_the_names_of_its_elements(content: bytes, version: str) -> None:
    invoice = read(content).invoice

    assert (invoice.number, invoice.payable, invoice.iban) == ("2026-0001", Decimal(12324), "CZ6508000000192000145399")
    assert [(str(rate.vat_rate), str(rate.vat)) for rate in invoice.rates] == [("21", "2100.00"), ("12", "24.00")]
    assert [line.quantity for line in invoice.lines] == [10, 2]
    [warned] = invoice.warnings
    assert warned.doubt == "older_version"
    assert warned.detail.startswith(version)
    assert not invoice.is_to_be_checked


# What breaks its schema, and what does not fit


def test_what_breaks_its_schema_is_read_with_the_line_and_the_message() -> None:
    invoice = read(changed(AN_ISDOC, ("<UUID>", "\n<Wrong/><UUID>"))).invoice

    assert invoice.payable == Decimal(12324)
    [warned] = invoice.warnings
    assert warned.doubt == "breaks_schema"
    assert warned.detail.startswith(f"3: Element '{{{NS}}}Wrong': This element is not expected.")


def test_ten_warnings_of_a_kind_are_enough() -> None:
    lines = "<InvoiceLine><LineExtensionAmount>x</LineExtensionAmount></InvoiceLine>" * 1000
    invoice = read(changed(isdoc_5(), ("</InvoiceLines>", f"{lines}</InvoiceLines>"))).invoice

    assert [warned.doubt for warned in invoice.warnings] == ["older_version", "breaks_schema"]


@pytest.mark.parametrize("name", [ISDOC, UBL, CII])
@pytest.mark.parametrize("wrong", ["x", "1,5", "1e9", "NaN", "Infinity", "1" * 13, "--1", "0x1", "\u0661"])
def test_a_number_that_is_none_is_a_fault_of_the_file(name: str, wrong: str) -> None:
    invoice = read(changed(example(name), (">12324.00<" if name != ISDOC else ">12324<", f">{wrong}<"))).invoice

    assert doubts(invoice) == {"breaks_schema", "sums_differ"}
    assert invoice.is_to_be_checked


@pytest.mark.parametrize("wrong", ["2026-02-30", "21.11.2026", "today", "0000-01-01"])
def test_a_day_that_is_none_is_left_out_and_a_fault_of_the_file(wrong: str) -> None:
    invoice = read(changed(AN_ISDOC, ("<IssueDate>2026-11-21", f"<IssueDate>{wrong}"))).invoice

    assert invoice.issued_on is None
    assert doubts(invoice) == {"breaks_schema"}


@pytest.mark.parametrize("written", ["2026-11-21Z", "2026-11-21+01:00", "2026-11-21T00:00:00"])
def test_a_day_may_have_a_zone_or_an_hour(written: str) -> None:
    invoice = read(changed(AN_ISDOC, ("<IssueDate>2026-11-21", f"<IssueDate>{written}"))).invoice

    assert str(invoice.issued_on) == "2026-11-21"


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (ISDOC, "<PayableAmount>12324", "<PayableAmount>12325", "payable: 12325.00 ≠ 12324.00"),
        (ISDOC, "<DifferenceTaxExclusiveAmount>10200", "<DifferenceTaxExclusiveAmount>1", "net: 1.00 ≠ 10200.00"),
        (ISDOC, "<DifferenceTaxInclusiveAmount>12324</", "<DifferenceTaxInclusiveAmount>0</", "gross: 0.00 ≠ 12324.00"),
        (ISDOC, "<LineExtensionAmount>200", "<LineExtensionAmount>199.98", "12 %: 199.98 ≠ 200.00"),
        (UBL, '"CZK">24.00', '"CZK">26.00', "VAT 12 %: 26.00 ≠ 24.00"),
        (CII, "BasisAmount>200.00", "BasisAmount>100.00", "12 %: 200.00 ≠ 100.00"),
    ],
)
def test_sums_that_differ_are_as_they_are_told(name: str, old: str, new: str, told: str) -> None:
    invoice = read(changed(example(name), (old, new))).invoice

    assert Warned("sums_differ", told) in invoice.warnings
    assert invoice.is_to_be_checked


def test_an_isdoc_that_names_a_currency_without_amounts_in_it_is_in_that_of_its_books() -> None:
    content = example("samples-isdoc/foreign-currency.isdoc")
    bare = re.sub(rb"<(\w+Curr)>[^<]*</\1>", b"", content)

    assert [read(one).invoice.currency for one in (content, bare)] == ["EUR", "CZK"]
    assert [read(one).invoice.payable for one in (content, bare)] == [Decimal(100), Decimal("2427.50")]
    assert read(bare).invoice.warnings == ()


@pytest.mark.parametrize("rate", ["0", "-1", "", "x", "0.00000001"])
def test_a_rate_of_exchange_that_is_none_is_not_known(rate: str) -> None:
    content = changed(example("samples-isdoc/foreign-currency.isdoc"), ("24.275</CurrRate>", f"{rate}</CurrRate>"))

    assert read(content).invoice.exchange_rate is None


def test_a_price_of_next_to_nothing_is_the_price_of_the_whole_line() -> None:
    content = changed(AN_ISDOC, (">10</InvoicedQuantity>", ">0.0000001</InvoicedQuantity>"), (">1000<", "> <"))
    line = read(content).invoice.lines[0]

    assert (line.quantity, line.unit_price) == (Decimal(1), Decimal(10000))


@pytest.mark.parametrize(
    ("old", "new", "attribute"),
    [
        ("CZ6508000000192000145399", "CZ6608000000192000145399", "iban"),
        ("GIBACZPX", "GIBA CZ", "bic"),
        ("0515C350-FF44-5693-AF05-B98C73607C7D", "00000000-0000-0000-0000-000000000000", "uuid"),
        ("0515C350-FF44-5693-AF05-B98C73607C7D", "1", "uuid"),
        ("<LocalCurrencyCode>CZK", "<LocalCurrencyCode>KORUNA", "currency"),
    ],
)
def test_a_number_or_code_that_is_none_is_left_out(old: str, new: str, attribute: str) -> None:
    assert getattr(read(changed(AN_ISDOC, (old, new))).invoice, attribute) == ""


def test_a_cent_of_rounding_in_each_line_is_no_difference() -> None:
    content = changed(AN_ISDOC, ("<LineExtensionAmount>200", "<LineExtensionAmount>199.99"))

    assert read(content).invoice.warnings == ()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (ISDOC, "<Percent>12", "<Percent>-12"),
        (ISDOC, "<Percent>12", "<Percent>120"),
        (UBL, "<cbc:Percent>12</cbc:Percent>", ""),
        (UBL, "<cac:ClassifiedTaxCategory><cbc:ID>S", "<cac:ClassifiedTaxCategory><cbc:ID>Q"),
        (CII, "<ram:CategoryCode>S", "<ram:CategoryCode>"),
    ],
)
def test_an_unknown_rate_is_to_be_checked(name: str, old: str, new: str) -> None:
    invoice = read(changed(example(name), (old, new))).invoice

    assert "unknown_rate" in doubts(invoice)
    assert invoice.is_to_be_checked


def test_totals_without_rates_are_to_be_checked() -> None:
    """The least profiles of Factur-X say no more."""
    text = example(CII).decode()
    begin, end = (
        text.index("<ram:ApplicableTradeTax><ram:CalculatedAmount>"),
        text.rindex("<ram:SpecifiedTradePaymentTerms>"),
    )
    invoice = read((text[:begin] + text[end:]).encode()).invoice

    assert invoice.payable == 12324
    assert {"unknown_rate", "sums_differ"} <= doubts(invoice)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (ISDOC, "<LocalCurrencyCode>CZK", "<LocalCurrencyCode>"),
        (CII, "<ram:InvoiceCurrencyCode>CZK</ram:InvoiceCurrencyCode>", ""),
    ],
)
def test_an_invoice_without_a_currency_is_to_be_checked(name: str, old: str, new: str) -> None:
    bare = changed(example(name), (old, new)).replace(b' currencyID="CZK"', b"")
    invoice = read(bare).invoice

    assert invoice.currency == ""
    assert "no_currency" in doubts(invoice)
    assert invoice.is_to_be_checked


# For whom it is


BUYER = Named(name="Kupující a.s.", registration_no="87654326", vat_no="CZ87654326")


@pytest.mark.parametrize("ours", [["87654326"], ["CZ87654326"], ["cz 876 543 26"], ["1", "87654326"], []])
def test_an_invoice_that_names_one_of_our_numbers_is_for_us(ours: list[str]) -> None:
    assert not_for_us(BUYER, ours) is None


def test_an_invoice_that_names_others_is_not_for_us() -> None:
    assert not_for_us(BUYER, ["12345679", "CZ12345679"]) == Warned("not_for_us", "Kupující a.s., 87654326, CZ87654326")


def test_nothing_is_said_of_a_buyer_without_numbers() -> None:
    assert not_for_us(Named(name="Někdo"), ["12345679"]) is None


def test_numbers_are_the_same_without_zeros_before() -> None:
    assert not_for_us(Named(registration_no="123456"), ["00123456"]) is None


# Signatures


@pytest.mark.parametrize("name", [ISDOC, UBL])
def test_a_signature_is_not_verified_and_that_is_said(name: str) -> None:
    signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></'
    head, _, tail = example(name).decode().rpartition("</")

    assert Warned("signature_not_verified") in read((head + signature + tail).encode()).invoice.warnings
