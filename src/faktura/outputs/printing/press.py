"""A process that prints, as the server sees it."""

import os
import signal
import subprocess
import sys

from faktura.outputs.printing.frames import Gone, Tag, receive, send

SETTINGS = "FAKTURA_"
"""What the names of settings begin with: printing needs none, and passwords are among them."""

MEMORY = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""Large pages, where the kernel lends them: typst allots so much that 4 % of its time goes to small ones."""

ENDED_BY_KERNEL = (-signal.SIGXCPU, -signal.SIGALRM)


class NotPrinted(Exception):  # noqa: N818 (says what happened to a document)
    """A document could not be printed; the text says why."""


class TookTooLong(NotPrinted):
    """Printing it was given up."""


class Press:
    """A printing process, which serves one thread at a time.

    It imports nothing of the folder in which the server was started, nor what the environment adds to Python's path.
    """

    def __init__(self, seconds: int, idle: float) -> None:
        command = [sys.executable, "-I", "-m", "faktura.outputs.printing.printing_process", str(seconds), str(idle)]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
        self._process = subprocess.Popen(  # noqa: S603 (a module of our own)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=inherited | MEMORY, cwd="/"
        )

    def ask(self, document: bytes) -> tuple[Tag, bytes, float]:
        """The answer to a document, and the seconds of processor time that it took.

        Raises:
            TookTooLong: the kernel ended the process.
            Gone: the process died otherwise.

        """
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise Gone
        try:
            send(stdin, "document", document)
            _, seconds = receive(stdout)
            return *receive(stdout), float(seconds)
        except Gone:
            if self._process.wait() in ENDED_BY_KERNEL:
                raise TookTooLong("printing takes too long") from None
            raise

    @property
    def lives(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """It has nothing to lose: what it prints is for nobody."""
        self._process.kill()
        self._process.communicate()
