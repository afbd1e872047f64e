"""Asks one version, writes down every exchange, and keeps what is worth asking or sending again."""

import json
import random
import re
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from typing import Any

from tests.recorded.exchanges import SOURCES, Exchange, Got, Headers, Sent
from tests.recorded.versions import Standing
from tests.running import Answer

REMEMBERED = 40
"""Reads of each firm that may be asked again; the oldest are forgotten."""

IDS = re.compile(r"(?<=/)(\d+|[0-9a-f-]{36})(?=[/.])")
LONG = 20
"""Letters of what a task is asked for by, at least."""

OWN_LINE = 0.7
"""How often a read is repeated by the same line."""

READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Recorder:
    """`after_write` is called when somebody's write was answered, with whose it was.

    `taken` has the bodies that were taken, by method and path without ids, and `references` what tasks are asked
    for by that were begun.
    """

    def __init__(self, standing: Standing, chance: random.Random) -> None:
        self.exchanges: list[Exchange] = []
        self.taken: dict[str, list[Any]] = defaultdict(list)
        self.references: list[str] = []
        self.after_write: Callable[[str], None] = lambda _whose: None
        self.whose = ""
        self._standing = standing
        self._chance = chance
        self._reads: dict[str, deque[Sent]] = {}
        self._server_address = f"{standing.server.host}:{standing.server.port}"

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None, raw: bytes = b""
    ) -> Answer:
        """As `Server.ask`, by any of the lines."""
        sent = raw if body is None else json.dumps(body).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        return self.put(method, path, {"User-Agent": "tests", **kind, **(headers or {})}, sent)

    def put(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"", line: int | None = None
    ) -> Answer:
        """Send these headers and no others, but for those that every request has."""
        own = {name.lower() for name in headers}
        about: Headers = tuple(headers.items())
        if "host" not in own:
            about = (("Host", self._server_address), *about)
        if (body or method not in READS) and "content-length" not in own:
            about = (*about, ("Content-Length", str(len(body))))
        chosen = self._chance.randrange(len(SOURCES)) if line is None else line
        return self.send(Sent(chosen, method, path, about, body))

    def send(self, sent: Sent) -> Answer:
        got = self._standing.lines.send(sent)
        self.exchanges.append(Exchange(sent, got))
        if sent.method == "GET" and got.status in {200, 404} and self.whose:
            self._reads.setdefault(self.whose, deque(maxlen=REMEMBERED)).append(sent)
        elif sent.method not in READS and self.whose:
            self._learn(sent, got)
            self.after_write(self.whose)
        return Answer(got.status, {name.lower(): value for name, value in got.headers}, got.body)

    def _learn(self, sent: Sent, got: Got) -> None:
        if got.status in {200, 201, 202} and sent.body.startswith(b"{"):
            self.taken[kind_of(sent.method, sent.path)].append(json.loads(sent.body))
        if "/async/" in sent.path and got.status < 300:
            values = json.loads(got.body).values()
            self.references += [value for value in values if isinstance(value, str) and len(value) >= LONG]

    def control(self, method: str, path: str = "", body: Any = None) -> Answer:
        """The control address listens to the first line only, and nobody's answers change by a question of it."""
        whose, self.whose = self.whose, ""
        sent = b"" if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"} if body is not None else {}
        answer = self.put(method, f"/sandbox{path}", kind, sent, line=0)
        self.whose = whose
        assert answer.status < 300, (path, answer.body)
        return answer

    def earlier(self, whose: str, how_many: int) -> list[Sent]:
        """Some reads of a firm."""
        known = self._reads.get(whose, ())
        return self._chance.sample([*known], min(how_many, len(known)))

    def repeat(self, reads: list[Sent], times: int) -> None:
        """Each several times in a row, by the line that it came from or by another."""
        for sent in reads:
            for _ in range(times):
                line = sent.line if self._chance.random() < OWN_LINE else self._chance.randrange(len(SOURCES))
                again = sent._replace(line=line)
                self.exchanges.append(Exchange(again, self._standing.lines.send(again)))


def kind_of(method: str, path: str) -> str:
    """What is asked for, whichever record and account it is about."""
    return f"{method} {IDS.sub('0', re.sub('/accounts/[^/]+', '', path.partition('?')[0]))}"
