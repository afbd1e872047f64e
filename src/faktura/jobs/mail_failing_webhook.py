"""Whoever keeps a webhook is told by mail that its address takes nothing."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.messages import on_one_line
from faktura.core.people.users import User
from faktura.core.subscriptions import Subscription
from faktura.jobs import Effect, Errand, doubling, send_secret
from faktura.outputs.mail.letters import Letter
from faktura.outputs.mail.personal import failing_letter

LANE = "mail"

DELAYS = doubling(dt.timedelta(seconds=30), dt.timedelta(hours=2), dt.timedelta(hours=12))


def go_out(errand: Errand, subscription_id: int, reference: str) -> Effect:
    """Nothing goes out where the webhook was deleted since.

    Raises:
        Undelivered: the server did not take it.

    """
    return send_secret(errand, lambda books: _letter(books, subscription_id, reference))


def _letter(books: Books, subscription_id: int, reference: str) -> Letter:
    webhook = books.find(Subscription, subscription_id)
    person = Office(books.tx, books.now).find(User, id=webhook.user_id)
    return failing_letter(person, on_one_line(books.account.name), webhook.url, reference, books.now)
