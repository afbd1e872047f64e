"""Whatever document there is, what is read from its file for programs is what was written into it."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random
from typing import NamedTuple

import pytest

from faktura.core.errors import WrongState
from faktura.core.received.received_invoice import ReceivedInvoice
from faktura.core.vat_treatment import VatTreatment
from faktura.inputs.e_invoices.payment import account_of
from faktura.inputs.e_invoices.read import read_invoice
from faktura.outputs.e_invoices.accounts import domestic
from faktura.outputs.e_invoices.checking import faults_of_schema
from faktura.outputs.e_invoices.cii import cii
from faktura.outputs.e_invoices.en16931 import TRANSFER, Category, Standard, standard
from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.e_invoices.ubl import ubl
from faktura.outputs.reading.settled import ZERO, Settled
from faktura.outputs.reading.settling import settle
from faktura.outputs.reading.texts import in_one_line
from faktura.outputs.tests.any_document import any_document
from tests import needs
from tests.proofs.history import length

pytestmark = [needs.ONE_ENGINE, pytest.mark.timeout(900)]

DOCUMENTS = length(150, 10_000)

TREATMENTS: Mapping[Category, VatTreatment] = {
    "S": "taxed",
    "Z": "taxed",
    "G": "taxed",
    "E": "exempt",
    "AE": "reverse_charge",
    "K": "reverse_charge",
    "O": "not_subject",
}


class Key(NamedTuple):
    percent: Decimal
    treatment: VatTreatment


Sums = dict[Key, tuple[Decimal, Decimal]]


def back(content: bytes) -> ReceivedInvoice:
    """What is read; nothing of our own is doubtful."""
    invoice = read_invoice(content, faults_of_schema).invoice
    assert invoice.warnings == ()
    return invoice


def rates_of(invoice: ReceivedInvoice) -> Sums:
    return {Key(rate.vat_rate, rate.treatment): (rate.net, rate.vat) for rate in invoice.rates}


def in_one(parts: list[tuple[Key, Decimal, Decimal]], sign: int) -> Sums:
    found: Sums = defaultdict(lambda: (ZERO, ZERO))
    for key, net, vat in parts:
        found[key] = found[key][0] + net * sign, found[key][1] + vat * sign
    return {key: sums for key, sums in found.items() if any(sums)}


def sign_of(settled: Settled) -> int:
    return -1 if settled.sort == "credit_note" else 1


def one_line(text: str) -> str:
    """As it is written, and then read."""
    return " ".join(in_one_line(text).split())


def assert_same(invoice: ReceivedInvoice, settled: Settled) -> None:
    facts, sign = settled.facts, sign_of(settled)
    assert invoice.sort == settled.sort
    assert (invoice.number, invoice.currency) == (one_line(facts.number), settled.currency)
    assert invoice.issued_on == facts.issued_on
    assert (invoice.rounding, invoice.prepaid) == (settled.rounding.own * sign, settled.paid.own * sign)
    assert invoice.payable == settled.payable.own * sign
    assert invoice.supplier.name == one_line(settled.seller.name)
    sold = {one_line(item.name) for item in settled.items if item.quantity}
    assert sold - {""} <= {line.name for line in invoice.lines}


def isdoc_sums(settled: Settled) -> Sums:
    """It has a rate for what is charged, and for what a buyer at home owes; all the rest is charged at nothing."""
    parts = []
    for tax in settled.taxes:
        owed = tax.charge.treatment == "reverse_charge" and settled.is_at_home and settled.is_taxed
        percent = tax.charge.percent if owed or tax.charge.treatment == "taxed" else ZERO
        net, vat = tax.net.own - tax.claimed_net.own, tax.vat.own - tax.claimed_vat.own
        parts.append((Key(percent, "reverse_charge" if owed else "taxed"), net, vat))
    return in_one(parts, sign_of(settled))


def standard_sums(said: Standard) -> Sums:
    parts = [
        (Key(total.rate.percent or ZERO, TREATMENTS[total.rate.category]), total.net, total.vat)
        for total in said.totals
    ]
    return in_one(parts, sign_of(said.settled))


def test_an_isdoc_is_read_back(chance: Random) -> None:
    for _ in range(DOCUMENTS):
        settled = settle(*any_document(chance))
        invoice = back(isdoc(settled))

        assert_same(invoice, settled)
        sums = {
            Key(percent, "taxed" if how == "not_subject" else how): both
            for (percent, how), both in rates_of(invoice).items()
        }
        assert sums == isdoc_sums(settled)
        assert invoice.exchange_rate == (settled.exchange_rate if settled.is_foreign else None)
        assert invoice.uuid == settled.uuid
        assert invoice.taxable_on in {None, settled.taxed_on}
        if settled.payment_method == "bank" and settled.sort != "tax_document":
            account = domestic(settled.bank_account, settled.iban)
            assert invoice.due_on == settled.facts.due_on
            assert invoice.iban == settled.iban
            assert invoice.bank_account == "/".join(filter(None, account))
            assert invoice.variable_symbol == one_line(settled.variable_symbol)


@pytest.mark.parametrize("write", [ubl, cii])
def test_a_file_of_the_european_standard_is_read_back(chance: Random, write: Callable[[Standard], bytes]) -> None:
    for _ in range(DOCUMENTS):
        settled = settle(*any_document(chance))
        try:
            said = standard(settled, "en16931")
        except WrongState:
            continue
        invoice = back(write(said))

        assert_same(invoice, settled)
        assert rates_of(invoice) == standard_sums(said)
        assert invoice.due_on == settled.facts.due_on
        assert (invoice.taxable_on or settled.facts.issued_on) in {settled.taxed_on, settled.facts.issued_on}
        assert invoice.variable_symbol == one_line(settled.variable_symbol)
        if said.means_code == TRANSFER:
            assert (invoice.iban, invoice.bank_account) == account_of(said.account)
