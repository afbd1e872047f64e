"""Registries asked by the house: nothing fresh is asked again, limits of days are kept, who fails is left alone."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.registries.answers import RegistryAnswer, fresh_answers, keep_answer
from faktura.core.registries.days import NO_LIMIT, note_failure, note_recovery, note_spent, take_call
from faktura.core.registries.facts import Heard, RegistryName
from faktura.outside.http import Client, Unanswered
from faktura.outside.registries.adapter import Adapter, AtRest, Spent
from faktura.outside.registries.breaker import Breaker
from faktura.store.database import Database

log = logging.getLogger(__name__)

LONGEST_ANSWER = 64 * 1024
"""Bytes that are kept."""

MAINTENANCE = dt.timedelta(minutes=1)
"""How long a job waits before it looks whether it is over."""

SPARED = 10
"""A tenth of a day's calls is left to people who wait."""


class Registries:
    """Those that the operator lets be asked, with what was heard of them in this process.

    While `is_closed`, in maintenance, nobody is asked.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        client: Client | None = None,
        adapters: Iterable[Adapter] = (),
        is_closed: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database = database
        self._clock = clock
        self._client = client or Client()
        self._is_closed = is_closed
        self._adapters: Mapping[RegistryName, Adapter] = {adapter.name: adapter for adapter in adapters}
        self._breakers: dict[RegistryName, Breaker] = {}
        self._turns: dict[RegistryName, float] = {}
        self._pacing = threading.Lock()
        self.forget()
        self._gates = {name: threading.BoundedSemaphore(one.at_once) for name, one in self._adapters.items()}

    def forget(self) -> None:
        """Nothing is known any more of who failed."""
        self._breakers = {name: Breaker() for name in self._adapters}

    def has(self, name: RegistryName) -> bool:
        return name in self._adapters

    def title(self, name: RegistryName) -> str:
        return self._adapters[name].title

    def day(self, name: RegistryName) -> dt.date:
        """The day on which questions count, where the registry is."""
        return self._clock.now().astimezone(self._adapters[name].zone).date()

    def ask(
        self, name: RegistryName, question: str, *, waits: bool = False, since: dt.datetime | None = None
    ) -> RegistryAnswer:
        """What the registry says now, or said a while ago but not before `since`; `waits` is whether somebody does.

        Raises:
            Unanswered: it cannot be asked now, or does not answer as agreed.

        """
        answers = self.ask_all(name, [question], waits=waits, since=since)
        if question not in answers:
            raise Unanswered(f"{name} leaves the question out")
        return answers[question]

    def ask_all(
        self, name: RegistryName, questions: Sequence[str], *, waits: bool = False, since: dt.datetime | None = None
    ) -> dict[str, RegistryAnswer]:
        """The same of several questions, as many in one call as it takes; those that it left out are not there.

        Raises:
            Unanswered: as for `ask`; what was answered before that is kept.

        """
        if not self.has(name):
            raise Unanswered(f"{name} is off")
        fresh = self._database.read(lambda tx: fresh_answers(Office(tx, self._clock.now()), name, questions))
        known = {question: one for question, one in fresh.items() if since is None or one.asked_at >= since}
        missing = list(dict.fromkeys(question for question in questions if question not in known))
        adapter = self._adapters[name]
        for start in range(0, len(missing), adapter.most):
            known |= self._call(adapter, missing[start : start + adapter.most], waits=waits)
        return known

    def _call(self, adapter: Adapter, questions: Sequence[str], *, waits: bool) -> dict[str, RegistryAnswer]:
        name, breaker = adapter.name, self._breakers[adapter.name]
        if self._is_closed():
            raise AtRest("nothing is asked in maintenance", MAINTENANCE)
        if not waits:
            self._keep_pace(adapter)
        with self._gates[name]:
            if not breaker.lets_through(self._clock.now()):
                raise Unanswered(f"{name} failed often, and is left alone for a while")
            self._take_call(adapter, waits=waits)
            heard = self._heard(adapter, questions)
        healed = breaker.succeeded()
        return self._database.write(lambda tx: self._keep(Office(tx, self._clock.now()), adapter, heard, healed=healed))

    def _keep_pace(self, adapter: Adapter) -> None:
        """Wait for the turn of this call; nobody else waits meanwhile."""
        with self._pacing:
            now = time.monotonic()
            turn = max(now, self._turns.get(adapter.name, now))
            self._turns[adapter.name] = turn + adapter.pause
        time.sleep(turn - now)

    def _take_call(self, adapter: Adapter, *, waits: bool) -> None:
        limit = adapter.day_limit
        if not waits and limit != NO_LIMIT:
            limit -= limit // SPARED
        name, day = adapter.name, self.day(adapter.name)
        if not self._database.write(lambda tx: take_call(Office(tx, self._clock.now()), name, day, limit)):
            raise Unanswered(f"{name} was asked as often as is allowed on a day")

    def _heard(self, adapter: Adapter, questions: Sequence[str]) -> Mapping[str, Heard]:
        """What is answered; a failure is written down, so that whoever fails often is left alone."""
        name, day = adapter.name, self.day(adapter.name)
        try:
            heard = adapter.ask(self._client, questions, self._clock.now())
            _check(heard)
        except AtRest:
            self._breakers[name].succeeded()
            raise
        except Spent:
            self._breakers[name].succeeded()
            self._database.write(lambda tx: note_spent(Office(tx, self._clock.now()), name, day, adapter.day_limit))
            raise
        except (Unanswered, ValueError, msgspec.MsgspecError) as error:
            until = self._breakers[name].failed(self._clock.now())
            log.warning("registry not reached", extra={"registry": name, "error": type(error).__name__})
            why = str(error) if isinstance(error, Unanswered) else f"{name} does not answer as agreed"
            self._database.write(lambda tx: note_failure(Office(tx, self._clock.now()), name, day, why, until))
            raise Unanswered(why) from None
        return heard

    def _keep(
        self, office: Office, adapter: Adapter, heard: Mapping[str, Heard], *, healed: bool
    ) -> dict[str, RegistryAnswer]:
        if healed:
            note_recovery(office, adapter.name, self.day(adapter.name))
        return {
            question: keep_answer(office, adapter.name, question, one, adapter.fresh_until(one.state, office.now))
            for question, one in heard.items()
        }


def _check(heard: Mapping[str, Heard]) -> None:
    for one in heard.values():
        if len(msgspec.json.encode(one.said)) > LONGEST_ANSWER:
            message = "more is said than can be kept"
            raise ValueError(message)
