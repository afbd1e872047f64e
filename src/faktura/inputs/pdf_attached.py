"""A process that reads one PDF from its standard input and answers with the e-invoice attached to it, within limits."""

import io
import itertools
import sys
from collections.abc import Iterator

import pikepdf

from faktura.inputs.pdf_limits import limited

ENDINGS = (".isdoc", "factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
"""Of names in small letters: the first of them that is there is the invoice."""

MOST_FILES = 100
MOST_BYTES = (5 << 20) + 1
"""So many are given that whoever asked sees that it is too large."""


def main() -> None:
    answers = limited()
    with pikepdf.open(io.BytesIO(sys.stdin.buffer.read())) as pdf:
        files = list(itertools.islice(_files(pdf), MOST_FILES))
        named = (file for ending in ENDINGS for name, file in files if name.lower().endswith(ending))
        if (found := next(named, None)) is not None:
            answers.write(found.read_bytes()[:MOST_BYTES])
    answers.close()


def _files(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Stream]]:
    """Those that belong to the document as a whole come first."""
    for specification in pdf.Root.get("/AF", pikepdf.Array()):
        yield from _file(specification)
    for attached in pdf.attachments.values():
        yield from _file(attached.obj)


def _file(specification: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Stream]]:
    if not isinstance(specification, pikepdf.Dictionary):
        return
    files = specification.get("/EF", pikepdf.Dictionary())
    file = files.get("/UF", files.get("/F"))
    if isinstance(file, pikepdf.Stream):
        yield str(specification.get("/UF", specification.get("/F", ""))), file


if __name__ == "__main__":
    main()
