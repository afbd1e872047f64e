"""What is in a PDF, which a process of its own takes out: whatever a file does to its reader, the server stands."""

import os
import subprocess
import sys
import threading

PATIENCE = 30.0
"""Seconds that the process has in all; of processor time it has less."""

SETTINGS = "FAKTURA_"
"""What the names of settings begin with: reading needs none, and passwords are among them."""

MOST_WAIT = 0.5
"""Seconds that a picture waits for the one before it: who asks for many holds no threads that serve others."""

_DRAWING = threading.Semaphore(1)


class NotRead(Exception):  # noqa: N818 (says what happened to a file)
    """The file is cut or garbled, or asks for more time or memory than a paper needs."""


def text_of_pdf(content: bytes) -> str:
    """The text of its first pages, row by row and then in the order of the file; empty where it is all pictures.

    Raises:
        NotRead: no text could be taken out of it.

    """
    return _asked("pdf_process", content).decode(errors="replace")


def picture_of_pdf(content: bytes) -> bytes:
    """Its first page as a PNG.

    Raises:
        NotRead: it could not be drawn, or others are being drawn.

    """
    if not _DRAWING.acquire(timeout=MOST_WAIT):
        raise NotRead("another one is being drawn")
    try:
        return _asked("pdf_drawing", content)
    finally:
        _DRAWING.release()


def attached_to_pdf(content: bytes) -> bytes:
    """The e-invoice that is attached to it; empty where there is none, and cut where it is larger than any may be.

    Raises:
        NotRead: nothing could be taken out of it.

    """
    return _asked("pdf_attached", content)


def _asked(process: str, content: bytes) -> bytes:
    command = [sys.executable, "-I", "-m", f"faktura.inputs.{process}"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    try:
        ended = subprocess.run(  # noqa: S603 (a module of our own)
            command, input=content, capture_output=True, timeout=PATIENCE, check=False, env=inherited, cwd="/"
        )
    except subprocess.TimeoutExpired:
        raise NotRead("it took too long") from None
    if ended.returncode:
        raise NotRead(f"the reader ended with {ended.returncode}")
    return ended.stdout
