"""What a contract has, endpoint by endpoint, and what of it is built: the file `contract.csv` of a dialect."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast, get_args

from faktura.wire.endpoints import Endpoint, Method

State = Literal["built", "to come", "retired"]
"""What is to come answers 501 to whoever may use it; what is retired was withdrawn by the vendor."""


class Promise(NamedTuple):
    """An endpoint of the contract; `scope` is what the caller must have been let into."""

    section: str
    noun: str
    method: Method
    path: str
    scope: str
    state: State

    @property
    def route(self) -> tuple[str, str]:
        return self.method, self.path


def read_contract(file: Path) -> tuple[Promise, ...]:
    """The rows in their order.

    Raises:
        ValueError: a route stands there twice, or in a state that there is not.

    """
    with file.open(encoding="utf-8", newline="") as opened:
        rows = tuple(Promise(**cast("dict[str, Any]", row)) for row in csv.DictReader(opened, strict=True))
    twice = [route for route, times in Counter(row.route for row in rows).items() if times > 1]
    wrong = [row.route for row in rows if row.state not in get_args(State)]
    if twice or wrong:
        message = f"{file}: twice {twice}, in no state {wrong}"
        raise ValueError(message)
    return rows


def to_come(
    promises: Iterable[Promise], refuse: Callable[[Any], Any], *, is_search: Callable[[Promise], bool]
) -> tuple[Endpoint, ...]:
    """What is not built yet, refused by a function of the dialect: an answer that says so, never a plausible lie."""
    return tuple(
        Endpoint(
            method=promise.method,
            path=promise.path,
            serve=refuse,
            about="Not built yet",
            scope=promise.scope,
            searches=is_search(promise),
        )
        for promise in promises
        if promise.state == "to come"
    )


def mismatches(promises: Iterable[Promise], endpoints: Iterable[Endpoint]) -> set[tuple[str, str, str]]:
    """Method, path and scope of what is said to be built and is not, and of what is built and not said to be."""
    said = {(promise.method, promise.path, promise.scope) for promise in promises if promise.state == "built"}
    return said ^ {(endpoint.method, endpoint.path, endpoint.scope) for endpoint in endpoints}
