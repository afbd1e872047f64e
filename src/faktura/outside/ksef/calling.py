"""One call to KSeF: counted before it is made, and what went wrong with it told apart."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.errors import WrongState
from faktura.core.ksef.connection import KsefConnection, required_connection, subject_of
from faktura.core.ksef.pace import PUBLISHED, Sort, calls_left, limit_of, note_rest, rests_until, take_call
from faktura.outside.ksef.failures import Refused, Rests, Unreachable, is_of_ksef, refusal_of

if TYPE_CHECKING:
    from ksef_client import KsefClient

T = TypeVar("T")

UNAUTHORIZED, FORBIDDEN = 401, 403
FAILED_ITSELF = 500

WITHOUT_AN_ANSWER = frozenset({0, 408, 425})
"""Statuses of what nobody at KSeF has looked at."""


APART = 1.25
"""How much more than an even share of a second passes from one call to the next, so that none finds it full."""


class AtWork(Protocol):
    """What a job has at hand while no transaction is open."""

    @property
    def account_id(self) -> int: ...
    @property
    def clock(self) -> Clock: ...
    def read(self, work: Callable[[Any], T]) -> T: ...
    def write(self, work: Callable[[Any], T]) -> T: ...


class Staying:
    """An errand that is over once its account is connected as somebody else, or elsewhere.

    Whatever it reads or writes then raises WrongState.
    """

    def __init__(self, errand: AtWork, connection: KsefConnection) -> None:
        self._errand = errand
        self._subject = subject_of(connection)

    @property
    def account_id(self) -> int:
        return self._errand.account_id

    @property
    def clock(self) -> Clock:
        return self._errand.clock

    def read(self, work: Callable[[Any], T]) -> T:
        return self._errand.read(lambda books: work(self._required(books)))

    def write(self, work: Callable[[Any], T]) -> T:
        return self._errand.write(lambda books: work(self._required(books)))

    def _required(self, books: Books) -> Books:
        if subject_of(required_connection(books)) != self._subject:
            raise WrongState("not_connected")
        return books


class Turns:
    """Keeps the calls of a firm apart: those of a second are not made all at the same instant."""

    def __init__(self) -> None:
        self._next: dict[tuple[str, Sort], float] = {}
        self._changing = threading.Lock()

    def wait(self, subject: str, sort: Sort) -> None:
        with self._changing:
            now = time.monotonic()
            turn = max(now, self._next.get((subject, sort), now))
            self._next[subject, sort] = turn + APART / PUBLISHED[sort].per_second
        time.sleep(turn - now)


class Caller:
    """Makes the calls of one firm."""

    def __init__(self, client: "KsefClient", turns: Turns, errand: AtWork) -> None:
        self._client = client
        self._turns = turns
        self._errand = errand

    def make(self, sort: Sort, ask: "Callable[[KsefClient], T]") -> T:
        """The answer.

        Raises:
            Rests: nothing was called, and nothing is until then.
            Unreachable: nobody answered as agreed; the call may have arrived.
            Refused: KSeF does not do it.
            WrongState: the account has no connection any more.

        """
        from ksef_client.exceptions import KsefHttpError, KsefRateLimitError  # noqa: PLC0415 (not without KSeF)

        self._take(sort)
        try:
            return ask(self._client)
        except KsefRateLimitError as error:
            raise self._resting(error.retry_after or 0) from None
        except KsefHttpError as error:
            raise told_apart(error) from None
        except (ValueError, TypeError, KeyError) as error:
            raise Unreachable(f"KSeF does not answer as agreed: {type(error).__name__}") from error

    def left(self, sort: Sort) -> int:
        """How many more calls may be made within this hour."""
        return self._errand.read(lambda books: _left(books, sort))

    def _take(self, sort: Sort) -> None:
        now = self._errand.clock.now()
        subject, until = self._errand.write(lambda books: _taken(books, sort))
        if until is not None:
            raise Rests(until, now)
        self._turns.wait(subject, sort)

    def _resting(self, seconds: int) -> Rests:
        until = self._errand.write(lambda books: _rested(books, seconds))
        return Rests(until, self._errand.clock.now())


def _taken(books: Books, sort: Sort) -> tuple[str, dt.datetime | None]:
    """Count the call; or until when none is to be made."""
    connection = required_connection(books)
    subject = subject_of(connection)
    if (until := rests_until(books.tx, subject, books.now)) is not None:
        return subject, until
    limit = limit_of(sort, connection.limits)
    return subject, take_call(Office(books.tx, books.now), subject, sort, limit)


def _left(books: Books, sort: Sort) -> int:
    connection = required_connection(books)
    limit = limit_of(sort, connection.limits)
    return calls_left(Office(books.tx, books.now), subject_of(connection), sort, limit)


def _rested(books: Books, seconds: int) -> dt.datetime:
    return note_rest(Office(books.tx, books.now), subject_of(required_connection(books)), seconds)


def told_apart(error: Any) -> Refused | Unreachable:
    """A refusal is one only in the words of KSeF: what stands between may answer, too."""
    status: int = error.status_code
    said = is_of_ksef(error.response_body) or status in {UNAUTHORIZED, FORBIDDEN}
    if status in WITHOUT_AN_ANSWER or status >= FAILED_ITSELF or not said:
        return Unreachable(f"KSeF does not answer: {f'HTTP {status}' if status else 'no connection, or no time'}")
    return refusal_of(error)
