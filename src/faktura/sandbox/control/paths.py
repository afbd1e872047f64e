"""Paths of requests: by which door each comes in, and patterns of them."""

import difflib
import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from faktura.dialects import installed

PAGES = "pages"
WEBHOOKS = "webhooks"
"""What leaves: its path is that of the receiver's address."""

MOST_NEAR = 5

Paths = Mapping[str, Iterable[str]]
"""Patterns of paths, and the methods of each."""


class Place(NamedTuple):
    """Where a request comes in: `path` is the whole one, `below` what the door's contract calls it."""

    door: str
    path: str
    below: str


class Doors:
    """The doors of this server; `pages` has the paths of those for people, and is asked when somebody names one."""

    def __init__(self, pages: Callable[[], Paths]) -> None:
        self.of_programs = tuple(dialect.name for dialect in installed())
        self.names = (*self.of_programs, PAGES)
        self._pages = functools.cache(pages)

    def place(self, host: str, path: str) -> Place:
        name = host.partition(":")[0]
        for dialect in installed():
            for mount in (*dialect.mounts, *dialect.hosts.get(name, ())):
                if path.startswith(f"{mount}/"):
                    return Place(dialect.name, path, path[len(mount) :])
        return Place(PAGES, path, path)

    def why_nowhere(self, doors: Iterable[str], method: str | None, pattern: str) -> str:
        """Why no request that these doors know has such a path, with those that are like it; or an empty text."""
        known: set[str] = set()
        methods: set[str] = set()
        for door in doors:
            paths = self._paths(door)
            known.update(paths)
            methods.update(*(taken for path, taken in paths.items() if may_meet(pattern, path)))
            if methods and (method is None or method in methods):
                return ""
        if methods:
            return f"{pattern} takes {', '.join(sorted(methods))}, and not {method}"
        near = difflib.get_close_matches(pattern, known, MOST_NEAR, 0.3)
        return f"No path of {', '.join(doors)} is like {pattern}; the nearest are {', '.join(near)}"

    def _paths(self, door: str) -> Paths:
        return self._pages() if door == PAGES else _paths_of(door)


@functools.cache
def _paths_of(name: str) -> Paths:
    """Those of a dialect's contract, also below each of its mounts."""
    dialect = next(dialect for dialect in installed() if dialect.name == name)
    mounts = ("", *dialect.mounts, *(mount for mounts in dialect.hosts.values() for mount in mounts))
    found: dict[str, set[str]] = {}
    for path, verbs in dialect.openapi("")["paths"].items():
        methods = {verb.upper() for verb in verbs if verb != "parameters"}
        for mount in mounts:
            found[mount + path] = methods | ({"HEAD"} if "GET" in methods else set())
    return found


WITHIN, ACROSS, DIGITS = "*", "**", "{0}"
"""`DIGITS` stands in paths of pages that end with an id."""

_WILD = {WITHIN, ACROSS, DIGITS}
_TOKEN = re.compile(r"\*\*|\*|\{[^{}/]*\}|.", re.DOTALL)


@functools.lru_cache(maxsize=1000)
def compiled(pattern: str) -> re.Pattern[str]:
    """`*` and `{anything}` stand for what a part of a path may be, `**` also for several parts."""
    spelled = {WITHIN: "[^/]*", ACROSS: ".*", DIGITS: "[0-9]*"}
    return re.compile("".join(spelled.get(token) or re.escape(token) for token in _tokens(pattern)), re.DOTALL)


def fits(pattern: str, place: Place) -> bool:
    """Whether the pattern has the whole path, or what the contract calls it."""
    found = compiled(pattern)
    return found.fullmatch(place.path) is not None or found.fullmatch(place.below) is not None


def may_meet(one: str, other: str) -> bool:
    """Whether there is a path that both patterns have."""
    left, right = _tokens(one), _tokens(other)

    @functools.cache
    def meet(i: int, j: int) -> bool:
        if i == len(left) or j == len(right):
            return all(token in _WILD for token in (*left[i:], *right[j:]))
        a, b = left[i], right[j]
        if a in _WILD and (meet(i + 1, j) or (_takes(a, b) and meet(i, j + 1))):
            return True
        if b in _WILD:
            return meet(i, j + 1) or (_takes(b, a) and meet(i + 1, j))
        return a == b and meet(i + 1, j + 1)

    return meet(0, 0)


def _takes(wild: str, piece: str) -> bool:
    if piece in _WILD or wild == ACROSS:
        return True
    return piece.isdigit() if wild == DIGITS else piece != "/"


def _tokens(pattern: str) -> list[str]:
    found: list[str] = _TOKEN.findall(pattern)
    return [token if token in _WILD or len(token) == 1 else WITHIN for token in found]
