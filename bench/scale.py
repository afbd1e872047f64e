"""How much a run measures."""

from typing import NamedTuple

from bench.operations import OPERATIONS, PRINTING, Operation


class Scale(NamedTuple):
    """`small` is the number of contacts that growth is counted from.

    Without `connections` each operation is measured at those that its marks count. `parts` are the names of what is
    measured, all where there are none. `peers` are opponents that must be installed first.
    """

    name: str
    contacts: int
    small: int
    seconds: int
    rounds: int
    connections: tuple[int, ...] = ()
    starts: int = 3
    peers: bool = False
    operations: tuple[Operation, ...] = OPERATIONS
    printing: tuple[Operation, ...] = PRINTING
    parts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.name}, with peers" if self.peers else self.name

    def connections_for(self, operation: Operation) -> tuple[int, ...]:
        return self.connections or operation.counted_connections


FULL = Scale("full", 1_000_000, 10_000, seconds=2, rounds=2, connections=(1, 16, 64))
QUICK = Scale("quick", 20_000, 2_000, seconds=1, rounds=1, starts=2)
