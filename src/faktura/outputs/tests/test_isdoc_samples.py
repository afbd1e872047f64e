"""Ten stories and the ISDOC file of each, which the rules of the format's owner found nothing against."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from faktura.core.accounts.change import change_account
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import Firm, a_firm, line
from faktura.outputs.e_invoices.checking import faults_in
from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.reading.context import told_context_of
from faktura.outputs.reading.settling import settle
from faktura.store.database import Database
from faktura.store.records import changed
from tests import needs

pytestmark = needs.ONE_ENGINE

SAMPLES = Path(__file__).with_name("isdoc")

SELLER = {
    "name": "Prodávající s.r.o.",
    "registration_no": "12345679",
    "vat_no": "CZ12345679",
    "street": "Dlouhá 1",
    "city": "Praha",
    "postcode": "11000",
    "invoice_email": "a@example.cz",
    "phone": "+420123456789",
}
LITTLE_SELLER = {
    "name": "Jan Novák",
    "registration_no": "11111119",
    "street": "Lesní 5",
    "city": "Olomouc",
    "postcode": "77900",
    "vat_mode": "non_vat_payer",
}
BUYER = {
    "name": "Kupující a.s.",
    "registration_no": "87654326",
    "vat_no": "CZ87654326",
    "street": "Krátká 2/3",
    "city": "Brno",
    "postcode": "60200",
}
GERMAN_BUYER = {
    "name": "Käufer GmbH",
    "vat_no": "DE123456788",
    "street": "Straße 1",
    "city": "Berlin",
    "postcode": "10115",
    "country": "DE",
}
TERMS = {
    "issued_on": dt.date(2026, 11, 21),
    "due_days": 14,
    "bank_account": "2000145399/0800",
    "bank_name": "Česká spořitelna",
    "iban": "CZ6508000000192000145399",
    "bic": "GIBACZPX",
}


class Story:
    """A firm that issues documents to one buyer."""

    def __init__(self, firm: Firm, seller: dict[str, Any], buyer: dict[str, Any]) -> None:
        self.firm = firm
        firm.account = firm.do(change_account, Given(seller))
        firm.contact = firm.do(add_contact, Given(buyer))

    def issue(self, *lines: Given, **values: Any) -> Invoice:
        return self.firm.issue(*lines, **(TERMS | values))

    def paid_proforma(self, amount: str, follow_up: str = "none") -> Invoice:
        own = {"number": "Z2026-01", "variable_symbol": "202601", "follow_up": follow_up}
        proforma = self.issue(line(1000), kind="proforma", **own)
        return self.firm.do(add_payment, proforma.id, Given({"amount": Decimal(amount)})).invoice

    def taxed_proforma(self, number: str) -> Invoice:
        """The tax document over what was paid, which the sample calls by that number."""
        payment = self.paid_proforma("1210", "tax_document").payments[0]
        document = self.firm.do(find_invoice, payment.tax_document_id)
        self.firm.do(lambda books: books.change(document, changed(document, number=number)))
        return self.firm.again(document)


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


def named(name: str, price: str | int, rate: int = 21, quantity: str | int = 1, **values: Any) -> Given:
    return line(price, rate, quantity, name=name, **values)


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
def test_a_sample_is_made_again_from_its_story(database: Database, name: str) -> None:
    happens, seller, buyer, differences = STORIES[name]
    sample = (SAMPLES / f"{name}.isdoc").read_text(encoding="utf-8")
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
