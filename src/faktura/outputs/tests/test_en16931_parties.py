"""Who sells and who buys in files of EN 16931: where they receive them, what a profile wants to know of them."""

from typing import Any

import pytest
from lxml import etree

from faktura.core.accounts.change import change_account
from faktura.core.contacts import change_contact
from faktura.core.errors import Given, WrongState
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import Firm, a_firm, line
from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.e_invoices.lacking import customer_lacks, firm_lacks
from faktura.outputs.e_invoices.syntaxes import Name, standard_file
from faktura.outputs.reading.context import told_context_of
from faktura.outputs.reading.settled import Settled
from faktura.outputs.reading.settling import settle
from faktura.outputs.tests.stories import BUYER, GERMAN_BUYER, SELLER, Story
from faktura.store.database import Database
from tests import needs

pytestmark = needs.ONE_ENGINE

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
LEITWEG = {"electronic_scheme": "0204", "electronic_address": "991-12345-67", "buyer_reference": "991-12345-67"}


@pytest.fixture
def story(database: Database) -> Story:
    return Story(a_firm(database), SELLER, GERMAN_BUYER)


def told(firm: Firm, invoice: Invoice) -> Settled:
    return settle(invoice, firm.do(told_context_of, invoice))


def endpoints(file: bytes) -> list[tuple[str | None, str | None]]:
    """Of the seller, then of the buyer."""
    return [(one.get("schemeID"), one.text) for one in etree.fromstring(file).iter(f"{CBC}EndpointID")]


def test_an_address_that_was_said_wins_over_what_follows_from_numbers(story: Story) -> None:
    derived = standard_file(told(story.firm, story.issue(order_number="OBJ-1")), "ubl")
    assert endpoints(derived) == [("0154", "12345679"), ("9930", "DE123456788")]

    firm = story.firm
    firm.do(change_contact, firm.contact.id, Given(LEITWEG))
    own = {"electronic_scheme": "EM", "electronic_address": "faktury@prodavajici.example"}
    firm.account = firm.do(change_account, Given(own))
    file = standard_file(told(firm, story.issue()), "ubl")

    assert endpoints(file) == [("EM", "faktury@prodavajici.example"), ("0204", "991-12345-67")]


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_the_buyers_reference_goes_before_the_number_of_the_order(story: Story, syntax: Name) -> None:
    firm = story.firm
    firm.do(change_contact, firm.contact.id, Given(LEITWEG))
    file = standard_file(told(firm, story.issue(order_number="OBJ-1")), syntax, "peppol")
    found = {element.text for element in etree.fromstring(file).iter() if str(element.tag).endswith("}BuyerReference")}

    assert found == {"991-12345-67"}


def test_a_german_buyer_without_reference_is_told_which_field_it_is(story: Story) -> None:
    with pytest.raises(WrongState) as refusal:
        standard_file(told(story.firm, story.issue()), "ubl", "xrechnung")
    assert refusal.value.reason == "without_buyer_reference"
    assert story.firm.do(customer_lacks, story.firm.contact)["xrechnung"] == ("without_buyer_reference",)


@pytest.mark.parametrize(
    ("taken", "lacking"),
    [
        ({}, ()),
        ({"phone": None}, ("without_seller_contact",)),
        ({"invoice_email": None}, ("without_seller_contact",)),
        ({"city": None}, ("without_place",)),
        ({"vat_no": None}, ("without_vat_no",)),
        ({"vat_no": None, "registration_no": None}, ("without_vat_no", "without_registration_no", "without_address")),
    ],
)
def test_what_a_firm_lacks_is_what_its_documents_are_refused_for(
    database: Database, taken: dict[str, Any], lacking: tuple[str, ...]
) -> None:
    story = Story(a_firm(database), SELLER | taken, BUYER)
    settled = told(story.firm, story.issue(order_number="OBJ-1"))

    assert story.firm.do(firm_lacks)["xrechnung"] == lacking
    if not lacking:
        standard_file(settled, "ubl", "xrechnung")
        return
    with pytest.raises(WrongState) as refusal:
        standard_file(settled, "ubl", "xrechnung")
    assert refusal.value.reason == lacking[0]


def test_what_a_customer_lacks_depends_on_the_profile(database: Database) -> None:
    story = Story(a_firm(database), SELLER, {"name": "Käufer GmbH", "country": "DE", "city": "Berlin"})
    lacking = story.firm.do(customer_lacks, story.firm.contact)

    assert lacking == {
        "peppol": ("without_buyer_address", "without_buyer_reference"),
        "xrechnung": ("without_buyer_address", "without_buyer_place", "without_buyer_reference"),
        "en16931": (),
    }


@pytest.mark.parametrize("syntax", ["isdoc", "ubl", "cii"])
def test_the_code_of_a_product_stands_beside_its_name(story: Story, syntax: str) -> None:
    settled = told(story.firm, story.issue(line(100, item_code="A-1"), order_number="OBJ-1"))
    file = isdoc(settled) if syntax == "isdoc" else standard_file(settled, "ubl" if syntax == "ubl" else "cii")

    assert b">A-1<" in file
