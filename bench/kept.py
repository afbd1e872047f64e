"""What a run has measured, kept in a file step by step, from which an interrupted run goes on."""

import datetime as dt
import os
import subprocess
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from bench.processes import ROOT
from bench.rows import Failed, Row


class Head(msgspec.Struct, frozen=True):
    """What a run measures: only one of the same scale and the same code goes on where another stopped."""

    scale: str
    commit: str
    begun: dt.datetime

    def continues(self, other: "Head") -> bool:
        return (self.scale, self.commit) == (other.scale, other.commit)


class Step(msgspec.Struct, frozen=True):
    key: str
    rows: list[Row]

    @property
    def is_done(self) -> bool:
        return not any(isinstance(row, Failed) and row.is_ours for row in self.rows)


class Kept:
    """The steps of a run, in the order in which they were done first."""

    def __init__(self, file: Path, head: Head) -> None:
        self._file = file
        self.head = head
        self._steps: dict[str, Step] = {}

    @property
    def rows(self) -> list[Row]:
        return [row for step in self._steps.values() for row in step.rows]

    @property
    def count(self) -> int:
        return len(self._steps)

    def has(self, key: str) -> bool:
        """Whether the step need not be done again."""
        return key in self._steps and self._steps[key].is_done

    def add(self, step: Step) -> None:
        """It is on disk when this returns."""
        self._steps[step.key] = step
        self._append(step)

    def begin(self) -> None:
        self._steps = {}
        self._file.unlink(missing_ok=True)
        self._append(self.head)

    def go_on(self, keys: Sequence[str]) -> bool:
        """Take in what a run of these steps left, if it was interrupted or something failed; else begin."""
        steps = self._left()
        if steps is None or all(key in steps and steps[key].is_done for key in keys):
            self.begin()
            return False
        self._steps = steps
        return True

    def _left(self) -> dict[str, Step] | None:
        """The steps in the file; a last line that was cut short is removed."""
        if not self._file.exists():
            return None
        first, *lines = self._file.read_bytes().splitlines(keepends=True) or [b""]
        try:
            head = msgspec.json.decode(first, type=Head)
        except msgspec.DecodeError:
            return None
        if not self.head.continues(head):
            return None
        whole = [line for line in lines if line.endswith(b"\n")]
        self._file.write_bytes(b"".join([first, *whole]))
        self.head = head
        steps = [msgspec.json.decode(line, type=Step) for line in whole]
        return {step.key: step for step in steps}

    def _append(self, what: Head | Step) -> None:
        with self._file.open("ab") as file:
            file.write(msgspec.json.encode(what) + b"\n")
            file.flush()
            os.fsync(file.fileno())


def commit() -> str:
    """The code that is measured; what is not committed has a name of its own, and what a run writes itself has none."""
    described = _git("describe", "--always")
    changes = _git("diff", "HEAD", "--", ".", ":(exclude)bench/results")
    return f"{described}-dirty-{sha256(changes.encode()).hexdigest()[:8]}" if changes else described


def _git(*words: str) -> str:
    asked = subprocess.run(
        ["git", *words],  # noqa: S607 (whichever git the developer has)
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip()
