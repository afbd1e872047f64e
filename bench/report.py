"""The tables: requests a second, waiting times, CPU, ratios to the limit and the opponents; which marks are met."""

import math
from collections.abc import Sequence

from bench.load import Shot
from bench.rows import Failed, Mark, Measured, Row

OPPONENT_COLUMNS = 4


def line(row: Row) -> str:
    """A row as it comes."""
    if isinstance(row, Measured):
        name = f"{row.operation}, {row.connections} connections"
        return f"{name}: {row.ours.load.per_second:,.0f}/s, {row.ratio_to_limit:.2f} of the limit"
    what, seen, bound, verdict = _mark(row)
    return f"{what}: {seen}" + (f" ({bound}: {verdict})" if verdict else "")


def measurements(rows: Sequence[Measured]) -> str:
    """A Markdown table with a line for each operation and number of connections."""
    opponents = list(dict.fromkeys(name for row in rows for name in row.opponents))
    heads = ["operation", "connections", "requests/s", "p50 ms", "p99 ms", "CPU µs", "limit/s", "of the limit"]
    for name in opponents:
        heads += [f"{name}/s", "p99 ms", "CPU µs", f"times {name}"]
    return _table(heads, [_cells(row, opponents) for row in rows])


def marks(found: Sequence[Mark | Failed]) -> str:
    return _table(["what", "measured", "mark", ""], [_mark(row) for row in found])


def _mark(row: Mark | Failed) -> list[str]:
    if isinstance(row, Failed):
        return [row.what, f"failed: {row.why}", "", "**not met**" if row.is_ours else ""]
    sign = "≥" if row.at_least else "≤"
    bound = "" if row.bound is None else f"{sign} {_number(row.bound)}{row.unit}"
    return [row.what, f"{_number(row.value)}{row.unit}", bound, row.verdict]


def _cells(row: Measured, opponents: Sequence[str]) -> list[str]:
    slower = "HTTP" if row.http.load.per_second < row.database else "database"
    cells = [row.operation, str(row.connections), *_shot(row.ours), f"{row.limit:,.0f} ({slower})"]
    cells.append(f"{row.ratio_to_limit:.2f}")
    for name in opponents:
        cells += _opponent(row, name)
    return cells


def _opponent(row: Measured, name: str) -> list[str]:
    seen, ratio = row.opponents.get(name, ""), row.ratio_to(name)
    if isinstance(seen, str) or ratio is None:
        return [str(seen), *[""] * (OPPONENT_COLUMNS - 1)]
    per_second, _, p99, cpu = _shot(seen)
    return [per_second, p99, cpu, "answered nothing" if math.isinf(ratio) else f"{ratio:.1f}"]


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
