"""What the dates of a document say about its life: the only place where status and stage are written."""

import datetime as dt

from faktura.core.invoices.record import Invoice, Stage, Status


def status_of(invoice: Invoice, today: dt.date) -> Status:
    """Looked at from top to bottom (2.6.1)."""
    if invoice.paid_on is not None:
        return "paid"
    if invoice.cancelled_at is not None:
        return "cancelled"
    if invoice.uncollectible_at is not None:
        return "uncollectible"
    if invoice.due_on < today:
        return "overdue"
    return "open" if invoice.sent_at is None else "sent"


def stage_of(invoice: Invoice) -> Stage:
    """How far its paper has come: a paid document stays paid when it is printed or sent again."""
    if invoice.paid_on is not None:
        return "paid"
    if invoice.sent_at is not None:
        return "sent"
    return "draft" if invoice.printed_at is None else "printed"


def settle_state(invoice: Invoice, today: dt.date) -> Invoice:
    """The document itself, with status and stage as its dates have them."""
    invoice.status = status_of(invoice, today)
    invoice.stage = stage_of(invoice)
    return invoice
