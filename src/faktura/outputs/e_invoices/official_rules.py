"""The official rules of EN 16931, asked in a process of their own: what runs them may end the process that it is in."""

import importlib.util
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Literal

import msgspec

from faktura.outputs.printing.frames import Gone, receive, send
from faktura.outputs.printing.press import SETTINGS

RulesOf = Literal["UBL", "CII"]
"""A syntax that there are rules of."""

Absence = Literal["not_set", "no_files", "no_library"]
"""Why there are no rules: no folder is named, it does not hold them, or what runs them is not installed."""

PATIENCE = 5.0
"""Seconds for an answer, which takes some hundredths."""

BEGINNING = 60.0
"""Seconds for a start, in which the rules are compiled: one or two of a processor."""

IDLE = 600.0
"""Seconds after which a process ends that nobody asks: it holds 270 MB."""

LIBRARY = "saxonche"


class NoAnswer(Exception):  # noqa: N818 (says what happened to a question)
    """The rules were not told of a file in time, or their process died."""


class RulesRefused(Exception):  # noqa: N818 (says what happened to a question)
    """The rules cannot be asked about this file; the text says why."""


def files_in(folder: Path) -> dict[RulesOf, Path]:
    """The rules as the European Commission publishes them, by the syntax that they are of."""
    return {"UBL": folder / "EN16931-UBL-validation.xslt", "CII": folder / "EN16931-CII-validation.xslt"}


def rules_in(folder: str) -> "OfficialRules | Absence":
    """Those that lie in a folder, or why there are none; nothing is started yet."""
    if not folder:
        return "not_set"
    if not all(os.access(file, os.R_OK) for file in files_in(Path(folder)).values()):
        return "no_files"
    if importlib.util.find_spec(LIBRARY) is None:
        return "no_library"
    return OfficialRules(Path(folder))


class OfficialRules:
    """Asked by one thread after the other, of one process, which starts with the first question and after it died."""

    def __init__(self, folder: Path, patience: float = PATIENCE, idle: float = IDLE) -> None:
        self._folder = folder.resolve()
        self.patience = patience
        self._idle = idle
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process_id(self) -> int | None:
        """Of the process that is asked, if one is."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def broken_by(self, content: bytes, syntax: RulesOf) -> list[str]:
        """The rules that a file breaks, each with what it says.

        Raises:
            NoAnswer: there is none in time; the next question is asked of another process.
            RulesRefused: the file is no XML that they can be asked about.

        """
        with self._lock:
            try:
                process = self._begun()
                tag, answer = _within(self.patience, process, msgspec.msgpack.encode((syntax, content)))
            except Gone:
                self._end()
                raise NoAnswer from None
        if tag == "refused":
            raise RulesRefused(answer.decode())
        return msgspec.msgpack.decode(answer, type=list[str])

    def close(self) -> None:
        with self._lock:
            self._end()

    def _begun(self) -> "subprocess.Popen[bytes]":
        if self.process_id is None or self._process is None:
            self._end()
            self._process = _started(self._folder, self._idle)
            _within(BEGINNING, self._process)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _started(folder: Path, idle: float) -> "subprocess.Popen[bytes]":
    """It knows no settings, among which are passwords."""
    command = [sys.executable, "-I", "-m", "faktura.outputs.e_invoices.rules_process", str(folder), str(idle)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    return subprocess.Popen(  # noqa: S603 (a module of our own)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=inherited, cwd="/"
    )


def _within(seconds: float, process: "subprocess.Popen[bytes]", question: bytes | None = None) -> tuple[str, bytes]:
    """What the process says next, perhaps to a question; one that says nothing in time is ended.

    Raises:
        Gone: it died, or was ended.

    """
    if process.stdin is None or process.stdout is None:
        raise Gone
    deadline = threading.Timer(seconds, process.kill)
    deadline.start()
    try:
        if question is not None:
            send(process.stdin, "document", question)
        return receive(process.stdout)
    finally:
        deadline.cancel()
