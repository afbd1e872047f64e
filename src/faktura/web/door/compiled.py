"""Compiled templates stay beside their sources, as compiled modules do: nobody waits for them again after a start."""

import contextlib
import sys
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

FOLDER = Path(__file__).parent.parent / "templates" / "__pycache__"


class BesideTemplates(FileSystemBytecodeCache):
    """What cannot be kept, since the folder is somebody else's, is compiled again after the next start."""

    def __init__(self) -> None:
        super().__init__(str(FOLDER))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        with contextlib.suppress(OSError):
            FOLDER.mkdir(exist_ok=True)
            super().dump_bytecode(bucket)
