"""An address of the outside world is asked by HTTP, with a limit to everything: time, size, and where it leads."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import IO, Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from faktura import __version__
from faktura.outside.addresses import Inside, connect, is_outside

LONGEST_WAIT = 10.0
"""Seconds without a byte."""

DEADLINE = 30.0
"""Seconds for a whole answer."""

MOST_BYTES = 1024 * 1024
PIECE = 64 * 1024
MOST_REDIRECTS = 3

MOST_SEEN = 4096
"""Bytes that are kept of the answer to something told."""


class Unanswered(Exception):  # noqa: N818 (says what a question is)
    """Nobody answered, or not as agreed; the text says what happened, and nothing that is secret in an address."""


class Answer(NamedTuple):
    status: int
    body: bytes


class Told(NamedTuple):
    """What came of telling somebody: the status, or in a word why there is none, and how the answer begins."""

    status: str
    content_type: str | None = None
    answer: str | None = None


class Client(msgspec.Struct, frozen=True):
    """Asks no address of this machine or of a private network, also not after redirections.

    `loopback` lets this machine's own 127.0.0.1 and ::1 through, for a sandbox and for tests; the certificates of an
    `authority` in a file are trusted beside those of the system. Where the environment
    names a proxy (HTTPS_PROXY, NO_PROXY), the proxy finds the address, and is trusted to.
    """

    loopback: bool = False
    authority: str = ""

    def get(self, url: str, headers: Mapping[str, str] = {}) -> Answer:
        """What the address answers, whatever its status; redirections are followed on the same host.

        Raises:
            Unanswered: it cannot be reached in time, must not be asked, leads to another host, or answers too much.

        """
        return self._ask(urllib.request.Request(_asked(url), headers={**_HEADERS, **headers}))  # noqa: S310 (checked)

    def fetch(self, url: str, most: int, deadline: float) -> Answer:
        """The same of a file that may be large: no more than `most` bytes, within so many seconds.

        Raises:
            Unanswered: as for `get`.

        """
        return self._ask(urllib.request.Request(_asked(url), headers=_HEADERS), most, deadline)  # noqa: S310 (checked)

    def post(self, url: str, body: bytes, headers: Mapping[str, str] = {}) -> Answer:
        """What the address answers to a body of JSON, or of the type among the headers; no redirection is followed.

        Raises:
            Unanswered: as for `get`.

        """
        sent = {**_HEADERS, "Content-Type": "application/json", **headers}
        return self._ask(urllib.request.Request(_asked(url), body, sent, method="POST"))  # noqa: S310 (checked)

    def put(self, url: str, body: bytes, headers: Mapping[str, str], deadline: float) -> Answer:
        """The same of a file that is handed over as it is, within so many seconds; nothing of ours goes with it.

        Raises:
            Unanswered: as for `get`.

        """
        sent = {"User-Agent": _HEADERS["User-Agent"], "Content-Type": "application/octet-stream", **headers}
        question = urllib.request.Request(_asked(url), body, sent, method="PUT")  # noqa: S310 (checked)
        return self._ask(question, deadline=deadline)

    def tell(self, url: str, body: bytes, headers: Mapping[str, str] = {}) -> Told:
        """Send a body of JSON, and wait half a minute; no redirection is followed.

        The status counts as soon as it is there, whatever becomes of the rest of the answer.
        """
        lines: list[socket.socket] = []
        until = time.monotonic() + DEADLINE
        closing = threading.Timer(DEADLINE, _close, (lines,))
        closing.start()
        try:
            sent = {**_HEADERS, "Content-Type": "application/json", **headers}
            message = urllib.request.Request(_asked(url), body, sent, method="POST")  # noqa: S310 (checked)
            try:
                answer: Any = self._opener(lines).open(message, timeout=DEADLINE)
            except urllib.error.HTTPError as error:
                answer = error
            with answer:
                return Told(str(answer.status), answer.headers.get("Content-Type"), _beginning(answer))
        except (OSError, http.client.HTTPException, Unanswered, ValueError) as error:
            failure = error.reason if isinstance(error, urllib.error.URLError) else error
            return Told("timeout" if time.monotonic() > until else _word_for(failure), answer=_said(error))
        finally:
            closing.cancel()
            for line in lines:
                line.close()

    def _ask(self, question: urllib.request.Request, most: int = 0, deadline: float = 0) -> Answer:
        most, deadline = most or MOST_BYTES, deadline or DEADLINE
        origin, until = origin_of(question.full_url), time.monotonic() + deadline
        lines: list[socket.socket] = []
        closing = threading.Timer(deadline, _close, (lines,))
        closing.start()
        try:
            try:
                answer: Any = self._opener(lines, _OnTheSameHost()).open(question, timeout=LONGEST_WAIT)
            except urllib.error.HTTPError as error:
                answer = error
            with answer:
                if answer.status in _REDIRECTS:
                    raise Unanswered(f"{origin} leads in a circle, or to where nothing is asked")
                return Answer(answer.status, _body(answer, until, most))
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() > until:
                raise Unanswered(f"{origin}: the answer takes too long") from None
            raise Unanswered(f"{origin}: {_said(error)}") from None
        finally:
            closing.cancel()
            for line in lines:
                line.close()

    def _opener(self, lines: list[socket.socket], *more: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
        opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            _Http(self, lines),
            _Https(self, lines),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            *more,
        ):
            opener.add_handler(handler)
        return opener


def origin_of(url: str) -> str:
    """Scheme and host of an address: what may be shown of it."""
    split = urlsplit(url)
    return f"{split.scheme}://{split.netloc.rpartition('@')[2]}"


class _Guarded:
    """Opens connections to addresses that were looked at, and keeps a second hand on each to end it by."""

    def __init__(self, client: Client, lines: list[socket.socket]) -> None:
        super().__init__()
        self.client = client
        self.lines = lines

    def connect(self, kind: Any, question: urllib.request.Request, **values: Any) -> Any:
        proxied = question.host != urlsplit(question.full_url).netloc
        if proxied:
            _refuse_by_number(question.full_url, loopback=self.client.loopback)

        def opened(address: tuple[str, int], timeout: float, *_: object) -> socket.socket:
            if proxied:
                line = socket.create_connection(address, timeout)
            else:
                line = connect(*address, timeout, loopback=self.client.loopback)
            self.lines.append(line.dup())
            return line

        def made(host: str, **named: Any) -> Any:
            connection = kind(host, **named, **values)
            connection._create_connection = opened  # noqa: SLF001 (where the library lets one step in)
            return connection

        return made


class _Http(_Guarded, urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self.connect(http.client.HTTPConnection, req), req)


class _Https(_Guarded, urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        context = ssl.create_default_context()
        if self.client.authority:
            context.load_verify_locations(self.client.authority)
        return self.do_open(self.connect(http.client.HTTPSConnection, req, context=context), req)


class _OnTheSameHost(urllib.request.HTTPRedirectHandler):
    """An answer may lead on, but not to where nobody meant to ask, and what was sent is not sent on."""

    max_redirections = MOST_REDIRECTS

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        here, there = origin_of(req.full_url), origin_of(newurl)
        if here != there or req.get_method() != "GET":
            fp.close()
            raise Unanswered(f"{here} leads to {there}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _asked(url: str) -> str:
    split = urlsplit(url)
    if split.scheme not in {"http", "https"} or not split.hostname or "@" in split.netloc:
        raise Unanswered(f"{origin_of(url)} is no address to ask")
    return url


def _refuse_by_number(url: str, *, loopback: bool) -> None:
    try:
        address = ipaddress.ip_address(urlsplit(url).hostname or "")
    except ValueError:
        return
    if not is_outside(address, loopback=loopback):
        raise Inside(f"{address} is not asked")


def _close(lines: list[socket.socket]) -> None:
    for line in lines:
        try:
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue


def _body(answer: Any, until: float, most: int) -> bytes:
    pieces: list[bytes] = []
    left = most
    while piece := answer.read1(PIECE):
        pieces.append(piece)
        left -= len(piece)
        if left < 0:
            raise Unanswered(f"the answer is longer than {most} bytes")
        if time.monotonic() > until:
            raise Unanswered("the answer takes too long")
    if getattr(answer, "length", 0):
        raise http.client.IncompleteRead(b"")
    return b"".join(pieces)


def _beginning(answer: Any) -> str:
    """As much of an answer as somebody wants to see; one that is cut is as good."""
    pieces: list[bytes] = []
    try:
        while sum(map(len, pieces)) < MOST_SEEN and (piece := answer.read1(MOST_SEEN)):
            pieces.append(piece)
    except (OSError, http.client.HTTPException):
        pass
    return b"".join(pieces)[:MOST_SEEN].decode(errors="replace")


def _word_for(failure: object) -> str:
    if isinstance(failure, TimeoutError):
        return "timeout"
    if isinstance(failure, ssl.SSLError):
        return "ssl_error"
    return "connection_failed" if isinstance(failure, OSError | str) else "unknown_error"


def _said(error: Exception) -> str:
    """What went wrong; words of the library about HTTP may hold the address that was asked."""
    if isinstance(error, http.client.HTTPException):
        return type(error).__name__
    return f"{type(error).__name__}: {error}"


_REDIRECTS = range(300, 400)

_HEADERS = {"Accept": "application/json", "User-Agent": f"faktura/{__version__}"}
