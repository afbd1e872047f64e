"""Serving: the processes, the port, TLS, and a stop that lets running requests end."""

import ctypes
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from granian import Granian
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings

from faktura.settings import Settings

PR_SET_PDEATHSIG = 1

LAST_MOMENT = 4
"""Seconds that running requests have to end before their process is killed."""

HEADER_MILLISECONDS = 10_000
LARGEST_HEADER = 64 * 1024
MOST_CONNECTIONS = 1024

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Any]


class CannotServe(Exception):  # noqa: N818 (says what is in the way)
    """The server cannot start; the text says what to do."""


def serve(settings: Settings, make: Callable[[], WsgiApplication]) -> None:
    """Serve until SIGTERM, SIGINT or a hang-up; `make` is called in each serving process.

    The port is closed until the application is made. This process imports nothing of it: what serves is forked from it.

    Raises:
        CannotServe: the port is taken, or a certificate is missing.

    """
    check_port(settings.host, settings.port)
    parent = os.getpid()

    def load() -> WsgiApplication:
        _die_with(parent)
        try:
            return make()
        except Exception as error:  # noqa: BLE001 (whatever it is, the server cannot start)
            _give_up(error)

    server = Granian(
        "faktura",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.processes,
        blocking_threads=settings.threads,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS, max_buffer_size=LARGEST_HEADER),
        websockets=False,
        backlog=MOST_CONNECTIONS,
        backpressure=MOST_CONNECTIONS,
        log_enabled=False,
        workers_kill_timeout=LAST_MOMENT,
        ssl_cert=_readable(settings.tls_cert),
        ssl_key=_readable(settings.tls_key),
        ssl_protocol_min=SSLProtocols.tls12,
    )
    # Where the terminal goes away, Granian would start its processes anew.
    server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
    server.serve(target_loader=load, wrap_loader=False)


def check_port(host: str, port: int) -> None:
    """Granian would share the port with another server without a word.

    Raises:
        CannotServe: it is taken, or the host is none of this machine's.

    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"Cannot listen at {host}, port {port}: {error.strerror}. Choose another with --host and --port."
            raise CannotServe(message) from None


def hold(lock: Path) -> int:
    """Take the lock that a folder of data is served by nobody else; it is held as long as the process lives.

    Raises:
        CannotServe: somebody else holds it.

    """
    descriptor = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        message = f"Another faktura serves the same data ({lock} is locked). Stop it first."
        raise CannotServe(message) from None
    return descriptor


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent is gone, even where the parent is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _give_up(error: Exception) -> NoReturn:
    # More of a traceback helps only where the failure is not one that we speak of ourselves.
    sys.stderr.write(f"faktura cannot start: {error}\n")
    sys.stderr.flush()
    os._exit(1)


def _readable(file: str) -> Path | None:
    if not file:
        return None
    path = Path(file)
    if not os.access(path, os.R_OK):
        message = f"The file {path} cannot be read. FAKTURA_TLS_CERT and FAKTURA_TLS_KEY name the certificate and key."
        raise CannotServe(message)
    return path
