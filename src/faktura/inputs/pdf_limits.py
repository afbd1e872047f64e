"""Limits of the kernel that a process sets itself before it reads a PDF; what reads it is loaded elsewhere."""

import os
import resource
import sys
from typing import BinaryIO

SECONDS = 10
"""Of processor time."""

MEMORY = 1 << 30
"""Bytes of addresses: PDFium takes 50 MB for a usual file."""


def limited() -> BinaryIO:
    """Where the one answer of this process goes, from now on within the limits."""
    for limit, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library might write to the standard output is no answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers
