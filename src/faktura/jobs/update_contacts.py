"""Contacts of an account that follow the registry are brought up to date: one a second, Polish ones thirty in a job."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.contacts import UPDATE_CONTACT
from faktura.core.registries.following import MOST, contacts_to_follow, is_followed

TOGETHER = 30
"""As many as the white list takes in a call."""


def do(books: Books, after: int = 0) -> None:
    contacts = contacts_to_follow(books, after)
    followed = [contact for contact in contacts if is_followed(books, contact)]
    polish = [one.id for one in followed if (one.country or books.account.country) == "PL"]
    jobs = [[one.id] for one in followed if one.id not in polish]
    jobs += [polish[start : start + TOGETHER] for start in range(0, len(polish), TOGETHER)]
    for second, contact_ids in enumerate(jobs):
        books.later(UPDATE_CONTACT, *contact_ids, after=dt.timedelta(seconds=second))
    if len(contacts) == MOST:
        books.later("update_contacts", contacts[-1].id, after=dt.timedelta(seconds=len(jobs)))
