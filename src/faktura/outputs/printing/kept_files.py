"""Files that were made recently, kept in memory."""

import threading
from collections import OrderedDict
from collections.abc import Hashable


class KeptFiles:
    """A bounded store; those that nobody asked for recently leave first, but the newest stays whatever its size."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._used = 0
        self._files: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> bytes | None:
        with self._lock:
            file = self._files.get(key)
            if file is not None:
                self._files.move_to_end(key)
            return file

    def keep(self, key: Hashable, file: bytes) -> None:
        with self._lock:
            self._used += len(file) - len(self._files.pop(key, b""))
            self._files[key] = file
            while self._used > self._most and len(self._files) > 1:
                self._used -= len(self._files.popitem(last=False)[1])

    def clear(self) -> None:
        with self._lock:
            self._files.clear()
            self._used = 0
