"""The outside world is asked with a limit to everything."""

import ipaddress
import socket

import pytest

from faktura.outside import addresses, http
from faktura.outside.addresses import is_outside, is_own
from faktura.outside.http import Answer, Client, Unanswered
from tests.http_double import Reply, host
from tests.running import free_port

ask = Client(loopback=True).get


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


INSIDE = [
    "0.0.0.0",  # noqa: S104 (asked, not listened at)
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:7f00:1::", "2001:db8::1"),
]


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_of_this_machine_or_of_a_private_network_is_asked(address: str) -> None:
    host_part = f"[{address}]" if ":" in address else address
    with pytest.raises(Unanswered, match="not asked"):
        Client().get(f"http://{host_part}:9/")
    with pytest.raises(Unanswered, match="not asked"):
        Client().post(f"http://{host_part}:9/", b"{}")


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::8.8.8.8"])
def test_public_addresses_are_asked(address: str) -> None:
    assert is_outside(ipaddress.ip_address(address), loopback=False)


def test_loopback_that_is_let_through_lets_nothing_else_through() -> None:
    assert is_outside(ipaddress.ip_address("127.0.0.1"), loopback=True)
    assert not is_outside(ipaddress.ip_address("10.0.0.1"), loopback=True)
    assert not is_outside(ipaddress.ip_address("169.254.169.254"), loopback=True)


def test_addresses_of_this_machine_are_known_as_its_own() -> None:
    assert is_own(ipaddress.ip_address("127.0.0.1"))
    assert not is_own(ipaddress.ip_address("8.8.8.8"))


def test_what_a_name_leads_to_is_looked_up_once_and_that_address_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Names of the network are asked of a double, which answers otherwise the second time."""
    with host(lambda _path: Reply(200, b"here")) as double:
        port = int(double.url.rpartition(":")[2])
        answers = iter(["127.0.0.1", "10.0.0.1"])
        asked: list[str] = []

        def look_up(name: str, port: int, **_: object) -> list[tuple[object, ...]]:
            asked.append(name)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

        monkeypatch.setattr(addresses, "look_up", look_up)
        assert ask(f"http://bank.example:{port}/") == Answer(200, b"here")
        with pytest.raises(Unanswered, match=r"10\.0\.0\.1, which is not asked"):
            ask(f"http://bank.example:{port}/")

    assert asked == ["bank.example"] * 2
    assert len(double.asked) == 1


def test_a_redirect_looks_at_the_address_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with host(lambda path: Reply(200, b"secret") if path == "/new" else Reply(302, location="/new")) as double:
        port = int(double.url.rpartition(":")[2])
        answers = iter(["127.0.0.1", "192.168.0.1"])
        monkeypatch.setattr(addresses, "look_up", lambda _name, port, **_: [(0, 0, 0, "", (next(answers), port))])
        with pytest.raises(Unanswered, match="not asked"):
            ask(f"http://bank.example:{port}/")

    assert double.asked == ["/"]


def test_a_body_is_posted_and_sent_on_to_nobody() -> None:
    with host(lambda path: Reply(201, b"taken") if path == "/in" else Reply(307, location="/in")) as double:
        client = Client(loopback=True)
        assert client.post(f"{double.url}/in", b'{"a":1}', {"X-Signature": "s"}) == Answer(201, b"taken")
        with pytest.raises(Unanswered, match="leads to"):
            client.post(f"{double.url}/elsewhere", b"{}")

    assert double.bodies == [b'{"a":1}', b"{}"]
    assert double.headers[0]["content-type"] == "application/json"
    assert double.headers[0]["x-signature"] == "s"


def test_a_file_is_handed_over_as_it_is_and_to_nobody_inside() -> None:
    with host(lambda path: Reply(201) if path == "/in" else Reply(307, location="/in")) as double:
        client = Client(loopback=True)
        assert client.put(f"{double.url}/in", b"\x00\x01", {"x-ms-blob-type": "BlockBlob"}, 5).status == 201
        with pytest.raises(Unanswered, match="leads to"):
            client.put(f"{double.url}/elsewhere", b"", {}, 5)
        with pytest.raises(Unanswered):
            Client().put(f"{double.url}/in", b"", {}, 5)

    assert double.asked == ["/in", "/elsewhere"]
    assert double.bodies == [b"\x00\x01"]
    assert double.headers[0]["x-ms-blob-type"] == "BlockBlob"


def test_an_answer_that_is_cut_is_no_answer() -> None:
    with host(lambda _path: Reply(200, b"abc", promised=10)) as double, pytest.raises(Unanswered, match="Incomplete"):
        ask(double.url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}/hook?key=geheim", "http://geheim:x@127.0.0.1/", "http://127.0.0.1/geheim\n"]
)
def test_what_is_said_of_a_failure_holds_no_secret_of_the_address(url: str) -> None:
    with pytest.raises(Unanswered) as said:
        ask(url.format(port=free_port()))

    assert "geheim" not in str(said.value)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x", "127.0.0.1/x"])
def test_only_http_is_asked(url: str) -> None:
    with pytest.raises(Unanswered, match="no address"):
        ask(url)
