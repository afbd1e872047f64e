"""Change a document that was issued, or throw it away."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.books.uses import in_use
from faktura.core.contacts import Contact
from faktura.core.documents.amounts import add_up, free_of_vat, reprices
from faktura.core.documents.attachments import GivenFile, attach, check_files
from faktura.core.documents.checks import RULES, Rules, check, check_currency, check_dates, check_rate, due_days_between
from faktura.core.documents.exchange import set_rate_again
from faktura.core.documents.find import Key, documents_at
from faktura.core.documents.keeping import keep_change, paid_on_of, remove_document, spread, spread_from
from faktura.core.documents.lines import given_lines
from faktura.core.documents.links import Link, Links, drop_links, links_of
from faktura.core.documents.numbers import check_period, renumber
from faktura.core.documents.parties import bank_of
from faktura.core.documents.products import same_products
from faktura.core.documents.showing_links import others_of, show_links
from faktura.core.documents.status import follow_money
from faktura.core.documents.stock import check_restock
from faktura.core.errors import Given, InUse, NotFound, Problems, WrongState
from faktura.core.invoices.buyer import buyer_of, check_buyer, delivery_of, read_street_line, tidy_buyer
from faktura.core.invoices.completion import complete
from faktura.core.invoices.e_invoice import check_as_e_invoice
from faktura.core.invoices.issue import tidy_terms
from faktura.core.invoices.margin import check_margin
from faktura.core.invoices.oss import check_oss
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.related import Named, Relations, changed_names, find_relations, names_of, relate
from faktura.core.invoices.resting import keep_what_others_rest_on
from faktura.core.invoices.symbols import check_symbol_again
from faktura.core.ksef.mark import held_by_ksef
from faktura.core.texts import check_texts
from faktura.store.records import changed, defaults_of, differing


class Revised(NamedTuple):
    """A document as it is after a change; `related` is None where it has to do with the same documents as before."""

    invoice: Invoice
    links: Links
    related: Relations | None
    files: Sequence[GivenFile]


def change_invoice(books: Books, invoice_id: int, given: Given, rules: Rules = RULES) -> Invoice:
    """Change the given values and what follows from them; a None takes a value away.

    `lines` change, add and remove lines one by one; `all_lines` replace them, each made of the product of the line that
    said the same before. `files` are attached to those there.

    Raises:
        NotFound: there is no such document, or no such line in it.
        WrongState: it is locked, or KSeF has, or may have, what would change.
        Invalid: a value breaks a rule, or a final invoice deducts other sums of it than it would have.

    """
    old = books.find(Invoice, invoice_id)
    if old.locked_at is not None:
        raise WrongState("locked")
    problems = Problems(given.unread)
    made = revise(books, old, given, rules, problems)
    new, links, related = made.invoice, made.links, made.related
    _keep_what_ksef_has(old, new)
    check_files(old.attachments, made.files, problems)
    keep_what_others_rest_on(books, old, new, links, problems)
    check_symbol_again(books, old, new, related, problems)
    _renumber(books, old, new, rules, problems)
    problems.refuse()
    new.attachments = (*old.attachments, *attach(books, old, made.files))
    former = () if related is None else relate(books, new, related, links)
    links = links if related is None else links_of(books, old)
    others = others_of(books, links)
    show_links(new, links, others, books.now)
    if "paid_on" in given:
        new.stage = "draft" if new.paid_on is None else "paid"
    if new.paid_on is None or new.paid_on == old.paid_on:
        follow_money(old, new, paid_on_of(books, new, others.values()))
    kept = keep_change(books, old, new)
    if related is not None:
        spread_from(books, former)
        kept = spread(books, books.find(Invoice, old.id))
    if kept.version != old.version:
        check_as_e_invoice(books, kept)
    return complete(books, old, kept)


def revise(books: Books, old: Invoice, given: Given, rules: Rules, problems: Problems) -> Revised:
    """A copy with the values and all that follows from them in itself; nothing is written."""
    check_texts(Invoice, given, problems)
    values = taken_away(given)
    lines, all_lines = values.pop("lines", None), values.pop("all_lines", None)
    files: Sequence[GivenFile] = values.pop("files", None) or ()
    links = links_of(books, old)
    now = names_of(links)
    named = changed_names(now, old, values)
    new = _with_values(books, old, values, problems)
    if all_lines is not None:
        new.lines = given_lines(books, new, same_products(all_lines, old.lines), (), problems)
    elif lines is not None:
        new.lines = given_lines(books, new, lines, old.lines, problems, repriced=reprices(old, new))
    _value_anew(books, old, new, values, rules, problems)
    related = _relate_again(books, old, new, (now, named), problems)
    check_margin(new, problems)
    check_oss(new, problems)
    check_dates(new, problems)
    check_buyer(new, given.keys(), problems)
    check(add_up(new), given.keys(), problems)
    check_restock(books, old, new, problems)
    return Revised(new, links, related, files)


def _keep_what_ksef_has(old: Invoice, new: Invoice) -> None:
    """Money, files and what is for the firm alone stand beside what KSeF was told."""
    if (held := held_by_ksef(old.ksef)) is not None and not _BESIDE.issuperset(differing(old, new)):
        raise WrongState(held)


def taken_away(given: Given) -> dict[str, Any]:
    """The values that a change sets: where one is taken away, what its attribute holds without any."""
    return {
        name: _EMPTY.get(name) if value is None else value
        for name, value in given.items()
        if value is not None or name not in _NEVER_EMPTY
    }


def delete_invoice(books: Books, invoice_id: int) -> None:
    """Throw a document away; its number stays taken.

    Raises:
        NotFound: there is no such document.
        InUse: it is locked, what came in by it has gone out of stock since, or another document rests on it (2.6.3).
        WrongState: KSeF has it, or may have it.

    """
    invoice = books.find(Invoice, invoice_id)
    if invoice.locked_at is not None:
        raise InUse(Invoice.table_name)
    if (held := held_by_ksef(invoice.ksef)) is not None:
        raise WrongState(held)
    former = _let_go(books, invoice)
    if in_use(books, invoice):
        raise InUse(Invoice.table_name)
    books.note_event(Event("invoice_deleted", invoice, number=invoice.number))
    remove_document(books, invoice)
    spread_from(books, former)


def holding(books: Books, invoice: Invoice) -> list[Invoice]:
    """The documents that rest on this one, so that it cannot be thrown away."""
    links = links_of(books, invoice)
    dropped = {link.id for link in _droppable(books, invoice, links)}
    return books.some(Invoice, sorted({link.from_id for link in links.into if link.id not in dropped}))


def _let_go(books: Books, invoice: Invoice) -> list[Key]:
    """Drop the links that a document may take away with it; back come the documents at their other ends."""
    dropped = _droppable(books, invoice, links_of(books, invoice))
    drop_links(books, dropped)
    return [link.beyond(invoice) for link in dropped]


def _droppable(books: Books, invoice: Invoice, links: Links) -> list[Link]:
    """Those that follow it stay only where money was taken off for it, or one of them is paid."""
    followers = links.coming("follows")
    following = documents_at(books, (link.from_key for link in followers))
    paid = {key for key, document in following.items() if document.paid_on is not None}
    rest = invoice.kind == "proforma" and any(link.amount or link.from_key in paid for link in followers)
    return [*links.out, *(() if rest else followers)]


def _with_values(books: Books, old: Invoice, values: dict[str, Any], problems: Problems) -> Invoice:
    """A copy with the values, and with the buyer of another contact where that changes."""
    read_street_line(values, old)
    for name in ("kind", "buyer_custom_id"):
        values.pop(name, None)
    format_id = values.pop("number_format_id", None)
    if format_id is not None and format_id != old.number_format_id:
        problems.add("number_format_id", "immutable")
    if not (number := values.pop("number", "").strip()):
        number = old.number
    values["number"] = number
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
    check_currency(new, old.currency, rules, problems)
    if set_rate_again(books, old, new, values):
        check_rate(new, rules, problems)
    free_of_vat(new)


def _relate_again(
    books: Books, old: Invoice, new: Invoice, names: tuple[Named, Named], problems: Problems
) -> Relations | None:
    """The documents that it has to do with now, where that or what it rests on changes."""
    now, named = names
    if named == now and all(getattr(new, name) == getattr(old, name) for name in _RELATING):
        return None
    if new.corrected_uuid not in {None, old.corrected_uuid}:
        named = named._replace(corrected_id=None)
    if named.corrected_id not in {None, old.corrected_id}:
        new.corrected_number = new.corrected_on = None
    return find_relations(books, new, named, problems)


def _renumber(books: Books, old: Invoice, new: Invoice, rules: Rules, problems: Problems) -> None:
    """Find the place of another number; one from a series says the period of the day, whichever door moves that."""
    if new.number == old.number:
        if new.counter is not None and new.issued_on != old.issued_on:
            check_period(books, new, problems)
        return
    renumber(books, old, new, old.kind, rules, problems)


_BESIDE = frozenset({"private_note", "tags", "tag_lines", "custom_id", "attachments", "reminders_off", "paid_on"})
"""What a change may set beside what KSeF has; the rest follows from it later."""

_EMPTY: dict[str, Any] = defaults_of(Invoice) | {"contact_id": None}
"""What attributes hold when their value is taken away."""

_RELATING = (
    *("contact_id", "currency", "corrected_uuid", "sale_date_before", "service_from_before", "service_until_before"),
)

_NEVER_EMPTY = frozenset({"number", "issued_on", "due_days", "due_on", "language", "currency", "price_mode"})
"""What a document cannot be without: to take it away changes nothing."""
