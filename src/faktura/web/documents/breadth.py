"""Whether a table of a document needs more room than a tablet has: its rows then stand as blocks there."""

from faktura.outputs.reading.tables import LineTable, RateTable

ROOM = 66
"""Figures beside each other on a screen of 44rem, above which tables stand as tables."""

NAME = 1
LEAST_NAME = 13
INSET = 3
SMALL = 0.85
"""Of a figure: the letters of the heads, which are not broken."""


def is_broad(table: LineTable | RateTable) -> bool:
    """By the widest cell or head of each column; names are broken where they must be."""
    names = NAME if isinstance(table, LineTable) else None
    rows = [row.cells for row in table.rows] if isinstance(table, LineTable) else table.rows
    columns = (
        LEAST_NAME
        if place == names
        else max(*(len(line) * SMALL for line in label.split("\n")), *(len(row[place]) for row in rows), 0)
        for place, label in enumerate(table.labels)
    )
    return sum(columns) + INSET * len(table.labels) > ROOM
