"""When a database does not answer, only the first wait for it: nobody waits behind those that wait in vain."""

import time
from collections.abc import Hashable

from faktura.store.errors import Unavailable

SECONDS = 1.0
"""How long everybody is refused after somebody waited in vain."""


class Silence:
    """The silence of the whole, or of a part: each has its own."""

    def __init__(self) -> None:
        self._until: dict[Hashable, float] = {}

    def begin(self, part: Hashable = None) -> None:
        now = time.monotonic()
        self._until = {other: until for other, until in self._until.items() if until > now} | {part: now + SECONDS}

    def require_end(self, part: Hashable = None) -> None:
        """Do nothing where nobody waited in vain a moment ago.

        Raises:
            Unavailable: somebody did.

        """
        if self._until and time.monotonic() < self._until.get(part, 0):
            message = "the database did not answer a moment ago"
            raise Unavailable(message)
