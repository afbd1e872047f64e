"""The outside world is asked with a limit to everything."""

import pytest

from faktura.outside import http
from faktura.outside.http import Answer, Unanswered, ask
from tests.http_double import Reply, host
from tests.running import free_port


def test_an_answer_comes_with_its_status_and_body() -> None:
    with host(lambda _path: Reply(404, b"nic")) as double:
        assert ask(f"{double.url}/rates?day=1") == Answer(404, b"nic")

    assert double.asked == ["/rates?day=1"]
    assert double.headers[0]["user-agent"].startswith("faktura/")


def test_a_redirect_on_the_same_host_is_followed() -> None:
    with host(lambda path: Reply(200, b"here") if path == "/new" else Reply(302, location="/new")) as double:
        assert ask(f"{double.url}/old") == Answer(200, b"here")


@pytest.mark.parametrize(
    "elsewhere", ["http://localhost:{port}/", "https://127.0.0.1/", "file:///etc/passwd", "//evil"]
)
def test_a_redirect_to_another_host_is_not_followed(elsewhere: str) -> None:
    with host(lambda _path: Reply(200, b"secret")) as other:
        target = elsewhere.format(port=other.url.rpartition(":")[2])
        with host(lambda _path: Reply(302, location=target)) as double, pytest.raises(Unanswered):
            ask(double.url)

    assert other.asked == []


def test_an_answer_that_leads_in_a_circle_is_left() -> None:
    with host(lambda path: Reply(302, location=f"{path}x")) as double, pytest.raises(Unanswered):
        ask(f"{double.url}/")

    assert len(double.asked) <= http.MOST_REDIRECTS + 1


def test_a_longer_answer_than_expected_is_not_read_to_its_end() -> None:
    with (
        host(lambda _path: Reply(200, b"x" * (http.MOST_BYTES + 1))) as double,
        pytest.raises(Unanswered, match="long"),
    ):
        ask(double.url)
    with host(lambda _path: Reply(200, b"x" * http.MOST_BYTES)) as double:
        assert len(ask(double.url).body) == http.MOST_BYTES


def test_who_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LONGEST_WAIT", 0.1)
    with host(lambda _path: Reply(200, b"abc", slow=0.5)) as double, pytest.raises(Unanswered, match=r"[Tt]imed? ?out"):
        ask(double.url)


def test_who_answers_drop_by_drop_is_left_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "DEADLINE", 0.1)
    with host(lambda _path: Reply(200, b"abc" * 20, slow=0.02)) as double, pytest.raises(Unanswered, match="too long"):
        ask(double.url)


def test_who_is_not_there_has_not_answered() -> None:
    with pytest.raises(Unanswered, match="refused"):
        ask(f"http://127.0.0.1:{free_port()}/")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x", "127.0.0.1/x"])
def test_only_http_is_asked(url: str) -> None:
    with pytest.raises(Unanswered, match="no address"):
        ask(url)
