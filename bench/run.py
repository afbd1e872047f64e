"""A run: step by step, each of which is kept and shown as soon as it is done, whatever happens in it."""

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.kept import Kept
from bench.kept import Step as Done
from bench.processes import end_left
from bench.rows import Failed, Row, reason


class Step(NamedTuple):
    """What is measured in one piece: `key` is its name among what is kept, `name` in the tables."""

    key: str
    name: str
    work: Callable[[], list[Row]]


def take(steps: Sequence[Step], kept: Kept, show: Callable[[list[Row]], None], mend: Callable[[], None]) -> None:
    """Do what was not done before; what fails is a row that says so, and the run goes on."""
    for step in steps:
        if kept.has(step.key):
            continue
        rows = _done(step, mend)
        kept.add(Done(step.key, rows))
        show(rows)


def _done(step: Step, mend: Callable[[], None]) -> list[Row]:
    try:
        return step.work()
    except Exception as error:  # noqa: BLE001 (whatever it is, it costs only this step)
        mend()
        return [Failed(step.name, reason(error))]


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[Path]:
    """A folder for one run, in a folder that no other run works in meanwhile; what killed ones left is removed.

    Raises:
        SystemExit: another run is under way.

    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SystemExit("Another run of the bench is under way") from None
        end_left(folder)
        for left in folder.glob("run-*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix="run-", dir=folder) as place:
            yield Path(place)
