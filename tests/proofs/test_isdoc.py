"""Whatever document there is, its ISDOC is valid and adds up."""

from random import Random

import pytest

from faktura.outputs.e_invoices.checking import faults_in
from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.e_invoices.isdoc_rules import broken_rules
from faktura.outputs.reading.settling import settle
from faktura.outputs.tests.any_document import any_document
from tests import needs
from tests.proofs.history import length

pytestmark = [needs.ONE_ENGINE, pytest.mark.timeout(900)]

DOCUMENTS = length(200, 10_000)


def test_every_document_is_valid_and_breaks_no_rule_of_the_format(chance: Random) -> None:
    for _ in range(DOCUMENTS):
        invoice, context = any_document(chance)
        file = isdoc(settle(invoice, context))
        assert faults_in(file, "isdoc") == [], (invoice, context)
        assert broken_rules(file) == [], (invoice, context)
