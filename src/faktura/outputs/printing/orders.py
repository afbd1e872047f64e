"""What waits to be printed: accounts take turns, and none has two documents printed side by side."""

from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future

from faktura.outputs.printing.printed import PrintedDocument


class Order:
    """A document that somebody waits for; `make` is called when its turn comes."""

    __slots__ = ("account_id", "file", "key", "make")

    def __init__(self, account_id: Hashable, key: Hashable, make: Callable[[], PrintedDocument]) -> None:
        self.account_id = account_id
        self.key = key
        self.make = make
        self.file: Future[bytes] = Future()


class Orders:
    """A queue for each account; those of whoever was served last stand behind all others. Its owner holds a lock."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, deque[Order]] = {}
        self._under_way: set[Hashable] = set()

    def waiting_of(self, account_id: Hashable) -> int:
        return len(self._waiting.get(account_id, ()))

    def add(self, order: Order) -> None:
        self._waiting.setdefault(order.account_id, deque()).append(order)

    def take(self) -> Order | None:
        """What is printed next, if anything may be."""
        account_id = next((one for one in self._waiting if one not in self._under_way), None)
        if account_id is None:
            return None
        own = self._waiting.pop(account_id)
        if len(own) > 1:
            self._waiting[account_id] = own
        self._under_way.add(account_id)
        return own.popleft()

    def finish(self, order: Order) -> None:
        """The account may have its next document printed."""
        self._under_way.discard(order.account_id)

    def take_all(self) -> list[Order]:
        """Whatever waits, which will not be printed."""
        taken = [order for own in self._waiting.values() for order in own]
        self._waiting.clear()
        return taken
