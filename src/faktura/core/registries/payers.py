"""Czech payers of VAT that an account deals with: every night it is asked whether they are to be relied on."""

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, find_contact, note_reliability
from faktura.core.invoices.record import Invoice
from faktura.core.received.record import Expense
from faktura.core.registries.answers import RegistryAnswer
from faktura.core.registries.checks import Check, keep_check, last_checks
from faktura.core.registries.following import used_since
from faktura.core.registries.numbers import payer_number
from faktura.store.statements import Query

MOST = 100
"""Whom one call asks about."""

DAYS = 90
"""Who bought in so many days is dealt with, and who sold what is still to be paid."""


def payers_dealt_with(books: Books, after: int) -> list[Contact]:
    """Contacts with a VAT number, in the order of their ids; not each has one of a Czech payer."""
    since = books.today.fromordinal(books.today.toordinal() - DAYS)
    found = books.tx.rows(_DEALT_WITH, account_id=books.account.id, after=after, since=since, most=MOST)
    return sorted(books.some(Contact, [row[0] for row in found]), key=lambda contact: contact.id)


def numbers_of(contacts: list[Contact], home: str) -> dict[int, str]:
    """By their ids, the numbers of those who are Czech payers."""
    czech = [contact for contact in contacts if (contact.country or home) == "CZ"]
    return {contact.id: number for contact in czech if (number := payer_number(contact.vat_no))}


def note_payer(books: Books, contact_id: int, answer: RegistryAnswer) -> None:
    """Write down what the register says of a payer; the proof is kept where it says something else than before."""
    if books.look_up(Contact, id=contact_id) is None:
        return
    note_reliability(books, contact_id, unreliable=bool(answer.said.get("unreliable")))
    last = last_checks(books, contact_id, None, answer.registry, 1)
    if not last or (last[0].state, last[0].said) != (answer.state, answer.said):
        keep_check(books, contact_id, answer)


def note_asked(books: Books, contact_id: int, answer: RegistryAnswer) -> Check:
    """Keep the proof of what somebody asked about a contact.

    Raises:
        NotFound: there is no such contact any more.

    """
    contact = find_contact(books, contact_id)
    if answer.registry == "crpdph":
        note_payer(books, contact.id, answer)
    return keep_check(books, contact.id, answer)


_c, _e = Contact.table.c, Expense.table.c

_OWED = (
    sa.select(_e.id)
    .where(_e.account_id == _c.account_id, _e.contact_id == _c.id, _e.progress == "entered")
    .where(sa.or_(_e.status == "open", _e.status == "overdue"))
    .exists()
)

_DEALT_WITH = Query(
    sa.select(_c.id)
    .where(_c.account_id == sa.bindparam("account_id"), _c.id > sa.bindparam("after"))
    .where(_c.tax_digits.is_not(None), used_since(Invoice.table) | _OWED)
    .order_by(_c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
