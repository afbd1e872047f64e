"""What an adapter of a registry does, and what several of them need."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from faktura.core.registries.facts import Heard, RegistryName, State
from faktura.core.texts import as_seen
from faktura.outside.http import Answer, Client, Unanswered, origin_of

OK, BAD_REQUEST, NOT_FOUND = 200, 400, 404

DAY = dt.timedelta(days=1)

LONGEST = 300
"""Letters of what a registry says in one line."""

PRAGUE, WARSAW, BRUSSELS = (ZoneInfo(f"Europe/{city}") for city in ("Prague", "Warsaw", "Brussels"))


class AtRest(Unanswered):
    """Nobody is asked for so long, as was known before: nothing has failed."""

    def __init__(self, why: str, delay: dt.timedelta) -> None:
        super().__init__(why)
        self.delay = delay


class Spent(Unanswered):
    """The registry answers no more on this day."""


class Adapter(Protocol):
    """Asks one registry, and reads its answers; `title` is what people call it.

    At most `day_limit` calls are made on a day in its `zone`, each with up to `most` questions, and `at_once` of them;
    where nobody waits, `pause` seconds pass from one to the next.
    """

    name: RegistryName
    title: str
    zone: ZoneInfo
    day_limit: int
    most: int
    at_once: int
    pause: float

    def ask(self, client: Client, questions: Sequence[str], now: dt.datetime) -> Mapping[str, Heard]:
        """What is answered to each question; one that is left out was not answered.

        Raises:
            Unanswered: nobody answers, or not as agreed.
            ValueError, msgspec.MsgspecError: the answer is not what was agreed.

        """

    def fresh_until(self, state: State, now: dt.datetime) -> dt.datetime:
        """How long an answer holds that came now."""


class OneByOne(ABC):
    """What adapters have in common whose registry answers one question in a call.

    An answer holds for a day; what was not found may be there in an hour.
    """

    most = 1
    pause: float = 0

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, client: Client, questions: Sequence[str], now: dt.datetime) -> Mapping[str, Heard]:  # noqa: ARG002
        return {question: self._ask(client, question) for question in questions}

    def fresh_until(self, state: State, now: dt.datetime) -> dt.datetime:
        return now + (DAY if state == "found" else DAY / 24)

    @abstractmethod
    def _ask(self, client: Client, question: str) -> Heard: ...


def one_line(text: str | None) -> str:
    """A text as it can be kept and shown; registries write --- for what they do not tell.

    Raises:
        ValueError: it is longer than any that a registry has.

    """
    line = as_seen(" ".join((text or "").split())).strip()
    if len(line) > LONGEST:
        message = "a text is longer than any of a registry"
        raise ValueError(message)
    return "" if line == "---" else line


def plain(said: msgspec.Struct) -> dict[str, object]:
    """As it is kept."""
    values: dict[str, object] = msgspec.json.decode(msgspec.json.encode(said))
    return values


def end_of_day(zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    tomorrow = now.astimezone(zone).date() + DAY
    return dt.datetime.combine(tomorrow, dt.time(), zone).astimezone(dt.UTC)


def require(answer: Answer, url: str, *statuses: int) -> bytes:
    """The body of an answer of one of these statuses.

    Raises:
        Unanswered: it has another.

    """
    if answer.status not in statuses:
        raise Unanswered(f"{origin_of(url)}: status {answer.status}")
    return answer.body
