"""Checkpoints of a world: everything kept under a name, compared with what is there now, and brought back."""

import datetime as dt
import re
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import falcon
import msgspec

from faktura.sandbox.control import parts
from faktura.sandbox.control.changes import Changes, changes_since
from faktura.sandbox.control.parts import Parts
from faktura.sandbox.control.state import Wrong
from faktura.store import copies
from faktura.store.copies import Copy
from faktura.store.sqlite import SqliteDatabase
from faktura.wire.service import Service

MOST = 20
MOST_BYTES = 256 * 1024 * 1024

NAME = re.compile(r"[a-z0-9-]{1,40}")


class Full(Exception):  # noqa: N818 (says what the checkpoints are)
    """There is no room for another checkpoint; the text says what is kept."""


class Unknown(LookupError):  # noqa: N818 (says what a name is)
    """There is no checkpoint of that name; the text says which there are."""


class Checkpoint(NamedTuple):
    """Made when the world's clock said so; `kept` is what its parts held."""

    name: str
    made_at: dt.datetime
    database: Copy
    kept: Mapping[str, Any]

    def shown(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "made_at": self.made_at.isoformat().replace("+00:00", "Z"),
            "bytes": self.database.bytes,
        }


class Checkpoints:
    """Those of one world, in the memory of its server; the world stands still (`still`) while one is made or used."""

    def __init__(self, service: Service, of: Parts, still: Callable[[], AbstractContextManager[None]]) -> None:
        self._service = service
        self._parts = of
        self._still = still
        self._kept: dict[str, Checkpoint] = {}
        self._using = threading.Lock()

    def all(self) -> list[Checkpoint]:
        """In the order in which they were made."""
        return list(self._kept.values())

    def make(self, name: str) -> Checkpoint:
        """Keep the world under a name; what was kept under it before is dropped.

        Raises:
            Wrong: that is no name.
            Full: so many are kept already.
            Busy: the world does not stand still.

        """
        _check(name)
        with self._using, self._still():
            self._service.write_what_waits()
            copy = copies.copied(self._database())
            others = {other: one for other, one in self._kept.items() if other != name}
            _require_room(others, copy)
            made = Checkpoint(name, self._service.clock.now(), copy, parts.keep(self._parts))
            self._kept = {**others, name: made}
        return made

    def rewind(self, name: str) -> None:
        """Make the world what it was, and forget whatever was remembered of what it is.

        Raises:
            Unknown: there is no checkpoint of that name.
            Busy: the world does not stand still.

        """
        with self._using, self._still():
            found = self._find(name)
            # Whatever a thread of its own is just writing is waited for: it would write it into what was brought back.
            self._service.write_what_waits()
            copies.bring_back(self._database(), found.database)
            self._service.forget()
            parts.bring_back(self._parts, found.kept)

    def changes(self, name: str) -> Changes:
        """What differs between then and now; `Unknown` as above."""
        with self._using:
            return changes_since(self._find(name).database, self._database())

    def remove(self, name: str) -> None:
        """Drop one; `Unknown` as above."""
        with self._using:
            del self._kept[self._find(name).name]

    def _find(self, name: str) -> Checkpoint:
        _check(name)
        if name not in self._kept:
            known = f"there are {', '.join(self._kept)}" if self._kept else "there is none"
            raise Unknown(f"There is no checkpoint {name}; {known}")
        return self._kept[name]

    def _database(self) -> SqliteDatabase:
        assert isinstance(self._service.database, SqliteDatabase)  # noqa: S101 (that of a sandbox is)
        return self._service.database


def _check(name: str) -> None:
    if NAME.fullmatch(name) is None:
        raise Wrong(f"The name of a checkpoint has 1 to 40 of the characters a-z, 0-9 and -, not {name[:50]!r}")


def _require_room(others: Mapping[str, Checkpoint], copy: Copy) -> None:
    if len(others) >= MOST:
        raise Full(f"{MOST} checkpoints are kept, which is the most; delete one of {', '.join(others)}")
    used = sum(one.database.bytes for one in others.values())
    if used + copy.bytes > MOST_BYTES:
        raise Full(f"{used} bytes are kept of at most {MOST_BYTES}; delete one of {', '.join(others)}")


class CheckpointsResource:
    """`GET /sandbox/checkpoints`: which there are, and how much room."""

    def __init__(self, checkpoints: Checkpoints) -> None:
        self._checkpoints = checkpoints

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = {
            "checkpoints": [one.shown() for one in self._checkpoints.all()],
            "most": MOST,
            "most_bytes": MOST_BYTES,
        }


class CheckpointResource:
    """One of them: made, compared, brought back and deleted; `state` is what a rewind answers with."""

    def __init__(self, checkpoints: Checkpoints, state: Callable[[], dict[str, Any]]) -> None:
        self._checkpoints = checkpoints
        self._state = state

    def on_post(self, _req: falcon.Request, resp: falcon.Response, name: str) -> None:
        resp.media = self._checkpoints.make(name).shown()
        resp.status = falcon.HTTP_CREATED

    def on_delete(self, _req: falcon.Request, resp: falcon.Response, name: str) -> None:
        self._checkpoints.remove(name)
        resp.status = falcon.HTTP_NO_CONTENT

    def on_get_changes(self, _req: falcon.Request, resp: falcon.Response, name: str) -> None:
        resp.media = msgspec.to_builtins(self._checkpoints.changes(name))

    def on_post_rewind(self, _req: falcon.Request, resp: falcon.Response, name: str) -> None:
        self._checkpoints.rewind(name)
        resp.media = self._state()
