"""Links by which a customer sees all of their documents: no password, only the hash of each secret is kept."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.contacts import Contact, find_contact
from faktura.core.errors import NotFound
from faktura.core.people.hashes import secret_hash
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import Tenant, changed, index, record, unique


@record(
    "contact_links",
    unique("account_id", "hash"),
    index("account_id", "contact_id"),
    paged=False,
    belongs={"contact_id": "contacts"},
)
class ContactLink(Tenant):
    """Whoever has the secret of this `hash` sees what the contact was sent and owes, until somebody ends it.

    A contact may have several, as two that are one keep the links of both. `opened_on` is the last day on which
    somebody opened it.
    """

    contact_id: int
    hash: str
    opened_on: dt.date | None = None


def make_contact_link(books: Books, contact_id: int, secret: str) -> ContactLink:
    """Let the secret open the documents of a contact; one that does so already is left as it is.

    Raises:
        NotFound: there is no such contact.

    """
    contact = find_contact(books, contact_id)
    old = books.look_up(ContactLink, hash=secret_hash(secret))
    if old is not None:
        return old
    link = books.add(ContactLink, contact_id=contact.id, hash=secret_hash(secret))
    books.note_event(Event("contact_link_made", contact))
    return link


def links_of_contact(books: Books, contact_id: int) -> list[ContactLink]:
    """The links that are good, the newest first."""
    named = (Condition("contact_id", "eq", contact_id),)
    return books.all(ContactLink, Selection(named, order=(Order("id", descending=True),)))


def end_contact_link(books: Books, contact_id: int, link_id: int) -> None:
    """Let a link open nothing any more.

    Raises:
        NotFound: the contact has no such link.

    """
    link = books.find(ContactLink, link_id)
    if link.contact_id != contact_id:
        raise NotFound(ContactLink.table_name)
    books.remove(link)
    books.note_event(Event("contact_link_ended", find_contact(books, contact_id)))


def opened_by_secret(books: Books, secret: str) -> tuple[ContactLink, Contact]:
    """The link that the secret is of, and whose documents it opens.

    Raises:
        NotFound: it opens nothing in this account, or nothing any more.

    """
    link = books.look_up(ContactLink, hash=secret_hash(secret))
    if link is None:
        raise NotFound(ContactLink.table_name)
    return link, find_contact(books, link.contact_id)


def mark_link_opened(books: Books, link: ContactLink) -> ContactLink:
    """The customer opened it; of every day the first time is written down, in the history that of the link."""
    if link.opened_on is None:
        books.note_event(Event("contact_link_opened", find_contact(books, link.contact_id)))
    return books.change(link, changed(link, opened_on=books.today))
