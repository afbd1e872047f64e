"""Who outside hears of what happens in an account: told in the transaction of the work, by a job for each of them."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from uuid import UUID

import msgspec

from faktura.core.books import jobs_to_do
from faktura.core.books.history import Event, EventName
from faktura.store.records import RECORDS, Record
from faktura.store.transaction import Transaction

if TYPE_CHECKING:
    from faktura.core.books.books import Books
    from faktura.core.people.accounts import Account

JOB = "deliver"


class Listener(msgspec.Struct, frozen=True):
    """A subscription that is active, as its account holds it, so that whoever writes need not ask for it.

    `events` are in the words of its `door`, which renders what is told; addresses in that begin with `api_root` and
    `web_root`. One that is `discreet` is told which record it was, and nothing of what stands in it.
    """

    id: int
    door: str
    events: tuple[str, ...]
    api_root: str
    web_root: str
    discreet: bool = False


class Called(NamedTuple):
    """What an event is called at a door, and the scope that one must be let into to hear of it."""

    name: str
    scope: str


class Writes(Protocol):
    """Makes the whole message to a listener of an event at an instant."""

    def __call__(self, books: "Books", event: Event, listener: Listener, now: dt.datetime, /) -> str: ...


class Outgoing(NamedTuple):
    """A message as it leaves."""

    body: bytes
    headers: Mapping[str, str]


Send = Callable[[str, str, int], Outgoing]
"""What leaves of a message, with the secret of its listener, or an empty one, the first time or a later one."""


def with_authorization(body: str, secret: str, _attempt: int) -> Outgoing:
    return Outgoing(body.encode(), {"Authorization": secret} if secret else {})


class Terms(NamedTuple):
    """What a door asks of an address before it tells it anything, and how long it goes on where nobody takes it.

    To the question that `ask` makes of a code an address answers the same JSON. What is answered with a status in
    `taken` has arrived. One message that fails so many times has its owner told by mail, or the webhook switched off.
    It is then said to be off by `name`.
    """

    name: str
    ask: Callable[[str], str]
    taken: frozenset[str]
    mail_after: int
    off_after: int


class Teller(NamedTuple):
    """How a door tells its listeners what happens; its addresses begin with `path` where it is mounted.

    `names` are those of all events that it knows, by noun: each with what it is called here, or a None where it cannot
    happen. `call` says what an event is called there, and None of what nobody is told. One that `signs` proves by the
    secret that it was its own, instead of telling it. At one with `may_be_discreet` an owner chooses that. Without
    `terms` whoever is added is told, and stays so.
    """

    title: str
    path: str
    names: Mapping[str, Mapping[str, EventName | None]]
    call: Callable[[Event], Called | None]
    write: Writes
    send: Send = with_authorization
    signs: bool = False
    may_be_discreet: bool = False
    terms: Terms | None = None

    def knows(self, name: str) -> bool:
        return any(name in of_noun for of_noun in self.names.values())


TELLERS: dict[str, Teller] = {}
"""By door; each that is installed is here."""


class Seen(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event with its record as it was then, as JSON brings it back; the message is written from it by the job.

    What `write` costs is spared whoever causes the event.
    """

    name: EventName
    at: dt.datetime
    kind: str
    record: Any
    details: Any = None
    made_kind: str = ""
    made: Any = None

    @property
    def about(self) -> str:
        """The record, in a word."""
        return f"{self.kind} {self.record['id']}"

    @property
    def event(self) -> Event:
        cls = RECORDS[self.kind]
        made = _record(RECORDS[self.made_kind], self.made) if self.made_kind else None
        details = None if self.details is None else _details(cls, self.details)
        return Event(self.name, _record(cls, self.record), details, made=made)


def tell(tx: Transaction, account: "Account", event: Event, now: dt.datetime) -> None:
    """Write down for each listener of the account that it is to hear of this, with the record as it is now.

    Each hears what happens to one record in its order.
    """
    called = {door: TELLERS[door].call(event) for door in {one.door for one in account.listeners} & TELLERS.keys()}
    seen: msgspec.Raw | None = None
    for listener in account.listeners:
        said = called.get(listener.door)
        if said is None or said.name not in listener.events:
            continue
        seen = seen or msgspec.Raw(_seen(event, now))
        arguments = (listener.id, said.name, said.scope, time_ordered_uuid(tx, now), seen)
        in_order = in_order_of(listener.id, f"{event.record.table_name} {event.record.id}")
        jobs_to_do.put(tx, account.id, JOB, arguments, now, now, in_order)


def in_order_of(listener_id: int, about: str) -> str:
    return f"{listener_id} {about}"


def time_ordered_uuid(tx: Transaction, now: dt.datetime) -> str:
    """A UUID of version 7 (RFC 9562, 5.7), which the library of Python 3.11 does not make."""
    milliseconds = int(now.timestamp() * 1000)
    random = int.from_bytes(tx.chance.draw("notices", 10)) >> 6
    return str(UUID(int=milliseconds << 80 | 0x7 << 76 | random >> 62 << 64 | 0b10 << 62 | random & ((1 << 62) - 1)))


def _seen(event: Event, now: dt.datetime) -> bytes:
    made_kind = "" if event.made is None else event.made.table_name
    return msgspec.json.encode(
        Seen(event.name, now, event.record.table_name, event.record, event.details, made_kind, event.made)
    )


def _record(cls: type[Record], kept: Any) -> Any:
    return msgspec.convert(kept, cls, str_keys=True)


def _details(cls: type[Record], kept: Mapping[str, Any]) -> dict[str, Any]:
    """What changed, each attribute in its own type."""
    types = msgspec.structs.fields(cls)
    known = {field.name: field.type for field in types}
    return {
        name: tuple(msgspec.convert(value, known.get(name, Any), str_keys=True) for value in change)
        for name, change in kept.items()
    }
