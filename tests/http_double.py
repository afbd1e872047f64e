"""A host of the outside world for tests: it answers what it is told to, and remembers what it was asked."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Reply(NamedTuple):
    """With a pause, in seconds, after each byte of the body where it is slow; `promised` are more bytes than come."""

    status: int
    body: bytes = b""
    location: str = ""
    slow: float = 0
    promised: int = 0


class Host:
    """`answer` is given path and query; on its thread `here` has the headers and the body that came with them."""

    def __init__(self, answer: Callable[[str], Reply]) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.url = ""
        self.here = threading.local()


@contextlib.contextmanager
def host(answer: Callable[[str], Reply]) -> Iterator[Host]:
    told = Host(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            told.here.headers = {name.lower(): value for name, value in self.headers.items()}
            told.headers.append(told.here.headers)
            if sent := int(self.headers.get("Content-Length", 0)):
                told.here.body = self.rfile.read(sent)
                told.bodies.append(told.here.body)
            reply = told.answer(self.path)
            self.send_response(reply.status)
            self.send_header("Content-Length", str(reply.promised or len(reply.body)))
            if reply.location:
                self.send_header("Location", reply.location)
            self.end_headers()
            with contextlib.suppress(OSError):
                self._write(reply)

        do_POST = do_PUT = do_GET  # noqa: N815 (the library calls it so)

        def _write(self, reply: Reply) -> None:
            if not reply.slow:
                self.wfile.write(reply.body)
                return
            for byte in reply.body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(reply.slow)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
