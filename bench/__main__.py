"""`python -m bench`: everything in one run, printed and saved in bench/results/ row by row."""

import argparse
import contextlib
import datetime as dt
import os
import platform
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from bench import (
    contest,
    counting,
    e_invoices,
    growth,
    inside,
    neighbours,
    other_engine,
    promises,
    report,
    turns,
    writers,
)
from bench.kept import Head, Kept, commit
from bench.load import check_wrk
from bench.marks import speed_marks
from bench.processes import ROOT
from bench.rows import Failed, Measured, Row
from bench.run import Step, alone_in, take
from bench.scale import FULL, QUICK, Scale
from bench.servers import Servers

RESULTS = Path(__file__).parent / "results"
FOLDER = Path(os.environ.get("FAKTURA_BENCH_FOLDER", ROOT / ".bench"))

PARTS: Mapping[str, Callable[[Servers], Iterator[Step]]] = {
    "contest": contest.steps,
    "writers": writers.steps,
    "growth": growth.steps,
    "deep": inside.deep_steps,
    "neighbours": neighbours.steps,
    "counting": counting.steps,
    "memory": promises.memory_steps,
    "series": turns.steps,
    "postgres": other_engine.steps,
    "filters": inside.filter_steps,
    "e-invoices": e_invoices.steps,
    "printing": contest.printing_steps,
    "start": promises.start_steps,
}
"""In the order in which they are measured."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20,000 contacts, within three minutes")
    parser.add_argument("--peers", action="store_true", help="against Directus, too, which npm installs first")
    parser.add_argument("--afresh", action="store_true", help="begin again where a run was interrupted")
    parser.add_argument("--only", help="operations and parts by their keys, list,start for example; nothing is saved")
    chosen = parser.parse_args()
    scale = (QUICK if chosen.quick else FULL)._replace(peers=chosen.peers)
    if chosen.only:
        scale = narrowed(scale, chosen.only.split(","))
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _frame: sys.exit(128 + number))
    check_wrk()
    results = None if chosen.only else RESULTS
    kept = measure(scale, FOLDER, results, is_afresh=chosen.afresh or bool(chosen.only))
    print("\n" + text_of(kept, scale))
    if any(isinstance(row, Failed) and row.is_ours for row in kept.rows):
        sys.exit("Some of it failed; the same command measures that again")


def narrowed(scale: Scale, keys: list[str]) -> Scale:
    """Some operations, some parts, or some operations in some parts."""
    operations = tuple(operation for operation in scale.operations if operation.key in keys)
    printing = tuple(operation for operation in scale.printing if operation.key in keys)
    named = [name for name in PARTS if name in keys]
    contests = ["contest"] * bool(operations) + ["printing"] * bool(printing)
    parts = tuple(dict.fromkeys(contests + named))
    if not parts:
        raise SystemExit(f"Nothing is called so; parts are {', '.join(PARTS)}")
    return scale._replace(operations=operations or scale.operations, printing=printing or scale.printing, parts=parts)


def measure(scale: Scale, folder: Path, results: Path | None, *, is_afresh: bool = False) -> Kept:
    """Run it all with data kept in the folder; what a run makes for itself is removed."""
    with alone_in(folder) as place, contextlib.ExitStack() as stack:
        servers = Servers(scale, folder, place, stack)
        steps = [step for name, part in PARTS.items() if name in (scale.parts or PARTS) for step in part(servers)]
        kept = Kept(
            (folder if results else place) / f"kept-of-{scale.name}.jsonl",
            Head(scale.title, commit(), dt.datetime.now(dt.UTC)),
        )
        if is_afresh:
            kept.begin()
        elif kept.go_on([step.key for step in steps]):
            print(f"going on: {kept.count} of {len(steps)} steps are there", flush=True)
        take(steps, kept, partial(show, kept, scale, results), servers.forget_dead)
        return kept


def show(kept: Kept, scale: Scale, results: Path | None, rows: list[Row]) -> None:
    for row in rows:
        print(report.line(row), flush=True)
    if results is not None:
        results.mkdir(exist_ok=True)
        file = results / f"{kept.head.begun:%Y-%m-%d}-{scale.name}.md"
        file.write_text(text_of(kept, scale))


def text_of(kept: Kept, scale: Scale) -> str:
    measured = [row for row in kept.rows if isinstance(row, Measured)]
    others = [row for row in kept.rows if not isinstance(row, Measured)]
    found = [*speed_marks(measured, (*scale.operations, *scale.printing)), *others]
    return f"{_heading(kept.head, scale)}\n{report.measurements(measured)}\n\n{report.marks(found)}\n"


def _heading(head: Head, scale: Scale) -> str:
    return (
        f"# Speed, {head.begun:%Y-%m-%d}, {scale.title}\n\n"
        f"{scale.contacts:,} contacts in 100 accounts; {scale.rounds} × {scale.seconds} s each; commit {head.commit};"
        f" {os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.\n"
    )


if __name__ == "__main__":
    main()
