"""Firms looked up in the registry of their country while somebody waits: what an adapter does, what is trusted."""

import datetime as dt
import logging
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import msgspec

from faktura.core.registry_facts import TEXTS, Facts, Said, Unknown
from faktura.core.texts import as_seen
from faktura.outside.http import Client, Unanswered

log = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds that somebody waits before a page."""

AT_ONCE = 4
LONGEST = 300


class Registry(Protocol):
    """An adapter: asks by the number that firms of its country go by, and reads the answer."""

    @property
    def name(self) -> str: ...

    def ask(self, client: Client, number: str) -> Said | None:
        """What it says; None where it has no such firm.

        Raises:
            Unanswered: it cannot be asked now.
            ValueError, msgspec.MsgspecError: the answer is not what was agreed.

        """


class LookUps:
    """Registries by country; what they say is data of strangers, and is looked at before it is handed on."""

    def __init__(
        self, registries: Mapping[str, Registry], client: Client | None = None, patience: float = PATIENCE
    ) -> None:
        self._registries = registries
        self._client = client or Client()
        self._patience = patience
        self._threads = ThreadPoolExecutor(AT_ONCE, "registries")
        self._places = threading.BoundedSemaphore(AT_ONCE)

    @property
    def countries(self) -> Mapping[str, str]:
        """Those of which firms can be looked up, and the name of the registry."""
        return {country: registry.name for country, registry in self._registries.items()}

    def look_up(self, country: str, number: str, now: dt.datetime) -> Facts | Unknown:
        """What the country's registry says of the firm with that number."""
        registry = self._registries.get(country)
        if registry is None:
            return "not_configured"
        if not self._places.acquire(blocking=False):
            return "not_reachable"
        future = self._threads.submit(registry.ask, self._client, number)
        future.add_done_callback(lambda _: self._places.release())
        try:
            said = future.result(self._patience)
            return "not_there" if said is None else facts_of(said, registry.name, now)
        except (Unanswered, TimeoutError, ValueError, msgspec.MsgspecError) as error:
            log.warning("registry not reached", extra={"registry": registry.name, "error": type(error).__name__})
            return "not_reachable"


NOBODY = LookUps({})
"""As long as no adapter is built."""


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
    return Facts(**texts, ended_on=checked.ended_on, source=source, asked_at=now)
