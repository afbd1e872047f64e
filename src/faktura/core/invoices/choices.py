"""What can be chosen of a document to be corrected: what is left of its lines, or what a correction took of them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.countries.known import country_of
from faktura.core.documents.record import CORRECTIONS, ZERO, Line
from faktura.core.invoices.corrected import (
    Change,
    Corrected,
    Left,
    changes_of,
    corrected,
    corrected_first,
    most_alike,
    quantities_changed,
)
from faktura.core.invoices.record import Invoice
from faktura.core.money.amounts import rounded


class Choice(NamedTuple):
    """A line, of which `most` can be chosen, at the price of `line`.

    `left` is how it stands in the document that was corrected first, which a correction shows before and after: each
    unit that is chosen changes it by `step`. It is None where a line by itself says what is taken back, or put back.
    `gross` is what can be chosen comes to with VAT, and `way` the sign of a unit of it.
    """

    line: Line
    most: Decimal
    left: Left | None
    step: int
    way: int
    gross: Decimal

    def worth(self, quantity: Decimal) -> Decimal:
        """What the document comes nearer to nothing by."""
        return Left(self.line, quantity).worth(quantity) * self.way


def choices(books: Books, invoice: Invoice, now: Corrected) -> dict[int, Choice]:
    """By the ids of the document's lines."""
    if invoice.kind in CORRECTIONS:
        return dict(_put_back(books, invoice))
    in_pairs = country_of(invoice.seller.country).corrects_in_pairs or invoice.margin_kind is not None
    return {
        line_id: Choice(left.line, left.quantity, left if in_pairs else None, -1, 1, left.gross)
        for line_id, left in now.lines.items()
    }


def sign_of(invoice: Invoice) -> int:
    """Which way its total stands: a correction takes back, unless it raises what it corrects."""
    return -1 if invoice.gross_total < 0 else 1


def _put_back(books: Books, note: Invoice) -> Iterator[tuple[int, Choice]]:
    """What a correction took, as it stands after all that came later; where it added something, that comes off."""
    standing = corrected(books, corrected_first(books, note)).lines
    changed = quantities_changed(books, note)
    for change in changes_of(note):
        step = -1 if change.quantity > 0 else 1
        most = max(-step * changed[change.was.id], ZERO)
        yield change.was.id, _choice(change, standing, most, step, sign_of(note))


def _choice(change: Change, standing: dict[int, Left], most: Decimal, step: int, sign: int) -> Choice:
    if change.now is None:
        return _worthy(Choice(change.was, most, None, step, sign, ZERO))
    line_id = most_alike(standing, change.now)
    found = Left(change.now, change.now.quantity) if line_id is None else standing[line_id]
    line = found.line if found.line.quantity else change.was
    choice = Choice(line, most, Left(line, found.quantity), step, -sign * step, ZERO)
    if change.quantity:
        return _worthy(choice)
    return choice._replace(gross=sign * (change.now.gross - change.was.gross))


def _worthy(choice: Choice) -> Choice:
    return choice._replace(gross=rounded(choice.worth(choice.most)))
