"""What the dates of a document say about its life: the only place where status and stage are written."""

import datetime as dt
from decimal import Decimal
from typing import TypeVar

from faktura.core.documents.amounts import count_off
from faktura.core.documents.record import ZERO, Document, Stage, Status

D = TypeVar("D", bound=Document)


def status_of(document: Document, today: dt.date) -> Status:
    """Looked at from top to bottom (2.6.1)."""
    if document.paid_on is not None:
        return "paid"
    if document.cancelled_at is not None:
        return "cancelled"
    if document.uncollectible_at is not None:
        return "uncollectible"
    if document.due_on < today:
        return "overdue"
    return "open" if document.sent_at is None else "sent"


def stage_of(document: Document) -> Stage:
    """How far its paper has come: a paid document stays paid when it is printed or sent again.

    What asks for nothing because of the advances before it begins as a draft, until somebody says that it is paid.
    """
    if document.paid_on is not None and (document.stage == "paid" or not _asked_for_nothing(document)):
        return "paid"
    if document.sent_at is not None:
        return "sent"
    return "draft" if document.printed_at is None else "printed"


def write_status(document: D, today: dt.date) -> D:
    """The document itself, with status and stage as its dates have them."""
    document.status = status_of(document, today)
    document.stage = stage_of(document)
    document.settle()
    return document


def follow_money(old: D | None, new: D, paid_on: dt.date) -> D:
    """The document itself: paid where what came in covers its total now, open where it does so no longer.

    What somebody called paid without saying how counts as having come in, as much as it then came to. An advance asks
    for nothing: it came in on the day that it names.
    """
    if new.advance_amount is not None:
        if new.stage != "paid":
            new.paid_on = new.taxable_on or new.issued_on
        return new
    was_paid = old is not None and old.paid_on is not None
    if old is not None and _money_of(old) == _money_of(new) and not (was_paid and new.paid_on is None):
        return new
    if new.paid_on is None:
        came_in = new.deducted + new.paid_amount
        if came_in and covers(came_in, new.gross_total) and new.cancelled_at is None:
            new.paid_on = paid_on
            new.show_paid_note |= new.kind != "proforma" and covers(new.deducted, new.gross_total)
    elif old is not None and was_paid:
        called = called_paid(old)
        covered = covers(new.deducted + new.paid_amount + called, new.gross_total)
        if not covered:
            new.paid_on, new.show_paid_note = None, False
        if not covered or (new.gross_total != old.gross_total and new.paid_amount == old.paid_amount):
            new.paid_amount += called
    return count_off(new)


def called_paid(document: Document) -> Decimal:
    """What is said to have come in for a document that is paid, beyond what is known to have done so."""
    covered = document.paid_on is None or covers(document.deducted + document.paid_amount, document.gross_total)
    return ZERO if covered else document.left_to_pay


def covers(came_in: Decimal, wanted: Decimal) -> bool:
    """Whether money reaches what is wanted, which a credit note gives back."""
    return came_in >= wanted if wanted >= 0 else came_in <= wanted


def _asked_for_nothing(document: Document) -> bool:
    ends_chain = bool(document.previous_advances) and covers(document.deducted, document.gross_total)
    return document.advance_amount is not None or ends_chain


def _money_of(document: Document) -> tuple[Decimal, ...]:
    return document.gross_total, document.deducted, document.paid_amount
