"""Lines of the log go to standard error: for people, or as JSON; never a token, a password or a query."""

import contextlib
import logging
import re
import sys
import threading
from collections.abc import Iterator
from typing import Literal


@contextlib.contextmanager
def _not_found(library: str) -> Iterator[None]:
    """Let what is imported meanwhile do without a library that nothing imported before."""
    if library in sys.modules:
        yield
        return
    sys.modules[library] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[library]


# It would be loaded at every start, to draw tracebacks that are not drawn here.
with _not_found("rich"):
    import structlog
    from structlog.types import EventDict, Processor, WrappedLogger


class Current(threading.local):
    """The request that this thread works on."""

    request_id: str | None = None


current = Current()

_TALKATIVE = ("httpx", "httpcore")
"""Libraries that say each call with its whole address, in which there are numbers of documents."""

_SECRET_FOLLOWS = re.compile(r"(/(?:p|c|files|downloads|pdf_many|invite|reset)/+)[^/]+")
"""Whoever knows what stands there sees a document, a file or a print, or comes in, without signing in."""


def write_logs(form: Literal["text", "json"], level: Literal["debug", "info", "warning", "error"] = "info") -> None:
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
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _escape, last],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.root.level))


def loggable_path(path: str) -> str:
    """The path without what opens documents, files and prints to whoever knows it."""
    return _SECRET_FOLLOWS.sub(r"\1…", path)


def escaped(text: str) -> str:
    """The text with nothing in it that moves a cursor, begins a line or is not seen."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _escape(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Whatever somebody sent stays within its line; only a traceback has several."""
    for name, value in line.items():
        if isinstance(value, str) and not value.isprintable():
            line[name] = "\n".join(map(escaped, value.split("\n"))) if name == "exception" else escaped(value)
    return line


def _add_request_id(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    if current.request_id is not None:
        line.setdefault("request_id", current.request_id)
    return line
