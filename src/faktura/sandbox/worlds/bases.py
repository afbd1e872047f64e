"""The folders that worlds are copied from: the sandbox's own, and one for each other beginning that was wanted."""

import threading
from hashlib import blake2b
from pathlib import Path

from faktura.sandbox.beginning import Beginning
from faktura.sandbox.example.webhooks import SOMEWHERE
from faktura.sandbox.files import WORLDS
from faktura.sandbox.folder import prepare_folder


class Bases:
    """Made when a world first wants one, which takes as long as the start of a sandbox, and kept for the next."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._making = threading.Lock()

    def for_world(self, beginning: Beginning) -> Path:
        if beginning == Beginning():
            return self._folder
        name = blake2b(repr(beginning).encode(), digest_size=8).hexdigest()
        base = self._folder / WORLDS / f".{name}"
        with self._making:
            base.mkdir(parents=True, exist_ok=True, mode=0o700)
            prepare_folder(base, SOMEWHERE, None, beginning)
        return base
