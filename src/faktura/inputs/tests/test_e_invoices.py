"""Invoices of others that machines can read: the examples of each format are read, and their sums fit."""

import datetime as dt
import re
import statistics
import time
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from faktura.core.received.received_invoice import Named, ReceivedInvoice, ToldLine, ToldRate
from faktura.inputs.e_invoices.recognise import recognise
from faktura.inputs.tests.hostile import CII, ISDOC, UBL, example, read
from faktura.outputs.e_invoices.embedding import with_files
from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.e_invoices.isdocx import isdocx
from faktura.outputs.printing.pdf import compose
from faktura.outputs.reading.settling import settle
from faktura.outputs.tests.any_document import any_document
from faktura.outputs.tests.documents import document, png
from tests import needs
from tests.beside import SHARED

pytestmark = needs.ONE_ENGINE

EXAMPLES = (
    "en16931/examples-*/*.xml",
    "isdoc-6.0.2/examples/*.isdoc*",
    "samples-isdoc/*.isdoc",
    "samples-en16931/*.xml",
    "samples-pdf/*.pdf",
)


TEN_LINES = (
    (ISDOC, "<InvoiceLine>", "</InvoiceLine>"),
    (UBL, "<cac:InvoiceLine>", "</cac:InvoiceLine>"),
    (CII, "<ram:IncludedSupplyChainTradeLineItem>", "</ram:IncludedSupplyChainTradeLineItem>"),
)
"""Files of two lines, and what is around a line of them."""

TWO_RATES = ReceivedInvoice(
    format="isdoc",
    version="6.0.2",
    number="2026-0001",
    uuid="0515c350-ff44-5693-af05-b98c73607c7d",
    supplier=Named(
        name="Prodávající s.r.o.",
        street="Dlouhá 1",
        city="Praha",
        postcode="11000",
        country="CZ",
        registration_no="12345679",
        vat_no="CZ12345679",
        email="a@example.cz",
        phone="+420123456789",
    ),
    buyer=Named(
        name="Kupující a.s.",
        street="Krátká 2/3",
        city="Brno",
        postcode="60200",
        country="CZ",
        registration_no="87654326",
        vat_no="CZ87654326",
    ),
    issued_on=dt.date(2026, 11, 21),
    taxable_on=dt.date(2026, 11, 21),
    due_on=dt.date(2026, 12, 5),
    currency="CZK",
    lines=(
        ToldLine(
            name="Vývoj",
            quantity=Decimal(10),
            unit="hod",
            unit_price=Decimal(1000),
            net=Decimal(10000),
            vat_rate=Decimal(21),
        ),
        ToldLine(
            name="Kniha",
            quantity=Decimal(2),
            unit="ks",
            unit_price=Decimal(100),
            net=Decimal(200),
            vat_rate=Decimal(12),
        ),
    ),
    rates=(
        ToldRate(vat_rate=Decimal(21), net=Decimal(10000), vat=Decimal(2100)),
        ToldRate(vat_rate=Decimal(12), net=Decimal(200), vat=Decimal(24)),
    ),
    payable=Decimal(12324),
    payment_method="bank",
    bank_account="2000145399/0800",
    iban="CZ6508000000192000145399",
    bic="GIBACZPX",
    variable_symbol="20260001",
)


def examples(*patterns: str) -> list[str]:
    schemas = SHARED / "schemas"
    return sorted(str(path.relative_to(schemas)) for pattern in patterns for path in schemas.glob(pattern))


def test_all_examples_are_there(shared_folder: Path) -> None:
    assert shared_folder == SHARED
    assert len(examples(*EXAMPLES)) == 10 + 4 + 10 + 15 + 1


@pytest.mark.parametrize("name", examples(*EXAMPLES))
def test_an_example_is_read_and_its_sums_fit(name: str) -> None:
    invoice = read(example(name)).invoice

    assert invoice.number
    assert invoice.issued_on
    assert invoice.supplier.name
    assert invoice.rates
    assert {warned.doubt for warned in invoice.warnings} <= {"file_left_out"}


def test_an_invoice_is_read_with_all_that_it_says() -> None:
    assert read(example(ISDOC)) == (TWO_RATES, ())


LIMIT = 0.05
"""Seconds of processor time for ten lines, five times what is wanted: other tests run beside this one."""


@pytest.mark.parametrize(("name", "begin", "end"), TEN_LINES)
def test_ten_lines_are_read_in_a_moment(name: str, begin: str, end: str) -> None:
    text = example(name).decode()
    lines = text[text.index(begin) : text.rindex(end) + len(end)]
    content = text.replace(lines, lines * 5).encode()
    seconds = []
    for _ in range(12):
        began = time.process_time()
        found = read(content)
        seconds.append(time.process_time() - began)

    assert len(found.invoice.lines) == 10
    assert statistics.median(seconds[1:]) < LIMIT


@pytest.mark.parametrize("formats", [("isdoc",), ("isdoc", "facturx"), ("facturx", "isdoc")])
def test_what_our_own_print_carries_is_taken_out_byte_for_byte(formats: tuple[str, ...]) -> None:
    settled = settle(*any_document(Random(7), kind="invoice"))  # noqa: S311 (the same each time)
    printed = compose(document(attached=with_files(settled, formats)))

    assert recognise(printed).content == isdoc(settled)


def test_what_our_own_archive_holds_is_taken_out_byte_for_byte() -> None:
    settled = settle(*any_document(Random(7), kind="invoice"))  # noqa: S311 (the same each time)
    found = read(isdocx(settled, "2026-1", compose(document()), [("a.png", png()), ("a.txt", b"?")]))

    assert found.invoice.number == " ".join(settled.facts.number.split())
    assert found.invoice.warnings == ()
    assert [(one.filename, one.media_type) for one in found.enclosed] == [
        ("2026-1.pdf", "application/pdf"),
        ("a.png", "image/png"),
        ("a.txt", "application/octet-stream"),
    ]


def test_a_credit_note_takes_away_whichever_sign_its_program_writes() -> None:
    content = example("samples-isdoc/credit-note.isdoc").decode()
    by_the_rules = read(content.encode()).invoice
    below_zero = re.sub(r"(<(\w+Amount|InvoicedQuantity)\b[^>]*>)([1-9])", r"\1-\3", content)

    assert (by_the_rules.total, by_the_rules.payable) == (Decimal(-1210), Decimal(-1210))
    assert by_the_rules.lines[0].net == Decimal(-1000)
    assert read(below_zero.encode()).invoice == by_the_rules


def test_what_was_taxed_on_an_advance_is_a_line_that_takes_it_off_again() -> None:
    invoice = read(example("samples-isdoc/final-with-taxed-deposit.isdoc")).invoice

    assert [(line.name, line.quantity, line.net) for line in invoice.lines] == [
        ("Vývoj", Decimal(3), Decimal(3000)),
        ("DD2026-01", Decimal(-1), Decimal(-1000)),
    ]
    assert invoice.advances == ("DD2026-01",)
    assert [(rate.net, rate.vat) for rate in invoice.rates] == [(Decimal(2000), Decimal(420))]


def test_discounts_and_charges_of_a_whole_document_are_lines() -> None:
    invoice = read(example("en16931/examples-ubl/ubl-tc434-example2.xml")).invoice

    assert [(line.name, line.net) for line in invoice.lines[-2:]] == [
        ("Promotion discount", Decimal(-100)),
        ("Freight", Decimal(100)),
    ]
