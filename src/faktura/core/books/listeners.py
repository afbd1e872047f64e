"""Who outside hears of what happens in an account: told in the transaction of the work, by a job for each of them."""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import msgspec

from faktura.core.books import jobs_to_do
from faktura.core.books.history import Event
from faktura.store.transaction import Transaction

if TYPE_CHECKING:
    from faktura.core.people.accounts import Account

JOB = "deliver"


class Listener(msgspec.Struct, frozen=True):
    """A subscription that is active, as its account holds it, so that whoever writes need not ask for it.

    `events` are in the words of its `door`, which renders what is told; addresses in that begin with `api_root` and
    `web_root`.
    """

    id: int
    door: str
    events: tuple[str, ...]
    api_root: str
    web_root: str


class Told(NamedTuple):
    """What a listener is told of an event: what it is called there, who may know of it, and the whole message."""

    listener: Listener
    event: str
    scope: str
    body: str


Teller = Callable[["Account", Event, Sequence[Listener], dt.datetime], Iterator[Told]]
"""How a door tells its listeners of an event at an instant; those who do not wait for it hear nothing."""

TELLERS: dict[str, Teller] = {}
"""By door; each that is installed is here."""


def tell(tx: Transaction, account: "Account", event: Event, now: dt.datetime) -> None:
    """Write down what each listener of the account is to hear, as its record is now.

    Each hears what happens to one record in its order.
    """
    for door in dict.fromkeys(listener.door for listener in account.listeners):
        if door not in TELLERS:
            continue
        listeners = [listener for listener in account.listeners if listener.door == door]
        for told in TELLERS[door](account, event, listeners, now):
            arguments = (told.listener.id, told.event, told.scope, str(time_ordered_uuid(now)), told.body)
            in_order = f"{told.listener.id} {event.record.table_name} {event.record.id}"
            jobs_to_do.put(tx, account.id, JOB, arguments, now, now, in_order)


def time_ordered_uuid(now: dt.datetime) -> UUID:
    """A UUID of version 7 (RFC 9562, 5.7), which the library of Python 3.11 does not make."""
    milliseconds = int(now.timestamp() * 1000)
    random = secrets.randbits(74)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | random >> 62 << 64 | 0b10 << 62 | random & ((1 << 62) - 1))
