"""A process that reads one PDF from its standard input and answers with the text in it, within limits of the kernel."""

import os
import resource
import sys
from typing import BinaryIO

import pypdfium2

MOST_PAGES = 10
MOST_LETTERS = 100_000
"""Of one page; a paper has some thousand."""

SECONDS = 10
"""Of processor time."""

MEMORY = 1 << 30
"""Bytes of addresses: PDFium takes 50 MB for a usual file."""

HALF_A_ROW = 3.0
"""Points by which what stands in one row may be higher or lower."""


def limited() -> BinaryIO:
    """Where the one answer of this process goes, from now on within the limits."""
    for limit, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library might write to the standard output is no answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def main() -> None:
    answers = limited()
    with pypdfium2.PdfDocument(sys.stdin.buffer.read()) as document:
        pages = [document[number].get_textpage() for number in range(min(len(document), MOST_PAGES))]
        texts = [*map(_rows, pages), *(page.get_text_bounded()[:MOST_LETTERS] for page in pages)]
    answers.write("\n".join(texts).strip().encode(errors="replace"))
    answers.close()


def _rows(page: pypdfium2.PdfTextPage) -> str:
    """What stands side by side is one line, wherever in the file it is written."""
    found = []
    for number in range(min(page.count_rects(), MOST_LETTERS // 10)):
        left, bottom, right, top = page.get_rect(number)
        found.append(((bottom + top) / 2, left, page.get_text_bounded(left, bottom, right, top)))
    rows: list[tuple[float, list[tuple[float, str]]]] = []
    for middle, left, text in sorted(found, key=lambda one: -one[0]):
        if not rows or rows[-1][0] - middle > HALF_A_ROW:
            rows.append((middle, []))
        rows[-1][1].append((left, text.strip()))
    return "\n".join("  ".join(text for _, text in sorted(row)) for _, row in rows)


if __name__ == "__main__":
    main()
