"""Two people change one document: what the customer has is changed only once that is confirmed."""

from faktura.core.books.books import Books
from faktura.core.documents.checks import RULES, Rules
from faktura.core.documents.merge import Merged, as_it_was, merge
from faktura.core.errors import Given, Invalid, Problem, WrongState
from faktura.core.invoices.change import change_invoice, taken_away
from faktura.core.invoices.record import Invoice

OF_OURS_ALONE = {"private_note", "tags"}
"""What no customer ever sees of a document."""


def change_since(
    books: Books, invoice_id: int, version: int, given: Given, rules: Rules = RULES, *, confirmed: bool = False
) -> Invoice:
    """Change a document to what somebody typed who saw that version of it: all of it, though most stays as it was.

    What the customer has already is changed only where that is `confirmed`.

    Raises:
        NotFound: there is no such document.
        WrongState: it is locked.
        Clash: what was changed here was changed by somebody else since that version; nothing is kept.
        Invalid: a value breaks a rule.

    """
    now = books.find(Invoice, invoice_id)
    if now.locked_at is not None:
        raise WrongState("locked")
    merged = merge_typed(books, now, version, given)
    merged.refuse()
    if not confirmed and is_with_customer(now) and merged.given.keys() - OF_OURS_ALONE:
        raise Invalid({"confirmed": [Problem("not_confirmed")]})
    return change_invoice(books, invoice_id, merged.given, rules)


def is_with_customer(invoice: Invoice) -> bool:
    """Whether it was sent, opened or paid, so that a credit note corrects it more cleanly than a change."""
    return any((invoice.sent_at, invoice.seen_on, invoice.paid_on, invoice.payments))


def merge_typed(books: Books, now: Invoice, version: int, given: Given) -> Merged:
    """What somebody typed who saw that version, together with what there is now."""
    return merge(as_it_was(books, now, version), now, taken_away(given), given.unread)
