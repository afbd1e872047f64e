"""What waits in the inboxes of the example firms: a file that says something, and a picture that does not."""

import base64
import datetime as dt
from collections.abc import Mapping, Sequence

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.received.reading import read_as
from faktura.core.received.scans import add_scan
from faktura.inputs.paper_texts import paper_in, reader_of
from faktura.sandbox.example.days import ago

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
)
WORDS = {
    "applecorp": ("O'Neill & Partners", "VAT no. IE6388047V", "Invoice number: INV-9958", "Total due: EUR 310.00"),
    "jabluszko": ("Cider Tools Ltd.", "VAT no. IE6388047V", "Invoice number: CT-2044", "Total due: EUR 96.50"),
}


def fill_inboxes(books: Mapping[str, Books]) -> None:
    for firm, words in WORDS.items():
        add_scan(ago(books[firm], 4), Given({"content": PICTURE, "filename": "IMG_2611.png"}))
        _read(ago(books[firm], 2), words)


def _read(books: Books, words: Sequence[str]) -> None:
    """A paper of today, which was read when it came."""
    issued, due = books.today, books.today + dt.timedelta(days=14)
    lines = [*words, f"Issue date: {issued.isoformat()}", f"Due date: {due.isoformat()}"]
    scan = add_scan(books, Given({"content": _pdf(lines), "filename": "invoice.pdf", "read": True}))
    read_as(books, scan.id, paper_in("\n".join(lines), reader_of(books.account)))


def _pdf(lines: Sequence[str]) -> bytes:
    """The smallest file that a reader takes: a page in a font that every reader has."""
    shown = "".join(f"({line}) Tj T* " for line in lines)
    stream = f"BT /F1 12 Tf 72 760 Td 18 TL {shown}ET"
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    parts = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 {font}>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
    )
    objects = "\n".join(f"{number} 0 obj{part} endobj" for number, part in enumerate(parts, 1))
    return f"%PDF-1.4\n{objects}\ntrailer<</Root 1 0 R>>\n%%EOF\n".encode()
