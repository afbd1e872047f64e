"""Contacts that follow the registry of their country: it says who they are, and they are changed."""

from typing import Any

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.contacts import STREET_LINE, Contact, change_contact, follows_registry, street_line
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.core.received.record import Expense
from faktura.core.registries.facts import Said
from faktura.core.registries.numbers import firm_number
from faktura.store.statements import Query

MOST = 100

YEAR = 365
"""Days in which a contact was in use."""

COUNTRIES = ("CZ", "PL")
"""Whose registries are followed."""


def update_from_registry(books: Books, before: Contact, said: Said) -> Contact | None:
    """Write down what the registry says of a contact as it was `before` it was asked: what was changed since stays."""
    now = books.look_up(Contact, id=before.id)
    if now is None:
        return None
    untouched = {name: value for name, value in _values(said).items() if _value(now, name) == _value(before, name)}
    return change_contact(books, now.id, Given(untouched))


def contacts_to_follow(books: Books, after: int) -> list[Contact]:
    """Those used in the last year whose firms a registry knows, in the order of their ids."""
    since = books.today.fromordinal(books.today.toordinal() - YEAR)
    found = books.tx.rows(_USED, account_id=books.account.id, after=after, since=since, most=MOST)
    return sorted(books.some(Contact, [row[0] for row in found]), key=lambda contact: contact.id)


def is_followed(books: Books, contact: Contact) -> bool:
    return follows_registry(books.account, contact) and firm_number(contact, books.account.country) is not None


def accounts_in(office: Office, country: str) -> list[int]:
    """The accounts of a country that are not blocked."""
    return [row[0] for row in office.tx.rows(_ACCOUNTS, country=country)]


def _values(said: Said) -> dict[str, Any]:
    """What it says nothing of stays as it is."""
    texts = {
        "name": said.name,
        STREET_LINE: said.street,
        "city": said.city,
        "postcode": said.postcode,
        "registration_no": said.registration_no,
        "vat_no": said.vat_no,
        "legal_form": said.legal_form,
    }
    values: dict[str, Any] = {name: text for name, text in texts.items() if text}
    if said.activity_kind is not None:
        values["activity_kind"] = said.activity_kind
    if said.pays_vat is not None:
        values["vat_mode"] = "vat_payer" if said.pays_vat else "non_vat_payer"
    return values


def _value(contact: Contact, name: str) -> Any:
    return street_line(contact) if name == STREET_LINE else getattr(contact, name)


_a, _c, _i, _e = Account.table.c, Contact.table.c, Invoice.table.c, Expense.table.c

_ACCOUNTS = Query(
    sa.select(_a.id).where(_a.country == sa.bindparam("country"), _a.blocked.is_(sa.false())).order_by(_a.id)
)

_SINCE = sa.bindparam("since", type_=_i.issued_on.type)


def used_since(table: Any) -> sa.Exists:
    """Whether a document of the table names the contact, issued on that day or later."""
    named = table.c.account_id == _c.account_id, table.c.contact_id == _c.id
    return sa.select(table.c.id).where(*named, table.c.issued_on >= _SINCE).exists()


_USED = Query(
    sa.select(_c.id)
    .where(_c.account_id == sa.bindparam("account_id"), _c.id > sa.bindparam("after"))
    .where(used_since(Invoice.table) | used_since(Expense.table))
    .order_by(_c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
