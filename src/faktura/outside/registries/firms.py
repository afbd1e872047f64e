"""Firms looked up in the registry of their country while somebody waits: who is asked for them, what is trusted."""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, Protocol, TypeVar

import msgspec

from faktura.core.countries.numbers import Reading, read_ico, read_nip, read_vat_no_of
from faktura.core.countries.vat import EU
from faktura.core.registries.answers import RegistryAnswer
from faktura.core.registries.facts import TEXTS, Facts, RegistryName, Said, Unknown
from faktura.core.texts import as_seen
from faktura.outside.http import Client, Unanswered
from faktura.outside.registries import vies
from faktura.outside.registries.adapter import LONGEST
from faktura.outside.registries.asking import Registries

T = TypeVar("T")

log = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds that somebody waits before a page."""

AT_ONCE = 4

FEW = 3
"""Countries that are named one by one."""

NumberName = Literal["registration_no", "vat_no"]

ByName = Callable[[str], list[Said]]
"""Firms with that in their names."""


class Registry(Protocol):
    """Asks by the number that firms of its country go by, as it is kept."""

    @property
    def name(self) -> str: ...

    @property
    def by(self) -> NumberName: ...

    @property
    def read(self) -> Reading: ...

    def ask(self, client: Client, number: str) -> Said | None:
        """What it says; None where it has no such firm.

        Raises:
            Unanswered: it cannot be asked now.
            ValueError, msgspec.MsgspecError: the answer is not what was agreed.

        """


class OfHouse:
    """A registry that the house asks, and whose answers it keeps."""

    def __init__(
        self, registries: Registries, registry: RegistryName, by: NumberName, read: Reading, question: Reading
    ) -> None:
        self.name = registries.title(registry)
        self.by = by
        self.read = read
        self._registries = registries
        self._registry = registry
        self._question = question

    def answers(self, numbers: Sequence[str], since: dt.datetime) -> dict[str, RegistryAnswer]:
        """What firms are, by their numbers, told now or since then; who is left out is not there.

        Raises:
            Unanswered: it cannot be asked now.

        """
        asked = {self._question(number): number for number in numbers}
        told = self._registries.ask_all(self._registry, list(asked), since=since)
        return {asked[question]: answer for question, answer in told.items()}

    def ask(self, _client: Client, number: str) -> Said | None:
        answer = self._registries.ask(self._registry, self._question(number), waits=True)
        if answer.state != "found":
            return None
        said = msgspec.convert(answer.said, Said)
        return msgspec.structs.replace(said, said_at=answer.asked_at)


class LookUps:
    """Registries by country; what they say is data of strangers, and is looked at before it is handed on."""

    def __init__(
        self,
        registries: Mapping[str, Registry],
        client: Client | None = None,
        patience: float = PATIENCE,
        by_name: Mapping[str, ByName] = {},
    ) -> None:
        self._registries = registries
        self._by_name = by_name
        self._client = client or Client()
        self._patience = patience
        self._threads = ThreadPoolExecutor(AT_ONCE, "registries")
        self._places = threading.BoundedSemaphore(AT_ONCE)

    @property
    def sources(self) -> Mapping[str, str]:
        """Who is asked, and of which countries."""
        countries: dict[str, list[str]] = {}
        for country, registry in self._registries.items():
            countries.setdefault(registry.name, []).append(country)
        return {name: ", ".join(found) if len(found) <= FEW else "EU" for name, found in countries.items()}

    def of(self, country: str) -> Registry | None:
        return self._registries.get(country)

    def finds_by_name(self, country: str) -> bool:
        return country in self._by_name

    def search(self, country: str, name: str, now: dt.datetime) -> list[Facts] | Unknown:
        """Firms of a country that have this in their names: the first few."""
        source = self._registries[country].name
        try:
            found = self.wait_for(lambda: self._by_name[country](name))
            return [facts_of(said, source, now) for said in found] or "not_there"
        except (Unanswered, ValueError, msgspec.MsgspecError) as error:
            return _unreached(source, error)

    def look_up(self, country: str, number: str, now: dt.datetime) -> Facts | Unknown:
        """What the country's registry says of the firm with that number."""
        registry = self._registries.get(country)
        if registry is None:
            return "not_configured"
        try:
            said = self.wait_for(lambda: registry.ask(self._client, number))
            return "not_there" if said is None else facts_of(said, registry.name, now)
        except (Unanswered, ValueError, msgspec.MsgspecError) as error:
            return _unreached(registry.name, error)

    def wait_for(self, ask: Callable[[], T]) -> T:
        """What comes of asking, for as long as somebody waits; what comes later is kept for the next who asks.

        Raises:
            Unanswered: nothing came in time, or too many wait already; besides, what asking raises.

        """
        if not self._places.acquire(blocking=False):
            raise Unanswered("too many wait for registries")
        future = self._threads.submit(ask)
        future.add_done_callback(lambda _: self._places.release())
        try:
            return future.result(self._patience)
        except TimeoutError:
            raise Unanswered("the registry takes too long") from None


def _unreached(registry: str, error: Exception) -> Unknown:
    log.warning("registry not reached", extra={"registry": registry, "error": type(error).__name__})
    return "not_reachable"


NOBODY = LookUps({})
"""Where no registry may be asked."""


def firms_in(registries: Registries, patience: float = PATIENCE) -> LookUps:
    """Firms of each country, in the registry that says most of them."""
    by_name = {"CZ": _by_name(registries)} if registries.has("ares_search") else {}
    return LookUps(dict(_by_country(registries)), patience=patience, by_name=by_name)


def in_country(registries: Registries, country: str) -> OfHouse | None:
    """The registry that says most of the firms of a country."""
    return dict(_by_country(registries)).get(country)


def _by_country(registries: Registries) -> Iterator[tuple[str, OfHouse]]:
    if registries.has("ares"):
        yield "CZ", OfHouse(registries, "ares", "registration_no", read_ico, str)
    if registries.has("gus"):
        yield "PL", OfHouse(registries, "gus", "vat_no", read_nip, digits)
    elif registries.has("white_list"):
        of_today = _of_today(registries)
        yield "PL", OfHouse(registries, "white_list", "vat_no", read_nip, of_today)
    if registries.has("vies"):
        for country in sorted(EU - {"CZ", "PL"}):
            yield country, OfHouse(registries, "vies", "vat_no", read_vat_no_of(country), _in_vies(country))


def _by_name(registries: Registries) -> ByName:
    """A question is asked in one way, however it is typed."""

    def search(name: str) -> list[Said]:
        answer = registries.ask("ares_search", " ".join(name.casefold().split())[:LONGEST], waits=True)
        return msgspec.convert(answer.said.get("firms", []), list[Said])

    return search


def digits(nip: str) -> str:
    """A NIP without the letters of its country."""
    return nip.removeprefix("PL")


def _of_today(registries: Registries) -> Callable[[str], str]:
    return lambda nip: f"{digits(nip)}|{registries.day('white_list')}"


def _in_vies(country: str) -> Callable[[str], str]:
    return lambda number: vies.question_of(number, country)


def facts_of(said: Said, source: str, now: dt.datetime) -> Facts:
    """What was said, where each text is one that can be kept.

    Raises:
        ValueError, msgspec.MsgspecError: it is not.

    """
    checked = msgspec.convert(msgspec.to_builtins(said), Said)
    texts = {name: as_seen(" ".join(getattr(checked, name).split())) for name in TEXTS}
    if any(len(text) > LONGEST for text in texts.values()):
        message = "a text is longer than any of a firm"
        raise ValueError(message)
    whole = msgspec.structs.replace(checked, **texts)
    return Facts(**msgspec.structs.asdict(whole), source=source, asked_at=checked.said_at or now)
