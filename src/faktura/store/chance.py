"""The one source of random values, as there is one clock: ids that others see, tokens, keys. Nobody else draws."""

import secrets
from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import TYPE_CHECKING
from uuid import UUID

# The process that only watches those that serve draws, too.
if TYPE_CHECKING:
    from faktura.store.ids import Ids

MOST = 64
"""Bytes that are drawn together."""


class Chance:
    """What nobody can foresee, asked of the system.

    What is drawn is said by a word, the table that keeps it for instance: it names a place in the row of a seed.
    """

    def draw(self, what: str, length: int) -> bytes:  # noqa: ARG002 (the system draws all in one row)
        return secrets.token_bytes(length)

    def within(self, ids: "Ids") -> "Chance":  # noqa: ARG002 (nothing of it is counted)
        """The same source for one transaction that writes."""
        return self

    def uuid(self, what: str) -> str:
        """A UUID of version 4."""
        return str(UUID(bytes=self.draw(what, 16), version=4))

    def digits(self, what: str, length: int) -> str:
        """So many bytes in hexadecimal digits."""
        return self.draw(what, length).hex()

    def letters(self, what: str, length: int) -> str:
        """So many bytes in letters that may stand in an address."""
        return urlsafe_b64encode(self.draw(what, length)).rstrip(b"=").decode()


class Seeded(Chance):
    """What follows from a seed: the same things drawn in the same order are the same.

    Each thing has a row of its own, so that drawing one never shifts another. How far a row is drawn stands where the
    last ids stand, in the transaction: what is rolled back was not drawn, a program that starts again goes on, and a
    database brought back to an earlier state draws once more what it drew from there. Where nothing is written nothing
    is counted, and the same comes each time.
    """

    def __init__(self, seed: str, ids: "Ids | None" = None) -> None:
        self.seed = seed
        self._key = blake2b(seed.encode()).digest()
        self._ids = ids

    def draw(self, what: str, length: int) -> bytes:
        place = 0 if self._ids is None else self._ids.next(f"chance {what}")
        return blake2b(f"{what} {place}".encode(), key=self._key, digest_size=length).digest()

    def within(self, ids: "Ids") -> "Seeded":
        return Seeded(self.seed, ids)


SYSTEM = Chance()
