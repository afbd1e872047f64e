"""Parameters with brackets in their names, as Rack nests them: `q[number_eq]=1`, `ids[]=1&ids[]=2`."""

import itertools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from faktura.wire.requests import Unintelligible

Pairs = list[tuple[str, str]]

DEEPEST = 16

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_KEY = re.compile(r"\[([^\[\]]*)\]")


def nested(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The values by name; of repeated names the last one counts.

    Raises:
        Unintelligible: names nested too deeply, or one name used for values of two kinds.

    """
    found: dict[str, Any] = {}
    for name, value in pairs:
        keys = _keys(name)
        if len(keys) > DEEPEST:
            message = f"The parameter {name[:40]} is nested too deeply"
            raise Unintelligible(message)
        _put(found, keys, value)
    return found


def flat(values: Mapping[str, Any]) -> Pairs:
    """The reverse: names and texts as they would stand in a query."""
    pairs: Pairs = []
    waiting: list[tuple[str, Any]] = list(values.items())[::-1]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(f"{name}[{key}]", inner) for key, inner in value.items()][::-1]
        elif isinstance(value, list):
            waiting += [(f"{name}[]", inner) for inner in value][::-1]
        elif isinstance(value, bool):
            pairs.append((name, "true" if value else "false"))
        else:
            pairs.append((name, "" if value is None else str(value)))
    return pairs


def merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """The values of both, those of the second where both have one."""
    if not first:
        return dict(second)
    both = dict(first)
    for name, value in second.items():
        old = both.get(name)
        both[name] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return both


def _keys(name: str) -> list[str]:
    """An empty key stands for the next place of a list; a name whose brackets do not match is one key."""
    match = _NAME.fullmatch(name)
    return [match[1], *_KEY.findall(match[2])] if match else [name]


def _put(found: dict[str, Any], keys: list[str], value: Any) -> None:
    place: Any = found
    for key, following in itertools.pairwise(keys):
        wanted: type[Any] = list if following == "" else dict
        place = _enter(place, key, wanted, following)
        if not isinstance(place, wanted):
            message = f"The parameter {keys[0][:40]} is used for values of different kinds"
            raise Unintelligible(message)
    if isinstance(place, list):
        place.append(value)
    else:
        place[keys[-1]] = value


def _enter(place: Any, key: str, wanted: type[Any], following: str) -> Any:
    """What lies under a key, made where there is nothing; a list of mappings begins anew when a name comes again."""
    if isinstance(place, dict):
        return place.setdefault(key, wanted())
    if not place or not isinstance(place[-1], wanted) or following in place[-1]:
        place.append(wanted())
    return place[-1]
