"""The text of a PDF, which a process of its own takes out: whatever a file does to its reader, the server stands."""

import os
import subprocess
import sys

PATIENCE = 30.0
"""Seconds that the process has in all; of processor time it has less."""

SETTINGS = "FAKTURA_"
"""What the names of settings begin with: reading needs none, and passwords are among them."""


class NotRead(Exception):  # noqa: N818 (says what happened to a file)
    """The file is cut or garbled, or asks for more time or memory than a paper needs."""


def text_of_pdf(content: bytes) -> str:
    """The text of its first pages, row by row and then in the order of the file; empty where it is all pictures.

    Raises:
        NotRead: no text could be taken out of it.

    """
    command = [sys.executable, "-I", "-m", "faktura.inputs.pdf_process"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    try:
        ended = subprocess.run(  # noqa: S603 (a module of our own)
            command, input=content, capture_output=True, timeout=PATIENCE, check=False, env=inherited, cwd="/"
        )
    except subprocess.TimeoutExpired:
        raise NotRead("it took too long") from None
    if ended.returncode:
        raise NotRead(f"the reader ended with {ended.returncode}")
    return ended.stdout.decode(errors="replace")
