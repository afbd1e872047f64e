"""The official rules are asked in one process, which may die, hang or not be there; each rule that bites is shown."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from faktura.outputs.e_invoices.official_rules import NoAnswer, OfficialRules, RulesRefused, rules_in
from tests import needs

pytestmark = [needs.ONE_ENGINE, pytest.mark.timeout(300)]

O_RATE = "<cbc:ID>O</cbc:ID><cbc:TaxExemptionReasonCode>VATEX-EU-O</cbc:TaxExemptionReasonCode>"
VAT_ID = (
    "<cac:PartyTaxScheme><cbc:CompanyID>CZ12345679</cbc:CompanyID>"
    "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
)


@pytest.fixture(scope="module")
def folder(shared_folder: Path) -> Path:
    return shared_folder / "schemas" / "en16931"


@pytest.fixture(scope="module")
def samples(shared_folder: Path) -> Path:
    return shared_folder / "schemas" / "samples-en16931"


@pytest.fixture(scope="module")
def rules(folder: Path) -> Iterator[OfficialRules]:
    with contextlib.closing(OfficialRules(folder, 60)) as found:
        yield found


def names(rules: OfficialRules, text: str) -> set[str]:
    """Of the rules that a UBL file breaks."""
    return {broken.partition(":")[0] for broken in rules.broken_by(text.encode(), "UBL")}


def test_every_sample_breaks_nothing(rules: OfficialRules, samples: Path) -> None:
    for file in samples.glob("*.xml"):
        assert rules.broken_by(file.read_bytes(), "UBL" if file.name.startswith("ubl") else "CII") == [], file


def test_a_rule_is_named_once_with_what_it_says(rules: OfficialRules, samples: Path) -> None:
    text = (samples / "ubl-cz-two-rates.xml").read_text().replace("<cbc:ID>2026-0001</cbc:ID>", "", 1)
    [broken] = [one for one in rules.broken_by(text.encode(), "UBL") if one.startswith("BR-02:")]
    assert broken == "BR-02: An Invoice shall have an Invoice number (BT-1)."


def test_who_sells_outside_of_vat_says_no_vat_number(rules: OfficialRules, samples: Path) -> None:
    text = (samples / "ubl-cz-non-payer.xml").read_text()
    with_number = text.replace("<cac:PartyLegalEntity>", f"{VAT_ID}<cac:PartyLegalEntity>", 1)
    assert names(rules, with_number) == {"BR-O-02"}


def test_what_is_no_matter_of_vat_stands_alone(rules: OfficialRules, samples: Path) -> None:
    text = (samples / "ubl-cz-non-payer.xml").read_text()
    begin, end = text.index("<cac:TaxSubtotal>"), text.index("</cac:TaxSubtotal>") + len("</cac:TaxSubtotal>")
    other = text[begin:end].replace("<cbc:ID>O</cbc:ID>", "<cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent>")
    assert "BR-O-11" in names(rules, text[:end] + other + text[end:])


def test_goods_within_the_eu_say_where_they_went(rules: OfficialRules, samples: Path) -> None:
    text = (samples / "ubl-cz-de-intra-community-goods.xml").read_text()
    begin, end = text.index("<cac:Delivery>"), text.index("</cac:Delivery>") + len("</cac:Delivery>")
    assert names(rules, text[:begin] + text[end:]) == {"BR-IC-11", "BR-IC-12"}


def test_the_process_is_started_with_the_first_question_and_stays(folder: Path, samples: Path) -> None:
    file = (samples / "ubl-cz-two-rates.xml").read_bytes()
    with contextlib.closing(OfficialRules(folder, 60)) as rules:
        assert rules.process_id is None
        assert rules.broken_by(file, "UBL") == []
        first = rules.process_id
        assert rules.broken_by(file, "UBL") == []
        assert rules.process_id == first is not None


def test_a_process_that_is_killed_while_it_checks_is_followed_by_another(folder: Path, samples: Path) -> None:
    file = (samples / "ubl-cz-two-rates.xml").read_bytes()
    with contextlib.closing(OfficialRules(folder, 1)) as rules:
        rules.broken_by(file, "UBL")
        first = rules.process_id
        assert first is not None
        # Stopped, it holds the question when it is killed.
        os.kill(first, signal.SIGSTOP)
        with pytest.raises(NoAnswer):
            rules.broken_by(file, "UBL")
        rules.patience = 60
        assert rules.broken_by(file, "UBL") == []
        assert rules.process_id != first


def test_a_process_that_died_between_two_checks_is_followed_by_another(folder: Path, samples: Path) -> None:
    file = (samples / "cii-cz-two-rates.xml").read_bytes()
    with contextlib.closing(OfficialRules(folder, 60)) as rules:
        rules.broken_by(file, "CII")
        first = rules.process_id
        assert first is not None
        os.kill(first, signal.SIGKILL)
        with contextlib.suppress(NoAnswer):
            rules.broken_by(file, "CII")
        assert rules.broken_by(file, "CII") == []
        assert rules.process_id != first


def test_a_file_with_a_document_type_is_not_read(rules: OfficialRules) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Invoice>&b;</Invoice>'
    with pytest.raises(RulesRefused):
        rules.broken_by(bomb, "UBL")


def test_what_is_no_invoice_breaks_rules_and_leaves_the_process_whole(rules: OfficialRules, samples: Path) -> None:
    before = rules.process_id
    assert rules.broken_by(b"<Invoice/>", "UBL") == [] or rules.process_id == before
    assert rules.broken_by((samples / "ubl-pl-exempt.xml").read_bytes(), "UBL") == []


def test_without_a_folder_or_its_files_there_are_no_rules(tmp_path: Path, folder: Path) -> None:
    assert rules_in("") == "not_set"
    assert rules_in(str(tmp_path)) == "no_files"
    assert isinstance(rules_in(str(folder)), OfficialRules)


def test_without_the_library_the_program_says_so(folder: Path) -> None:
    """As on a server without the extra, where nothing of that name is found."""
    program = (
        "import importlib.util as util, sys; found = util.find_spec;"
        "util.find_spec = lambda name, *rest: None if name == 'saxonche' else found(name, *rest);"
        "import faktura.assembly.house, faktura.outputs.e_invoices.official_rules as rules;"
        f"print(rules.rules_in({str(folder)!r}), 'saxonche' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() == ["no_library", "False"]
