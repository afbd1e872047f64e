"""Whatever a Polish firm sells, KSeF can read it: it keeps the schema, and its sums are those of its rows."""

from collections import defaultdict
from decimal import Decimal
from random import Random

import msgspec
import pytest
from lxml import etree

from faktura.outputs.e_invoices.checking import faults_in
from faktura.outputs.e_invoices.fa3.limits import check_file, problems_of
from faktura.outputs.e_invoices.fa3.rates import TAXED
from faktura.outputs.e_invoices.fa3.told import Told
from faktura.outputs.e_invoices.fa3.writing import NAMESPACE, fa3
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.invoices import facts_of
from faktura.outputs.tests.any_document import DAY, NOON, ODD
from faktura.outputs.tests.any_told import any_told
from faktura.store.records import changed
from tests import needs
from tests.proofs.history import length

pytestmark = [needs.ONE_ENGINE, pytest.mark.timeout(900)]

DOCUMENTS = length(300, 20_000)

SPOILED = length(200, 5_000)
SOME = 0.05
CHOSEN = {"kind", "status", "stage", "price_mode", "tally", "language", "oss", "native_currency", "margin_kind"}
"""Texts that nobody writes."""

NS = {"f": NAMESPACE}
CENT = Decimal("0.01")


def test_every_document_is_valid_and_adds_up(chance: Random) -> None:
    kinds = set()
    for _ in range(DOCUMENTS):
        told = any_told(chance)
        assert problems_of(told, DAY).by_attribute() == {}, told.invoice
        file = fa3(told, NOON)
        assert faults_in(file, "fa3") == [], (told.invoice, told.facts)
        check_sums(etree.fromstring(file), told)
        kinds.add(told.kind)

    assert kinds == {"VAT", "KOR", "ZAL", "ROZ", "KOR_ZAL", "KOR_ROZ"}


def test_whatever_stands_on_a_document_is_refused_or_valid(chance: Random) -> None:
    """What the document's own attributes say is all right but for what only the schema knows, such as currencies."""
    refused = 0
    for _ in range(SPOILED):
        told = spoiled(any_told(chance), chance)
        problems, file = problems_of(told, DAY), fa3(told, NOON)
        if not problems.by_attribute():
            check_file(file, problems)
        if problems.by_attribute():
            refused += 1
        else:
            assert faults_in(file, "fa3") == [], told.invoice

    assert SPOILED / 10 < refused < SPOILED


def spoiled(told: Told, chance: Random) -> Told:
    """Texts that are odd or long, in places where people write."""
    odd = {
        name: "".join(chance.choices(ODD, k=chance.choice((0, 5, 40, 300, 4000))))
        for name, value in msgspec.structs.asdict(told.invoice).items()
        if isinstance(value, str) and name not in CHOSEN and chance.random() < SOME
    }
    invoice = changed(told.invoice, **odd)
    return told._replace(invoice=invoice, facts=facts_of(invoice, Context()))


def check_sums(root: "etree._Element", told: Told) -> None:
    """What is to be paid is the sum of the rates, and what the rates come to is the sum of their rows."""
    fa = root.find("f:Fa", NS)
    assert fa is not None
    names = [etree.QName(one).localname for one in fa]
    by_rate = {name: amount(fa, name) for name in names if name.startswith(("P_13", "P_14")) and name[-1] != "W"}
    rounding = told.invoice.rounding if told.facts.received == () else 0
    assert sum(by_rate.values()) == amount(fa, "P_15") - rounding, told.invoice

    if told.kind not in {"VAT", "KOR"} or told.invoice.margin_kind:
        return
    rows: dict[str, list[Decimal]] = defaultdict(list)
    for row in fa.iterfind("f:FaWiersz", NS):
        sign = -1 if row.find("f:StanPrzed", NS) is not None else 1
        gross = row.find("f:P_11A", NS) is not None
        net = amount(row, "P_11A") - amount(row, "P_11Vat") if gross else amount(row, "P_11")
        rows[NAMES.get(row.findtext("f:P_12", "", NS), "5")].append(net * sign)
    for field, amounts in rows.items():
        assert abs(sum(amounts) - by_rate[f"P_13_{field}"]) <= CENT * len(amounts), told.invoice


def amount(node: "etree._Element", name: str) -> Decimal:
    return Decimal(node.findtext(f"f:{name}", "0", NS))


NAMES = {rate.name: rate.sums for rate in TAXED.values()} | {
    "0 KR": "6_1",
    "0 WDT": "6_2",
    "0 EX": "6_3",
    "zw": "7",
    "np I": "8",
    "np II": "9",
    "oo": "10",
}
