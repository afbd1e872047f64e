"""Answers to reads are kept as rendered JSON, keyed by the version of their record."""

import threading
from collections import deque
from collections.abc import Callable, Hashable
from typing import TypeVar

import msgspec

from faktura.core.books.books import Books
from faktura.core.errors import NotFound
from faktura.store.queries import Stamp
from faktura.store.records import Tenant
from faktura.wire.fields import Shape

T = TypeVar("T", bound=Tenant)
V = TypeVar("V")

Shelf = dict[Stamp, bytes]

OVERHEAD = 250
"""About what a kept answer costs besides its bytes."""

encode = msgspec.json.Encoder(decimal_format="number").encode
"""JSON in UTF-8; a Decimal becomes a number, digit by digit."""


class Rendered:
    """A bounded store of answers; the oldest go first.

    A shelf holds the answers of one resource as seen from one address in one account, by id and version. Nothing that
    moves with time alone may be inside an answer.
    """

    def __init__(self, most_bytes: int = 16 * 1024 * 1024) -> None:
        self._most = most_bytes
        self._used = 0
        self._shelves: dict[Hashable, Shelf] = {}
        self._order: deque[tuple[Hashable, Stamp, int]] = deque()
        self._lock = threading.Lock()

    def many(self, books: Books, shape: Shape[T, V], view: V, key: Hashable, stamps: list[Stamp]) -> list[bytes]:
        """The records with these stamps, in their order; only those not kept are read and rendered."""
        found = list(map(self.shelf(key).get, stamps))
        if None in found:
            missing = [stamp[0] for stamp, answer in zip(stamps, found, strict=True) if answer is None]
            rendered = {r.id: self._render(shape, r, view, key) for r in books.some(shape.record, missing)}
            found = [answer or rendered.get(stamp[0]) for stamp, answer in zip(stamps, found, strict=True)]
        return list(filter(None, found))

    def one(
        self,
        books: Books,
        shape: Shape[T, V],
        view: V,
        key: Hashable,
        record_id: int,
        among: Callable[[T], bool] | None = None,
    ) -> tuple[int, bytes]:
        """The record's version and the record.

        Raises:
            NotFound: there is none in this account, or it is not `among` those that the resource is made of.

        """
        version = books.version(shape.record, record_id)
        answer = self.shelf(key).get((record_id, version))
        if answer is not None:
            return version, answer
        record = books.find(shape.record, record_id)
        if among is not None and not among(record):
            raise NotFound(shape.name)
        return record.version, self._render(shape, record, view, key)

    def shelf(self, key: Hashable) -> Shelf:
        """To look into only; `keep` puts things there."""
        return self._shelves.get(key) or {}

    def keep(self, key: Hashable, stamp: Stamp, answer: bytes) -> None:
        size = len(answer) + OVERHEAD
        with self._lock:
            shelf = self._shelves.setdefault(key, {})
            if stamp in shelf:
                return
            shelf[stamp] = answer
            self._order.append((key, stamp, size))
            self._used += size
            while self._used > self._most:
                self._drop_oldest()

    def _render(self, shape: Shape[T, V], record: T, view: V, key: Hashable) -> bytes:
        answer = encode(shape.show(record, view))
        self.keep(key, (record.id, record.version), answer)
        return answer

    def _drop_oldest(self) -> None:
        key, stamp, size = self._order.popleft()
        shelf = self._shelves[key]
        del shelf[stamp]
        if not shelf:
            del self._shelves[key]
        self._used -= size
