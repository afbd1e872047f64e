"""Ten stories and the ISDOC file of each, which the rules of the format's owner found nothing against."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import a_firm
from faktura.outputs.e_invoices.checking import faults_in
from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.reading.context import told_context_of
from faktura.outputs.reading.settling import settle
from faktura.outputs.tests.stories import BUYER, GERMAN_BUYER, LITTLE_SELLER, SELLER, Story, named
from faktura.store.database import Database
from faktura.store.records import changed
from tests import needs

pytestmark = needs.ONE_ENGINE


def two_rates(story: Story) -> Invoice:
    return story.issue(named("Vývoj", 1000, 21, 10, unit="hod"), named("Kniha", 100, 12, 2, unit="ks"))


def credit_note(story: Story) -> Invoice:
    corrected = story.issue(number="2026-0001", issued_on=dt.date(2026, 11, 1))
    taken = {"kind": "correction", "corrected_id": corrected.id}
    note = story.issue(named("Vývoj", -1000, unit="hod"), variable_symbol="20260002", **taken)
    return changed(note, corrected_uuid="aec4791c-4ba1-451e-a1dc-2bf634b1c29d")


def with_taxed_deposit(story: Story) -> Invoice:
    taxed = story.taxed_proforma("DD2026-01")
    lines = named("Vývoj", 1000, 21, 3, unit="hod")
    return story.issue(lines, kind="final_invoice", tax_document_ids=(taxed.id,), variable_symbol="20260003")


def with_untaxed_deposit(story: Story) -> Invoice:
    proforma = story.paid_proforma("500")
    lines = named("Vývoj", "833.67", 21, "1.5", unit="hod")
    rounded = {"round_total": True, "variable_symbol": "20260004"}
    return story.issue(lines, kind="final_invoice", related_id=proforma.id, **rounded)


def non_payer(story: Story) -> Invoice:
    return story.issue(named("Práce", 500, 0, unit="ks"))


def reverse_charge(story: Story) -> Invoice:
    lines = named("Montážní práce", 1000, 21, unit="ks")
    return story.issue(lines, reverse_charge=True, supply_code="4")


def foreign_currency(story: Story) -> Invoice:
    lines = named("Service", 100, 0, unit="pcs")
    return story.issue(lines, currency="EUR", exchange_rate=Decimal("24.275"))


def cash(story: Story) -> Invoice:
    lines = named("Zboží", 100, 21, unit="ks")
    return story.issue(lines, payment_method="cash", price_mode="from_total_with_vat")


def proforma(story: Story) -> Invoice:
    lines = named("Vývoj", 1000, 21, unit="hod")
    return story.issue(lines, kind="proforma", number="Z2026-01", variable_symbol="202601")


def tax_document(story: Story) -> Invoice:
    return story.taxed_proforma("DD2026-01")


NOTE = ("daň odvede zákazník", "Daň odvede zákazník.")
WHOLE_CASH = ("100.00<", "100<")
OWN_NUMBER = ("<DocumentID>2026-0001<", "<DocumentID>2026-0008<")
WHOLE_PAYABLE = ("1013.00<", "1013<")
GROSS_PRICES = ("<VATCalculationMethod>0<", "<VATCalculationMethod>1<")
ITS_LINE = ("Záloha na vývoj", "Přijatá záloha k zálohové faktuře Z2026-01")

STORIES: dict[str, tuple[Callable[[Story], Invoice], dict[str, Any], dict[str, Any], tuple[tuple[str, str], ...]]] = {
    "invoice-two-rates": (two_rates, SELLER, BUYER, ()),
    "credit-note": (credit_note, SELLER, BUYER, ()),
    "final-with-taxed-deposit": (with_taxed_deposit, SELLER, BUYER, ()),
    "final-with-untaxed-deposit-rounded": (with_untaxed_deposit, SELLER, BUYER, (WHOLE_PAYABLE,)),
    "non-payer": (non_payer, LITTLE_SELLER, BUYER, ()),
    "reverse-charge-domestic": (reverse_charge, SELLER, BUYER, (NOTE,)),
    "foreign-currency": (foreign_currency, SELLER, GERMAN_BUYER, ()),
    "cash-anonymous": (cash, SELLER, {"name": "pokladna"}, (WHOLE_CASH, OWN_NUMBER)),
    "proforma": (proforma, SELLER, BUYER, ()),
    "tax-document-on-advance": (tax_document, SELLER, BUYER, (GROSS_PRICES, ITS_LINE)),
}
"""By the sample's name: what happened, who sells, who buys, and what we write otherwise on purpose (decision 56)."""


@pytest.mark.parametrize("name", STORIES)
def test_a_sample_is_made_again_from_its_story(database: Database, shared_folder: Path, name: str) -> None:
    happens, seller, buyer, differences = STORIES[name]
    sample = (shared_folder / "schemas" / "samples-isdoc" / f"{name}.isdoc").read_text(encoding="utf-8")
    for theirs, ours in differences:
        assert theirs in sample
        sample = sample.replace(theirs, ours)
    firm = a_firm(database)
    invoice = as_in(sample, happens(Story(firm, seller, buyer)), seller)
    context = firm.do(told_context_of, invoice)
    file = isdoc(settle(invoice, context))

    assert file.decode() == sample
    assert faults_in(file, "isdoc") == []


def as_in(sample: str, invoice: Invoice, seller: dict[str, Any]) -> Invoice:
    """Under the number and the symbols that chance and the order of documents decide."""
    contact_name = "Jana Nová" if seller is SELLER else None
    number, uuid = (sample.partition(f"<{name}>")[2].partition("<")[0] for name in ("ID", "UUID"))
    return changed(
        invoice,
        number=number,
        uuid=uuid.lower(),
        variable_symbol=number.replace("-", "") if number.startswith("2") else invoice.variable_symbol,
        lines=tuple(msgspec.structs.replace(one, id=place) for place, one in enumerate(invoice.lines, 1)),
        seller=msgspec.structs.replace(invoice.seller, contact_name=contact_name),
    )
