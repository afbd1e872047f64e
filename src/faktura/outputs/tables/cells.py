"""Tables as CSV and XLSX, in which no cell is a formula: texts are texts, amounts numbers, and dates dates."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

Cell = str | Decimal | dt.date | None

COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With what a text begins that a spreadsheet takes for a formula; the last four are the same as wide letters."""

LONGEST = 32_767
"""Letters that fit into a cell of XLSX."""

FIRST_DAY = dt.date(1900, 3, 1)
"""Spreadsheets count the days before it wrongly."""


def harmless(text: str) -> str:
    """The text with an apostrophe before it, where a spreadsheet would compute it."""
    return f"'{text}" if text.startswith(COMPUTED) else text


def csv_file(heads: Sequence[str], rows: Iterable[Sequence[Cell]], decimal: str = ".") -> bytes:
    """The separator is a semicolon where the decimal sign is a comma, as spreadsheets of those countries read it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if decimal == "," else ",")
    writer.writerow([harmless(head) for head in heads])
    writer.writerows([_spelled(cell, decimal) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_file(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet, whose heads stay in sight; texts are written as texts, whatever they look like."""
    import xlsxwriter  # noqa: PLC0415 (12 MB, which a server that writes no such table does without)

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        date, amount = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "#,##0.00"})
        for column, head in enumerate(heads):
            sheet.write_string(0, column, harmless(head), bold)
        for place, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    sheet.write_number(place, column, float(cell), amount)
                elif isinstance(cell, dt.date) and cell >= FIRST_DAY:
                    sheet.write_datetime(place, column, dt.datetime(cell.year, cell.month, cell.day), date)  # noqa: DTZ001 (a day)
                elif cell is not None:
                    sheet.write_string(place, column, harmless(str(cell))[:LONGEST])
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(heads) - 1, 14)
    return out.getvalue()


def _spelled(cell: Cell, decimal: str) -> str:
    if isinstance(cell, Decimal):
        return f"{round(cell, max(2, -_exponent(cell))):f}".replace(".", decimal)
    return "" if cell is None else harmless(str(cell))


def _exponent(number: Decimal) -> int:
    """What is finite has one that is a number."""
    return int(number.as_tuple().exponent)
