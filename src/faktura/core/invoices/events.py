"""What can happen to a document besides changes and payments (2.6.2): each event with its condition."""

from faktura.core.books.books import Books
from faktura.core.documents.events import LOCKS, Firing, allowed_now, let_happen
from faktura.core.documents.find import number_at
from faktura.core.documents.keeping import keep_change, spread_from
from faktura.core.documents.links import NO_LINKS, Links, links_of
from faktura.core.errors import Invalid, Problems, WrongState
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.related import find_relations, names_of
from faktura.core.ksef.issued import note_issued
from faktura.core.ksef.mark import held_by_ksef
from faktura.store.records import changed


def fire(books: Books, invoice_id: int, event: str) -> Invoice:
    """Let an event happen to a document.

    Raises:
        NotFound: there is no such document.
        WrongState: there is no such event, it is not allowed now, or KSeF has what would be cancelled.

    """
    old = books.find(Invoice, invoice_id)
    found = FIRINGS.get(event)
    held = held_by_ksef(old.ksef)
    if event == "cancel" and held is not None:
        raise WrongState(held)
    if found is None or event not in possible_events(old):
        raise WrongState("not_fired", event)
    if event == "cancel":
        _check_nobody_takes_off(books, old)
    links = links_of(books, old) if found.instant == "cancelled_at" else NO_LINKS
    if found.clears and links.out:
        _check_nobody_took_it(books, old, links)
    kept = _let_happen(books, old, event)
    spread_from(books, [link.to_key for link in links.out])
    return books.find(Invoice, kept.id) if links.out else kept


def _let_happen(books: Books, old: Invoice, event: str) -> Invoice:
    """What was cancelled may have gone out of stock since, or what it brought back."""
    try:
        return let_happen(books, old, FIRINGS[event])
    except Invalid:
        raise WrongState("not_fired", event) from None


def possible_events(invoice: Invoice) -> list[str]:
    """What may happen to it now, as far as it says itself; other documents may still rest on it."""
    return allowed_now(invoice, FIRINGS)


def _check_nobody_takes_off(books: Books, invoice: Invoice) -> None:
    """What was paid for a document stays paid for those that take it off."""
    taking = next((link.from_key for link in links_of(books, invoice).into if link.amount), None)
    if taking is not None:
        raise WrongState("relied_on", number_at(books, taking))


def _check_nobody_took_it(books: Books, invoice: Invoice, links: Links) -> None:
    """What a document that was cancelled would take off again may have been taken off by another one since."""
    problems = Problems()
    find_relations(books, changed(invoice), names_of(links), problems)
    if any(True for _ in problems.found()):
        raise WrongState("not_fired", "undo_cancel")


def mark_printed(books: Books, old: Invoice) -> Invoice:
    """It was printed, or put into the accounts; the first time counts."""
    if old.printed_at:
        return old
    kept = keep_change(books, old, changed(old, printed_at=books.now), "printed")
    note_issued(books, kept, "at_printing")
    return kept


def mark_sent(books: Books, old: Invoice, letter_id: int | None = None) -> Invoice:
    """It went out by mail: a document that is overdue was reminded of."""
    if old.status == "overdue":
        return mark_reminded(books, old, letter_id)
    return keep_change(books, old, changed(old, sent_at=old.sent_at or books.now), "sent", letter_id)


def mark_reminded(books: Books, old: Invoice, letter_id: int | None = None) -> Invoice:
    """Its customer was reminded that it is overdue, or that it will be due."""
    if old.due_on < books.today:
        new = changed(old, reminded_at=old.reminded_at or books.now, last_reminded_at=books.now)
    else:
        new = changed(old, due_date_reminded_at=books.now)
    return keep_change(books, old, new, "reminded", letter_id)


def mark_seen(books: Books, old: Invoice) -> Invoice:
    """The customer opened its page; the first day counts."""
    return old if old.seen_on else keep_change(books, old, changed(old, seen_on=books.today), "seen")


def _is_open(invoice: Invoice) -> bool:
    return invoice.paid_on is None and invoice.cancelled_at is None


FIRINGS: dict[str, Firing[Invoice]] = {
    "mark_as_sent": Firing(lambda i: i.sent_at is None and _is_open(i), "sent_at", "marked_as_sent"),
    "cancel": Firing(lambda i: _is_open(i) and held_by_ksef(i.ksef) is None, "cancelled_at", "cancelled"),
    "undo_cancel": Firing(lambda i: i.cancelled_at is not None, "cancelled_at", "cancellation_removed", clears=True),
    **LOCKS,
    "mark_as_uncollectible": Firing(
        lambda i: _is_open(i) and i.uncollectible_at is None and i.kind != "proforma",
        "uncollectible_at",
        "uncollectible",
    ),
    "undo_uncollectible": Firing(
        lambda i: i.uncollectible_at is not None, "uncollectible_at", "uncollectible_removed", clears=True
    ),
}
