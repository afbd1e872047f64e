"""What an account costs that has grown: CPU for a request beside that of a small one."""

from collections.abc import Iterator
from functools import partial

from bench.operations import Operation
from bench.rows import Mark, Row, together
from bench.run import Step
from bench.servers import Servers
from bench.sizes import invoice_sizes_of

CONNECTIONS = 16
GROWING = ("list", "detail", "create", "invoices", "invoice", "issue")
MOST_TIMES = 1.2


def steps(servers: Servers) -> Iterator[Step]:
    for operation in servers.scale.operations:
        if operation.key in GROWING:
            name = f"{operation.name}: {_sizes(servers, operation)}"
            yield Step(f"growth-{operation.key}", name, partial(grown, servers, operation, name))


def _sizes(servers: Servers, operation: Operation) -> str:
    many, few = servers.scale.contacts, servers.scale.small
    if operation.key in {"list", "detail", "create"}:
        return f"{many:,} contacts against {few:,}"
    return f"{invoice_sizes_of(many)[0]:,} of an account against {invoice_sizes_of(few)[0]:,}"


def grown(servers: Servers, operation: Operation, name: str) -> list[Row]:
    """In the largest account, so that both servers are asked for as many addresses."""
    largest = operation.in_largest
    few, many = [], []
    for target in (servers.small, servers.ours):
        target.warm_up(largest)
    for _ in range(servers.scale.rounds):
        few.append(servers.small.shoot(largest, CONNECTIONS, servers.scale.seconds))
        many.append(servers.ours.shoot(largest, CONNECTIONS, servers.scale.seconds))
    times = together(many).cpu_micros / together(few).cpu_micros
    return [Mark(name, times, MOST_TIMES, unit=" ×")]
