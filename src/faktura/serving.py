"""Serving: the processes, the port, TLS, and a stop that lets running requests end."""

import contextlib
import ctypes
import errno
import fcntl
import functools
import gc
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings

from faktura.settings import Settings

PR_SET_PDEATHSIG = 1

M_ARENA_MAX = -8
ARENAS = 2
"""Heaps of the C library, which else has one for each thread, and gives back none of what threads held at their worst:
a twentieth of what serving holds."""

LAST_MOMENT = 4
"""Seconds that running requests have to end before their process is killed."""

PATIENCE = 1.0
"""Seconds to wait for what a server before this one held."""

HEADER_MILLISECONDS = 10_000
LARGEST_HEADER = 64 * 1024
MOST_CONNECTIONS = 8192
"""Of a process. A connection that sends half a head costs a few kilobytes until its time is over."""

SHARE_OF_A_THREAD = 0.0005
"""Seconds for which a thread that computes keeps the others waiting: a short request has eight steps or so on threads,
and each of them would stand 5 ms, the usual, behind somebody's long document."""

WAITING_CONNECTIONS = 1024
"""Those that are not accepted yet."""


class CannotServe(Exception):  # noqa: N818 (says what is in the way)
    """The server cannot start; the text says what to do."""


def serve(settings: Settings, make: Callable[[], Any], interface: Interfaces = Interfaces.ASGINL) -> None:
    """Serve until SIGTERM, SIGINT or a hang-up; `make` is called in each serving process.

    The port is closed until the application is made. This process imports nothing of it: what serves is forked from it.
    Where the first `make` raises SystemExit, the server stops; a process that dies after it served is started again.

    Raises:
        CannotServe: the port is taken, or a certificate is missing.

    """
    check_port(settings.host, settings.port)
    parent = os.getpid()
    served = multiprocessing.get_context("fork").Event()

    def load() -> Any:
        _die_with(parent)
        _share_heaps()
        sys.setswitchinterval(SHARE_OF_A_THREAD)
        # What is made now stays: looking it through for garbage, of which there is none to speak of, takes a fifth of
        # the start, and later 0.1 s each time.
        gc.disable()
        made = make()
        gc.freeze()
        gc.enable()
        served.set()
        return made

    server = Granian(
        "faktura",
        address=settings.host,
        port=settings.port,
        interface=interface,
        workers=settings.processes,
        blocking_threads=settings.threads if interface is Interfaces.WSGI else None,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS, max_buffer_size=LARGEST_HEADER),
        websockets=False,
        backlog=WAITING_CONNECTIONS,
        backpressure=MOST_CONNECTIONS,
        log_enabled=False,
        workers_kill_timeout=LAST_MOMENT,
        ssl_cert=_readable(settings.tls_cert),
        ssl_key=_readable(settings.tls_key),
        ssl_protocol_min=SSLProtocols.tls12,
    )
    # Where the terminal goes away, Granian would start its processes anew.
    server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
    threading.Thread(target=_start_again, args=(server, served), daemon=True).start()
    server.serve(target_loader=load, wrap_loader=False)


def _start_again(server: Any, served: Event) -> None:
    """Have processes that die started again, once one of them has served: before, it is the start that fails."""
    served.wait()
    server.respawn_failed_workers = True


def check_port(host: str, port: int) -> None:
    """Granian would share the port with another server without a word.

    Raises:
        CannotServe: it is taken, or the host is none of this machine's.

    """
    _patiently(
        functools.partial(_bind, host, port),
        f"Cannot listen at {host}, port {port}: {{}}. Choose another with --host and --port.",
    )


def lock_of(database_file: str) -> Path:
    """The lock of a SQLite file, one and the same by whatever name the file is called."""
    return Path(f"{Path(database_file).resolve()}.lock")


def hold(lock: Path) -> int:
    """Take the lock that says who serves the data beside it; it is held as long as a process of this one lives.

    Raises:
        CannotServe: somebody else holds it.

    """
    descriptor = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    _patiently(
        functools.partial(fcntl.flock, descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB),
        f"Another faktura serves the same data ({lock}: {{}}). Stop it first.",
    )
    return descriptor


def _bind(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def _patiently(attempt: Callable[[], None], message: str) -> None:
    """The processes of a server that was killed live a moment longer than it."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EAGAIN} or time.monotonic() > until:
                raise CannotServe(message.format(error.strerror)) from None
        time.sleep(0.02)


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent is gone, even where the parent is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _share_heaps() -> None:
    # Other C libraries than that of GNU have no such thing.
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


def _readable(file: str) -> Path | None:
    if not file:
        return None
    path = Path(file)
    if not os.access(path, os.R_OK):
        message = f"The file {path} cannot be read. FAKTURA_TLS_CERT and FAKTURA_TLS_KEY name the certificate and key."
        raise CannotServe(message)
    return path
