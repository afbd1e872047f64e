"""A process that prints: reads documents from its standard input until that ends, and answers with files.

It ends by itself when the server is gone or wants nothing for a while, and is ended by the kernel when a document takes
too much processor time; whatever the terminal or the operator tells the server is not meant for it.
"""

import math
import os
import resource
import select
import signal
import sys
import time
import traceback

import msgspec

from faktura.outputs.printing.frames import Gone, Tag, receive, send
from faktura.outputs.printing.pdf import compose
from faktura.outputs.printing.printed import PrintedDocument

STUCK = 600
"""Seconds after which a document is given up that does not even use the processor."""


def main(seconds: int, idle: float) -> None:
    """Print documents, each in so many seconds of processor time, until there was none for `idle` seconds."""
    # What is printed is not left in a file of the kernel's.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library might write to the standard output is no answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        while select.select([sys.stdin], [], [], idle)[0]:
            _, content = receive(sys.stdin.buffer)
            began = time.process_time()
            tag, answer = _answer(content, began + seconds)
            send(answers, "seconds", f"{time.process_time() - began:.3f}".encode())
            send(answers, tag, answer)
    except Gone:
        return


def _answer(content: bytes, until: float) -> tuple[Tag, bytes]:
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(until), hard))
    signal.alarm(STUCK)
    try:
        return "file", compose(msgspec.msgpack.decode(content, type=PrintedDocument))
    except Exception as problem:  # noqa: BLE001 (the next document may well be printed)
        traceback.print_exc()
        return "refused", f"{type(problem).__name__}: {problem}".encode()
    finally:
        signal.alarm(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
