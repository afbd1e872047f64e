"""Lines of the log go to standard error: for people, or as JSON; never a token, a password or a query."""

import logging
import sys
import threading
from typing import Literal

import structlog
from structlog.types import EventDict, Processor, WrappedLogger


class Current(threading.local):
    """The request that this thread works on."""

    request_id: str | None = None


current = Current()


def write_logs(form: Literal["text", "json"]) -> None:
    """Set up the logs of this process: ours and those that libraries write through `logging`."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        _add_request_id,
        # Without the values of local variables, among which there are secrets.
        structlog.processors.format_exc_info,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def _add_request_id(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    if current.request_id is not None:
        line.setdefault("request_id", current.request_id)
    return line
