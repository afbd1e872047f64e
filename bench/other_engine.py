"""PostgreSQL with two processes, beside one process on SQLite."""

from collections.abc import Iterator
from functools import partial

from bench.marks import shot_marks
from bench.operations import Operation
from bench.rows import Mark, Row, together
from bench.run import Step
from bench.servers import Servers
from bench.targets import in_turns

CONNECTIONS = 16
LEAST_TIMES = 0.5
ENGINE = "PostgreSQL, two processes: "


def steps(servers: Servers) -> Iterator[Step]:
    for operation in servers.scale.operations:
        if operation.mark is not None or operation.cpu is not None:
            yield Step(f"postgres-{operation.key}", ENGINE + operation.name, partial(beside_sqlite, servers, operation))
        for connections in operation.p99:
            name = f"{ENGINE}{operation.name}, {connections}"
            work = partial(by_itself, servers, operation, connections)
            yield Step(f"postgres-{operation.key}-{connections}", name, work)


def beside_sqlite(servers: Servers, operation: Operation) -> list[Row]:
    on_postgres, on_sqlite = in_turns((servers.on_postgres, servers.ours), operation, CONNECTIONS, servers.scale)
    ratio = on_postgres.load.per_second / on_sqlite.load.per_second
    return [Mark(f"{ENGINE}{operation.name}", ratio, LEAST_TIMES, at_least=True, unit=" × SQLite")]


def by_itself(servers: Servers, operation: Operation, connections: int) -> list[Row]:
    servers.on_postgres.warm_up(operation)
    scale = servers.scale
    shot = together([servers.on_postgres.shoot(operation, connections, scale.seconds) for _ in range(scale.rounds)])
    return list(shot_marks(operation, shot, connections, ENGINE))
