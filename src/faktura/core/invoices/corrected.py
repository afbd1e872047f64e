"""A document as it stands after its corrections, from which the next one goes on."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.documents.find import Key, documents_at
from faktura.core.documents.links import links_of
from faktura.core.documents.record import ZERO, Document, Line
from faktura.core.invoices.record import Invoice
from faktura.core.money.amounts import rounded


class Left(NamedTuple):
    """A line as it is priced now, and the quantity that is left of it."""

    line: Line
    quantity: Decimal

    def worth(self, quantity: Decimal) -> Decimal:
        """With VAT, as the line has it."""
        return self.line.gross * quantity / self.line.quantity if quantity and self.line.quantity else ZERO

    @property
    def gross(self) -> Decimal:
        return rounded(self.worth(self.quantity))


class Corrected(NamedTuple):
    """What is left by the ids of the document's lines, and the corrections that left it, the oldest first."""

    lines: dict[int, Left]
    notes: list[Document]

    @property
    def gross_total(self) -> Decimal:
        """What the corrections come to together."""
        return sum((note.gross_total for note in self.notes), ZERO)


def corrected(books: Books, invoice: Invoice) -> Corrected:
    """The document after all corrections of it, and of those, that are not cancelled.

    A line of a correction names no line of the document, and clients of the APIs write it themselves: it corrects the
    one that is most like it. One that is like none (a discount on all) leaves the lines as they are.
    """
    notes = [note for note in _notes_of(books, invoice) if note.cancelled_at is None]
    left = {line.id: Left(line, line.quantity) for line in invoice.lines}
    for note in notes:
        for was, now in _changes(note):
            line_id = _most_alike(left, was)
            if line_id is not None:
                before = left[line_id]
                left[line_id] = before._replace(quantity=before.quantity - was.quantity) if now is None else _new(now)
    return Corrected(left, notes)


def _notes_of(books: Books, invoice: Invoice) -> list[Document]:
    """What corrects the document, and what corrects those, the oldest first."""
    found: dict[Key, Document] = {}
    waiting: list[Document] = [invoice]
    while waiting:
        keys = [link.from_key for link in links_of(books, waiting.pop()).coming("corrects")]
        new = documents_at(books, [key for key in keys if key not in found])
        found |= new
        waiting += new.values()
    return [note for _, note in sorted(found.items())]


def _new(line: Line) -> Left:
    return Left(line, line.quantity)


def _changes(note: Document) -> Iterator[tuple[Line, Line | None]]:
    """A line as it was with the line as it is, or one that is taken back."""
    after = {line.group: line for line in note.lines if line.after}
    for line in note.lines:
        if line.group is None:
            if line.net < 0:
                yield line, None
        elif not line.after and line.group in after:
            yield line, after[line.group]


def _most_alike(left: dict[int, Left], line: Line) -> int | None:
    """Of those that are called and taxed like it: one with so much left, then that of the nearest price."""

    def distance(line_id: int) -> tuple[bool, bool, Decimal]:
        one = left[line_id]
        price = abs(one.line.unit_net_price - abs(line.unit_net_price))
        return one.quantity < line.quantity, line.group is not None and one.quantity != line.quantity, price

    return min((line_id for line_id in left if _sort(left[line_id].line) == _sort(line)), key=distance, default=None)


def _sort(line: Line) -> tuple[str, str, Decimal, str]:
    return line.name, line.unit, line.vat_rate, line.vat_treatment
