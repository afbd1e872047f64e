"""The requests of a recording, by endpoint: what is sent and read there, and how well founded it is here."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from faktura.dialects import installed
from faktura.fidelity.manifest import ORIGINS, Contract, Shapes
from faktura.fidelity.usage.recordings import Call
from faktura.wire.contract import Promise

HIDDEN = "(a name that is not shown)"
"""Instead of the name of an attribute, or a part of a path, that may be a secret."""

SUCCESS = range(200, 300)


class Attribute(msgspec.Struct, frozen=True):
    """An attribute that was sent or read, the facts about it by origin, and whether the contract here has it."""

    name: str
    known: bool
    facts: dict[str, int]


class Used(msgspec.Struct, frozen=True):
    """An endpoint with all that a recording shows of its use; `state` is "unknown" where the contract lacks it."""

    dialect: str
    method: str
    path: str
    section: str
    state: str
    requests: int
    asked: list[Attribute]
    sent: list[Attribute]
    read: list[Attribute]
    facts: dict[str, int]


class Usage(msgspec.Struct, frozen=True):
    """What a recording uses; `left_out` are requests of neither service."""

    requests: int
    left_out: int
    endpoints: list[Used]


class _Place(msgspec.Struct, frozen=True):
    """Where a request went."""

    contract: int
    method: str
    path: str
    promise: Promise | None = None


class _Seen:
    """What was seen of one endpoint."""

    def __init__(self) -> None:
        self.requests = 0
        self.asked: set[str] = set()
        self.sent: set[str] = set()
        self.read: set[str] = set()

    def add(self, call: Call) -> None:
        self.requests += 1
        query = parse_qsl(urlsplit(call.url).query, keep_blank_values=True)
        self.asked |= {shown(name.partition("[")[0]) for name, _ in query}
        self.sent |= {*names_in(call.sent)}
        if call.status in SUCCESS:
            self.read |= {*names_in(call.answered)}


def usage_of(calls: Sequence[Call]) -> Usage:
    contracts = [Contract(dialect) for dialect in installed()]
    seen: dict[_Place, _Seen] = {}
    left_out = 0
    for call in calls:
        place = _place(contracts, call)
        if place is None:
            left_out += 1
        else:
            seen.setdefault(place, _Seen()).add(call)
    found = [_used(contracts[place.contract], place, of) for place, of in seen.items()]
    found.sort(key=lambda one: (one.dialect, [int(n) for n in re.findall(r"\d+", one.section)], one.path, one.method))
    return Usage(len(calls), left_out, found)


def _place(contracts: Sequence[Contract], call: Call) -> _Place | None:
    """By the host, else by where our servers have the service, else by a path that its contract has."""
    parts = urlsplit(call.url)
    path = unquote(re.sub(r"^/worlds/[^/]+", "", parts.path))
    method = "GET" if call.method == "HEAD" else call.method
    for number, contract in enumerate(contracts):
        prefixes = contract.dialect.hosts.get(parts.hostname or "", ())
        inner = _below(path, prefixes) or _below(path, contract.dialect.mounts)
        if inner is not None:
            promise = contract.promise(method, inner)
            return _Place(number, method, promise.path if promise else template(contract, inner), promise)
    if any((parts.hostname or "") in contract.dialect.hosts for contract in contracts):
        return None
    for number, contract in enumerate(contracts):
        every = {prefix for prefixes in contract.dialect.hosts.values() for prefix in prefixes}
        inner = _below(path, tuple(every))
        promise = contract.promise(method, inner) if inner else None
        if promise is not None:
            return _Place(number, method, promise.path, promise)
    return None


def _below(path: str, prefixes: Iterable[str]) -> str | None:
    inner = (path.removeprefix(prefix) for prefix in prefixes if path.startswith(f"{prefix}/"))
    return next(inner, None)


def _used(contract: Contract, place: _Place, seen: _Seen) -> Used:
    promise = place.promise
    about = [] if promise is None else contract.facts_of(promise.section)
    built = promise is not None and promise.state == "built"
    shapes = contract.shapes(promise) if promise is not None and built else Shapes(*[frozenset()] * 3)
    by_name: dict[str, Counter[str]] = {}
    for fact in about:
        for name in fact.names:
            by_name.setdefault(name, Counter())[fact.origin] += 1

    def attributes(names: set[str], known: frozenset[str]) -> list[Attribute]:
        return [
            Attribute(name, name in known, _ordered(by_name.get(name.rpartition(".")[2], {}))) for name in sorted(names)
        ]

    return Used(
        contract.dialect.title,
        place.method,
        place.path,
        promise.section if promise else "",
        promise.state if promise else "unknown",
        seen.requests,
        attributes(seen.asked, shapes.asked),
        attributes(seen.sent, shapes.sent),
        attributes(seen.read, shapes.answered),
        _ordered(Counter(fact.origin for fact in about)),
    )


def _ordered(counted: Mapping[str, int]) -> dict[str, int]:
    return {origin: counted[origin] for origin in ORIGINS if counted.get(origin)}


def names_in(value: Any, above: str = "") -> Iterator[str]:
    """The attributes of a JSON value, dotted; items of a list have no place of their own."""
    if isinstance(value, list):
        for one in value:
            yield from names_in(one, above)
    elif isinstance(value, dict):
        for name, inner in value.items():
            dotted = f"{above}{shown(name)}"
            yield dotted
            yield from names_in(inner, f"{dotted}.")


def shown(name: str) -> str:
    return name if _NAME.fullmatch(name) else HIDDEN


def template(contract: Contract, path: str) -> str:
    """A path that no contract has, with a place instead of each part that may be somebody's."""
    *parts, last = path.split("/")[:_DEEPEST]
    words = {part for row in contract.promises for part in row.path.split("/")}
    kept = [part if part in words else "{…}" for part in parts]
    return "/".join([*kept, last if last in words or _PART.fullmatch(last) else "{…}"])


_DEEPEST = 12

_NAME = re.compile(r"(?=.{1,40}\Z)[a-z]+[0-9]{0,2}(?:_[a-z]+[0-9]{0,2})*")
_PART = re.compile(r"(?=.{1,30}\Z)[a-z]+(?:_[a-z]+)*(?:\.(?:json|pdf|xml))?")
