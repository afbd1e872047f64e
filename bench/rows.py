"""What a run measures: rows that are kept as JSON and shown as tables."""

import math
import statistics
from collections.abc import Mapping, Sequence

import msgspec

from bench.load import Load, Shot

MARKED_CONNECTIONS = (16, 64)
MEGABYTE = 1e6


class Measured(msgspec.Struct, tag="measured", frozen=True):
    """One operation at one number of connections. `database` is what the database alone can do in a second.

    Of an opponent that did not measure up to a figure stands why.
    """

    operation: str
    connections: int
    ours: Shot
    http: Shot
    database: float
    opponents: Mapping[str, Shot | str]

    @property
    def limit(self) -> float:
        """Requests a second: of the two limits the slower."""
        return min(self.http.load.per_second, self.database)

    @property
    def ratio_to_limit(self) -> float:
        return self.ours.load.per_second / self.limit

    def ratio_to(self, opponent: str) -> float | None:
        """Without end where the opponent answered nothing; None where it was not measured."""
        theirs = self.opponents.get(opponent)
        if theirs is None or isinstance(theirs, str):
            return None
        return self.ours.load.per_second / theirs.load.per_second if theirs.load.requests else math.inf


class Mark(msgspec.Struct, tag="mark", frozen=True):
    """What is to be reached: at least or at most the bound; where there is none, what was seen."""

    what: str
    value: float
    bound: float | None = None
    at_least: bool = False
    unit: str = ""

    @property
    def verdict(self) -> str:
        if self.bound is None:
            return ""
        return "met" if (self.value >= self.bound if self.at_least else self.value <= self.bound) else "**not met**"


class Failed(msgspec.Struct, tag="failed", frozen=True):
    """What could not be measured, and why. `is_ours` where faktura is to blame, or the bench."""

    what: str
    why: str
    is_ours: bool = True


Row = Measured | Mark | Failed


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


def reason(error: Exception) -> str:
    """One line that says why, in a cell of a table."""
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[-1]}".replace("|", "/")[:160]
