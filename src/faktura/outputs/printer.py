"""Printing: a few processes that set documents, and the files that were made lately."""

import os
import queue
import signal
import subprocess
import sys
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable

import msgspec

from faktura.outputs.frames import Gone, Tag, receive, send
from faktura.outputs.printed import PrintedDocument

PROCESSES = 2
SECONDS = 20
"""That one document may take; a usual one takes 0.02."""

IDLE = 300.0
"""Seconds after which a process that nobody needs ends, for it holds 60 MB."""

PATIENCE = 30.0
"""Seconds to wait until a process is free."""

MOST_BYTES = 16 * 1024 * 1024

SETTINGS = "FAKTURA_"
"""What the names of settings begin with: printing needs none, and passwords are among them."""


class NotPrinted(Exception):  # noqa: N818 (says what became of a document)
    """A document could not be printed; the text says why."""


class TookTooLong(NotPrinted):
    """Printing it was given up."""


class TooBusy(NotPrinted):
    """No process became free."""


class Printer:
    """Prints documents in processes of their own, which start when they are needed and end with this one.

    A process that died is replaced; the document that it died of is tried once more. `close` ends them all.
    """

    def __init__(
        self,
        processes: int = PROCESSES,
        *,
        seconds: int = SECONDS,
        idle: float = IDLE,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._seconds = seconds
        self._idle = idle
        self._kept = _Kept(most_bytes)
        self._presses: set[_Press] = set()
        # The last one used is the first one used again, so that a second process starts only where two have to do.
        self._free: queue.LifoQueue[_Press | None] = queue.LifoQueue()
        for _ in range(processes):
            self._free.put(None)
        self.close = weakref.finalize(self, _end_all, self._presses)

    def render_pdf(self, document: PrintedDocument) -> bytes:
        """The document as a PDF file.

        Raises:
            NotPrinted: it takes too long, every process is busy, or they die of it.

        """
        content = msgspec.msgpack.encode(document)
        try:
            tag, answer = self._ask(content)
        except Gone:
            tag, answer = self._ask_again(content)
        if tag == "refused":
            raise NotPrinted(answer.decode())
        return answer

    def pdf_of(self, key: Hashable, make: Callable[[], PrintedDocument]) -> bytes:
        """The same, kept under a key that tells all that the file depends on, such as the version of its record.

        Raises:
            NotPrinted: see render_pdf.

        """
        kept = self._kept.find(key)
        if kept is None:
            kept = self.render_pdf(make())
            self._kept.keep(key, kept)
        return kept

    def forget(self) -> None:
        """Keep nothing of what was printed."""
        self._kept.clear()

    def _ask_again(self, content: bytes) -> tuple[Tag, bytes]:
        try:
            return self._ask(content)
        except Gone:
            raise NotPrinted("two printing processes died of it") from None

    def _ask(self, content: bytes) -> tuple[Tag, bytes]:
        if not self.close.alive:
            raise NotPrinted("the printer is closed")
        try:
            press = self._free.get(timeout=PATIENCE)
        except queue.Empty:
            raise TooBusy("every printing process is busy") from None
        try:
            press = press or self._start()
            answer = press.ask(content)
        except BaseException:
            # Who knows what it still has to say: it is not asked again.
            self._free.put(None)
            if press is not None:
                self._presses.discard(press)
                press.end()
            raise
        self._free.put(press)
        return answer

    def _start(self) -> "_Press":
        press = _Press(self._seconds, self._idle)
        self._presses.add(press)
        return press


class _Press:
    """A printing process, which serves one thread at a time."""

    def __init__(self, seconds: int, idle: float) -> None:
        command = [sys.executable, "-m", "faktura.outputs.printing_process", str(seconds), str(idle)]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
        self._process = subprocess.Popen(  # noqa: S603 (a module of our own)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=inherited
        )

    def ask(self, content: bytes) -> tuple[Tag, bytes]:
        """The answer to a document.

        Raises:
            TookTooLong: the kernel ended the process.
            Gone: the process died otherwise.

        """
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise Gone
        try:
            send(stdin, "document", content)
            return receive(stdout)
        except Gone:
            if self._process.wait() == -signal.SIGALRM:
                raise TookTooLong("printing takes too long") from None
            raise

    def end(self) -> None:
        """It has nothing to lose: what it prints goes to nobody."""
        self._process.kill()
        self._process.communicate()


def _end_all(presses: "set[_Press]") -> None:
    for press in list(presses):
        press.end()


class _Kept:
    """A bounded store of files; those that nobody asked for lately go first."""

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
            while self._used > self._most:
                self._used -= len(self._files.popitem(last=False)[1])

    def clear(self) -> None:
        with self._lock:
            self._files.clear()
            self._used = 0
