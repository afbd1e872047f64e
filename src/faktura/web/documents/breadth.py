"""How much room a table of a document needs: where it has less, its rows stand as blocks."""

from faktura.outputs.reading.tables import LineTable, RateTable

FEW, MANY = 66, 90
"""Figures beside each other in 44rem, below which tables are lists anyway, and in 60rem, which a desk's screen has."""

NAME = 1
LEAST_NAME = 13
INSET = 3
SMALL = 0.85
"""Of a figure: the letters of the heads, which are not broken."""


def breadth(table: LineTable | RateTable) -> str:
    """Class of a table: `broad` needs more room than a tablet has, `broad vast` more than a desk is sure to have."""
    figures = _figures(table)
    return "broad vast" if figures > MANY else "broad" if figures > FEW else ""


def _figures(table: LineTable | RateTable) -> float:
    """By the widest cell or head of each column; names are broken where they must be."""
    names = NAME if isinstance(table, LineTable) else None
    rows = [row.cells for row in table.rows] if isinstance(table, LineTable) else table.rows
    columns = (
        LEAST_NAME
        if place == names
        else max(*(len(line) * SMALL for line in label.split("\n")), *(len(row[place]) for row in rows), 0)
        for place, label in enumerate(table.labels)
    )
    return sum(columns) + INSET * len(table.labels)
