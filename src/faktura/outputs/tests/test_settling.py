"""What other programs are told: signs, cents, deductions and texts, settled once (the rules by their numbers)."""

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from faktura.core.documents.amounts import add_up
from faktura.core.documents.record import Line, Payment, Seller
from faktura.core.errors import WrongState
from faktura.core.invoices.record import Invoice
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.settled import NOTHING, Charge, Settled
from faktura.outputs.reading.settling import Unbalanced, settle
from faktura.outputs.reading.texts import in_one_line, in_paragraphs
from faktura.outputs.tests.any_document import DAY, NOON, any_document
from faktura.store.records import changed
from tests import needs

pytestmark = needs.ONE_ENGINE

CHANCE = st.randoms(use_true_random=False)
SOME = settings(max_examples=40)


def settled(chance: Random, **fixed: Any) -> tuple[Invoice, Settled]:
    invoice, context = any_document(chance, **fixed)
    return invoice, settle(invoice, context)


def of(*lines: Line, **values: Any) -> Invoice:
    found = Invoice(1, 7, 1, NOON, NOON, issued_on=DAY, due_on=DAY, exchange_rate=Decimal(1), lines=lines)
    return add_up(changed(found, **values))


@SOME
@given(CHANCE)
def test_1_a_correction_below_zero_is_a_credit_note_of_positive_amounts(chance: Random) -> None:
    invoice, told = settled(chance, kind="correction", currency="CZK")

    assert told.sort == ("debit_note" if invoice.gross_total > 0 else "credit_note")
    assert (told.net + told.vat + told.rounding).own == abs(invoice.gross_total)


@SOME
@given(CHANCE)
def test_1_whatever_corrects_nothing_keeps_its_signs(chance: Random) -> None:
    invoice, told = settled(chance, kind="invoice")
    assert (told.net + told.vat + told.rounding).own == invoice.gross_total


def test_2_of_a_pair_what_was_before_has_the_opposite_sign() -> None:
    before = Line(1, "Práce", Decimal(100), quantity=Decimal(3), vat_rate=Decimal(21), group=1, after=False)
    after = Line(2, "Práce", Decimal(100), quantity=Decimal(1), vat_rate=Decimal(21), group=1, after=True)
    told = settle(of(before, after, kind="correction", corrected_number="1"), Context())

    assert [(item.quantity, item.unit_price.own, item.net.own) for item in told.items] == [
        (Decimal(3), Decimal(100), Decimal(300)),
        (Decimal(-1), Decimal(100), Decimal(-100)),
    ]


@SOME
@given(CHANCE)
def test_2_no_price_is_negative(chance: Random) -> None:
    _, told = settled(chance)
    assert [item for item in told.items if item.unit_price.own < 0 or item.unit_gross_price.own < 0] == []


@SOME
@given(CHANCE)
def test_3_the_items_of_a_charge_come_to_its_tax_in_both_currencies(chance: Random) -> None:
    _, told = settled(chance)
    for tax in told.taxes:
        items = [item for item in told.items if item.charge == tax.charge]
        assert sum((item.net for item in items), NOTHING) == tax.net


@SOME
@given(CHANCE)
def test_3_with_prices_that_hold_vat_the_gross_of_items_comes_to_the_total(chance: Random) -> None:
    fixed: dict[str, Any] = {
        "kind": "invoice",
        "price_mode": "from_total_with_vat",
        "tally": "by_rate",
        "currency": "CZK",
    }
    _, told = settled(chance, **fixed, reverse_charge=False)
    assert sum((item.gross for item in told.items), NOTHING).own == (told.net + told.vat).own


def test_3_more_than_a_cent_a_line_is_a_fault() -> None:
    invoice = of(Line(1, "Práce", Decimal(100), vat_rate=Decimal(21)))
    wrong = tuple(changed_net(one, "0.02") for one in invoice.lines)
    with pytest.raises(Unbalanced):
        settle(changed(invoice, lines=wrong), Context())


def changed_net(line: Line, more: str) -> Line:
    values: dict[str, Any] = {name: getattr(line, name) for name in Line.__struct_fields__}
    return Line(**values | {"net": line.net + Decimal(more)})


@SOME
@given(CHANCE)
def test_5_the_tax_is_that_of_the_sums_and_not_of_the_lines(chance: Random) -> None:
    invoice, told = settled(chance, kind="invoice")
    assert told.vat.own == invoice.vat_total


@SOME
@given(CHANCE)
def test_6_taxed_and_untaxed_deductions_are_two_lists(chance: Random) -> None:
    invoice, context = any_document(chance, kind="final_invoice")
    told = settle(invoice, context)

    assert [d.number for d in told.deposits] == [a.number for a in context.deducts if not a.by_rate]
    assert sum((d.net for d in told.taxed_deposits), NOTHING) == told.claimed_net
    assert sum((d.vat for d in told.taxed_deposits), NOTHING) == told.claimed_vat


@SOME
@given(CHANCE)
def test_6_what_came_in_after_the_day_of_issue_changes_nothing(chance: Random) -> None:
    invoice, context = any_document(chance, kind="invoice")
    later = Payment(9, DAY + dt.timedelta(days=1), Decimal(1), Decimal(1), None, None, NOON, NOON)
    paid = changed(invoice, payments=(*invoice.payments, later))

    assert settle(paid, context) == settle(invoice, context)


@SOME
@given(CHANCE)
def test_6_an_advance_is_paid(chance: Random) -> None:
    _, told = settled(chance, kind="tax_document", round_total=False, currency="CZK")
    assert told.payable == NOTHING


@SOME
@given(CHANCE)
def test_7_in_the_books_the_sums_with_the_rounding_come_to_the_total(chance: Random) -> None:
    invoice, told = settled(chance, kind="invoice", currency="EUR", exchange_rate=Decimal("24.275"))
    assert (told.net + told.vat + told.rounding).native == invoice.native_gross_total


def test_7_what_is_foreign_and_has_no_rate_is_not_told() -> None:
    invoice = of(Line(1, "Práce", Decimal(100)), currency="EUR", exchange_rate=None)
    with pytest.raises(WrongState, match="without_rate"):
        settle(invoice, Context())


@pytest.mark.parametrize("kind", ["oss_invoice", "oss_correction"])
def test_under_the_one_stop_shop_vat_is_charged_whatever_the_seller_is_at_home(kind: str) -> None:
    sold = Line(1, "Kniha", Decimal(100), vat_rate=Decimal(19))
    seller = Seller("Malý prodejce", vat_mode="non_vat_payer", vat_no="CZ12345679")
    told = settle(of(sold, kind=kind, seller=seller, buyer_country="DE", corrected_number="1"), Context())
    [tax] = told.taxes
    assert (told.is_taxed, tax.charge, tax.vat.own) == (True, Charge(Decimal(19), "taxed"), Decimal(19))


def test_what_has_no_lines_or_corrects_nothing_known_is_not_told() -> None:
    with pytest.raises(WrongState, match="without_lines"):
        settle(of(), Context())
    with pytest.raises(WrongState, match="without_original"):
        settle(of(Line(1, "Sleva", Decimal(-1)), kind="correction"), Context())


@SOME
@given(CHANCE)
def test_8_the_same_document_is_told_the_same(chance: Random) -> None:
    invoice, context = any_document(chance)
    assert settle(invoice, context) == settle(invoice, context)


@given(st.text())
def test_9_every_text_can_stand_in_xml(text: str) -> None:
    for written in (in_one_line(text), in_paragraphs(text)):
        element = etree.Element("a")
        element.text = written
        assert (etree.fromstring(etree.tostring(element)).text or "") == written
        assert not {*written} & {"\x7f", "\x84", "\x9f", "\ufdd0", "\ufffe", "\U0001ffff"}
        assert written == written.strip()


def test_9_a_name_is_one_line_and_a_note_keeps_its_lines() -> None:
    assert in_one_line(" první\r\n druhý\u2028třetí ") == "první druhý třetí"
    assert in_paragraphs(" první\r\ndruhý ") == "první\ndruhý"


@pytest.mark.parametrize(
    ("street", "parts"),
    [
        ("Dlouhá 1", ("Dlouhá", "1")),
        ("Krátká 2/3", ("Krátká", "2/3")),
        ("17. listopadu 12/5a", ("17. listopadu", "12/5a")),
        ("Náměstí míru", ("Náměstí míru", "")),
        ("Lhota", ("Lhota", "")),
    ],
)
def test_a_street_ends_with_the_number_of_the_house(street: str, parts: tuple[str, str]) -> None:
    address = settle(of(Line(1, "Práce", Decimal(1)), buyer_street=street), Context()).buyer.address
    assert (address.street, address.house) == parts
