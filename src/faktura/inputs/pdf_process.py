"""A process that reads one PDF from its standard input and answers with the text in it, within limits of the kernel."""

import sys

import pypdfium2

from faktura.inputs.pdf_limits import limited

MOST_PAGES = 10
MOST_LETTERS = 100_000
"""Of one page; a paper has some thousand."""

HALF_A_ROW = 3.0
"""Points by which what stands in one row may be higher or lower."""


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
