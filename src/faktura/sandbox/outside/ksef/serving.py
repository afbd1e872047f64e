"""KSeF's double on a free port of this machine, for tests that need no sandbox."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote

from faktura.core.clock import Clock
from faktura.sandbox.outside.ksef.calls import Call
from faktura.sandbox.outside.ksef.double import Double

HOST = "127.0.0.1"


@contextlib.contextmanager
def listening(clock: Clock) -> Iterator[Double]:
    """A double that is asked at its `base`, until the end of the block."""
    server = _Server((HOST, 0), _Handler)
    server.double = Double(clock, f"http://{HOST}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.double
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    double: Double


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        assert isinstance(self.server, _Server)  # noqa: S101 (it has no other)
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        call = Call(self.command, unquote(path), parse_qs(query), headers, body, self.client_address[0])
        reply = self.server.double.reply(call)
        time.sleep(reply.pause)
        if reply.answer is None:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        answer = reply.answer
        self.send_response(answer.status)
        for name, value in (("Content-Type", answer.content_type), *answer.headers):
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 (http.server looks for these)

    def log_message(self, format: str, *_args: object) -> None:  # noqa: A002 (its name above)
        """Tests print nothing."""
