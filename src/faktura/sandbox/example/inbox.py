"""What waits in the inboxes of the example firms: invoices that were read, and the picture of a receipt."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from faktura.core.books.books import Books
from faktura.core.documents.media_types import XML
from faktura.core.errors import Given
from faktura.core.received.accounting import account_for, sort_scan
from faktura.core.received.notes import add_note
from faktura.core.received.reading import read_as
from faktura.core.received.record import Expense
from faktura.core.received.scans import add_scan
from faktura.inputs.paper_texts import paper_in, reader_of
from faktura.inputs.papers import For, read_file
from faktura.outputs.e_invoices.checking import faults_of_schema
from faktura.sandbox.example.days import ago
from faktura.sandbox.example.drawn import LEFT, TOP, Text, pdf_of, receipt

E_INVOICE = Path(__file__).parent / "paper.isdoc"
"""Its days are put in when it comes."""

WORDS = {
    "applecorp": ("O'Neill & Partners", "VAT no. IE6388047V", "Invoice number: INV-9958", "Total due: EUR 310.00"),
    "jabluszko": ("Cider Tools Ltd.", "VAT no. IE6388047V", "Invoice number: CT-2044", "Total due: EUR 96.50"),
}

RECEIPTS = {
    "applecorp": (("BENZINA PISEK", ""), ("NATURAL 95  38,02 L", "37,90"), ("CELKEM CZK", "1 441,00")),
    "jabluszko": (
        ("STACJA PALIW TOPOLA", ""),
        ("PARAGON FISKALNY", ""),
        ("ON 41,20 L x6,39", "263,27A"),
        ("SUMA PLN", "263,27"),
    ),
}


def fill_inboxes(books: Mapping[str, Books]) -> None:
    for firm, words in WORDS.items():
        _photographed(ago(books[firm], 4), RECEIPTS[firm])
        _read(ago(books[firm], 2), words)
    _told(ago(books["applecorp"], 1))
    _ask_about_scans(books["jabluszko"])


def _photographed(books: Books, lines: Sequence[tuple[str, str]]) -> Expense:
    """The receipt of a filling station."""
    picture = receipt(*lines[:-2], (f"{books.today}", "nr 00917"), *lines[-2:])
    return add_scan(books, Given({"content": picture, "filename": "IMG_2611.png"}))


def _read(books: Books, words: Sequence[str]) -> None:
    """A paper of today, which was read when it came."""
    issued, due = books.today, books.today + dt.timedelta(days=14)
    lines = [*words, f"Issue date: {issued.isoformat()}", f"Due date: {due.isoformat()}"]
    paper = pdf_of(Text(LEFT, TOP - 18 * number, line, 12) for number, line in enumerate(lines))
    scan = add_scan(books, Given({"content": paper, "filename": "invoice.pdf", "read": True}))
    read_as(books, scan.id, paper_in("\n".join(lines), reader_of(books.account)))


def _told(books: Books) -> None:
    """An e-invoice of a supplier whom nobody knows yet."""
    issued, due = books.today.isoformat(), (books.today + dt.timedelta(days=14)).isoformat()
    content = E_INVOICE.read_text().replace("ISSUED", issued).replace("DUE", due).encode()
    scan = add_scan(books, Given({"content": content, "filename": "2610457.isdoc", "read": True}))
    account = books.account
    whom = For(reader_of(account), (str(account.registration_no), str(account.vat_no)), faults_of_schema)
    read_as(books, scan.id, *read_file(content, XML, whom))


def _ask_about_scans(books: Books) -> None:
    """One is sorted before anybody enters it, another is sent back."""
    fuel = _photographed(ago(books, 1), RECEIPTS["jabluszko"])
    add_note(books, sort_scan(books, fuel, "paliwo"), "Tankowanie w drodze na targ.")
    torn = add_scan(ago(books, 6), Given({"content": receipt(("SKLEP", ""), ("SUMA", "")), "filename": "IMG_2588.png"}))
    account_for(ago(books, 5), torn, "rejected", "Nie widać kwoty, proszę o zdjęcie całego paragonu.")
