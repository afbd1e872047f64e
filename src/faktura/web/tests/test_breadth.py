"""How much room the tables of a document ask for: a desk shows the lines of an ordinary document as a table."""

import pytest

from faktura.outputs.reading.tables import LineTable, Row
from faktura.web.documents.breadth import breadth

LABELS = ("#", "Položka", "Množství", "Cena za j.", "DPH", "Bez DPH", "Částka\nDPH", "S DPH")


@pytest.mark.parametrize(
    ("amount", "asked"),
    [("2 500,00", "broad"), ("123 456,00", "broad"), ("99 999 999 999,99", "broad vast")],
)
def test_blocks_take_the_place_of_a_table_by_the_figures_of_its_amounts(amount: str, asked: str) -> None:
    cells = ("1", "Jablka", "2,5 kg", amount, "21 %", amount, amount, amount)
    assert breadth(LineTable(LABELS, (Row(cells),))) == asked


def test_a_table_of_few_columns_stands_as_one() -> None:
    assert breadth(LineTable(LABELS[:5], (Row(("1", "Jablka", "2,5 kg", "100,00", "21 %")),))) == ""
