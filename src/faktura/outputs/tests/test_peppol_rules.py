"""The rules of Peppol that are none of the standard's: each is shown by a file that breaks it and no other."""

import re
from pathlib import Path

import pytest

from faktura.outputs.e_invoices.peppol_rules import broken_rules
from tests import needs

pytestmark = needs.ONE_ENGINE


def without(text: str, path: str) -> str:
    """Without the first element of that name."""
    return re.sub(rf"<{path}(?: [^>]*)?>.*?</{path}>", "", text, count=1, flags=re.DOTALL)


@pytest.fixture
def text(shared_folder: Path) -> str:
    return (shared_folder / "schemas" / "samples-en16931" / "ubl-cz-sk-peppol.xml").read_text()


def names(text: str) -> list[str]:
    return [broken.partition(":")[0].removeprefix("PEPPOL-EN16931-") for broken in broken_rules(text.encode())]


def test_every_sample_of_peppol_keeps_them(shared_folder: Path) -> None:
    for file in (shared_folder / "schemas" / "samples-en16931").glob("ubl-*.xml"):
        assert broken_rules(file.read_bytes()) == [], file


@pytest.mark.parametrize(
    ("rule", "element"),
    [
        ("R001", "cbc:ProfileID"),
        ("R003", "cbc:BuyerReference"),
        ("R004", "cbc:CustomizationID"),
        ("R020", "cbc:EndpointID"),
        ("R053", "cac:TaxTotal"),
    ],
)
def test_what_has_to_be_there_is_missed(text: str, rule: str, element: str) -> None:
    assert rule in names(without(text, element))


OF_DOCUMENT = "</cbc:DocumentCurrencyCode>"
IN_EUR = f"{OF_DOCUMENT}<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>"
IN_CZK = f"{OF_DOCUMENT}<cbc:TaxCurrencyCode>CZK</cbc:TaxCurrencyCode>"


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        (
            "R002",
            "<cbc:DocumentCurrencyCode>",
            "<cbc:Note>a</cbc:Note><cbc:Note>b</cbc:Note><cbc:DocumentCurrencyCode>",
        ),
        (
            "R005",
            "</cbc:DocumentCurrencyCode>",
            "</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>",
        ),
        ("R007", "poacc:billing:01:1.0", "poacc:billing:one"),
        ("R008", "<cac:AccountingSupplierParty>", "<cbc:AccountingCost/><cac:AccountingSupplierParty>"),
        ("R051", '<cbc:PayableAmount currencyID="EUR">', '<cbc:PayableAmount currencyID="CZK">'),
        (
            "R054",
            "</cbc:DocumentCurrencyCode>",
            "</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>CZK</cbc:TaxCurrencyCode>",
        ),
        ("R120", '<cbc:PriceAmount currencyID="EUR">', '<cbc:PriceAmount currencyID="EUR">9'),
        ("R121", "</cbc:PriceAmount>", '</cbc:PriceAmount><cbc:BaseQuantity unitCode="C62">0</cbc:BaseQuantity>'),
        ("R130", "</cbc:PriceAmount>", '</cbc:PriceAmount><cbc:BaseQuantity unitCode="XXX">1</cbc:BaseQuantity>'),
    ],
)
def test_what_is_said_wrongly_is_found(text: str, rule: str, old: str, new: str) -> None:
    assert old in text
    assert rule in names(text.replace(old, new, 1))


def test_a_buyer_has_an_electronic_address(text: str) -> None:
    begin = text.index("<cac:AccountingCustomerParty>")
    assert names(text[:begin] + without(text[begin:], "cbc:EndpointID")) == ["R010"]


def test_vat_in_two_currencies_has_one_sign(shared_folder: Path) -> None:
    text = (shared_folder / "schemas" / "samples-en16931" / "ubl-pl-eur-tax-in-pln.xml").read_text()
    turned = re.sub(r'(<cbc:TaxAmount currencyID="PLN">)', r"\1-", text)
    assert names(turned) == ["R055"]


def test_prices_with_vat_need_a_base_quantity(shared_folder: Path) -> None:
    text = (shared_folder / "schemas" / "samples-en16931" / "ubl-cz-gross-prices.xml").read_text()
    bare = re.sub(r"<cbc:BaseQuantity[^>]*>[^<]*</cbc:BaseQuantity>", "", text)
    assert bare != text
    assert names(bare) == ["R120"]
