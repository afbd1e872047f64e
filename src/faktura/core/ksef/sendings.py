"""A document on its way to KSeF: what was sent, where it has got, and what became of it."""

import datetime as dt
from typing import Any

import msgspec

from faktura.core.books import jobs_to_do
from faktura.core.books.books import Books
from faktura.core.books.history import DocumentEvent
from faktura.core.documents.keeping import keep_change
from faktura.core.errors import Invalid, NotFound, Problem, WrongState
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.addresses import Environment
from faktura.core.ksef.connection import KsefConnection, active_connection
from faktura.core.ksef.mark import LIVE, KsefMark, Mode, SendingState
from faktura.core.todos import TodoName, take_off_list
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import Tenant, changed, index, record, unique

SEND = "send_to_ksef"
"""The job of an account that does what is due of its queue."""

TODOS: tuple[TodoName, ...] = ("ksef_refused", "ksef_failed", "ksef_overdue")


class Prepared(msgspec.Struct, frozen=True):
    """A document as KSeF takes it; `kind` is its RodzajFaktury, `digest` the SHA-256 of the bytes in base64."""

    kind: str
    number: str
    xml: bytes
    digest: str


class Wanted(msgspec.Struct, frozen=True):
    """The letter that goes out once it is accepted."""

    print_as: str
    recipient: str | None = None
    language: str | None = None
    send_copy: bool = False
    content: str | None = None


@record(
    "ksef_sendings",
    unique("account_id", "uuid"),
    unique("account_id", "live_invoice_id"),
    unique("account_id", "accepted_as"),
    index("account_id", "invoice_id", "id"),
    index("account_id", "state", "id"),
    index("account_id", "ksef_number", where_set="ksef_number"),
    paged=False,
    belongs={"invoice_id": "invoices", "live_invoice_id": "invoices"},
)
class KsefSending(Tenant):
    """One attempt, with its own bytes.

    A document has at most one that is looked after (`live_invoice_id` is then its id): one that lives, or that was
    accepted and whose receipt (`upo`) has not come yet.
    `accepted_as` is what KSeF takes once: seller, kind and number, of what was accepted. `session_ref` is written
    before the bytes leave and `invoice_ref` once KSeF has named them, so that what died in between is found again by
    `digest`. It leaves no earlier than `not_before`, and is looked after next at `next_at`. `deadline` is by when what
    was issued offline must have arrived. `corrected_digest` is of bytes that KSeF refused and these replace.
    One in another `environment` than that of the account is put `aside`, with what its document said then.
    """

    uuid: str
    invoice_id: int
    environment: Environment
    attempt: int
    kind: str
    number: str
    xml: bytes
    digest: str
    state: SendingState
    not_before: dt.datetime
    next_at: dt.datetime
    mode: Mode = "online"
    live_invoice_id: int | None = None
    accepted_as: str | None = None
    session_ref: str | None = None
    invoice_ref: str | None = None
    polls: int = 0
    failures: int = 0
    code: int | None = None
    text: str = ""
    details: tuple[str, ...] = ()
    ksef_number: str | None = None
    upo: bytes | None = None
    sent_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    deadline: dt.datetime | None = None
    corrected_digest: str | None = None
    letter: Wanted | None = None
    aside: KsefMark | None = None


COUNTS = Condition("aside", "null", value=True)
"""Of attempts in the environment of KSeF that the account is connected to."""


def latest_sending(books: Books, invoice_id: int) -> KsefSending | None:
    """The last attempt of a document, where the account is connected to now."""
    chosen = Selection((Condition("invoice_id", "eq", invoice_id), COUNTS), order=(Order("id", descending=True),))
    return next(iter(books.some_in_order(KsefSending, chosen, limit=1)), None)


def lives(sending: KsefSending) -> bool:
    """Whether KSeF may still take it."""
    return sending.state in LIVE


def live_sending(books: Books, invoice_id: int) -> KsefSending | None:
    """The attempt of a document that is looked after."""
    return books.look_up(KsefSending, live_invoice_id=invoice_id)


def resume(books: Books, invoice_id: int, letter: Wanted | None = None) -> KsefSending | None:
    """The attempt that another one would double: one that lives, or was accepted.

    What was given up may have arrived, whatever is asked of documents by now: it goes out again as it was, from where
    it was left. None where there is nothing of the kind.
    """
    last = latest_sending(books, invoice_id)
    if last is None or last.state == "rejected":
        return None
    if last.state != "failed":
        return last
    as_it_was = {name: getattr(last, name) for name in _AS_IT_WAS}
    # What left without an answer is looked for where it went before it goes anywhere else.
    state: SendingState = "waiting" if last.session_ref is None else "sending"
    return _put(books, _attempt_after(last, books, invoice_id, state, books.now, letter=letter, **as_it_was))


def queue(
    books: Books,
    invoice: Invoice,
    prepared: Prepared,
    link: str,
    *,
    letter: Wanted | None = None,
    mode: Mode = "online",
    deadline: dt.datetime | None = None,
    certificate_link: str = "",
) -> KsefSending:
    """Have a document leave once the delay that its account wants is over.

    What lives, was accepted or may have arrived is resumed instead. What was issued beside KSeF and refused stays what
    it was, and its new bytes name those that they replace.

    Raises:
        WrongState: the account is not connected.
        Invalid: KSeF accepted another document of that kind and number.

    """
    connection = active_connection(books)
    if (standing := resume(books, invoice.id, letter)) is not None:
        return standing
    if books.look_up(KsefSending, accepted_as=taken_as(connection, prepared)) is not None:
        raise Invalid({"number": [Problem("number_used")]})
    last = latest_sending(books, invoice.id)
    values = {
        "environment": connection.environment,
        **msgspec.structs.asdict(prepared),
        "mode": mode,
        "deadline": deadline,
        "letter": letter,
    }
    if last is not None and last.mode != "online":
        values |= {"corrected_digest": last.digest, "mode": last.mode, "deadline": last.deadline}
    leaves_at = books.now + dt.timedelta(seconds=connection.send_delay)
    new = _attempt_after(last, books, invoice.id, "waiting", leaves_at, **values)
    return _put(books, new, KsefMark(new.state, link, new.mode, certificate_link))


def withdraw(books: Books, invoice_id: int) -> KsefSending:
    """Take back what has not left yet; back comes what waited.

    Raises:
        NotFound: there is no such document, or it was never to be sent.
        WrongState: it has left, and KSeF may have it.

    """
    invoice, last = books.find(Invoice, invoice_id), latest_sending(books, invoice_id)
    if last is None:
        raise NotFound(KsefSending.table_name)
    is_here = last.sent_at is None if last.state == "waiting" else last.state == "failed" and last.session_ref is None
    if not is_here:
        raise WrongState("accepted_by_ksef" if last.state == "accepted" else "on_its_way_to_ksef")
    books.remove(last)
    before = latest_sending(books, invoice_id)
    mark = invoice.ksef if before and invoice.ksef else None
    mark = msgspec.structs.replace(mark, state=before.state) if mark and before else None
    keep_change(books, invoice, changed(invoice, ksef=mark), "withdrawn_from_ksef")
    take_off_list(books, "ksef_failed", invoice)
    return last


def show_state(
    books: Books, sending: KsefSending, happened: DocumentEvent | None = None, mark: KsefMark | None = None
) -> None:
    """Let the document say how far it has come; what only moves on is no event of its own."""
    invoice = books.find(Invoice, sending.invoice_id)
    mark = mark or invoice.ksef or KsefMark(sending.state, "")
    accepted_at = sending.finished_at if sending.state == "accepted" else None
    shown = msgspec.structs.replace(mark, state=sending.state, accepted_at=accepted_at)
    new = changed(invoice, ksef=shown, ksef_number=sending.ksef_number)
    if happened is None:
        books.change(invoice, new)
        return
    kept = keep_change(books, invoice, new, happened)
    for name in TODOS:
        take_off_list(books, name, kept)


def wake(books: Books, due: dt.datetime) -> None:
    """Have the queue of the account looked at by then."""
    jobs_to_do.put_by(books.tx, books.account.id, SEND, due, books.now)


def taken_as(connection: KsefConnection, prepared: Prepared | KsefSending) -> str:
    """As what KSeF takes a document once: in one environment, of one seller, of one kind, under one number."""
    return f"{connection.environment} {connection.tax_no} {prepared.kind} {prepared.number}"


def _attempt_after(
    last: KsefSending | None, books: Books, invoice_id: int, state: SendingState, leaves_at: dt.datetime, **values: Any
) -> KsefSending:
    return KsefSending(
        *(books.account.id, 0, 1, books.now, books.now),
        uuid=books.tx.chance.uuid(KsefSending.table_name),
        invoice_id=invoice_id,
        attempt=last.attempt + 1 if last else 1,
        state=state,
        not_before=leaves_at,
        next_at=leaves_at,
        live_invoice_id=invoice_id,
        **values,
    )


def _put(books: Books, new: KsefSending, mark: KsefMark | None = None) -> KsefSending:
    books.add_new(new)
    show_state(books, new, "queued_for_ksef", mark)
    wake(books, new.not_before)
    return new


_AS_IT_WAS = (
    *(
        "environment",
        "kind",
        "number",
        "xml",
        "digest",
        "mode",
        "session_ref",
        "sent_at",
        "deadline",
        "corrected_digest",
    ),
)
"""Of an attempt that was given up."""
