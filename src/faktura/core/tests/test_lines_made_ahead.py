"""Lines that were made before their document come to the same as those that are made with it."""

from decimal import Decimal
from typing import Any, cast

import pytest

from faktura.core.books.books import Books
from faktura.core.documents.lines import MadeLine, given_lines, made_ahead
from faktura.core.documents.record import Line
from faktura.core.errors import Given, Problem, Problems
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import NOON


class Ids:
    """What lines ask of books."""

    def next_ids(self, _cls: type, count: int) -> list[int]:
        return list(range(1, count + 1))


LINES: dict[str, Given] = {
    "plain": Given({"name": "Work", "unit_price": Decimal(100), "vat_rate": Decimal(21), "quantity": Decimal("1.5")}),
    "gross": Given({"name": "Work", "gross": Decimal(121), "vat_rate": Decimal(21)}),
    "net": Given({"name": "Work", "net": Decimal(100), "quantity": Decimal(3)}),
    "discounted": Given({"name": "W", "unit_price_before_discount": Decimal(9), "discount": Decimal(10)}),
    "exempt": Given({"name": "Work", "unit_price": Decimal(100), "vat_rate": Decimal(21), "vat_treatment": "exempt"}),
    "empty": Given(),
    "wrong": Given({"name": " ", "unit_price": Decimal(10) ** 30, "quantity": Decimal(-1), "vat_rate": Decimal(101)}),
    "unread": Given({"name": "Work"}, {"unit_price": [Problem("blank"), Problem("not_a_number")]}),
    "known": Given({"id": 7, "name": "Other"}),
    "removed": Given({"id": 7, "remove": True}),
    "never": Given({"name": "x", "remove": True}),
}
PAPER = Invoice(1, 0, 1, NOON, NOON)
OLD = (Line(7, "Old", Decimal(5)),)


def made_of(given: list[Given]) -> tuple[tuple[Line, ...], list[tuple[str, Problem]]]:
    problems = Problems()
    return given_lines(cast("Books", Ids()), PAPER, given, OLD, problems), list(problems.found())


@pytest.mark.parametrize("names", [[name] for name in LINES] + [list(LINES)[:9], ["wrong", "plain", "empty"]])
def test_what_was_made_ahead_is_what_would_be_made(names: list[str]) -> None:
    given = [LINES[name] for name in names]
    assert made_of([made_ahead(line) for line in given]) == made_of(given)


@pytest.mark.parametrize("change", [{"name": "Changed"}, {"quantity": Decimal(2)}])
def test_a_line_that_is_changed_after_it_was_made_is_made_again(change: dict[str, Any]) -> None:
    ahead = made_ahead(LINES["plain"])
    assert isinstance(ahead, MadeLine)
    ahead.update(change)
    assert made_of([ahead]) == made_of([Given({**LINES["plain"], **change})])
