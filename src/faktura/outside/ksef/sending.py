"""A round of the queue of an account: what is lost is looked for, what was sent is looked at, the rest is sent."""

import datetime as dt
import functools
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from faktura.core.books.books import Books
from faktura.core.errors import Invalid
from faktura.core.invoices.record import Invoice
from faktura.core.ksef import progress
from faktura.core.ksef.connection import put_out
from faktura.core.ksef.mark import SendingState
from faktura.core.ksef.progress import Named, Said
from faktura.core.ksef.sendings import KsefSending, Prepared, wake
from faktura.outside.http import Client, Unanswered
from faktura.outside.ksef import batches, sessions
from faktura.outside.ksef.batches import Batch
from faktura.outside.ksef.calling import AtWork
from faktura.outside.ksef.failures import NoRight, Refused, Rests, Unreachable
from faktura.outside.ksef.line import Line
from faktura.outside.ksef.sessions import Look, Session

LONGEST_ROUND = 120.0
"""Seconds: far less than the lease on a job, so that nobody else takes it meanwhile."""

MOST_AT_ONCE = 50

FOR_LOOKS = 120
"""Calls in an hour that are not for receipts, of those that count with them."""

MOST_SILENCES = 2
"""Calls that nobody answered, one after the other, until KSeF is left alone."""

GOING_ON = frozenset({100, 150})
ACCEPTED, DUPLICATE = 200, 440
NO_RIGHT = frozenset({410, 415})
PASSING = frozenset({405, 435})
FAILED_ITSELF = 500

NOT_YET_THERE = 21165

IN_ITS_SESSION = Said(None, "KSeF works through the session")
NOT_ARRIVED = Said(None, "It did not arrive in its session")
NEVER_LEFT = Said(None)
"""What KSeF would refuse is found in the document again, whenever somebody looks at it."""

Rebuild = Callable[[Books, Invoice], tuple[Prepared, str]]
"""Makes the bytes of a document, and the address of its code I."""


class NoMore(Exception):  # noqa: N818 (says what a round is)
    """The round is over before its end."""


class Round:
    """What one run of the job does, step by step; each answer is written down before the next call is made."""

    def __init__(self, errand: AtWork, line: Line, rebuild: Rebuild, client: Client) -> None:
        self._errand = errand
        self._line = line
        self._rebuild = rebuild
        self._client = client
        self._ends = time.monotonic() + LONGEST_ROUND
        self._silences = 0
        self._silent: Unreachable | None = None
        self._was_answered = False
        self._rests: dict[SendingState, dt.datetime] = {}

    def go(self) -> None:
        """Do all that is due.

        Raises:
            Unreachable: KSeF answers nothing, which is a failure of the job.
            Refused: it opens no session.

        """
        steps: tuple[tuple[SendingState, Callable[[], None]], ...] = (
            ("sending", self._look_for_lost),
            ("sent", self._look_at_sent),
            ("accepted", self._fetch_receipts),
            ("waiting", self._send_waiting),
        )
        try:
            for state, step in steps:
                try:
                    step()
                except Rests as rests:
                    self._rests[state] = rests.until
        except NoMore:
            pass
        except NoRight:
            self._rests |= dict.fromkeys((state for state, _ in steps), self._errand.clock.now() + progress.HOUR)
        if self._silent is not None and not self._was_answered:
            raise self._silent

    def put_next(self, books: Books) -> None:
        """Have the next round begin when something is due, or the session is to be closed."""
        times = [max(at, self._rests.get(state, at)) for state, at in progress.next_times(books).items()]
        if (kept := sessions.kept_session(self._line.connection)) is not None:
            times.append(kept.ends_at)
        if times:
            wake(books, max(min(times), books.now))

    def _look_for_lost(self) -> None:
        """What left without an answer is found again by its bytes; what is not there leaves once more.

        A session is closed first, and worked through, so that nothing arrives in it any more.
        """
        lost = self._errand.read(lambda books: progress.due(books, "sending", MOST_AT_ONCE))
        for session_ref in dict.fromkeys(one.session_ref for one in lost if one.session_ref):
            self._require_time()
            there = self._lost_in(session_ref)
            try:
                self._look_in(session_ref, there)
            except Unreachable as silent:
                self._write_all(progress.note_going_on, there, Said(None, str(silent)))
                self._note_silence(silent)

    def _lost_in(self, session_ref: str) -> list[KsefSending]:
        return self._errand.read(lambda books: progress.lost_in(books, session_ref, batches.MOST_INVOICES))

    def _look_in(self, session_ref: str, lost: Sequence[KsefSending]) -> None:
        state = self._state_of(session_ref)
        self._note_answer()
        is_in_work = state == sessions.IN_WORK
        missing = lost if is_in_work else self._found_in(session_ref, lost, is_known=state is not None)
        if not missing:
            return
        goes_on = state is not None and state in sessions.UNDER_WAY
        if state == sessions.OPEN:
            goes_on = sessions.close_session(self._line, session_ref)
        if goes_on:
            self._write_all(progress.note_going_on, missing, IN_ITS_SESSION)
        else:
            self._write_all(progress.send_again, missing, NOT_ARRIVED)

    def _state_of(self, session_ref: str) -> int | None:
        """None of a session that KSeF does not know."""
        try:
            return sessions.state_of(self._line, session_ref)
        except Refused:
            return None

    def _found_in(self, session_ref: str, lost: Sequence[KsefSending], *, is_known: bool) -> list[KsefSending]:
        """Take over those that are in the session; back come those that are not."""
        there = {look.digest: look for look in sessions.all_in(self._line, session_ref)} if is_known else {}
        missing = []
        for one in lost:
            if (look := there.get(one.digest)) is None:
                missing.append(one)
                continue
            self._require_time()
            adopted = self._write(progress.note_sent, one, look.reference)
            if adopted is not None:
                self._decide(adopted, look)
        return missing

    def _look_at_sent(self) -> None:
        for one in self._due("sent"):
            try:
                look = sessions.look_at(self._line, one.session_ref or "", one.invoice_ref or "")
            except Unreachable as silent:
                self._write(progress.note_going_on, one, Said(None, str(silent)))
                self._note_silence(silent)
            except Refused:
                self._write(progress.note_lost, one)
            else:
                self._note_answer()
                self._decide(one, look)

    def _decide(self, one: KsefSending, look: Look) -> None:
        """What becomes of it by what KSeF says."""
        code = look.said.code or 0
        if code in GOING_ON:
            self._write(progress.note_going_on, one, look.said)
        elif code == ACCEPTED:
            self._accept(one, look.ksef_number, one.session_ref or "", look.said)
        elif code == DUPLICATE:
            self._compare(one, look)
        elif code in NO_RIGHT:
            self._write(progress.release, one)
            self._errand.write(lambda books: put_out(books, f"{code}: {look.said.text}"))
            raise NoMore
        elif code in PASSING or code >= FAILED_ITSELF:
            self._write(progress.send_again, one, look.said)
        else:
            self._write(progress.refuse, one, look.said)

    def _accept(self, one: KsefSending, number: str | None, session_ref: str, said: Said) -> None:
        if number is None or not sessions.is_number(number):
            self._write(progress.note_going_on, one, Said(said.code, f"{number} is no number of KSeF's"))
            return
        self._write(progress.accept, one, Named(number, session_ref), said, self._line.connection)

    def _compare(self, one: KsefSending, look: Look) -> None:
        """KSeF has a document of this kind and number: it is this one where its bytes are the same."""
        if look.original is None:
            self._write(progress.refuse, one, look.said)
            return
        try:
            is_ours = sessions.digest_at(self._line, look.original) == one.digest
        except Rests as rests:
            self._write(progress.note_waits_until, one, rests.until)
        except Unreachable as silent:
            self._write(progress.note_going_on, one, Said(None, str(silent)))
            self._note_silence(silent)
        except Refused as refused:
            if refused.code == NOT_YET_THERE:
                self._write(progress.note_going_on, one, look.said)
            else:
                self._write(progress.refuse, one, _naming(look))
        except NoRight:
            self._write(progress.refuse, one, _naming(look))
        else:
            if is_ours:
                self._accept(one, look.original, look.original_session or one.session_ref or "", look.said)
            else:
                self._write(progress.refuse, one, _naming(look))

    def _fetch_receipts(self) -> None:
        """Of many documents they take their time, and leave some calls for whether others have arrived."""
        now = self._errand.clock.now()
        if self._line.calls_left("session_misc") <= FOR_LOOKS:
            raise Rests(now + progress.MINUTE, now)
        for one in self._errand.read(lambda books: progress.without_receipt(books, MOST_AT_ONCE)):
            self._require_time()
            try:
                receipt = sessions.receipt_of(self._line, one.session_ref or "", one.ksef_number or "")
            except Unreachable as silent:
                self._write(progress.note_no_receipt, one)
                self._note_silence(silent)
            except (Refused, NoRight):
                self._write(progress.note_no_receipt, one)
            else:
                self._note_answer()
                self._write(progress.keep_receipt, one, receipt)

    def _send_waiting(self) -> None:
        self._close_used_up()
        self._send_together()
        for one in self._due("waiting"):
            ready = self._made_ready(one)
            if ready is not None:
                self._send(ready)

    def _send_together(self) -> None:
        """Where many wait, they leave in packages; those that are left, or all where KSeF takes none, go one by one."""
        while many := self._many_ready():
            self._require_time()
            try:
                batch = batches.open_batch(self._line, many)
            except Refused:
                return
            self._note_answer()
            begun = self._begun_together(many, batch.reference)
            if begun:
                self._hand_over(batch, begun)

    def _many_ready(self) -> list[KsefSending]:
        least, most, most_bytes = batches.MORE_THAN, batches.MOST_INVOICES, batches.MOST_BYTES
        waiting = self._errand.read(lambda books: progress.due_together(books, least, most, most_bytes))
        for offline in (False, True):
            fitting = [one for one in waiting if batches.fits(one, offline=offline)]
            if len(fitting) > least:
                made = [ready for one in fitting if (ready := self._made_ready(one)) is not None]
                if len(made) > least:
                    return made
        return []

    def _begun_together(self, many: Sequence[KsefSending], session_ref: str) -> list[KsefSending]:
        """All or none: a package with one that is no longer to leave goes nowhere."""
        begun = self._write_all(progress.begin, many, session_ref)
        if len(begun) == len(many):
            return begun
        self._write_all(progress.release, begun)
        return []

    def _hand_over(self, batch: Batch, begun: Sequence[KsefSending]) -> None:
        """Upload it and close it: before that it holds nothing, after that it is looked into as for what is lost."""
        until = time.monotonic() + batches.LONGEST_UPLOAD
        try:
            for part in batch.parts:
                batches.upload(self._client, part, until)
        except Unanswered as failure:
            self._write_all(progress.send_again, begun, Said(None, str(failure)))
            return
        held = self._write_all(progress.hold, begun)
        if len(held) == len(begun):
            self._close_batch(batch.reference, held)

    def _close_batch(self, session_ref: str, held: Sequence[KsefSending]) -> None:
        try:
            is_taken = sessions.close_session(self._line, session_ref)
        except Unreachable as silent:
            self._write_all(progress.note_silence, held, Said(None, str(silent)))
            self._note_silence(silent)
        except Rests as rests:
            self._write_all(progress.note_waits_until, held, rests.until)
            raise
        except NoRight:
            self._write_all(progress.release, held)
            raise
        else:
            self._note_answer()
            step, said = (progress.note_going_on, IN_ITS_SESSION) if is_taken else (progress.send_again, NOT_ARRIVED)
            self._write_all(step, held, said)

    def _made_ready(self, one: KsefSending) -> KsefSending | None:
        """The document with the numbers of those that it names, which it waits for."""
        delay = self._errand.read(lambda books: progress.waits_for_others(books, one))
        if delay is not None:
            self._write(progress.note_waits, one, delay)
            return None
        if one.mode != "online" or not self._errand.read(lambda books: progress.lacks_numbers(books, one)):
            return one
        try:
            return self._errand.write(lambda books: self._rebuilt(books, one))
        except Invalid:
            self._write(progress.refuse, one, NEVER_LEFT)
            return None

    def _rebuilt(self, books: Books, one: KsefSending) -> KsefSending | None:
        prepared, link = self._rebuild(books, books.find(Invoice, one.invoice_id))
        return progress.replace_bytes(books, one, prepared, link)

    def _send(self, one: KsefSending) -> None:
        session = self._session()
        begun = self._write(progress.begin, one, session.reference)
        if begun is None:
            return
        try:
            invoice_ref = sessions.send_invoice(self._line, session, begun)
        except Unreachable as silent:
            self._write(progress.note_silence, begun, Said(None, str(silent)))
            self._note_silence(silent)
        except (Rests, NoRight):
            self._write(progress.release, begun)
            raise
        except Refused as refused:
            self._not_taken(begun, refused)
        else:
            self._note_answer()
            self._write(progress.note_sent, begun, invoice_ref)

    def _not_taken(self, one: KsefSending, refused: Refused) -> None:
        """A session that takes no more is left; what is wrong with the request itself may pass."""
        if refused.code in sessions.NOT_IN_THIS_SESSION:
            sessions.forget_session(self._line.connection)
            self._write(progress.release, one)
        else:
            self._write(progress.send_again, one, Said(refused.code, refused.text, refused.details))

    def _session(self) -> Session:
        now, kept = self._errand.clock.now(), sessions.kept_session(self._line.connection)
        if kept is not None and not kept.is_used_up(now):
            return kept
        self._close_used_up()
        opened = sessions.open_session(self._line, now)
        self._note_answer()
        return opened

    def _close_used_up(self) -> None:
        kept = sessions.kept_session(self._line.connection)
        if kept is not None and kept.is_used_up(self._errand.clock.now()):
            sessions.close_session(self._line, kept.reference)

    def _due(self, state: SendingState) -> Iterator[KsefSending]:
        for one in self._errand.read(lambda books: progress.due(books, state, MOST_AT_ONCE)):
            self._require_time()
            yield one

    def _write(self, step: Callable[..., KsefSending | None], one: KsefSending, *said: Any) -> KsefSending | None:
        return self._errand.write(lambda books: step(books, one, *said))

    def _write_all(
        self, step: Callable[..., KsefSending | None], many: Sequence[KsefSending], *said: Any
    ) -> list[KsefSending]:
        """The same step of each, some in a transaction; back come those that were as they were seen."""
        taken: list[KsefSending] = []
        for first in range(0, len(many), progress.A_FEW):
            some = many[first : first + progress.A_FEW]
            taken += self._errand.write(functools.partial(_all_stepped, step, some, said))
        return taken

    def _note_answer(self) -> None:
        self._silences, self._was_answered = 0, True

    def _note_silence(self, silent: Unreachable) -> None:
        """One document may be what KSeF does not answer for; where it answers nothing at all, the job fails."""
        self._silences, self._silent = self._silences + 1, silent
        if self._silences >= MOST_SILENCES:
            raise silent

    def _require_time(self) -> None:
        if time.monotonic() > self._ends:
            raise NoMore


def _all_stepped(
    step: Callable[..., KsefSending | None], some: Sequence[KsefSending], said: Sequence[Any], books: Books
) -> list[KsefSending]:
    return [kept for one in some if (kept := step(books, one, *said)) is not None]


def _naming(look: Look) -> Said:
    """With the number of the other document, which a person looks up."""
    return look.said._replace(details=(look.original or "", *look.said.details))
