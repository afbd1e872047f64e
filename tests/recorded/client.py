"""A client of one firm at one door, who asks for whatever its API document has, as it is and otherwise."""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from tests.proofs.operations import JSON, NOT_THERE, Dialect, Operation, spelled
from tests.proofs.test_tenancy import put_in
from tests.recorded.recorder import Recorder, kind_of
from tests.recorded.values import DAYS, MODIFIERS, NUMBERS, WORDS, asked_for, asked_queries, value_for
from tests.running import Answer

Request = dict[str, Any]
"""The parts of a request before it is spelled: method, path, query, headers, sent, type."""

OTHER_HEADERS: tuple[Mapping[str, str], ...] = (
    {"Accept": "text/html"},
    {"Accept": "application/json"},
    {"Accept-Encoding": "gzip"},
    {"Accept-Language": "cs"},
    {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"},
    {"Host": "localhost"},
    {"Host": "nobody.example"},
    {"User-Agent": ""},
    {"If-None-Match": "*"},
    {"If-None-Match": '"nothing"'},
    {"If-Match": '"1"'},
    {"If-Match": "*"},
    {"If-Modified-Since": "Mon, 04 May 2026 08:00:00 GMT"},
    {"Range": "bytes=0-9"},
    {"Cache-Control": "no-cache"},
    {"Prefer": "return=minimal"},
    {"Idempotency-Key": ""},
    {"X-Request-Id": "mine"},
    {"Expect": "nothing"},
    {"Content-Type": "text/plain"},
    {"Content-Type": "application/json; charset=latin-1"},
)

GARBLED = (b'{"name": ', b"null", b"[]", b'"a"', b"\xff\xfe", b"{}", b'{"name":"\\ud800"}', b"a=b")


class Client:
    """`foreign` are ids and credentials of somebody else."""

    def __init__(
        self, recorder: Recorder, dialect: Dialect, chance: random.Random, foreign: list[Mapping[str, str]]
    ) -> None:
        self.done: set[str] = set()
        self._recorder = recorder
        self._dialect = dialect
        self._chance = chance
        self._foreign = foreign
        self._operations = [*dialect.operations()]
        self._deck: list[Operation] = []
        self._etags: dict[str, str] = {}

    def ask_for_any(self) -> None:
        """Each operation before one comes again."""
        if not self._deck:
            self._deck = self._chance.sample(self._operations, len(self._operations))
        self.ask_for(self._deck.pop())

    def read_any(self) -> None:
        self.ask_for(self._chance.choice([one for one in self._operations if not one.writes]))

    def ask_for(self, operation: Operation) -> None:
        """A read twice or three times in a row; a write sometimes again under its key."""
        request = self._made(operation)
        for twist in self._twists(operation):
            twist(request)
        for _ in range(self._chance.choice((1, 2, 2, 3)) if not operation.writes else 1):
            answer = self._sent(request)
        if "Idempotency-Key" in request["headers"]:
            self._sent(request)
        if answer.status < 300:
            self.done.add(operation.name)

    def _made(self, operation: Operation) -> Request:
        path = self._dialect.fill(_Shuffled(self._recorder, self._chance), operation.path)
        headers = {"User-Agent": "tests", **self._dialect.credentials}
        content_type = self._chance.choice(operation.types) if self._chance.random() < 0.3 else JSON
        if self._recorder.references and re.search(r"{(reference|token)}", operation.path):
            path = path.replace(NOT_THERE["string"], self._chance.choice(self._recorder.references))
        sent = self._body(operation, path) if operation.writes else None
        return {
            "method": operation.method,
            "path": path,
            "query": self._query(operation),
            "headers": headers,
            "sent": sent,
            "type": content_type,
        }

    def _body(self, operation: Operation, path: str) -> Mapping[str, Any]:
        """One that was taken before, or the document's example, with some more attributes."""
        taken = self._recorder.taken[kind_of(operation.method, path)]
        if not taken and operation.method in {"PUT", "PATCH"}:
            taken = self._recorder.taken[kind_of("POST", f"{path.rpartition('/')[0]}.json")]
        sent = without_own(self._chance.choice(taken)) if taken and self._chance.random() < 0.7 else operation.sent
        ways = [way for way, _ in self._dialect.sendable(operation)]
        for way in self._chance.sample(ways, min(len(ways), self._chance.choice((0, 0, 0, 1, 1, 3)))):
            sent = put_in(sent, way, value_for(self._chance, self._dialect.name, str(way[-1])))
        return sent

    def _query(self, operation: Operation) -> list[tuple[str, str]]:
        known = asked_queries(self._dialect.name).get(operation.path.removeprefix("/accounts/{slug}"))
        if known and self._chance.random() < 0.3:
            return [*self._chance.choice(known).items()]
        asked = []
        for one in self._dialect.document["paths"][operation.path][operation.method.lower()]["parameters"]:
            if one.get("in") == "query" and (one.get("required") or self._chance.random() < 0.4):
                asked += [*self._parameter(operation, one["name"], one["schema"])]
        return asked

    def _parameter(self, operation: Operation, name: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        choose = self._chance.choice
        if name not in {"q", "fields", "order"} or not (attributes := self._listed(operation)):
            yield name, asked_for(self._chance, name, schema)
        elif name == "q":
            value = choose(
                (
                    str(value_for(self._chance, self._dialect.name, attribute := choose(attributes))),
                    choose(WORDS),
                    choose(NUMBERS),
                    choose(DAYS),
                )
            )
            yield f"q[{attribute}_{choose(MODIFIERS)}]", value
        elif name == "fields":
            yield name, ",".join(self._chance.sample(attributes, min(3, len(attributes))))
        else:
            yield name, f"{choose(attributes)}{choose(('', ' asc', ' desc', ' sideways'))}"

    def _listed(self, operation: Operation) -> list[str]:
        try:
            return self._dialect.listed(operation)
        except KeyError:
            return []

    def _twists(self, operation: Operation) -> Iterator[Callable[[Request], None]]:
        """Most requests are as they should be."""
        if self._chance.random() < 0.3:
            yield self._chance.choice(
                (
                    self._with_other_headers,
                    self._with_other_headers,
                    self._about_something_else,
                    self._as_somebody_else,
                    self._by_another_method,
                    self._at_another_path,
                    *((self._garbled, self._once_only, self._if_it_is_the_same) if operation.writes else ()),
                    *((self._if_it_changed,) * 3 if operation.method == "GET" else ()),
                )
            )

    def _with_other_headers(self, request: Request) -> None:
        request["headers"] |= self._chance.choice(OTHER_HEADERS)

    def _about_something_else(self, request: Request) -> None:
        """A record that is not there, or no id at all."""
        start, slash, end = request["path"].rpartition("/")
        other = self._chance.choice((*NOT_THERE.values(), "0", "-1", "1", "2", "99999999999999999999", "ř", "a%2Fb"))
        request["path"] = f"{start}{slash}{quote(other, safe='%')}{'.json' if end.endswith('.json') else ''}"

    def _as_somebody_else(self, request: Request) -> None:
        for name in self._dialect.credentials:
            del request["headers"][name]
        request["headers"] |= self._chance.choice(self._foreign)

    def _by_another_method(self, request: Request) -> None:
        request["method"] = self._chance.choice(("HEAD", "HEAD", "OPTIONS", "PUT", "PATCH", "TRACE", "GET"))

    def _at_another_path(self, request: Request) -> None:
        path = request["path"]
        others = (
            path + "/",
            path.removesuffix(".json"),
            path + "x",
            path.upper(),
            path.replace("/", "//", 1),
            path + "%00",
        )
        request["path"] = self._chance.choice(others)

    def _garbled(self, request: Request) -> None:
        request["raw"] = self._chance.choice(GARBLED)

    def _once_only(self, request: Request) -> None:
        request["headers"]["Idempotency-Key"] = f"k{self._chance.randrange(10**9)}"

    def _if_it_is_the_same(self, request: Request) -> None:
        if etag := self._etags.get(request["path"]):
            request["headers"]["If-Match"] = etag

    def _if_it_changed(self, request: Request) -> None:
        """Asked once for its version, then with it."""
        self._sent(request)
        if etag := self._etags.get(request["path"]):
            request["headers"]["If-None-Match"] = etag

    def _sent(self, request: Request) -> Answer:
        path = request["path"] + (f"?{urlencode(request['query'])}" if request["query"] else "")
        headers, body = dict(request["headers"]), b""
        if request["sent"] is not None:
            content_type, body = spelled(request["sent"], request["type"])
            headers = {"Content-Type": content_type} | headers
        answer = self._recorder.put(request["method"], path, headers, request.get("raw", body))
        if etag := answer.headers.get("etag"):
            self._etags[request["path"]] = etag
        return answer


class _Shuffled:
    """A server whose lists begin with any of their records, so that not only the first is asked for."""

    def __init__(self, recorder: Recorder, chance: random.Random) -> None:
        self._recorder = recorder
        self._chance = chance

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        answer = self._recorder.ask(method, path, body, headers)
        if answer.status != 200:
            return answer
        told = answer.json
        listed = told.get("entities") if isinstance(told, dict) else told
        if isinstance(listed, list):
            self._chance.shuffle(listed)
        return answer._replace(body=json.dumps(told).encode())


def without_own(sent: Any) -> Any:
    """The body without what only one record may be called."""
    if isinstance(sent, dict):
        return {name: without_own(value) for name, value in sent.items() if name not in {"custom_id", "number"}}
    return sent
