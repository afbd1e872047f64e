"""A process that draws the first page of one PDF from its standard input as a PNG, within limits of the kernel."""

import sys

import pypdfium2

from faktura.inputs.pdf_limits import limited
from faktura.inputs.png import png

WIDTH, HEIGHT = 900, 1600
"""Points of a picture at most, however large the page says that it is."""


def main() -> None:
    answers = limited()
    with pypdfium2.PdfDocument(sys.stdin.buffer.read()) as document:
        page = document[0]
        scale = min(WIDTH / page.get_width(), HEIGHT / page.get_height())
        drawn = page.render(scale=scale, rev_byteorder=True)
        points = bytes(drawn.buffer)
        starts = range(0, drawn.height * drawn.stride, drawn.stride)
        answers.write(png(drawn.width, (points[start : start + 3 * drawn.width] for start in starts)))
    answers.close()


if __name__ == "__main__":
    main()
