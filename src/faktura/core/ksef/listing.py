"""Which documents are in KSeF, on their way there, refused by it, or outside it."""

from typing import Literal, get_args

from faktura.core.books.books import Books
from faktura.core.documents.record import DocumentKind
from faktura.core.ksef.mark import LIVE, SendingState
from faktura.core.ksef.sendings import COUNTS, KsefSending
from faktura.store.queries import Condition, Selection

KsefPart = Literal["accepted", "under_way", "refused", "outside"]

UNDER_WAY: tuple[SendingState, ...] = tuple(sorted(LIVE))

NEEDY: tuple[SendingState, ...] = ("rejected", "failed")
"""What came to nothing, so that a person has to do something."""

FOR_KSEF: tuple[DocumentKind, ...] = tuple(kind for kind in get_args(DocumentKind) if kind != "proforma")
"""Everything that is an invoice to the law: a proforma is none."""

MOST = 8192
"""Documents that are found by their ids; of more, the last are left out."""


def documents_under(books: Books, part: KsefPart) -> tuple[Condition, ...]:
    """What documents of the part have in common."""
    match part:
        case "accepted":
            return (Condition("ksef_number", "null", value=False),)
        case "outside":
            return Condition("ksef_number", "null", value=True), Condition("kind", "in", FOR_KSEF)
        case "under_way":
            return (_one_of(_with_sending(books, UNDER_WAY)),)
        case "refused":
            ids = _with_sending(books, NEEDY) - _with_sending(books, UNDER_WAY)
            return _one_of(ids), Condition("ksef_number", "null", value=True)


def sendings_in(states: tuple[SendingState, ...]) -> Selection:
    return Selection((COUNTS, Condition("state", "in", states)))


def _with_sending(books: Books, states: tuple[SendingState, ...]) -> set[int]:
    return {one.group[0] for one in books.sums(KsefSending, sendings_in(states), ("attempt",), ("invoice_id",))}


def _one_of(ids: set[int]) -> Condition:
    """Filled up, so that a statement is compiled once for many lengths."""
    some = sorted(ids)[:MOST] or [0]
    room = 1 << (len(some) - 1).bit_length()
    return Condition("id", "in", (*some, *[some[-1]] * (room - len(some))))
