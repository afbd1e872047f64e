"""A world's part in the one printer of a sandbox: processes are shared, files are not."""

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future

from faktura.outputs.printing.printer import Make, Printer


class OwnFiles(Printer):
    """Names accounts and files by the world; what was forgotten is never asked for again under its name."""

    def __init__(self, printer: Printer, world: str) -> None:
        self._printer = printer
        self._world = world
        self._forgotten = 0
        self.close = printer.close

    def submit(self, account_id: Hashable, key: Hashable, make: Make, its_hourly: float | None = None) -> Future[bytes]:
        return self._printer.submit((self._world, account_id), self._own(key), make, its_hourly)

    def submit_many(
        self,
        account_id: Hashable,
        key: Hashable,
        documents: Sequence[tuple[Hashable, Make]],
        join: Callable[[list[bytes]], bytes],
        its_hourly: float | None = None,
    ) -> Future[bytes]:
        own = [(self._own(one), make) for one, make in documents]
        return self._printer.submit_many((self._world, account_id), self._own(key), own, join, its_hourly)

    def forget(self) -> None:
        self._forgotten += 1

    def _own(self, key: Hashable) -> Hashable:
        return self._world, self._forgotten, key
