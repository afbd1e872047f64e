"""What the dates of a document say about its life: the only place where status and stage are written."""

import datetime as dt
from typing import TypeVar

from faktura.core.documents.record import Document, Stage, Status

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
    """How far its paper has come: a paid document stays paid when it is printed or sent again."""
    if document.paid_on is not None:
        return "paid"
    if document.sent_at is not None:
        return "sent"
    return "draft" if document.printed_at is None else "printed"


def settle_state(document: D, today: dt.date) -> D:
    """The document itself, with status and stage as its dates have them."""
    document.status = status_of(document, today)
    document.stage = stage_of(document)
    return document
