"""The formats that documents are numbered by, as their firm sets them."""

from typing import Any

import pytest

from faktura.core.books.history import Happening
from faktura.core.documents.number_formats import (
    add_number_format,
    archive_number_format,
    bring_back_number_format,
    change_number_format,
    formats_of,
    preview_numbers,
)
from faktura.core.documents.numbering import NumberFormat
from faktura.core.documents.series import wrong_numbers
from faktura.core.errors import Given, InUse, Invalid
from faktura.core.tests.conftest import Firm


def add(firm: Firm, pattern: str, **values: Any) -> NumberFormat:
    return firm.do(add_number_format, Given({"pattern": pattern} | values))


def codes(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, list[str]]:
    return {name: [problem.code for problem in found] for name, found in refused.value.problems.items()}


def wrong(firm: Firm) -> list[tuple[str, str]]:
    return firm.database.read(lambda tx: list(wrong_numbers(tx)))


def test_documents_are_numbered_by_the_format_that_was_added(firm: Firm) -> None:
    added = add(firm, "FV#yy##mm#-#ddd#")
    assert (added.kind, added.default) == ("invoice", True)
    assert firm.do(preview_numbers, added) == ("FV2611-001", "FV2611-002", "FV2611-003")
    assert firm.issue().number == "FV2611-001"
    assert firm.do(preview_numbers, added) == ("FV2611-002", "FV2611-003", "FV2611-004")


def test_a_pattern_is_previewed_before_anybody_uses_it(firm: Firm) -> None:
    assert firm.do(preview_numbers, "#yyyy#-#dddd#") == ("2026-0001", "2026-0002", "2026-0003")
    assert firm.do(preview_numbers, "#yyyy#-#dddd#", 144)[0] == "2026-0144"
    assert firm.do(formats_of) == []


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("", "blank"),
        ("FV", "without_counter"),
        ("FV#dddd#", "without_year"),
        ("FV#mm#-#dddd#", "without_year"),
        ("#yyyy#-#dd#-#dd#", "malformed"),
        ("#yyyy#-#dddd", "malformed"),
        ("#rok#-#dddd#", "malformed"),
        (" #yyyy#-#dddd# ", None),
        ("#yyyy#\n-#dddd#", "malformed"),
        ("#yyyy#-#dddd#" + "x" * 60, "too_long"),
    ],
)
def test_a_pattern_must_tell_the_year_and_count_once(firm: Firm, pattern: str, code: str | None) -> None:
    if code is None:
        assert add(firm, pattern).pattern == pattern.strip()
        return
    with pytest.raises(Invalid) as refused:
        add(firm, pattern)
    assert codes(refused) == {"pattern": [code]}


def test_two_formats_never_have_one_pattern_not_even_one_set_aside(firm: Firm) -> None:
    first = add(firm, "A#yyyy#-#ddd#")
    add(firm, "B#yyyy#-#ddd#")
    firm.do(archive_number_format, first.id)
    with pytest.raises(Invalid) as refused:
        add(firm, "A#yyyy#-#ddd#", kind="proforma")
    assert codes(refused) == {"pattern": ["taken"]}


def test_a_firm_goes_on_with_the_numbers_that_it_gave_out_elsewhere(firm: Firm) -> None:
    added = add(firm, "#yyyy#-#dddd#", next=144)
    assert firm.do(preview_numbers, added)[0] == "2026-0144"
    assert [firm.issue().number, firm.issue().number] == ["2026-0144", "2026-0145"]
    assert wrong(firm) == []


def test_a_series_is_moved_on_but_never_back(firm: Firm) -> None:
    added = add(firm, "#yyyy#-#dddd#")
    firm.issue()
    firm.do(change_number_format, added.id, Given({"next": 10}))
    assert firm.issue().number == "2026-0010"
    with pytest.raises(Invalid) as refused:
        firm.do(change_number_format, added.id, Given({"next": 10}))
    assert codes(refused) == {"next": ["number_used"]}
    assert wrong(firm) == []


def test_a_pattern_changes_only_until_a_number_rests_on_it(firm: Firm) -> None:
    added = add(firm, "A#yyyy#-#ddd#")
    assert firm.do(change_number_format, added.id, Given({"pattern": "B#yyyy#-#ddd#"})).pattern == "B#yyyy#-#ddd#"
    invoice = firm.issue()
    with pytest.raises(Invalid) as refused:
        firm.do(change_number_format, added.id, Given({"pattern": "C#yyyy#-#ddd#"}))
    [problem] = refused.value.problems["pattern"]
    assert (problem.code, problem.number) == ("relied_on", invoice.number)


def test_one_format_of_a_kind_is_the_default(firm: Firm) -> None:
    first, second = add(firm, "A#yyyy#-#ddd#"), add(firm, "B#yyyy#-#ddd#", default=True)
    assert [(f.id, f.default) for f in firm.do(formats_of, "invoice")] == [(first.id, False), (second.id, True)]
    firm.do(archive_number_format, second.id)
    assert [(f.id, f.default) for f in firm.do(formats_of, "invoice")] == [(first.id, True)]
    assert firm.issue().number == "A2026-001"
    firm.do(bring_back_number_format, second.id)
    assert [f.default for f in firm.do(formats_of, "invoice")] == [True, False]


def test_the_last_format_of_a_kind_that_must_have_one_is_not_set_aside(firm: Firm) -> None:
    added = add(firm, "A#yyyy#-#ddd#")
    with pytest.raises(InUse):
        firm.do(archive_number_format, added.id)
    corrections = add(firm, "OD#yyyy#-#ddd#", kind="correction")
    firm.do(archive_number_format, corrections.id)
    assert firm.do(formats_of, "correction") == []


def test_the_history_says_what_happened_to_formats(firm: Firm) -> None:
    added = add(firm, "A#yyyy#-#ddd#")
    firm.do(change_number_format, added.id, Given({"pattern": "B#yyyy#-#ddd#"}))
    happened = [h for h in firm.do(lambda books: books.all(Happening)) if h.kind == "number_formats"]
    assert [(h.name, h.details) for h in happened] == [
        ("number_format_added", {"pattern": (None, "A#yyyy#-#ddd#")}),
        ("number_format_changed", {"pattern": ("A#yyyy#-#ddd#", "B#yyyy#-#ddd#")}),
    ]
