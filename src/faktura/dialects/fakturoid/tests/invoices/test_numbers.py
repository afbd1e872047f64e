"""Section 2.4: how invoices are numbered."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.core.documents.numbering import NumberFormat
from faktura.dialects.fakturoid.tests.conftest import Desk, line

MISMATCH = ["Číslo neodpovídá formátu čísla v nastavení."]
USED = ["již databáze obsahuje"]


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC))


def add_format(desk: Desk, pattern: str, **values: Any) -> int:
    added = desk.client.write(lambda books: books.add(NumberFormat, kind="invoice", pattern=pattern, **values))
    return int(added.id)


def test_numbers_follow_each_other_and_begin_anew_each_year(desk: Desk) -> None:
    days = ["2025-12-31", "2026-01-01", "2025-12-30", "2026-11-20"]

    assert [desk.issue(issued_on=day)["number"] for day in days] == [
        *("2025-0001", "2026-0001", "2025-0002", "2026-0002"),
    ]


def test_a_refused_document_takes_no_number(desk: Desk) -> None:
    desk.issue()
    desk.refusal(lines=[line(1, quantity=0)])
    desk.refusal(number="X")

    assert desk.issue()["number"] == "2026-0002"


def test_a_given_number_moves_the_series_on_and_gaps_are_not_refilled(desk: Desk) -> None:
    assert desk.issue(number="2026-0010")["number"] == "2026-0010"
    assert desk.issue()["number"] == "2026-0011"
    assert desk.issue(number="2026-0005")["number"] == "2026-0005"
    assert desk.issue()["number"] == "2026-0012"


@pytest.mark.parametrize("number", ["2026-1", "2025-0001", "20260001", "2026/0001", "VF1-0001-2026", "2026-0001x"])
def test_a_number_that_does_not_fit_the_default_format_is_refused(desk: Desk, number: str) -> None:
    add_format(desk, "#yyyy#-#dddd#", default=True)
    add_format(desk, "VF1-#dddd#-#yyyy#")

    assert desk.refusal(number=number) == {"number": MISMATCH}


def test_a_number_is_checked_against_the_format_that_is_named(desk: Desk) -> None:
    add_format(desk, "#yyyy#-#dddd#", default=True)
    other = add_format(desk, "VF1-#dddd#-#yyyy#")

    issued = desk.issue(number="VF1-0007-2026", number_format_id=other)
    assert (issued["number"], issued["number_format_id"], issued["variable_symbol"]) == (
        "VF1-0007-2026",
        other,
        "100072026",
    )
    assert desk.issue(number_format_id=str(other))["number"] == "VF1-0008-2026"
    assert desk.refusal(number="2026-0001", number_format_id=other) == {"number": MISMATCH}


def test_a_number_is_used_once_by_documents_of_a_kind(desk: Desk) -> None:
    first, second = desk.issue(), desk.issue()

    assert desk.refusal(number="2026-0001") == {"number": USED}
    assert desk.change_refusal(second, number="2026-0001") == {"number": USED}
    assert desk.change(first, number="2026-0001") == first


def test_a_number_can_be_changed_to_one_that_fits(desk: Desk) -> None:
    issued = desk.issue()

    assert desk.change(issued, number="2026-0030")["number"] == "2026-0030"
    assert desk.change_refusal(desk.read(issued), number="30") == {"number": MISMATCH}
    assert desk.issue()["number"] == "2026-0031"


def test_a_format_is_named_on_create_only_and_the_same_is_tolerated(desk: Desk) -> None:
    issued = desk.issue()
    other = add_format(desk, "B#yyyy#-#dddd#")

    assert desk.change(issued, number_format_id=issued["number_format_id"]) == issued
    assert desk.change_refusal(issued, number_format_id=other) == {"number_format_id": ["nelze změnit"]}
    assert desk.refusal(number_format_id=999) == {"number_format_id": ["není v seznamu povolených hodnot"]}


def test_an_archived_format_gives_no_more_numbers(desk: Desk) -> None:
    archived = add_format(desk, "OLD-#dddd#", archived=True)

    assert desk.refusal(number_format_id=archived) == {"number_format_id": ["není v seznamu povolených hodnot"]}


def test_proformas_have_a_series_of_their_own_and_the_others_that_of_invoices(desk: Desk) -> None:
    invoice, proforma = desk.issue(), desk.issue(document_type="proforma")
    correction = desk.issue(line(-1), document_type="correction", correction_id=invoice["id"])

    assert [invoice["number"], proforma["number"], correction["number"]] == ["2026-0001", "1-2026-0001", "2026-0002"]
    assert invoice["number_format_id"] == correction["number_format_id"] != proforma["number_format_id"]


def test_the_variable_symbol_is_the_digits_of_the_number_or_the_subjects_or_sent(desk: Desk) -> None:
    subject = desk.client.post("/subjects.json", {"name": "Karel", "variable_symbol": "777"}).json["id"]

    assert desk.issue()["variable_symbol"] == "20260001"
    assert desk.issue(document_type="proforma")["variable_symbol"] == "120260001"
    assert desk.issue(subject_id=subject)["variable_symbol"] == "777"
    assert desk.issue(subject_id=subject, variable_symbol="VS-1")["variable_symbol"] == "VS-1"


@pytest.mark.parametrize("number", ["2026-00012", "2026-000012"])
def test_a_second_spelling_of_a_number_is_refused(desk: Desk, number: str) -> None:
    issued = desk.issue(number="2026-0011")

    assert desk.refusal(number=number) == {"number": MISMATCH}
    assert desk.change_refusal(issued, number=number) == {"number": MISMATCH}
    assert desk.issue()["number"] == "2026-0012"


def test_a_date_of_another_year_than_the_number_tells_is_refused_as_for_a_new_document(desk: Desk) -> None:
    issued = desk.issue()

    assert desk.refusal(number="2026-0099", issued_on="2027-01-05") == {"number": MISMATCH}
    assert desk.change_refusal(issued, issued_on="2027-01-05") == {"number": MISMATCH}
    assert desk.change_refusal(issued, number="2027-0001") == {"number": MISMATCH}
    assert desk.change(issued, issued_on="2026-01-05")["number"] == issued["number"]
    moved = desk.change(issued, issued_on="2027-01-05", number="2027-0001")
    assert (moved["number"], moved["issued_on"]) == ("2027-0001", "2027-01-05")


def test_blanks_around_a_number_or_an_own_id_are_no_part_of_it(desk: Desk) -> None:
    desk.add_subject(custom_id=" A 1 ")
    issued = desk.issue(number=" 2026-0007 ", custom_id=" E-1 ")

    assert (issued["number"], issued["custom_id"]) == ("2026-0007", "E-1")
    assert desk.refusal(number="2026-0007 ") == {"number": USED}
    assert desk.listed("number=2026-0007%20") == desk.listed("custom_id=%20E-1") == [issued]
    assert desk.issue(subject_id=None, subject_custom_id="A 1")["client_name"] == "Karel"
    assert desk.client.post("/subjects.json", {"name": "Jiný", "custom_id": "A 1 "}).json["errors"].keys() == {
        "custom_id"
    }


def test_documents_whose_numbers_have_the_same_digits_have_symbols_of_their_own(desk: Desk) -> None:
    desk.client.write(lambda books: books.add(NumberFormat, kind="proforma", pattern="#yyyy#-P-#dddd#", default=True))
    proforma, invoice = desk.issue(document_type="proforma"), desk.issue()

    assert (proforma["number"], proforma["variable_symbol"]) == ("2026-P-0001", "20260001")
    assert (invoice["number"], invoice["variable_symbol"]) == ("2026-0001", "202600011")
    followed = desk.issue(related_id=proforma["id"])
    assert followed["variable_symbol"] == proforma["variable_symbol"]


def test_a_symbol_that_another_document_has_is_refused_but_in_one_order(desk: Desk) -> None:
    taken = {"variable_symbol": ["již databáze obsahuje"]}
    proforma = desk.issue(document_type="proforma")
    symbol = proforma["variable_symbol"]

    assert desk.refusal(variable_symbol=symbol) == taken
    assert desk.change_refusal(desk.issue(), variable_symbol=symbol) == taken
    assert desk.issue(related_id=proforma["id"], variable_symbol=symbol)["variable_symbol"] == symbol
