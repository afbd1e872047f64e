"""An address of the outside world is asked by HTTP, with a limit to everything: time, size, and where it leads."""

import http.client
import time
import urllib.error
import urllib.request
from typing import IO, NamedTuple
from urllib.parse import urlsplit

from faktura import __version__

LONGEST_WAIT = 10.0
"""Seconds without a byte."""

DEADLINE = 30.0
"""Seconds for a whole answer."""

MOST_BYTES = 1024 * 1024
PIECE = 64 * 1024
MOST_REDIRECTS = 3


class Unanswered(Exception):  # noqa: N818 (says what a question is)
    """Nobody answered, or not as agreed; the text says what happened."""


class Answer(NamedTuple):
    status: int
    body: bytes


def ask(url: str) -> Answer:
    """What a GET of the address answers, whatever its status; redirections are followed on the same host.

    A proxy is used where the environment names one (HTTPS_PROXY, NO_PROXY).

    Raises:
        Unanswered: it cannot be reached in time, leads to another host, or answers too much.

    """
    if urlsplit(url).scheme not in {"http", "https"}:
        raise Unanswered(f"{url} is no address to ask")
    question = urllib.request.Request(url, headers=_HEADERS)  # noqa: S310 (the scheme is checked)
    until = time.monotonic() + DEADLINE
    try:
        try:
            answer = _OPENER.open(question, timeout=LONGEST_WAIT)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            if answer.status in _REDIRECTS:
                raise Unanswered(f"{_place(url)} leads in a circle, or to where nothing is asked")
            return Answer(answer.status, _body(answer, until))
    except (OSError, http.client.HTTPException) as error:
        raise Unanswered(f"{_place(url)}: {type(error).__name__}: {error}") from None


def _body(answer: IO[bytes], until: float) -> bytes:
    pieces: list[bytes] = []
    left = MOST_BYTES
    while piece := answer.read1(PIECE):  # type: ignore[attr-defined]
        pieces.append(piece)
        left -= len(piece)
        if left < 0:
            raise Unanswered(f"the answer is longer than {MOST_BYTES} bytes")
        if time.monotonic() > until:
            raise Unanswered("the answer takes too long")
    return b"".join(pieces)


class _OnTheSameHost(urllib.request.HTTPRedirectHandler):
    """An answer may lead on, but not to where nobody meant to ask."""

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
        if _place(newurl) != _place(req.full_url):
            raise Unanswered(f"{_place(req.full_url)} leads to {_place(newurl)}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _place(url: str) -> str:
    split = urlsplit(url)
    return f"{split.scheme}://{split.netloc}"


_REDIRECTS = range(300, 400)

_HEADERS = {"Accept": "application/json", "User-Agent": f"faktura/{__version__}"}

_OPENER = urllib.request.OpenerDirector()
for _handler in (
    urllib.request.ProxyHandler(),
    urllib.request.HTTPHandler(),
    urllib.request.HTTPSHandler(),
    urllib.request.HTTPDefaultErrorHandler(),
    urllib.request.HTTPErrorProcessor(),
    _OnTheSameHost(),
):
    _OPENER.add_handler(_handler)
