"""Contacts of an account that follow the registry are brought up to date, each by a job, one a second."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.contacts import UPDATE_CONTACT
from faktura.core.registries.following import MOST, contacts_to_follow, is_followed


def do(books: Books, after: int = 0) -> None:
    contacts = contacts_to_follow(books, after)
    followed = [contact for contact in contacts if is_followed(books, contact)]
    for second, contact in enumerate(followed):
        books.later(UPDATE_CONTACT, contact.id, after=dt.timedelta(seconds=second))
    if len(contacts) == MOST:
        books.later("update_contacts", contacts[-1].id, after=dt.timedelta(seconds=len(followed)))
