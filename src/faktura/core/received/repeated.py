"""Whether an e-invoice was booked before: no file makes two expenses."""

from faktura.core.books.books import Books
from faktura.core.received.listing import ENTERED
from faktura.core.received.received_invoice import ReceivedInvoice
from faktura.core.received.record import Expense
from faktura.store.queries import Condition, Order, Selection

LAST_FIRST = (Order("id", descending=True),)


def booked_before(books: Books, told: ReceivedInvoice, contact_id: int | None) -> Expense | None:
    """The expense that has the same identifier, or is of the same supplier, number and day of issue."""
    if uuid := uuid_of(told):
        found = books.some_in_order(Expense, Selection((Condition("original_uuid", "eq", uuid), ENTERED)), 1)
        if found:
            return found[0]
    if contact_id is None or not told.number:
        return None
    same = Condition("original_number", "eq", told.number), Condition("contact_id", "eq", contact_id)
    issued = Condition("issued_on", "eq", told.issued_on)
    found = books.some_in_order(Expense, Selection((*same, issued, ENTERED), order=LAST_FIRST), 1)
    return found[0] if found else None


def uuid_of(told: ReceivedInvoice) -> str | None:
    """One of zeros alone names nothing: some programs write it into every file."""
    uuid = told.uuid.strip().lower()
    return uuid if uuid.strip("0-") else None
