"""Tables hold what they are given, and no cell of theirs is a formula."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.inputs.tables import read_table
from faktura.outputs.tables.cells import COMPUTED, Cell, csv_file, harmless, xlsx_file
from faktura.outputs.tables.packing import zipped
from tests import needs

pytestmark = needs.ONE_ENGINE

NUMBERS = st.decimals(min_value=-99_999_999, max_value=99_999_999, places=2)
DAYS = st.dates(dt.date(1900, 3, 1), dt.date(2200, 12, 31))
# A surrogate is no letter and is kept nowhere, a NUL is in no text of the books.
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.text(LETTERS, max_size=8) | st.builds(
    lambda sign, rest: sign + rest, st.sampled_from(COMPUTED), st.text("1+A")
)
CELLS: st.SearchStrategy[Cell] = TEXTS | NUMBERS | DAYS | st.none()
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=4)


@given(st.lists(TEXTS, min_size=3, max_size=3), ROWS, st.sampled_from([".", ","]))
def test_no_cell_of_csv_is_a_formula(heads: list[str], rows: list[list[Cell]], decimal: str) -> None:
    text = csv_file(heads, rows, decimal).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if decimal == "," else ","))

    assert len(read) == 1 + len(rows)
    table: list[Sequence[Cell]] = [heads, *rows]
    for written, cells in zip(table, read, strict=True):
        for cell, got in zip(written, cells, strict=True):
            if isinstance(cell, Decimal):
                assert Decimal(got.replace(decimal, ".")) == cell
            else:
                assert not got.startswith(COMPUTED)


@given(st.lists(TEXTS, min_size=3, max_size=3), ROWS)
def test_no_cell_of_xlsx_is_a_formula(heads: list[str], rows: list[list[Cell]]) -> None:
    found = sheet(xlsx_file(heads, rows))

    for place, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            got = found[place][column] if place < len(found) and column < len(found[place]) else None
            assert got is None or got.data_type != "f"
            if isinstance(cell, Decimal):
                assert got is not None
                assert (got.data_type, Decimal(str(got.value))) == ("n", cell)
            elif isinstance(cell, dt.date):
                assert got is not None
                assert got.value.date() == cell
            elif cell:
                assert got is not None
                assert got.data_type == "s"
                assert not str(got.value).startswith(COMPUTED)


def sheet(content: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows())


@pytest.mark.parametrize("text", ["=1+1", "+420 777", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1"])
def test_what_a_spreadsheet_would_compute_has_an_apostrophe_before_it(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ['Novák & syn; "A"', "1-2", "", "řádek\nřádek"])
def test_any_other_text_is_as_it_was(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(("decimal", "line"), [(".", "A,1.50,2026-11-01"), (",", "A;1,50;2026-11-01")])
def test_numbers_are_written_as_the_country_reads_them(decimal: str, line: str) -> None:
    rows: list[Sequence[Cell]] = [["A", Decimal("1.50"), dt.date(2026, 11, 1)]]
    written = csv_file(["a", "b", "c"], rows, decimal)

    assert written.decode("utf-8-sig").splitlines()[1] == line
    assert read_table(written) == [dict(zip("abc", line.split(";" if decimal == "," else ","), strict=True))]


def test_files_of_one_name_stand_beside_each_other_in_a_zip() -> None:
    made_at = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    packed = zipped([("1.pdf", b"a"), ("1.PDF", b"b"), ("1.pdf", b"c")], made_at)

    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "1.pdf": b"a",
            "1 (2).PDF": b"b",
            "1 (3).pdf": b"c",
        }
