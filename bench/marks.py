"""Which marks the measured operations meet."""

import math
from collections.abc import Iterator, Sequence

from bench.load import Shot
from bench.operations import Operation
from bench.rows import MARKED_CONNECTIONS, Failed, Mark, Measured


def speed_marks(rows: Sequence[Measured], operations: Sequence[Operation]) -> list[Mark | Failed]:
    """Those of the operations that were measured, as far as they were."""
    of = {operation.name: [row for row in rows if row.operation == operation.name] for operation in operations}
    return [mark for operation in operations if of[operation.name] for mark in _marks(operation, of[operation.name])]


def _marks(operation: Operation, rows: Sequence[Measured]) -> Iterator[Mark | Failed]:
    if operation.mark is not None:
        yield limit_mark(operation, rows)
    if operation.times_directus is not None:
        yield from _directus_mark(operation, rows)
    if operation.least is not None:
        best = max(row.ours.load.per_second for row in rows)
        yield Mark(f"{operation.name}: at its best", best, operation.least, at_least=True, unit="/s")
    for row in rows:
        yield from shot_marks(operation, row.ours, row.connections)


def limit_mark(operation: Operation, rows: Sequence[Measured]) -> Mark:
    """Of the ratios to the limit at 16 and 64 connections the worse; where neither was measured, the worst of all."""
    worst = min(row.ratio_to_limit for row in _counted(rows))
    return Mark(f"{operation.name}: ratio to the limit", worst, operation.mark, at_least=True)


def _directus_mark(operation: Operation, rows: Sequence[Measured]) -> Iterator[Mark | Failed]:
    """Of those rows in which it answered."""
    what = f"{operation.name}: times Directus"
    ratios = [ratio for row in _counted(rows) if (ratio := row.ratio_to("Directus")) is not None]
    answered = [ratio for ratio in ratios if math.isfinite(ratio)]
    if answered:
        yield Mark(what, min(answered), operation.times_directus, at_least=True, unit=" ×")
    elif any("Directus" in row.opponents for row in rows):
        yield Failed(what, "it answered nothing", is_ours=False)


def _counted(rows: Sequence[Measured]) -> Sequence[Measured]:
    return [row for row in rows if row.connections in MARKED_CONNECTIONS] or rows


def shot_marks(operation: Operation, shot: Shot, connections: int, engine: str = "") -> Iterator[Mark]:
    """How long answers take, and what one costs, on either engine."""
    name = f"{engine}{operation.name}, {connections} connection{'s' * (connections > 1)}"
    if connections in operation.p50:
        yield Mark(f"{name}: p50", shot.load.p50 * 1000, operation.p50[connections], unit=" ms")
    if connections in operation.p99:
        yield Mark(f"{name}: p99", shot.load.p99 * 1000, operation.p99[connections], unit=" ms")
        if operation.cpu is not None:
            yield Mark(f"{name}: CPU", shot.cpu_micros / 1000, operation.cpu, unit=" ms")
