"""Change a document that was issued, or throw it away."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.books.history import Event, EventName, differences
from faktura.core.contacts import Contact
from faktura.core.documents.amounts import add_up, terms
from faktura.core.documents.attachments import GivenFile, attach, check_files
from faktura.core.documents.checks import RULES, Rules, check, check_dates, check_rate, due_days_between
from faktura.core.documents.lines import given_lines
from faktura.core.documents.numbering import leave_out
from faktura.core.documents.numbers import given_place, keep_given_place, number_format
from faktura.core.documents.parties import bank_of, buyer_of, delivery_of, read_street_line, tidy_buyer
from faktura.core.documents.status import settle_state
from faktura.core.errors import Given, InUse, NotFound, Problems, WrongState
from faktura.core.invoices.exchange import set_rate_again
from faktura.core.invoices.issue import free_of_vat, tidy_terms
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.related import Relations, deduct, find_relations, let_go, pointing_at, tie, untie
from faktura.core.texts import check_texts
from faktura.store.queries import Condition, Selection
from faktura.store.records import changed, defaults_of


def change_invoice(books: Books, invoice_id: int, given: Given, rules: Rules = RULES) -> Invoice:
    """Change the given values and what follows from them; a None takes a value away.

    `lines` change, add and remove lines one by one; `all_lines` replace them. `files` are attached to those there.

    Raises:
        NotFound: there is no such document, or no such line in it.
        WrongState: it is locked.
        Invalid: a value breaks a rule, or a final invoice deducts other sums of it than it would have.

    """
    old = books.find(Invoice, invoice_id)
    if old.locked_at is not None:
        raise WrongState("locked")
    problems = Problems(given.unread)
    check_texts(Invoice, given, problems)
    values = {
        name: _EMPTY.get(name) if value is None else value
        for name, value in given.items()
        if value is not None or name not in _NEVER_EMPTY
    }
    lines, all_lines = values.pop("lines", None), values.pop("all_lines", None)
    files: Sequence[GivenFile] = values.pop("files", None) or ()
    new = _with_values(books, old, values, problems)
    if all_lines is not None:
        new.lines = given_lines(books, Invoice, all_lines, (), problems)
    elif lines is not None:
        new.lines = given_lines(books, Invoice, lines, old.lines, problems, repriced=_reprices(old, new))
    _value_anew(books, old, new, values, rules, problems)
    related = _relate_anew(books, old, new, problems)
    check_dates(new, problems)
    check_files(books, old.attachments, files, problems)
    check(add_up(new), given.keys(), problems)
    if _is_deducted(books, old) and _taxed(new) != _taxed(old):
        problems.add("lines", "immutable")
    if new.number != old.number:
        _renumber(books, old, new, rules, problems)
    problems.refuse()
    new.attachments = (*old.attachments, *attach(books, old.id, files))
    if related is None:
        return keep_change(books, old, new)
    untie(books, old)
    return tie(books, keep_change(books, old, new), related)


def keep_change(books: Books, old: Invoice, new: Invoice, event: EventName = "invoice_changed") -> Invoice:
    """Write a changed document down, with the status that it has now."""
    kept = books.change(old, settle_state(new, books.today))
    if kept is not old:
        books.note_event(Event(event, kept, differences(old, kept)))
    return kept


def delete_invoice(books: Books, invoice_id: int) -> None:
    """Throw a document away; its number stays taken.

    Raises:
        NotFound: there is no such document.
        InUse: it is locked, or another document rests on it (2.6.3).

    """
    invoice = books.find(Invoice, invoice_id)
    if invoice.locked_at is not None or _carries_others(books, invoice):
        raise InUse(Invoice.table_name)
    let_go(books, invoice)
    _free_payment(books, invoice)
    books.note_event(Event("invoice_deleted", invoice, number=invoice.number))
    books.remove(invoice)


def _free_payment(books: Books, tax_document: Invoice) -> None:
    """Another tax document may be issued over the payment that this one was issued over."""
    if tax_document.kind != "tax_document":
        return
    of_buyer = Condition("contact_id", "eq", tax_document.contact_id), Condition("kind", "eq", "proforma")
    for proforma in books.all(Invoice, Selection(of_buyer)):
        payments = tuple(
            msgspec.structs.replace(p, tax_document_id=None, updated_at=books.now)
            if p.tax_document_id == tax_document.id
            else p
            for p in proforma.payments
        )
        books.change(proforma, changed(proforma, payments=payments))


def _carries_others(books: Books, invoice: Invoice) -> bool:
    if pointing_at(books, "corrected_id", invoice.id) or invoice.next_advances:
        return True
    if _is_deducted(books, invoice):
        return True
    if invoice.kind != "proforma":
        return False
    if any(payment.tax_document_id is not None for payment in invoice.payments):
        return True
    return any(follower.paid_on is not None for follower in pointing_at(books, "related_id", invoice.id))


def _is_deducted(books: Books, invoice: Invoice) -> bool:
    """Whether a final invoice takes off what this tax document comes to."""
    if invoice.kind != "tax_document" or invoice.related_id is None:
        return False
    return books.look_up(Invoice, id=invoice.related_id) is not None


def _taxed(invoice: Invoice) -> list[tuple[Decimal, Decimal, Decimal]]:
    return [(one.vat_rate, one.net, one.vat) for one in invoice.vat_sums]


def _with_values(books: Books, old: Invoice, values: dict[str, Any], problems: Problems) -> Invoice:
    """A copy with the values, and with the buyer of another contact where that changes."""
    read_street_line(values, old)
    for name in ("kind", "tax_document_ids", "buyer_custom_id"):
        values.pop(name, None)
    format_id = values.pop("number_format_id", None)
    if format_id is not None and format_id != old.number_format_id:
        problems.add("number_format_id", "immutable")
    if not values.get("number", "-"):
        del values["number"]
    copied = _of_contact(books, old, values, problems) | _of_bank_account(books, old, values, problems)
    due_on = values.pop("due_on", None)
    new = changed(old, **(copied | values))
    if due_on is not None:
        new.due_days = due_days_between(new.issued_on, due_on)
    if new.has_delivery_address and not old.has_delivery_address:
        delivery = delivery_of(books.find(Contact, new.contact_id)) | {"has_delivery_address": True}
        new = changed(new, **{name: value for name, value in delivery.items() if name not in values})
    if old.kind == "proforma":
        new.show_paid_note = False
    tidy_buyer(new)
    tidy_terms(new)
    return new


def _reprices(old: Invoice, new: Invoice) -> bool:
    """Whether the prices of lines mean something else than they did."""
    before, after = terms(old), terms(new)
    return (before.price_mode, before.taxed) != (after.price_mode, after.taxed)


def _of_contact(books: Books, old: Invoice, values: dict[str, Any], problems: Problems) -> dict[str, Any]:
    if "contact_id" not in values or values["contact_id"] == old.contact_id:
        values.pop("contact_id", None)
        return {}
    contact_id = values.pop("contact_id")
    if contact_id is None:
        problems.add("contact_id", "blank")
    try:
        return buyer_of(books.find(Contact, contact_id or 0))
    except NotFound:
        problems.add("contact_id", "no_such_contact")
        return {}


def _of_bank_account(books: Books, old: Invoice, values: dict[str, Any], problems: Problems) -> dict[str, Any]:
    bank_account_id = values.get("bank_account_id")
    if bank_account_id is None or bank_account_id == old.bank_account_id:
        return {}
    chosen = books.look_up(BankAccount, id=bank_account_id)
    if chosen is None:
        problems.add("bank_account_id", "not_in_list")
        return {}
    return bank_of(chosen)


def _value_anew(
    books: Books, old: Invoice, new: Invoice, values: dict[str, Any], rules: Rules, problems: Problems
) -> None:
    """The exchange rate of another currency, and what other relations let it deduct."""
    if set_rate_again(books, old, new, values):
        check_rate(new, rules, problems)
    free_of_vat(new)


def _relate_anew(books: Books, old: Invoice, new: Invoice, problems: Problems) -> Relations | None:
    """The documents that it has to do with now, where that changes."""
    if all(getattr(new, name) == getattr(old, name) for name in _RELATING):
        return None
    if new.corrected_id not in {None, old.corrected_id}:
        new.corrected_number = new.corrected_on = None
    settled_ids = list(dict.fromkeys(d.document_id for d in old.deductions))
    related = find_relations(books, new, settled_ids, problems)
    deduct(new, related)
    return related


def _renumber(books: Books, old: Invoice, new: Invoice, rules: Rules, problems: Problems) -> None:
    used = number_format(books, old.kind, old.number_format_id, problems)
    if used is None:
        return
    place = given_place(books, new, new.number, used, rules, problems)
    problems.refuse()
    keep_given_place(books, new, place, used)
    if old.counter is not None and old.period is not None and (old.period, old.counter) != (new.period, new.counter):
        leave_out(books, used.id, old.period, old.counter, old.counter, "renumbered")


_EMPTY: dict[str, Any] = defaults_of(Invoice) | {"contact_id": None}
"""What attributes hold when their value is taken away."""

_RELATING = (
    *("corrected_id", "corrected_uuid", "related_id", "previous_advance_id", "advance_amount"),
    *("sale_date_before", "service_from_before", "service_until_before"),
)

_NEVER_EMPTY = frozenset({"number", "issued_on", "due_days", "due_on", "language", "currency", "price_mode"})
"""What a document cannot be without: to take it away changes nothing."""
