"""The program, begun in a process that has imported it: to import it takes 1.2 s of processor time, to fork 0.01 s."""

import ctypes
import gc
import importlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

ROOT = Path(__file__).parent.parent
PR_SET_CHILD_SUBREAPER = 36
WAIT = "import tests.forked; tests.forked.wait_for_orders()"
LONGEST_ORDER = 1_000_000
IMPORTED = (
    "alembic.command",
    "faktura.assembly.house",
    "faktura.assembly.sandbox",
    "faktura.commands.cli",
    "faktura.commands.db",
    "faktura.core.books.audit",
    "faktura.serving",
    "faktura.store.backup",
    "faktura.store.check",
)


class Order(msgspec.Struct):
    arguments: list[str]
    environment: dict[str, str]
    folder: str


class Forked(subprocess.Popen[bytes]):
    """A child of this process that another one has forked; it is waited for and killed as any other."""

    def __init__(self, pid: int, arguments: Sequence[str]) -> None:
        self.pid = pid
        self.args = arguments
        self.returncode: int | None = None
        self.stdin = self.stdout = self.stderr = None
        self._child_created = True
        self._waitpid_lock = threading.Lock()
        self._sigint_wait_secs = 0.25


class Forker:
    """The process that has imported the program; it ends with the process that orders."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-c", WAIT, str(theirs.fileno())]
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )

    def close(self) -> None:
        self._orders.close()
        self._process.wait()

    def begin(
        self, arguments: Sequence[str], environment: Mapping[str, str], streams: tuple[BinaryIO, BinaryIO, BinaryIO]
    ) -> Forked:
        """Begin the program in a session of its own, with these for its standard streams."""
        order = Order([*arguments], {**environment}, str(Path.cwd()))
        with self._lock:
            become_parent_of_orphans(wanted=True)
            try:
                socket.send_fds(self._orders, [msgspec.json.encode(order)], [stream.fileno() for stream in streams])
                pid, done = self._orders.recv(100), self._orders.recv(100)
            finally:
                become_parent_of_orphans(wanted=False)
        assert done, "the process that forks has died"
        return Forked(int(pid), arguments)


def become_parent_of_orphans(*, wanted: bool) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, int(wanted), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def wait_for_orders() -> None:
    """Import the program, and become it whenever it is ordered."""
    for name in IMPORTED:
        importlib.import_module(name)
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as orders:
        take_orders(orders)
    sys.modules["faktura.commands.cli"].main()


def take_orders(orders: socket.socket) -> None:
    """Return in a new process for each order, which is what was ordered; end when nobody is left to order."""
    while True:
        order, streams, _, _ = socket.recv_fds(orders, LONGEST_ORDER, 3)
        if not order:
            sys.exit()
        between = os.fork()
        if between == 0:
            child = os.fork()
            if child == 0:
                become(msgspec.json.decode(order, type=Order), streams)
                return
            orders.sendall(str(child).encode())
            os._exit(0)
        # When the process between has ended, its child is the child of who ordered.
        os.waitpid(between, 0)
        for stream in streams:
            os.close(stream)
        orders.sendall(b"done")


def become(order: Order, streams: list[int]) -> None:
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(order.folder)
    sys.argv = order.arguments
