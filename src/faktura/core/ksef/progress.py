"""What becomes of an attempt: each step is written down by whoever made it, unless another one was faster."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.history import DocumentEvent
from faktura.core.books.office import Office
from faktura.core.documents.links import links_of
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import KsefConnection
from faktura.core.ksef.mark import LIVE, SendingState
from faktura.core.ksef.sendings import COUNTS, KsefSending, Prepared, live_sending, show_state, taken_as, wake
from faktura.core.todos import TodoName, put_on_list
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import changed
from faktura.store.statements import Query

LETTER = "mail_accepted"
"""The job that writes the letter which waited for the number."""

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)

FIRST_DELAY = dt.timedelta(seconds=10)
MOST_FAILURES = 32
"""Each of them is waited after twice as long as after the one before, an hour at most: a day together."""

LOOKS = tuple(dt.timedelta(seconds=seconds) for seconds in (2, 3, 5, 8, 15, 30, 60))
LOOKS_IN_THE_FIRST_HOUR = 36
"""After the first looks every other minute, then every hour."""

MOST_LOOKS_FOR_RECEIPT = 60

LONGEST_CALL = dt.timedelta(minutes=2)
"""After which whoever made it is dead, or has written down what came of it."""

MOST_TOGETHER = 500
"""In one transaction."""

A_FEW = 100
"""Read, or written, at once of what is many."""


class Said(NamedTuple):
    """What KSeF says of it."""

    code: int | None
    text: str = ""
    details: tuple[str, ...] = ()


class Named(NamedTuple):
    """Under which number KSeF has it, and from which session."""

    ksef_number: str
    session_ref: str


def due(books: Books, state: SendingState, most: int) -> list[KsefSending]:
    """Those of a state whose time has come, the first first."""
    chosen = (COUNTS, Condition("state", "eq", state), Condition("next_at", "lteq", books.now))
    return books.some_in_order(KsefSending, Selection(chosen, order=(Order("id"),)), most)


def due_together(books: Books, least: int, most: int, most_bytes: int) -> list[KsefSending]:
    """What waits and may leave now, where that is more than the least; no more, and no larger, than it may be."""
    chosen = (COUNTS, Condition("state", "eq", "waiting"), Condition("next_at", "lteq", books.now))
    found: list[KsefSending] = []
    if books.count(KsefSending, Selection(chosen)) <= least:
        return found
    left, last_id = most_bytes, 0
    while len(found) < most and left > 0:
        after = Selection((*chosen, Condition("id", "gt", last_id)), order=(Order("id"),))
        page = books.some_in_order(KsefSending, after, min(A_FEW, most - len(found)))
        if not page:
            break
        left, last_id = left - sum(len(one.xml) for one in page), page[-1].id
        found += page
    return found


def lost_in(books: Books, session_ref: str, most: int) -> list[KsefSending]:
    """What went into a session, and is to be looked for now."""
    chosen = (
        COUNTS,
        Condition("state", "eq", "sending"),
        Condition("session_ref", "eq", session_ref),
        Condition("next_at", "lteq", books.now),
    )
    return books.some_in_order(KsefSending, Selection(chosen, order=(Order("id"),)), most)


def without_receipt(books: Books, most: int) -> list[KsefSending]:
    """What was accepted, and whose receipt is to be fetched now."""
    chosen = (
        Condition("live_invoice_id", "gt", 0),
        Condition("state", "eq", "accepted"),
        Condition("next_at", "lteq", books.now),
    )
    return books.some_in_order(KsefSending, Selection(chosen, order=(Order("id"),)), most)


def next_times(books: Books) -> dict[SendingState, dt.datetime]:
    """When something is to be looked at next, by the state it is in."""
    return dict(books.tx.rows(_NEXT_TIMES, account_id=books.account.id))


def send_waiting(books: Books) -> None:
    """What waited for the connection goes on."""
    times = next_times(books)
    if times:
        wake(books, max(min(times.values()), books.now))


def waits_for_others(books: Books, sending: KsefSending) -> dt.timedelta | None:
    """How long it waits for a document that it names and whose number of KSeF's it needs; None where for none."""
    states = {named.ksef.state for named in _named_by(books, sending) if named.ksef is not None} - {"accepted"}
    if not states:
        return None
    return MINUTE if states & LIVE else HOUR


def lacks_numbers(books: Books, sending: KsefSending) -> bool:
    """Whether a document that it names has got its number since it was built."""
    numbers = [named.ksef_number for named in _named_by(books, sending) if named.ksef_number is not None]
    return any(number.encode() not in sending.xml for number in numbers)


def accounts_that_send(office: Office) -> list[int]:
    """Those that are connected and have something in their queue."""
    return [row[0] for row in office.tx.rows(_THAT_SEND)]


def begin(books: Books, seen: KsefSending, session_ref: str) -> KsefSending | None:
    """Write down where it goes before it leaves: nobody looks for it there while that goes on."""
    left_at = seen.sent_at or books.now
    return _step(books, seen, "sending", session_ref=session_ref, sent_at=left_at, next_at=books.now + LONGEST_CALL)


def hold(books: Books, seen: KsefSending) -> KsefSending | None:
    """It is still on its way: nobody looks for it yet."""
    return _step(books, seen, "sending", next_at=books.now + LONGEST_CALL)


def note_sent(books: Books, seen: KsefSending, invoice_ref: str) -> KsefSending | None:
    """KSeF took it and named it."""
    return _step(books, seen, "sent", invoice_ref=invoice_ref, next_at=books.now + LOOKS[0], polls=0)


def note_silence(books: Books, seen: KsefSending, said: Said) -> None:
    """Nobody knows whether it arrived: it is looked for, not sent again."""
    _step(books, seen, "sending", next_at=books.now + delay_after(seen.failures + 1), text=said.text)


def note_lost(books: Books, seen: KsefSending) -> None:
    """KSeF does not know it by the name that it gave: it is looked for in its session."""
    _step(books, seen, "sending", invoice_ref=None, next_at=books.now)


def note_going_on(books: Books, seen: KsefSending, said: Said) -> None:
    """It is not decided yet."""
    later = books.now + look_after(seen.polls + 1)
    _step(books, seen, seen.state, polls=seen.polls + 1, next_at=later, **said._asdict())


def note_waits(books: Books, seen: KsefSending, delay: dt.timedelta) -> None:
    """It waits for something else than its time."""
    _step(books, seen, "waiting", next_at=books.now + delay)


def note_waits_until(books: Books, seen: KsefSending, until: dt.datetime) -> None:
    """KSeF is not asked about it before that."""
    _step(books, seen, seen.state, next_at=until)


def release(books: Books, seen: KsefSending) -> None:
    """It did not arrive, through no fault of its own: it may leave again."""
    _step(books, seen, "waiting", session_ref=None, invoice_ref=None, next_at=books.now)


def send_again(books: Books, seen: KsefSending, said: Said) -> None:
    """It did not arrive, or KSeF failed over it: the same bytes leave once more, or are given up after a day."""
    failures = seen.failures + 1
    again = {"session_ref": None, "invoice_ref": None, "failures": failures, **said._asdict()}
    kept = _step(books, seen, "waiting", next_at=books.now + delay_after(failures), **again)
    if kept is not None and failures > MOST_FAILURES:
        give_up(books, kept, said)


def replace_bytes(books: Books, seen: KsefSending, prepared: Prepared, link: str) -> KsefSending | None:
    """Other bytes for what has not left yet."""
    kept = _step(books, seen, "waiting", **msgspec.structs.asdict(prepared))
    invoice = books.look_up(Invoice, id=seen.invoice_id)
    if kept is not None and invoice is not None and invoice.ksef is not None:
        books.change(invoice, changed(invoice, ksef=msgspec.structs.replace(invoice.ksef, link=link)))
    return kept


def fail_unanswered(books: Books, why: str) -> None:
    """KSeF has answered nothing for a day: what has no name there yet waits for a person."""
    lost = Selection((COUNTS, Condition("state", "eq", "sending")), order=(Order("id"),))
    for one in (*due(books, "waiting", MOST_TOGETHER), *books.some_in_order(KsefSending, lost, MOST_TOGETHER)):
        give_up(books, one, Said(None, why))


def give_up(books: Books, seen: KsefSending, said: Said) -> None:
    """It waits for a person, who has it sent again."""
    ends = {"live_invoice_id": None, "finished_at": books.now, **said._asdict()}
    kept = _step(books, seen, "failed", "refused_by_ksef", **ends)
    if kept is not None:
        _have_seen_to(books, kept, "ksef_failed")


def refuse(books: Books, seen: KsefSending, said: Said) -> None:
    """KSeF does not take these bytes."""
    ends = {"live_invoice_id": None, "finished_at": books.now, **said._asdict()}
    kept = _step(books, seen, "rejected", "refused_by_ksef", **ends)
    if kept is not None:
        _have_seen_to(books, kept, "ksef_refused")


def accept(books: Books, seen: KsefSending, named: Named, said: Said, by: KsefConnection) -> KsefSending | None:
    """KSeF has it, under its number: the letter goes out, and what names it needs wait no longer."""
    ends = {"accepted_as": taken_as(by, seen), "finished_at": books.now, "polls": 0}
    values = named._asdict() | said._asdict() | ends
    kept = _step(books, seen, "accepted", "accepted_by_ksef", next_at=books.now, **values)
    if kept is None:
        return None
    if kept.letter is not None:
        books.later(LETTER, kept.id)
    invoice = books.find(Invoice, kept.invoice_id)
    for naming in _naming(books, invoice):
        waits = live_sending(books, naming)
        if waits is not None and waits.state == "waiting":
            _step(books, waits, "waiting", next_at=max(books.now, waits.not_before))
    return kept


def keep_receipt(books: Books, seen: KsefSending, upo: bytes) -> None:
    """With its receipt nothing more is to be done for it."""
    _step(books, seen, "accepted", upo=upo, live_invoice_id=None)


def note_no_receipt(books: Books, seen: KsefSending) -> None:
    """It is asked for again, for some days."""
    polls = seen.polls + 1
    looked_after = None if polls > MOST_LOOKS_FOR_RECEIPT else seen.invoice_id
    _step(books, seen, "accepted", polls=polls, next_at=books.now + look_after(polls), live_invoice_id=looked_after)


def delay_after(failures: int) -> dt.timedelta:
    """How long what failed so often waits."""
    return min(FIRST_DELAY * (1 << min(failures - 1, 10)), HOUR)


def look_after(polls: int) -> dt.timedelta:
    """How long after so many looks the next one is."""
    if polls < len(LOOKS):
        return LOOKS[polls]
    return 2 * MINUTE if polls < LOOKS_IN_THE_FIRST_HOUR else HOUR


def _step(
    books: Books, seen: KsefSending, state: SendingState, happened: DocumentEvent | None = None, **values: Any
) -> KsefSending | None:
    """The attempt as it is now; None where somebody else took the step, or it was put aside."""
    now = books.look_up(KsefSending, id=seen.id)
    if now is None or now.aside is not None or any(getattr(now, name) != getattr(seen, name) for name in _SEEN):
        return None
    kept = books.change(now, changed(now, state=state, **values))
    if state != now.state or happened is not None:
        show_state(books, kept, happened)
    return kept


_SEEN = ("state", "session_ref", "invoice_ref", "digest", "polls", "failures")


def _have_seen_to(books: Books, sending: KsefSending, name: TodoName) -> None:
    said = " ".join(filter(None, (str(sending.code or ""), sending.text, *sending.details)))
    put_on_list(books, name, books.find(Invoice, sending.invoice_id), **({"said": said} if said else {}))


def _named_by(books: Books, sending: KsefSending) -> list[Invoice]:
    invoice = books.look_up(Invoice, id=sending.invoice_id)
    links = links_of(books, invoice).out if invoice is not None else []
    return books.some(Invoice, [link.to_id for link in links if link.sort in _NAMING])


def _naming(books: Books, invoice: Invoice) -> Iterable[int]:
    return (link.from_id for link in links_of(books, invoice).into if link.sort in _NAMING)


_NAMING = frozenset({"corrects", "settles", "deducts"})
"""The links by which a document names another one with its number."""

_s = KsefSending.table.c

_NEXT_TIMES = Query(
    sa.select(_s.state, sa.func.min(_s.next_at))
    .where(_s.account_id == sa.bindparam("account_id"), _s.live_invoice_id > 0)
    .group_by(_s.state)
)

_c = KsefConnection.table.c
_live = sa.select(_s.id).where(_s.account_id == _c.account_id, _s.live_invoice_id > 0).limit(1).exists()

_THAT_SEND = Query(sa.select(_c.account_id).where(_c.active.is_(sa.true()), _live).order_by(_c.account_id))
