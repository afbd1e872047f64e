"""Every operation in turn: ours, the limits, the opponents, so that noise hits all of them."""

from collections.abc import Iterator
from functools import partial

from bench.load import Shot, shoot, write_requests
from bench.operations import Operation, Try
from bench.rows import Measured, Row, reason, together
from bench.run import Step
from bench.servers import Servers
from bench.targets import Target


def steps(servers: Servers) -> Iterator[Step]:
    yield from _steps(servers, servers.scale.operations)


def printing_steps(servers: Servers) -> Iterator[Step]:
    yield from _steps(servers, servers.scale.printing)


def _steps(servers: Servers, operations: tuple[Operation, ...]) -> Iterator[Step]:
    for operation in operations:
        for connections in servers.scale.connections_for(operation):
            name = f"{operation.name}, {connections} connections"
            yield Step(f"{operation.key}-{connections}", name, partial(measured, servers, operation, connections))


def measured(servers: Servers, operation: Operation, connections: int) -> list[Row]:
    ours, scale = servers.ours, servers.scale
    file = servers.place / f"constant-{operation.key}"
    constant = write_requests(file, operation.method, "", [f"/{operation.key}"])
    wanted = Try(servers.limit_file, scale.contacts, connections, scale.seconds)
    turns = {
        name: _Turn(opponent, operation)
        for name, opponent in servers.opponents.items()
        if isinstance(opponent, str) or opponent.takes(operation)
    }
    ours.warm_up(operation)
    mine, http, database = [], [], []
    for _ in range(scale.rounds):
        mine.append(ours.shoot(operation, connections, scale.seconds))
        http.append(shoot(servers.constant(operation), constant, {}, connections, scale.seconds))
        database.append(operation.database(wanted))
        for turn in turns.values():
            turn.take(connections, scale.seconds)
    if not together(mine).load.requests:
        raise RuntimeError("nothing was answered")
    others = {name: turn.seen for name, turn in turns.items()}
    known = operation.name, connections, together(mine), together(http), sum(database) / len(database)
    return [Measured(*known, others)]


class _Turn:
    """What was seen of an opponent in an operation: its shots, or why there are none."""

    def __init__(self, opponent: Target | str, operation: Operation) -> None:
        self._opponent = opponent
        self._operation = operation
        self._shots: list[Shot] = []
        self._why = opponent if isinstance(opponent, str) else ""

    def take(self, connections: int, seconds: int) -> None:
        if self._why or isinstance(self._opponent, str):
            return
        try:
            if not self._shots:
                self._opponent.warm_up(self._operation)
            self._shots.append(self._opponent.shoot(self._operation, connections, seconds))
        except Exception as error:  # noqa: BLE001 (whatever it is, the run goes on without this opponent)
            self._why = f"failed: {reason(error)}"
        if self._opponent.server.process.poll() is not None:
            self._why = "died"

    @property
    def seen(self) -> Shot | str:
        return self._why or together(self._shots)
