"""A database on a server of PostgreSQL."""

import contextlib
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg import sql
from psycopg.pq import TransactionStatus
from sqlalchemy.engine import URL

from faktura.store.board import Board, common_to
from faktura.store.chance import SYSTEM
from faktura.store.changes import Changes
from faktura.store.errors import Stale, Unavailable
from faktura.store.faults import PATIENCE, of_postgres, reported, unreached
from faktura.store.pool import Pool
from faktura.store.quiet import Quiet
from faktura.store.recall import Recall
from faktura.store.silence import Silence
from faktura.store.statements import Query
from faktura.store.transaction import Transaction
from faktura.store.turns import WouldWait, here

T = TypeVar("T")
Connect = Callable[[], "Impatient"]

MOST_TRIES = 10

HOUSE = 0
"""The turn of writes that belong to no account."""

TURNS = 0x66616B75
"""The advisory locks that are turns to write; the second half of each is an account's id."""

_SEEN = Query(
    sa.select(sa.case((sa.func.to_regclass("citus_tables").is_(None), sa.cast(sa.func.pg_current_snapshot(), sa.Text))))
)
"""On a cluster one machine knows nothing of the commits on others."""

_BEGIN = sql.SQL("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({}, {})")
"""Sent together: the database is asked over and over, and each question costs two switches of threads."""

_SERVERS_LIMIT = int(PATIENCE * 1000) - 500
"""Milliseconds. A server that lives says so itself before it is taken for silent."""

_LIMITS: dict[str, Any] = {
    "options": f"-c timezone=UTC -c statement_timeout={_SERVERS_LIMIT} -c lock_timeout={_SERVERS_LIMIT}"
    " -c idle_in_transaction_session_timeout=60000 -c max_parallel_workers_per_gather=0",
    "connect_timeout": 3,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": int(PATIENCE * 1000),
}


class Impatient(psycopg.Connection):
    """A connection that is closed where the server answers a statement with nothing at all."""

    was_silent = False

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = PATIENCE) -> Any:
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.OperationalError:
            if not self.closed and self.info.transaction_status == TransactionStatus.ACTIVE:
                self.was_silent = True
                self.close()
            raise


class PostgresDatabase:
    """Each piece of work has a connection to itself while it runs.

    Writes are READ COMMITTED, or a work would see the database as it was before it waited for its turn. Reads run
    without BEGIN. Either way each statement has its own snapshot.
    """

    engine = "postgresql"
    meets_others = False
    chance = SYSTEM

    def __init__(self, url: URL, board: Board | None = None) -> None:
        self.url = url
        self._quiet = Quiet(self._seen)
        self._changes = Changes(board or common_to(1).changes, self._quiet)
        self._recall = Recall(self._changes)
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._idle = Pool(self._connect)
        self._silence = Silence()

    def read(self, work: Callable[[Transaction], T]) -> T:
        return self._once_more(lambda connect: self._read(work, connect))

    def write(self, work: Callable[[Transaction], T], turn: int | None = None) -> T:
        if here.must_not_wait:
            raise WouldWait
        own_turn = HOUSE if turn is None else turn
        self._silence.require_end(own_turn)
        for _ in range(MOST_TRIES - 1):
            with contextlib.suppress(*_WORTH_ANOTHER_TRY):
                return self._once_more(lambda connect: self._write(work, own_turn, connect))
        return self._once_more(lambda connect: self._write(work, own_turn, connect))

    @property
    def generation(self) -> int:
        return self._changes.generation

    def state(self, account_id: int | None = None) -> object | None:
        return None if account_id is None else self._changes.mark(account_id)

    def close(self) -> None:
        self._quiet.close()
        self._idle.close()

    def connect(self) -> psycopg.Connection:
        """A connection for long work, which leaves transactions to its user."""
        return psycopg.connect(
            self._address,
            autocommit=True,
            options="-c timezone=UTC",
            prepare_threshold=0,
            cursor_factory=psycopg.RawCursor,
        )

    def _seen(self) -> str | None:
        """Whose commits are seen now."""
        with contextlib.suppress(Unavailable, psycopg.Error):
            found: str | None = self.read(lambda tx: tx.rows(_SEEN)[0][0])
            return found
        return None

    def _once_more(self, attempt: Callable[[Connect], T]) -> T:
        """A connection may have died while it was idle, and the others with it: then a new one is tried."""
        try:
            return attempt(self._take)
        except Unavailable as fault:
            if not fault.broken:
                raise
            self._idle.empty()
            return attempt(self._connect)

    def _read(self, work: Callable[[Transaction], T], connect: Connect) -> T:
        reading = Transaction("postgresql", recall=self._recall, lend=lambda: connect().cursor())
        try:
            return work(reading)
        except psycopg.Error as error:
            self._say_fault(error, reading.cursor.connection, committing=False)  # type: ignore[attr-defined]
            raise
        finally:
            if reading.lend is None:
                self._give_back(reading.cursor.connection)  # type: ignore[attr-defined]

    def _write(self, work: Callable[[Transaction], T], turn: int, connect: Connect) -> T:
        connection, committing = connect(), False
        cursor = connection.cursor()
        try:
            cursor.execute(_BEGIN.format(TURNS, turn), prepare=False)
            transaction = Transaction("postgresql", cursor)
            result = work(transaction)
            transaction.owed.write(cursor, "postgresql")
            committing = True
            opens_doors = transaction.touched_watched
            self._changes.commit(connection.commit, transaction.written, opens_doors=opens_doors)
        except psycopg.Error as error:
            if isinstance(error, psycopg.errors.LockNotAvailable):
                self._silence.begin(turn)
            self._say_fault(error, connection, committing=committing)
            raise
        finally:
            self._give_back(connection)
        return result

    def _say_fault(self, error: psycopg.Error, connection: Impatient, *, committing: bool) -> None:
        """Do nothing where the database is well.

        Raises:
            Unavailable: it is not.

        """
        if connection.was_silent:
            self._silence.begin()
            raise reported("PostgreSQL takes a statement and does not answer", silent=True) from error
        fault = of_postgres(error, lost=connection.closed, committing=committing)
        if fault is not None:
            if fault.broken:
                connection.close()
            raise fault from error

    def _take(self) -> Impatient:
        if here.must_not_wait:
            raise WouldWait
        self._silence.require_end()
        return self._idle.take()

    def _give_back(self, connection: Impatient) -> None:
        """Undo what was not committed; a connection that can not even do that is of no more use."""
        if connection.info.transaction_status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}:
            with contextlib.suppress(psycopg.Error):
                connection.rollback()
        if connection.info.transaction_status == TransactionStatus.IDLE:
            self._idle.give_back(connection)
        else:
            connection.close()

    def _connect(self) -> Impatient:
        self._silence.require_end()
        try:
            connection = Impatient.connect(
                self._address, autocommit=True, prepare_threshold=0, cursor_factory=psycopg.RawCursor, **_LIMITS
            )
        except psycopg.OperationalError as error:
            fault = unreached(error, silent=isinstance(error, psycopg.errors.ConnectionTimeout))
            if fault.silent:
                self._silence.begin()
            raise fault from error
        return connection


_WORTH_ANOTHER_TRY = (
    Stale,
    psycopg.errors.UniqueViolation,
    psycopg.errors.DeadlockDetected,
)
"""What a write may meet that shares a record with a write in another turn."""
