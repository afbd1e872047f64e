"""What is known of the contracts: their endpoints, the attributes of each, and the facts that tests hold."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from faktura import dialects
from faktura.dialects import Dialect
from faktura.wire.contract import Promise, read_contract

FOLDERS = (Path(__file__).parent / "facts", Path(__file__).parents[3] / "docs" / "fidelity")
"""Where the facts lie in an installed package, and in the repository."""

ORIGINS = ("recorded", "client", "documentation", "guess")
"""Where knowledge comes from, the best founded first."""


class Fact(msgspec.Struct, frozen=True):
    """A statement of a contract; what it is about stands in backquotes in it."""

    section: str
    fact: str
    origin: str

    @property
    def names(self) -> frozenset[str]:
        return frozenset(_QUOTED.findall(self.fact))


class Shapes(NamedTuple):
    """The attributes that an endpoint takes in its query and its body, and that it answers: dotted, without places."""

    asked: frozenset[str]
    sent: frozenset[str]
    answered: frozenset[str]


class Contract:
    """One dialect's."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        """The more of a path is fixed, the earlier it stands, so that the first that fits is meant."""
        [folder] = dialects.__path__
        rows = read_contract(Path(folder) / self.dialect.name / "contract.csv")
        return tuple(sorted(rows, key=lambda row: (row.path.count("{"), -len(row.path))))

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        found = (folder / f"{self.dialect.name}.jsonl" for folder in FOLDERS)
        file = next((path for path in found if path.is_file()), None)
        lines = [] if file is None else file.read_bytes().splitlines()
        return tuple(msgspec.json.decode(line, type=Fact) for line in lines if line.strip())

    def promise(self, method: str, path: str) -> Promise | None:
        fitting = (row for row in self.promises if row.method == method and _pattern(row.path).fullmatch(path))
        return next(fitting, None)

    def facts_of(self, section: str) -> list[Fact]:
        """Of a section and those below it."""
        return [fact for fact in self.facts if fact.section == section or fact.section.startswith(f"{section}.")]

    def shapes(self, promise: Promise) -> Shapes:
        item = self._document["paths"].get(promise.path, {})
        operation = item.get(promise.method.lower(), {})
        parameters = [self._followed(one) for one in (*item.get("parameters", ()), *operation.get("parameters", ()))]
        asked = frozenset(one["name"].partition("[")[0] for one in parameters if one.get("in") == "query")
        body = self._attributes(self._followed(operation.get("requestBody", {})))
        good = [self._followed(one) for status, one in operation.get("responses", {}).items() if status[0] == "2"]
        return Shapes(asked, body, frozenset().union(*map(self._attributes, good)))

    def headers(self, promise: Promise) -> frozenset[str]:
        """Which a good answer has by its contract, in small letters."""
        operation = self._document["paths"].get(promise.path, {}).get(promise.method.lower(), {})
        good = [self._followed(one) for status, one in operation.get("responses", {}).items() if status[0] == "2"]
        return frozenset(name.lower() for one in good for name in one.get("headers", {}))

    @cached_property
    def _document(self) -> dict[str, Any]:
        return self.dialect.openapi("http://localhost")

    def _attributes(self, holder: Mapping[str, Any]) -> frozenset[str]:
        schemas = (kind["schema"] for kind in holder.get("content", {}).values() if "schema" in kind)
        return frozenset(name for schema in schemas for name in self._below(schema, "", ()))

    def _below(self, schema: Mapping[str, Any], above: str, known: tuple[str, ...]) -> Iterator[str]:
        reference = schema.get("$ref", "")
        if reference in known:
            return
        seen, schema = (*known, reference) if reference else known, self._followed(schema)
        for name, inner in schema.get("properties", {}).items():
            yield f"{above}{name}"
            yield from self._below(inner, f"{above}{name}.", seen)
        for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
            yield from self._below(part, above, seen)
        if isinstance(schema.get("items"), dict):
            yield from self._below(schema["items"], above, seen)

    def _followed(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            found: Any = self._document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/")]
            schema = found
        return schema


def _pattern(path: str) -> re.Pattern[str]:
    fixed = re.split(r"(\{\w+\})", path)
    return re.compile("".join("[^/]+?" if part.startswith("{") else re.escape(part) for part in fixed))


_QUOTED = re.compile(r"`([^`]+)`")
