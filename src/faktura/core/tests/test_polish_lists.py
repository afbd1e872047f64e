"""Lists of Polish law by their codes."""

import csv
import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

import pytest

from faktura.core.countries.pl import lists
from faktura.core.documents.third_parties import ThirdPartyRole

LISTS: list[Callable[[], Mapping[str, Any]]] = [
    lists.goods_groups,
    lists.document_markings,
    lists.transaction_kinds,
    lists.third_party_roles,
    lists.vat_exemptions,
]


@pytest.mark.parametrize("listed", LISTS)
def test_an_entry_has_words_and_a_code_that_is_no_bare_number(listed: Callable[[], Mapping[str, Any]]) -> None:
    for code, entry in listed().items():
        assert entry.code == code
        assert not code.isdecimal()
        assert entry.name


def test_an_exemption_has_the_provision_that_stands_on_the_invoice() -> None:
    exemptions = lists.vat_exemptions()

    assert exemptions["43-1-29a"].basis == "art. 43 ust. 1 pkt 29 lit. a"
    assert exemptions["43-1-19A"].basis == "art. 43 ust. 1 pkt 19a"
    assert exemptions["r3-1-14"].act.startswith("Rozporządzenie Ministra Finansów")


@pytest.mark.parametrize("exemption", lists.vat_exemptions().values(), ids=lambda exemption: exemption.code)
def test_the_code_of_an_exemption_is_its_provision(exemption: lists.VatExemption) -> None:
    number = exemption.code.removeprefix("r").split("-")
    named = re.findall(r"(?:art\.|§|ust\.|pkt|lit\.|i) (\w+)", exemption.basis)

    assert "".join(number).lower() == "".join(named)
    assert exemption.basis.startswith("§ " if exemption.code.startswith("r") else "art. ")
    assert exemption.act


def test_no_provision_stands_there_twice() -> None:
    bases = [(exemption.basis, exemption.act) for exemption in lists.vat_exemptions().values()]

    assert len(bases) == len(set(bases)) >= 80


def test_an_exemption_says_what_it_was_compared_with_and_when_or_is_known_not_to() -> None:
    with (lists.FOLDER / "vat_exemptions.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    quoted = "invoices of training firms, quoting Dz.U. 2025 poz. 832"
    assert {row["source"] for row in rows if row["seen_on"]} == {"consolidated act, 2025", quoted}
    assert {row["code"] for row in rows if not row["source"]} == {"r3-1-2", "r3-1-7", "r3-1-10"}


def test_every_role_that_a_third_party_may_have_has_words() -> None:
    assert tuple(lists.third_party_roles()) == get_args(ThirdPartyRole)
