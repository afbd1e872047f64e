"""faktura listen brings a sandbox's webhooks to a program, faktura trigger makes their events happen."""

import contextlib
import json
import re
import sqlite3
import threading
from collections.abc import Iterator

import pytest

from faktura.sandbox.files import DATABASE
from tests import needs
from tests.http_double import Host, Reply, host
from tests.running import run, wait_until
from tests.sandboxes import Sandbox

pytestmark = needs.FAKTUROID


@pytest.fixture
def program() -> Iterator[Host]:
    """Whoever wants webhooks: takes the first and refuses what comes then."""
    with host(lambda _: Reply(200 if len(there.bodies) <= 1 else 422, b"out of order")) as there:
        yield there


def test_what_is_triggered_is_sent_on_shown_and_sent_again(sandbox: Sandbox, program: Host) -> None:
    output: list[str] = []
    at = ("--sandbox", sandbox.server.url)
    arguments = ("listen", "--forward-to", f"{program.url}/hook", *at, "--event", "invoice_paid", "--most", "2")
    listening = threading.Thread(target=lambda: output.append(run(*arguments).stdout))
    listening.start()
    wait_until(lambda: _events(sandbox) == ["invoice_paid"])

    triggered = [run("trigger", name, *at).stdout for name in ("invoice_paid", "invoice_locked", "invoice_paid")]
    listening.join()

    assert all(
        re.fullmatch(r"invoice_\w+ happened in applecorp, to number \d+ of invoices\.\n", one) for one in triggered
    )
    first, *shown = output[0].splitlines()
    assert first == "Hearing of 1 events of applecorp; Ctrl+C ends it."
    assert re.fullmatch(r"\d+  invoice_paid  → 200 in \d+ ms", shown[0])
    assert re.fullmatch(r"\d+  invoice_paid  → 422 in \d+ ms", shown[1])
    assert shown[2] == "    out of order"
    assert [json.loads(body)["event_name"] for body in program.bodies] == ["invoice_paid", "invoice_paid"]
    assert program.headers[0]["idempotency-key"] != program.headers[1]["idempotency-key"]

    again = run(*re.findall(r"faktura (listen .*)", shown[3])[0].split(), *at)

    assert "→ 422" in again.stdout
    assert program.bodies[2] == program.bodies[1]


def _events(sandbox: Sandbox) -> list[str]:
    """What the sandbox's own receiver is told of."""
    with contextlib.closing(sqlite3.connect(f"file:{sandbox.data / DATABASE}?mode=ro", uri=True)) as connection:
        return [
            name for (events,) in connection.execute("SELECT events FROM subscriptions") for name in json.loads(events)
        ]


def test_what_is_not_there_is_said_in_a_sentence(sandbox: Sandbox) -> None:
    at = ("--sandbox", sandbox.server.url)

    unknown = run("trigger", "invoice_lost", *at)
    nobody = run("trigger", "invoice_paid", "--sandbox", "http://127.0.0.1:9")
    worlds = run("world", "list", "--sandbox", "http://127.0.0.1:9")
    kept = run("listen", "--forward-to", "http://127.0.0.1:9/", "--again", "99999", *at)

    assert (unknown.returncode, nobody.returncode, kept.returncode) == (1, 1, 2)
    assert unknown.stderr.startswith("There is no event invoice_lost; there are invoice_created, ")
    assert nobody.stderr.startswith("No sandbox answers at http://127.0.0.1:9: ")
    assert nobody.stderr.endswith("Start one by `faktura sandbox`.\n")
    assert (worlds.returncode, worlds.stderr) == (1, nobody.stderr)
    assert "There is no message 99999 among the last ones." in kept.stderr
