"""Letters to customers by e-mail: written here, sent by a job; the rows are the log of what was delivered."""

import datetime as dt
from typing import Literal, NamedTuple

import msgspec
import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.history import Event, Happening
from faktura.core.contacts import is_email
from faktura.core.documents.find import Key, document_at, key_of
from faktura.core.documents.record import Document
from faktura.core.e_invoices import EInvoice
from faktura.core.errors import NotFound, Problems, Reason, WrongState
from faktura.core.texts import Paragraphs
from faktura.core.todos import put_on_list, take_off_list
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import KindIn, Tenant, changed, index, record
from faktura.store.statements import Query

JOB = "send_message"

PATIENCE = dt.timedelta(days=5)
"""How long a message is tried again: RFC 5321, 4.5.4.1."""

MOST_UNKNOWN = 2
"""A message that may have arrived so many times without anybody writing it down is not sent again."""

HOUR = dt.timedelta(hours=1)
SHORTEST_WAIT = dt.timedelta(minutes=1)

LONGEST_SUBJECT = 500
LONGEST_ANSWER = 1000


class LeftOut(msgspec.Struct, frozen=True):
    """An electronic invoice that a letter went without, and why there is none."""

    e_invoice: EInvoice
    reason: Reason


@record(
    "messages",
    index("account_id", "kind", "document_id", "id", covers=("version",)),
    index("account_id", "updated_at"),
    paged=False,
    remembers={"document_id": KindIn("kind")},
)
class Message(Tenant):
    """A letter about a document, and what came of it: it may outlive that, as it went out and counts in its hour.

    `reference` is its name in mail programs, the same each time that it is sent. `attempts` were begun, and of the last
    `unknown` of them nobody knows how they ended. `print_as` says what copy goes with it, in `language`, or that none
    does, and `e_invoices` for programs go with it unless they were `left_out`. `answer` is the last thing that a mail
    server or the network said.
    """

    kind: str
    document_id: int
    reference: str
    recipient: str
    subject: str
    body: Paragraphs
    copy: str | None = None
    language: str = "cs"
    print_as: str | None = "regular"
    e_invoices: tuple[EInvoice, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    state: Literal["waiting", "sent", "failed"] = "waiting"
    attempts: int = 0
    unknown: int = 0
    answer: str | None = None
    sent_at: dt.datetime | None = None

    @property
    def about(self) -> Key:
        return self.kind, self.document_id


class Outgoing(NamedTuple):
    """A letter as it leaves; `print_as` says what copy of the document goes with it, if any does, and what else."""

    recipient: str
    subject: str
    body: str
    copy: str | None = None
    language: str = "cs"
    print_as: str | None = "regular"
    e_invoices: tuple[EInvoice, ...] = ()


def write_message(books: Books, document: Document, letter: Outgoing) -> Message:
    """Write a letter, which goes out once this transaction is committed.

    The subject is one line: whatever would end it becomes a space.

    Raises:
        Invalid: an address is none, or the subject is too long.

    """
    problems = Problems()
    if not letter.recipient:
        problems.add("recipient", "blank")
    for name, address in (("recipient", letter.recipient), ("copy", letter.copy)):
        if address and not is_email(address):
            problems.add(name, "malformed_email")
    subject = on_one_line(letter.subject)
    if len(subject) > LONGEST_SUBJECT:
        problems.add("subject", "too_long", LONGEST_SUBJECT)
    problems.refuse()
    values = letter._asdict() | {"subject": subject, "copy": letter.copy or None}
    about, reference = key_of(document), books.tx.chance.uuid(Message.table_name)
    message = books.add(Message, kind=about[0], document_id=about[1], reference=reference, **values)
    books.later(JOB, message.id)
    return message


def send_again(books: Books, document: Document, message_id: int) -> Message:
    """Write a letter that could not be delivered once more, as it was: what happened by it happens again.

    Raises:
        NotFound: there is no such letter about the document.
        WrongState: it waits, or it was delivered.

    """
    old = books.find(Message, message_id)
    if old.about != key_of(document):
        raise NotFound(Message.table_name)
    if old.state != "failed":
        raise WrongState("not_failed")
    letter = Outgoing(**{name: getattr(old, name) for name in Outgoing._fields})
    new = write_message(books, document, letter)
    for happened in _happened_by(books, old):
        books.note_event(Event(happened.name, document, letter_id=new.id))
    return new


def _happened_by(books: Books, message: Message) -> list[Happening]:
    kind, document_id = message.about
    of_it = Condition("kind", "eq", kind), Condition("record_id", "eq", document_id)
    return books.all(Happening, Selection((*of_it, Condition("letter_id", "eq", message.id))))


def messages_about(document: Document) -> Selection:
    """The messages about a document, the last first."""
    kind, document_id = key_of(document)
    named = Condition("kind", "eq", kind), Condition("document_id", "eq", document_id)
    return Selection(named, order=(Order("id", descending=True),))


def deliverable(books: Books, message_id: int) -> Message | None:
    """The message, as long as it is to be sent."""
    message = books.look_up(Message, id=message_id)
    return message if message and message.state == "waiting" else None


def wait_for_quota(books: Books, most: int) -> dt.timedelta | None:
    """How long the account's next message waits where it sent or failed to send the `most` within an hour."""
    since = books.now - HOUR
    ended: list[tuple[int, dt.datetime]] = books.tx.rows(_ENDED_SINCE, account_id=books.account.id, since=since)
    count, first = ended[0]
    if count < most:
        return None
    return max(first + HOUR - books.now, SHORTEST_WAIT)


def begin_delivery(books: Books, message_id: int, left_out: tuple[LeftOut, ...] = ()) -> bool:
    """Count an attempt before it is made, without what is left out; whether one may be made."""
    message = deliverable(books, message_id)
    if message is None:
        return False
    if message.unknown >= MOST_UNKNOWN:
        give_up(books, message_id, "Sent, perhaps: the program was stopped twice before the answer came")
        return False
    begun = changed(message, attempts=message.attempts + 1, unknown=message.unknown + 1, left_out=left_out)
    books.change(message, begun)
    return True


def delivered(books: Books, message_id: int, answer: str) -> None:
    """Write down that the mail server took the message."""
    _end(books, message_id, "sent", answer)


def give_up(books: Books, message_id: int, answer: str) -> None:
    """Write down that the message will not be sent, and why."""
    _end(books, message_id, "failed", answer)


def delayed(books: Books, message_id: int, answer: str, *, begun: bool = True) -> bool:
    """Write down why the message could not be sent now; whether it is worth another attempt.

    An attempt that was begun is no longer one whose end nobody knows.
    """
    message = deliverable(books, message_id)
    if message is None:
        return False
    if books.now - message.created_at >= PATIENCE:
        give_up(books, message_id, answer)
        return False
    unknown = 0 if begun else message.unknown
    books.change(message, changed(message, unknown=unknown, answer=on_one_line(answer)[:LONGEST_ANSWER]))
    return True


def _end(books: Books, message_id: int, state: Literal["sent", "failed"], answer: str) -> None:
    message = deliverable(books, message_id)
    if message is not None:
        sent_at = books.now if state == "sent" else None
        told = on_one_line(answer)[:LONGEST_ANSWER]
        books.change(message, changed(message, state=state, unknown=0, answer=told, sent_at=sent_at))
        if (document := document_at(books, message.about)) is not None:
            if state == "sent":
                take_off_list(books, "letter_undelivered", document)
            else:
                put_on_list(books, "letter_undelivered", document, email=message.recipient)


def on_one_line(text: str) -> str:
    """The text without what no head of an e-mail may hold."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


_m = Message.table.c

_ENDED_SINCE = Query(
    sa.select(sa.func.count(), sa.func.min(_m.updated_at)).where(
        _m.account_id == sa.bindparam("account_id"),
        _m.updated_at > sa.bindparam("since", type_=_m.updated_at.type),
        _m.state != "waiting",
    )
)
