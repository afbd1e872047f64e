"""How much room tables take on paper: letters are smaller where amounts are long, so that none is cut or broken."""

from collections.abc import Sequence
from typing import Any

from faktura.outputs.reading.tables import LineTable, RateTable

PAGE = 504.0
"""Points between the margins of A4; what is below is in them or in parts of the letters' size."""

HALF = PAGE * 0.55
LEAST_NAME = 90.0

USUAL_SIZE = 8.5
LETTER = 0.6
INSET = 0.8

LONG = 15
"""Letters of the widest column of words but names."""

NAME, QUANTITY = 1, 2


def line_measures(table: LineTable) -> dict[str, Any]:
    """Names have what the other columns leave."""
    columns = _columns(table.labels, [row.cells for row in table.rows])
    return _measures(columns[:NAME] + columns[QUANTITY:], columns[QUANTITY], PAGE - LEAST_NAME)


def rate_measures(table: RateTable) -> dict[str, Any]:
    columns = _columns(table.labels, table.rows)
    return _measures(columns, columns[0], PAGE)


def _columns(labels: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Of each column the letters of its widest cell, or of the longest word above it."""
    return [
        max(*(len(word) for word in label.split()), *(len(row[place]) for row in rows), 1)
        for place, label in enumerate(labels)
    ]


def _measures(columns: Sequence[int], of_words: int, room: float) -> dict[str, Any]:
    """The size of the letters, whether the column of words is long, and how wide the columns are."""
    is_long = of_words > LONG
    ems = sum(columns) * LETTER - (of_words - LONG if is_long else 0) * LETTER + INSET * len(columns)
    size = min(USUAL_SIZE, room / ems)
    return {"size": round(size, 2), "long": is_long, "width": ems * size}
