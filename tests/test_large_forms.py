"""Files that are too large, or of a wrong kind, are refused by the pages before they are read whole."""

import socket
from http.client import HTTPResponse

import pytest

from tests.sandboxes import Sandbox

HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n{length}\r\n"
    "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
)
PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n'

FILES = {"/applecorp/subjects/import": 2_000_000, "/applecorp/settings/look": 1_114_112, "/setup/look": 1_114_112}
"""By page, the bytes that its form may have."""

KIB_64 = 64 * 1024


@pytest.fixture
def cookie(sandbox: Sandbox) -> str:
    """Of the owner."""
    answer = sandbox.sign_in_at("/applecorp/subjects", sandbox.told["web"]["password"])
    return str(answer.headers["set-cookie"]).partition(";")[0]


class Sending:
    """A form on its way, of which no more is sent than the test says."""

    def __init__(self, sandbox: Sandbox, path: str, cookie: str, length: str) -> None:
        self.line = socket.create_connection((sandbox.server.host, sandbox.server.port), timeout=30)
        host = f"{sandbox.server.host}:{sandbox.server.port}"
        self.line.sendall(HEAD.format(path=path, host=host, cookie=cookie, length=length).encode())

    def answer(self) -> HTTPResponse:
        answer = HTTPResponse(self.line)
        answer.begin()
        return answer


@pytest.mark.parametrize("path", FILES)
def test_a_form_that_announces_too_much_is_refused_without_it(sandbox: Sandbox, cookie: str, path: str) -> None:
    sending = Sending(sandbox, path, cookie, f"Content-Length: {FILES[path] + 1}")
    with sending.line:
        sending.line.sendall(PART + b"x" * KIB_64)
        answer = sending.answer()
        assert answer.status == 413
        assert f"{FILES[path] // 1000} kB" in answer.read().decode().replace("\xa0", "")


@pytest.mark.parametrize("path", FILES)
def test_a_form_without_a_length_is_read_as_far_as_it_may_be_and_no_further(
    sandbox: Sandbox, cookie: str, path: str
) -> None:
    sending = Sending(sandbox, path, cookie, "Transfer-Encoding: chunked")
    with sending.line:
        sent, piece = 0, b"x" * KIB_64
        while sent <= FILES[path] + 1:
            sending.line.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            sent += len(piece)
        assert sending.answer().status == 413  # the last chunk never came


@pytest.mark.parametrize("length", ["Content-Length: 1000000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("path", FILES)
def test_whoever_is_not_signed_in_sends_no_file(sandbox: Sandbox, path: str, length: str) -> None:
    sending = Sending(sandbox, path, "none=none", length)
    with sending.line:
        piece = b"x" * (KIB_64 + 1)
        sending.line.sendall(b"%x\r\n%s\r\n" % (len(piece), piece) if "chunked" in length else piece)
        answer = sending.answer()
        assert (answer.status, (answer.getheader("location") or "").partition("?")[0]) == (302, "/sign-in")
