"""Texts as other programs can read them: XML has no letters for some characters, and readers choke on others."""

import re

_UNFIT = re.compile(
    "[^\t\n\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
    "|[" + "".join(chr(plane + end) for plane in range(0x10000, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)) + "]"
)
"""What XML 1.0 does not have or advises against, and what registers of invoices refuse."""

_BREAKS = re.compile("\\s*[\t\n\u000b\u000c\r\u0085\u2028\u2029]\\s*")


def in_one_line(text: str | None) -> str:
    """A name: blanks stand for its breaks, and none around it."""
    return _UNFIT.sub("", _BREAKS.sub(" ", text or "")).strip()


def in_paragraphs(text: str | None) -> str:
    """A note, whose lines are kept."""
    return _UNFIT.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()
