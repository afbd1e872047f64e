"""Printing: orders that wait for a few processes which set documents, and the files that were made recently."""

import threading
import weakref
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future

import msgspec

from faktura.outputs.printing.frames import Gone
from faktura.outputs.printing.kept_files import KeptFiles
from faktura.outputs.printing.orders import Order, Orders
from faktura.outputs.printing.press import NotPrinted, Press, TookTooLong
from faktura.outputs.printing.print_seconds import PrintSeconds
from faktura.outputs.printing.printed import PrintedDocument

PROCESSES = 2
SECONDS = 20
"""Of processor time that one document may take; a usual one takes 0.02, one of a thousand lines 1."""

IDLE = 300.0
"""Seconds after which a process that nobody needs ends, for it holds 60 MB."""

MOST_BYTES = 16 * 1024 * 1024

MOST_WAITING = 1000
"""Documents of one account that may wait."""

Make = Callable[[], PrintedDocument]


class TooMuch(NotPrinted):
    """The account has had its share of an hour printed, or too much of it waits."""


class Printer:
    """Prints documents in processes of their own, which start when they are needed and end with this one.

    Accounts take turns. What is asked for while it waits or is printed is printed once. A process that died is
    replaced; the document that it died of is tried once more. `close` ends them all. `hourly` are the seconds of
    processor time that an account may use in an hour where it has no limit of its own.
    """

    def __init__(
        self,
        processes: int = PROCESSES,
        *,
        seconds: int = SECONDS,
        hourly: float | None = None,
        idle: float = IDLE,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._processes = processes
        self._seconds = seconds
        self._idle = idle
        self._spent = PrintSeconds(hourly)
        self._kept = KeptFiles(most_bytes)
        self._lock = threading.Lock()
        self._orders = Orders()
        self._under_way: dict[Hashable, Future[bytes]] = {}
        self._working = 0
        self._presses: set[Press] = set()
        # The last one used is the first one used again, so that a second process starts only where two have to do.
        self._free: list[Press] = []
        self.close = weakref.finalize(self, _end_all, self._presses)

    def submit(self, account_id: Hashable, key: Hashable, make: Make, its_hourly: float | None = None) -> Future[bytes]:
        """The file of a document, now or later; one that cannot be made raises NotPrinted.

        The key names all that the file depends on, such as the version of its record; the file is kept under it.
        """
        with self._lock:
            known = self._known(key)
            if known is not None:
                return known
            order = Order(account_id, key, make)
            if (refusal := self._refusal(account_id, its_hourly)) is not None:
                order.file.set_exception(refusal)
                return order.file
            self._under_way[key] = order.file
            self._orders.add(order)
            if self._working < self._processes:
                self._working += 1
                threading.Thread(target=self._work, name="printing", daemon=True).start()
            return order.file

    def submit_many(
        self,
        account_id: Hashable,
        key: Hashable,
        documents: Sequence[tuple[Hashable, Make]],
        join: Callable[[list[bytes]], bytes],
        its_hourly: float | None = None,
    ) -> Future[bytes]:
        """The same of many documents, which others may stand between; `join` makes one file of theirs."""
        with self._lock:
            known = self._known(key)
            if known is not None:
                return known
            whole = self._under_way[key] = Future()
        parts = [self.submit(account_id, *document, its_hourly) for document in documents]
        left = iter(range(len(parts) - 1, -1, -1))

        def one_more(_: Future[bytes]) -> None:
            if next(left) == 0:
                self._settle(key, whole, lambda: join([part.result() for part in parts]))

        for part in parts:
            part.add_done_callback(one_more)
        return whole

    def forget(self) -> None:
        """Keep nothing of what was printed."""
        self._kept.clear()

    def _known(self, key: Hashable) -> Future[bytes] | None:
        kept = self._kept.find(key)
        if kept is None:
            return self._under_way.get(key)
        done: Future[bytes] = Future()
        done.set_result(kept)
        return done

    def _refusal(self, account_id: Hashable, its_hourly: float | None) -> NotPrinted | None:
        if not self.close.alive:
            return NotPrinted("the printer is closed")
        if self._spent.is_over(account_id, its_hourly):
            return TooMuch("the account had its share of an hour printed")
        if self._orders.waiting_of(account_id) >= MOST_WAITING:
            return TooMuch("too many documents of the account wait")
        return None

    def _work(self) -> None:
        """Print what waits, as long as something does; runs on a thread of its own."""
        while (order := self._next()) is not None:
            self._settle(order.key, order.file, lambda: self._print(order), order)

    def _next(self) -> Order | None:
        with self._lock:
            lost = [] if self.close.alive else self._orders.take_all()
            order = self._orders.take()
            if order is None:
                self._working -= 1
        for unprinted in lost:
            self._settle(unprinted.key, unprinted.file, lambda: _refuse("the printer was closed"))
        return order

    def _settle(
        self, key: Hashable, future: Future[bytes], make: Callable[[], bytes], order: Order | None = None
    ) -> None:
        """Make a file, keep it, and let those who wait for it have it."""
        problem: BaseException | None = None
        file = b""
        try:
            file = make()
            self._kept.keep(key, file)
        except BaseException as raised:  # noqa: BLE001 (raised where the file is waited for)
            problem = raised
        with self._lock:
            self._under_way.pop(key, None)
            if order is not None:
                self._orders.finish(order)
        if problem is None:
            future.set_result(file)
        else:
            future.set_exception(problem)

    def _print(self, order: Order) -> bytes:
        content = msgspec.msgpack.encode(order.make())
        try:
            return self._ask(order, content, self._free_press() or self._start())
        except TookTooLong:
            self._spent.add(order.account_id, self._seconds)
            raise
        except Gone:
            return self._ask_again(order, content)

    def _ask_again(self, order: Order, content: bytes) -> bytes:
        try:
            return self._ask(order, content, self._start())
        except Gone:
            raise NotPrinted("two printing processes died of it") from None

    def _ask(self, order: Order, content: bytes, press: Press) -> bytes:
        try:
            tag, answer, seconds = press.ask(content)
        except BaseException:
            # Who knows what it still has to say: it is not asked again.
            self._end(press)
            raise
        self._free.append(press)
        self._spent.add(order.account_id, seconds)
        if tag == "refused":
            raise NotPrinted(answer.decode())
        return answer

    def _free_press(self) -> Press | None:
        """One that lives: they end by themselves when nobody needs them for a while."""
        while self._free:
            press = self._free.pop()
            if press.lives:
                return press
            self._end(press)
        return None

    def _start(self) -> Press:
        press = Press(self._seconds, self._idle)
        self._presses.add(press)
        if not self.close.alive:
            self._end(press)
            raise NotPrinted("the printer is closed")
        return press

    def _end(self, press: Press) -> None:
        self._presses.discard(press)
        press.end()


def _refuse(why: str) -> bytes:
    raise NotPrinted(why)


def _end_all(presses: set[Press]) -> None:
    for press in list(presses):
        press.end()
