"""A recording is answered the same by the same version, and whatever is answered otherwise is shown."""

import random
from pathlib import Path

import pytest

from tests import needs
from tests.recorded.comparing import differences, told
from tests.recorded.exchanges import Got
from tests.recorded.history import History
from tests.recorded.versions import HERE, sandbox_of
from tests.running import free_port

pytestmark = [needs.FAKTUROID, needs.INFAKT, pytest.mark.timeout(300)]

REQUESTS = 200


def test_only_what_is_answered_otherwise_is_told(tmp_path: Path) -> None:
    port = free_port()
    with sandbox_of(HERE, tmp_path / "before", port, "short") as standing:
        recorded = History(standing, random.Random("short")).live(REQUESTS)
    number = next(n for n, one in enumerate(recorded) if one.sent.method == "POST" and one.got.status == 201)
    sent, got = recorded[number]
    recorded[number] = recorded[number]._replace(got=got._replace(status=200))

    with sandbox_of(HERE, tmp_path / "after", port, "short") as standing:
        found = [*differences(recorded, standing.lines)]

    assert len(recorded) == REQUESTS
    assert [told(one, standing.server.url).splitlines()[1:] for one in found] == [["-200", "+201"]]
    assert told(found[0], standing.server.url).startswith(f"{number + 1}. curl -i -X POST -H ")
    assert found[0].sent == sent


def test_what_is_of_the_moment_and_the_order_of_headers_make_no_difference() -> None:
    form = b'<input name="csrf_token" value="%s">'
    one = Got(200, (("Date", "now"), ("Vary", "Cookie"), ("Content-Length", "40")), form % b"signed")
    other = Got(200, (("content-length", "41"), ("vary", "Cookie"), ("date", "then")), form % b"signed anew")

    assert one.comparable == other.comparable
    assert one.comparable != other._replace(headers=(("vary", "*"),)).comparable
