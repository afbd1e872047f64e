"""The walk: every endpoint that reads, with a record that the seed chooses; its rules; and one record written."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from faktura.fidelity.manifest import Contract
from faktura.fidelity.parity.services import Service
from faktura.fidelity.parity.shapes import differences
from faktura.fidelity.parity.sides import Reply, Side
from faktura.wire.contract import Promise

NOBODY = 2_000_000_000
"""The id of a record that is not there."""

RULES: Mapping[str, str] = {"page": "9999", "limit": "1", "offset": "9999"}
"""By parameter, what a list is asked for besides, where its contract has it."""

FILES = (".pdf", "/download", "/oauth")
"""What is no JSON, or is walked by signing in."""


class Compared(msgspec.Struct, frozen=True):
    """A request that was sent to both, and where the answers differ; `why_not` is why it was sent to neither."""

    method: str
    path: str
    section: str
    step: str
    differences: list[str] = []
    why_not: str = ""


class Pair(NamedTuple):
    """Both sides, and what stands for the account in paths of each."""

    double: Side
    real: Side
    slugs: tuple[str, str]

    def ask(self, method: str, paths: tuple[str, str], body: Any = None) -> tuple[Reply, Reply]:
        return self.double.ask(method, paths[0], body), self.real.ask(method, paths[1], body)

    def paths(self, path: str, query: Mapping[str, str] | None = None) -> tuple[str, str]:
        asked = f"?{urlencode(query)}" if query else ""
        here, there = (path.replace("{slug}", slug) + asked for slug in self.slugs)
        return here, there


class Walk:
    """Compares the answers of both sides, endpoint by endpoint, in the order of the contract."""

    def __init__(self, contract: Contract, pair: Pair, seed: int) -> None:
        self._contract = contract
        self._pair = pair
        self._seed = seed
        self._found: dict[str, tuple[str, str]] = {}

    def reading(self) -> Iterator[Compared]:
        """Lists first, since they say which records there are."""
        read = [one for one in self._contract.promises if one.method == "GET" and one.state == "built"]
        read = [one for one in read if not any(part in one.path for part in FILES)]
        for promise in sorted(read, key=lambda one: (one.path.replace("{slug}", "").count("{"), one.path)):
            inner = promise.path.replace("{slug}", "")
            yield from self._of_record(promise) if "{" in inner else self._of_list(promise)

    def writing(self, service: Service) -> Iterator[Compared]:
        """A record is refused, added, read, changed and deleted; at the end none of ours is left on either side."""
        base = service.records
        yield self._compare(self._promise("POST", f"{base}.json"), "without a value", body={})
        made: list[tuple[Side, str]] = []
        try:
            added = self._pair.ask("POST", self._pair.paths(f"{base}.json"), service.record)
            yield self._told("POST", f"{base}.json", "a record is added", added)
            sides = zip((self._pair.double, self._pair.real), self._pair.slugs, added, strict=True)
            made += [
                (side, f"{base.replace('{slug}', slug)}/{reply.body['id']}.json")
                for side, slug, reply in sides
                if isinstance(reply.body, dict) and "id" in reply.body
            ]
            if len(made) == 2:  # noqa: PLR2004 (both sides)
                paths = made[0][1], made[1][1]
                for method, body in (("GET", None), (service.change_method, service.change), ("DELETE", None)):
                    replies = self._pair.ask(method, paths, body)
                    yield self._told(method, f"{base}/{{id}}.json", "of the record that was added", replies)
        finally:
            for side, path in made:
                with contextlib.suppress(Exception):
                    side.ask("DELETE", path)

    def _of_list(self, promise: Promise) -> Iterator[Compared]:
        replies = self._pair.ask("GET", self._pair.paths(promise.path))
        self._note_records(promise.path, replies)
        yield self._told("GET", promise.path, "as it is", replies)
        for name in sorted(RULES.keys() & self._contract.shapes(promise).asked):
            yield self._compare(promise, f"{name}={RULES[name]}", {name: RULES[name]})

    def _of_record(self, promise: Promise) -> Iterator[Compared]:
        before, _, rest = promise.path.replace("{slug}", "\0").partition("{")
        parent = before.replace("\0", "{slug}").rstrip("/") + ".json"
        after = rest.partition("}")[2]
        missing = self._pair.paths(f"{parent.removesuffix('.json')}/{NOBODY}{after}")
        if "{" in after or parent not in self._found:
            yield self._left_out(promise, "no list says which records there are, or one of both has none")
            return
        here, there = (
            path.replace("\0", record)
            for path, record in zip(
                self._pair.paths(f"{parent.removesuffix('.json')}/\0{after}"), self._found[parent], strict=True
            )
        )
        yield self._told("GET", promise.path, "a record", self._pair.ask("GET", (here, there)))
        yield self._told("GET", promise.path, "a record that is not there", self._pair.ask("GET", missing))

    def _note_records(self, path: str, replies: tuple[Reply, Reply]) -> None:
        chosen = [self._record_of(reply.body) for reply in replies]
        if chosen[0] and chosen[1]:
            self._found[path] = chosen[0], chosen[1]

    def _record_of(self, body: Any) -> str:
        records = body.get("entities") if isinstance(body, dict) else body
        if not isinstance(records, list) or not records:
            return ""
        record = records[self._seed % len(records)]
        found = record.get("uuid") if "entities" in body else record.get("id")
        return str(found or record.get("id") or "") if isinstance(record, dict) else ""

    def _promise(self, method: str, path: str) -> Promise:
        return next(one for one in self._contract.promises if one.route == (method, path))

    def _compare(
        self, promise: Promise, step: str, query: Mapping[str, str] | None = None, body: Any = None
    ) -> Compared:
        replies = self._pair.ask(promise.method, self._pair.paths(promise.path, query), body)
        return self._told(promise.method, promise.path, step, replies)

    def _told(self, method: str, path: str, step: str, replies: tuple[Reply, Reply]) -> Compared:
        promise = self._promise(method, path)
        found = [*differences(*replies, self._contract.headers(promise))]
        return Compared(method, path, promise.section, step, found)

    def _left_out(self, promise: Promise, why: str) -> Compared:
        return Compared(promise.method, promise.path, promise.section, "a record", why_not=why)
