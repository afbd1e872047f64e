"""What a server prints when it takes requests."""

import contextlib
import socket
import sys
import threading
import time


def print_when_open(text: str, host: str, port: int) -> None:
    """Print it as soon as the port is open."""
    threading.Thread(target=_print, args=(text, host, port), name="announcement", daemon=True).start()


def announce_set_up(public_url: str, secret: str, host: str, port: int) -> None:
    """Print where the first person lets themselves in."""
    print_when_open(
        "Nobody has an account here yet. Whoever opens this address first, and nobody else, sets this server up:\n"
        f"{public_url}/setup?secret={secret}\n",
        host,
        port,
    )


def _print(text: str, host: str, port: int) -> None:
    while True:
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            break
        time.sleep(0.01)
    # Whoever started the server may have closed its end.
    with contextlib.suppress(OSError):
        sys.stdout.write(text)
        sys.stdout.flush()
