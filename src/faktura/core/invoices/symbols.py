"""Variable symbols: by which document a payment is known to be meant (2.4), so that no two debts have one in common."""

import itertools
from collections.abc import Iterable

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.documents.find import Key, documents_at, key_of
from faktura.core.documents.links import links_of
from faktura.core.documents.numbers import digits_of
from faktura.core.errors import Problems
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.related import Relations
from faktura.store.statements import Query


def usual_symbol(books: Books, invoice: Invoice, contact: Contact, proforma: Invoice | None) -> str:
    """That of the proforma before it, or one that the contact always pays by, else one of its own."""
    before = proforma.variable_symbol if proforma else None
    return before or contact.variable_symbol or _free_symbol(books, invoice)


def check_symbol(books: Books, invoice: Invoice, linked: Iterable[Key], problems: Problems) -> None:
    """Refuse a given symbol that another document has."""
    if invoice.variable_symbol and _is_taken(books, invoice, linked):
        problems.add("variable_symbol", "taken")


def check_symbol_again(books: Books, old: Invoice, new: Invoice, related: Relations | None, problems: Problems) -> None:
    """The same after a change; a symbol that nobody gave now is its own where it leaves its order or its customer."""
    if related is None and new.variable_symbol == old.variable_symbol:
        return
    links = links_of(books, old)
    ends = [link.to_key for link in links.out] if related is None else [key_of(end) for _, end in related.ends()]
    linked = [*ends, *(link.from_key for link in links.into)]
    if new.variable_symbol != old.variable_symbol:
        check_symbol(books, new, linked, problems)
    elif new.variable_symbol and _is_taken(books, new, linked):
        proforma = related.proforma if related else None
        new.variable_symbol = usual_symbol(books, new, books.find(Contact, new.contact_id), proforma)


def _is_taken(books: Books, invoice: Invoice, linked: Iterable[Key]) -> bool:
    """Whether another document has the symbol, unless both are of one order or that customer always pays by it.

    Documents are of one order that lead to each other over whatever links: a proforma, the tax documents over it, the
    invoices after it, their corrections.
    """
    found = books.tx.rows(_HOLDING, account_id=books.account.id, symbol=invoice.variable_symbol)
    if not (holders := {row[0]: row[1] for row in found if row[0] != invoice.id}):
        return False
    contact = books.look_up(Contact, id=invoice.contact_id)
    always = contact is not None and contact.variable_symbol == invoice.variable_symbol
    strange = [holder for holder, buyer in holders.items() if not (always and buyer == invoice.contact_id)]
    others = {(Invoice.table_name, holder) for holder in strange}
    return bool(others) and not others <= _order_of(books, linked)


def _order_of(books: Books, keys: Iterable[Key]) -> set[Key]:
    """The documents that these lead to over any number of links, and these themselves."""
    order: set[Key] = set()
    new = set(keys)
    while new:
        order |= new
        links = [links_of(books, document) for document in documents_at(books, new).values()]
        new = {end for of in links for link in (*of.out, *of.into) for end in (link.from_key, link.to_key)} - order
    return order


def _free_symbol(books: Books, invoice: Invoice) -> str:
    """The digits of the number, and more where another document has those.

    The digits of 1/11/2026 and of 1/PROF/11/2026 are the same, and nobody could know what was paid by them. With a
    digit more at the end they are the digits of no number that ends with its year.
    """
    symbol = digits = digits_of(invoice.number)
    for more in itertools.count(1):
        if not symbol or not books.tx.rows(_HELD, account_id=books.account.id, symbol=symbol):
            break
        symbol = f"{digits}{more}"
    return symbol


_i = Invoice.table.c
_of_symbol = (_i.account_id == sa.bindparam("account_id")) & (_i.variable_symbol == sa.bindparam("symbol"))

_HOLDING = Query(sa.select(_i.id, _i.contact_id).where(_of_symbol))
_HELD = Query(sa.select(_i.id).where(_of_symbol).limit(1))
