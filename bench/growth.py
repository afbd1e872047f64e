"""What an account costs that has grown: CPU for a request beside that of a small one."""

from collections.abc import Iterator
from functools import partial

from bench.operations import Operation
from bench.rows import Mark, Row
from bench.run import Step
from bench.servers import Servers
from bench.sizes import invoice_sizes_of
from bench.targets import in_turns

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
    few, many = in_turns((servers.small, servers.ours), operation.in_largest, CONNECTIONS, servers.scale)
    return [Mark(name, many.cpu_micros / few.cpu_micros, MOST_TIMES, unit=" ×")]
