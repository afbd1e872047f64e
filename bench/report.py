"""The table: requests a second, waiting times, CPU, ratios to the limit and the opponents; which marks are met."""

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bench.load import Load, Shot

MARKED_CONNECTIONS = (16, 64)
MEGABYTE = 1e6
OPPONENT_COLUMNS = 4


class Measured(NamedTuple):
    """One operation at one number of connections. `database` is what the database alone can do in a second."""

    operation: str
    connections: int
    ours: Shot
    http: Shot
    database: float
    opponents: Mapping[str, Shot]

    @property
    def limit(self) -> float:
        """Requests a second: of the two limits the slower."""
        return min(self.http.load.per_second, self.database)

    @property
    def ratio_to_limit(self) -> float:
        return self.ours.load.per_second / self.limit

    def ratio_to(self, opponent: str) -> float:
        """Without end where the opponent answered nothing."""
        theirs = self.opponents[opponent].load.per_second
        return self.ours.load.per_second / theirs if theirs else math.inf


class Mark(NamedTuple):
    """What is to be reached: at least or at most the bound."""

    what: str
    value: float
    bound: float
    at_least: bool = False
    unit: str = ""

    @property
    def met(self) -> bool:
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def together(shots: Sequence[Shot]) -> Shot:
    """Several rounds as one: sums, the median of the waiting times, and the longest wait of all."""
    loads = [shot.load for shot in shots]
    load = Load(
        requests=sum(load.requests for load in loads),
        seconds=sum(load.seconds for load in loads),
        p50=statistics.median(load.p50 for load in loads),
        p99=statistics.median(load.p99 for load in loads),
        longest=max(load.longest for load in loads),
        refused=sum(load.refused for load in loads),
    )
    return Shot(load, sum(shot.cpu_seconds for shot in shots))


def limit_mark(rows: Sequence[Measured], operation: str, bound: float) -> Mark:
    """Of the ratios to the limit at 16 and 64 connections the worse; where neither was measured, the worst of all."""
    mine = [row for row in rows if row.operation == operation]
    counted = [row for row in mine if row.connections in MARKED_CONNECTIONS] or mine
    return Mark(f"{operation}: ratio to the limit", min(row.ratio_to_limit for row in counted), bound, at_least=True)


def measurements(rows: Sequence[Measured]) -> str:
    """A Markdown table with a line for each operation and number of connections."""
    opponents = list(dict.fromkeys(name for row in rows for name in row.opponents))
    heads = ["operation", "connections", "requests/s", "p50 ms", "p99 ms", "CPU µs", "limit/s", "of the limit"]
    for name in opponents:
        heads += [f"{name}/s", "p99 ms", "CPU µs", f"times {name}"]
    return _table(heads, [_cells(row, opponents) for row in rows])


def marks(found: Sequence[Mark]) -> str:
    cells = [
        [
            mark.what,
            f"{_number(mark.value)}{mark.unit}",
            f"{'≥' if mark.at_least else '≤'} {_number(mark.bound)}{mark.unit}",
            "met" if mark.met else "**not met**",
        ]
        for mark in found
    ]
    return _table(["what", "measured", "mark", ""], cells)


def _cells(row: Measured, opponents: Sequence[str]) -> list[str]:
    slower = "HTTP" if row.http.load.per_second < row.database else "database"
    cells = [row.operation, str(row.connections), *_shot(row.ours), f"{row.limit:,.0f} ({slower})"]
    cells.append(f"{row.ratio_to_limit:.2f}")
    for name in opponents:
        if name not in row.opponents:
            cells += [""] * OPPONENT_COLUMNS
            continue
        per_second, _, p99, cpu = _shot(row.opponents[name])
        cells += [
            per_second,
            p99,
            cpu,
            "answered nothing" if math.isinf(row.ratio_to(name)) else f"{row.ratio_to(name):.1f}",
        ]
    return cells


def _shot(shot: Shot) -> list[str]:
    load = shot.load
    refused = f" ({load.refused} refused)" if load.refused else ""
    per_second, cpu = f"{load.per_second:,.0f}{refused}", f"{shot.cpu_micros:,.0f}"
    return [per_second, f"{load.p50 * 1000:.1f}", f"{load.p99 * 1000:.1f}", cpu]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"  # noqa: PLR2004 (three digits)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown with columns of even width, which reads well in a terminal too."""
    lines = [list(heads), *map(list, rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(heads))]
    written = [
        "| " + " | ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    written.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(written)
