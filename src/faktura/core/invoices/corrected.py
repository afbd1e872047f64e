"""A document as it stands after its corrections, from which the next one goes on."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.documents.find import Key, documents_at
from faktura.core.documents.links import links_of
from faktura.core.documents.record import CORRECTIONS, ZERO, Document, Line
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
    """What is left by the ids of the document's lines, and the corrections that left it, the oldest first.

    Of a correction that is, by the ids of its lines before, what it left of those that it shows before and after.
    """

    lines: dict[int, Left]
    notes: list[Document]

    @property
    def gross_total(self) -> Decimal:
        """What the corrections come to together."""
        return sum((note.gross_total for note in self.notes), ZERO)


class Change(NamedTuple):
    """A line as it was with the line as it is; one without the second is taken back, or put back."""

    was: Line
    now: Line | None

    @property
    def quantity(self) -> Decimal:
        """How much more there is of it."""
        if self.now is not None:
            return self.now.quantity - self.was.quantity
        return self.was.quantity * (-1 if self.was.net < 0 else 1)


def corrected(books: Books, invoice: Invoice) -> Corrected:
    """The document after all corrections of it, and of those, that are not cancelled.

    A line of a correction names no line of the document, and clients of the APIs write it themselves: it corrects the
    one that is most like it. One that is like none (a discount on all) leaves the lines as they are.
    """
    notes = _notes_of(books, invoice)
    if invoice.kind in CORRECTIONS:
        left = {change.was.id: _new(change.now) for change in changes_of(invoice) if change.now is not None}
    else:
        left = {line.id: _new(line) for line in invoice.lines}
    for change in _in_turn(invoice, notes):
        line_id = most_alike(left, change.was)
        if line_id is not None:
            one = left[line_id]
            left[line_id] = _new(change.now) if change.now else one._replace(quantity=one.quantity + change.quantity)
    return Corrected(left, notes)


def quantities_changed(books: Books, note: Invoice) -> dict[int, Decimal]:
    """By the ids of a correction's lines before, how much more there is of each after what corrected it in turn."""
    own = {change.was.id: change for change in changes_of(note)}
    changed = {line_id: change.quantity for line_id, change in own.items()}
    lines = {line_id: _new(change.was) for line_id, change in own.items()}
    for change in _in_turn(note, _notes_of(books, note)):
        line_id = most_alike(lines, change.was)
        if line_id is not None:
            changed[line_id] += change.quantity
    return changed


def corrected_first(books: Books, note: Invoice) -> Invoice:
    """The document that a chain of corrections begins with, as far as it is known here."""
    first, seen = note, {note.id}
    while first.kind in CORRECTIONS:
        ends = [link.to_id for link in links_of(books, first).leading("corrects") if link.to_id not in seen]
        if not ends:
            break
        seen.update(ends)
        first = books.find(Invoice, ends[0])
    return first


def changes_of(note: Document) -> Iterator[Change]:
    """What a correction says of each line."""
    after = {line.group: line for line in note.lines if line.after}
    for line in note.lines:
        if line.group is None:
            yield Change(line, None)
        elif not line.after and line.group in after:
            yield Change(line, after[line.group])


def most_alike(left: dict[int, Left], line: Line) -> int | None:
    """Of those that are called and taxed like it: one with so much left, then that of the nearest price."""

    def distance(line_id: int) -> tuple[bool, bool, Decimal]:
        one = left[line_id]
        price = abs(abs(one.line.unit_net_price) - abs(line.unit_net_price))
        return one.quantity < line.quantity, line.group is not None and one.quantity != line.quantity, price

    return min((line_id for line_id in left if _sort(left[line_id].line) == _sort(line)), key=distance, default=None)


def _sort(line: Line) -> tuple[str, str, Decimal, str]:
    return line.name, line.unit, line.vat_rate, line.vat_treatment


def _new(line: Line) -> Left:
    return Left(line, line.quantity)


def _notes_of(books: Books, invoice: Invoice) -> list[Document]:
    """What corrects the document, and what corrects those, the oldest first, without what is cancelled."""
    found: dict[Key, Document] = {}
    waiting: list[Document] = [invoice]
    while waiting:
        keys = [link.from_key for link in links_of(books, waiting.pop()).coming("corrects")]
        new = documents_at(books, [key for key in keys if key not in found])
        found |= new
        waiting += new.values()
    return [note for _, note in sorted(found.items()) if note.cancelled_at is None]


def _in_turn(invoice: Invoice, notes: list[Document]) -> Iterator[Change]:
    """What the corrections change; a line by itself puts something back only where what took it is corrected."""
    taking = {note.id for note in (invoice, *notes) if note.kind in CORRECTIONS}
    for note in notes:
        puts_back = note.corrected_id in taking
        yield from (one for one in changes_of(note) if one.now is not None or one.was.net < 0 or puts_back)
