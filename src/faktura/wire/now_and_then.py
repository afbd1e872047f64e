"""What is kept in memory for a while is written by a thread of its own, as long as the process lives."""

import logging
import threading
import time
from collections.abc import Callable

from faktura.store.errors import Unavailable

log = logging.getLogger(__name__)


def write_now_and_then(what: str, seconds: float, write: Callable[[], None]) -> None:
    """Write every so many seconds; where the database is away, `what` was not written is logged."""

    def work() -> None:
        while True:
            time.sleep(seconds)
            try:
                write()
            except Unavailable:
                log.warning("%s could not be written", what)

    threading.Thread(target=work, name=what, daemon=True).start()
