"""`python -m bench`: everything in one run, printed and saved in bench/results/."""

import argparse
import contextlib
import datetime as dt
import fcntl
import os
import platform
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import promises, report
from bench.contest import Scale, contest, our_target
from bench.load import check_wrk
from bench.processes import ROOT
from bench.report import Mark, Measured

RESULTS = Path(__file__).parent / "results"
FOLDER = Path(os.environ.get("FAKTURA_BENCH_FOLDER", ROOT / ".bench"))

FULL = Scale("full", 1_000_000, 10_000, seconds=3, rounds=2, connections=(1, 16, 64))
QUICK = Scale("quick", 20_000, 2_000, seconds=1, rounds=1, connections=(1, 16, 64))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20,000 contacts, within two minutes")
    parser.add_argument("--only", help="operations by their keys, list,detail for example; nothing is saved")
    chosen = parser.parse_args()
    scale = QUICK if chosen.quick else FULL
    if chosen.only:
        keys = chosen.only.split(",")
        scale = scale._replace(
            operations=tuple(op for op in scale.operations if op.key in keys),
            printing=tuple(op for op in scale.printing if op.key in keys),
        )
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _frame: sys.exit(128 + number))
    check_wrk()
    text = measure(scale, FOLDER)
    print("\n" + text)
    if not chosen.only:
        file = RESULTS / f"{dt.datetime.now(dt.UTC):%Y-%m-%d}-{scale.name}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        print(f"saved as {file.relative_to(ROOT)}")


def measure(scale: Scale, folder: Path) -> str:
    """Run it all with data kept in the folder; what a run makes for itself is removed."""
    with _alone_in(folder) as place:
        rows: list[Measured] = []
        found: list[Mark] = []
        with our_target("ours", scale.contacts, folder, place) as ours:
            rows += contest(scale, ours, folder)
            found += promises.speed_marks(rows, scale.operations)
            file = place / "ours.sqlite"
            for operation in scale.operations:
                if operation.sends != "nothing":
                    found += promises.writers_marks(scale, ours, file, operation)
            if scale.small:
                found += promises.growth_marks(scale, ours, folder)
            found += promises.memory_marks(ours)
            if scale.postgres:
                found += promises.postgres_marks(scale, ours, folder)
            rows += contest(scale._replace(operations=scale.printing), ours, folder)
        found.append(promises.start_mark(scale, file, place))
    return f"{_heading(scale)}\n{report.measurements(rows)}\n\n{report.marks(found)}\n"


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[Path]:
    """A folder for one run, in a folder that no other run works in meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SystemExit("Another run of the bench is under way") from None
        for left in folder.glob("run-*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix="run-", dir=folder) as place:
            yield Path(place)


def _heading(scale: Scale) -> str:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607 (as above)
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return (
        f"# Speed, {dt.datetime.now(dt.UTC):%Y-%m-%d}, {scale.name}\n\n"
        f"{scale.contacts:,} contacts in 100 accounts; {scale.rounds} × {scale.seconds} s each; commit {commit};"
        f" {os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.\n"
    )


if __name__ == "__main__":
    main()
