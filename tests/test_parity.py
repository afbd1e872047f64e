"""The double beside a real account: equal where both are doubles, and named where the other one differs."""

import contextlib
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from faktura.fidelity.parity.compare import Wanted, compare
from faktura.fidelity.parity.report import Parity, in_words
from faktura.fidelity.parity.shapes import differences
from faktura.fidelity.parity.sides import Reply, Unreached
from tests import needs
from tests.running import run, running
from tests.sandboxes import Sandbox

pytestmark = needs.FAKTUROID

Spoil = Callable[[str, Any], Any]

MANY = {"fakturoid": {"all": 100_000}, "infakt": {"get": 100_000, "other": 100_000}}
"""Limits that nobody reaches; without any the headers that say them are not there."""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A second sandbox, in the place of the service."""
    folder = tmp_path_factory.mktemp("real")
    with running(folder, "sandbox", "--data", str(folder / "data")) as server:
        yield Sandbox(server, folder / "data")


@contextlib.contextmanager
def spoiled(sandbox: Sandbox, spoil: Spoil) -> Iterator[str]:
    """A proxy before a sandbox that changes what it answers; its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            kept = {name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers}
            answer = sandbox.server.ask(self.command, self.path, headers=kept, raw=sent)
            content = answer.body
            if answer.status == 200 and content.startswith((b"{", b"[")):
                content = json.dumps(spoil(self.path, json.loads(content))).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name not in {"content-length", "transfer-encoding", "connection"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = do  # noqa: N815 (names of the library)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def beside(
    sandbox: Sandbox, real: Sandbox, url: str = "", *, dialect: str = "fakturoid", write: bool = False
) -> Parity:
    part = real.told[dialect]
    mount = part["base_url"].removeprefix(real.server.url)
    address = f"{url or real.server.url}{mount}"
    wanted = Wanted(dialect, part.get("slug", ""), address, 1, 0, write)
    for side in (sandbox, real):
        assert side.control({"rate_limits": MANY}).status == 200
    return compare(wanted, part, sandbox.told)


@pytest.mark.parametrize("dialect", ["fakturoid", pytest.param("infakt", marks=needs.INFAKT)])
def test_two_doubles_do_not_differ(sandbox: Sandbox, real: Sandbox, dialect: str) -> None:
    before = real.call("GET", "/fakturoid/api/v3/accounts/applecorp/subjects.json").json
    found = beside(sandbox, real, dialect=dialect, write=True)
    assert found.differing == []
    assert len([one for one in found.compared if not one.why_not]) > 30
    assert {one.step for one in found.compared} >= {"as it is", "a record", "a record that is not there"}
    assert {one.method for one in found.compared} >= {"GET", "POST", "DELETE"}
    assert real.call("GET", "/fakturoid/api/v3/accounts/applecorp/subjects.json").json == before


def test_what_differs_is_found_and_named(sandbox: Sandbox, real: Sandbox) -> None:
    def spoil(path: str, value: Any) -> Any:
        if path.partition("?")[0].endswith("/subjects.json") and value:
            value[0]["from_the_future"] = "x"
            for one in value:
                one["id"] = str(one["id"])
                del one["vat_no"]
        return value

    with spoiled(real, spoil) as url:
        found = beside(sandbox, real, url)
    [first, *_] = found.differing
    assert {one.path for one in found.differing} == {"/accounts/{slug}/subjects.json"}
    assert first.section == "2.5"
    assert set(first.differences) == {
        "attribute `from_the_future`: only there",
        "attribute `vat_no`: only here",
        "type of `id`: number here, string there",
    }


def test_the_report_holds_no_value(sandbox: Sandbox, real: Sandbox, tmp_path: Path) -> None:
    part = real.told["fakturoid"]
    typed = f"{part['client_id']}\n{part['client_secret']}\n"
    said = run(
        *("parity", "--fakturoid", "applecorp", "--double", sandbox.server.url, "--real-url", part["base_url"]),
        *("--pause", "0", "--out", str(tmp_path)),
        typed=typed,
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert "0 differ" in said.stdout
    written = "".join(file.read_text() for file in tmp_path.glob("parity-fakturoid.*"))
    assert "nothing was written" in written
    for private in (part["client_id"], part["client_secret"], "applecorp", "Applecorp", "owner@"):
        assert private not in written + said.stdout
    assert json.loads((tmp_path / "parity-fakturoid.json").read_bytes())["compared"]


def test_who_is_not_let_in_is_told_without_the_secret(sandbox: Sandbox, real: Sandbox, tmp_path: Path) -> None:
    url = real.told["fakturoid"]["base_url"]
    double = "--double", sandbox.server.url
    wrong = run("parity", "--fakturoid", "x", *double, "--real-url", url, "--out", str(tmp_path), typed="one\ntwo\n")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.strip() == "The real account gives no token for these credentials: it answers 401."
    closed = "http://127.0.0.1:1"
    silent = run("parity", "--infakt", *double, "--real-url", closed, "--out", str(tmp_path), typed="key\n")
    assert (silent.returncode, "does not answer" in silent.stderr) == (2, True)
    nobody = run("parity", "--infakt", "--double", closed, typed="key\n")
    assert (nobody.returncode, "No sandbox answers" in nobody.stderr) == (2, True)
    assert "Name one account" in run("parity").stderr


def test_where_a_list_is_empty_its_records_are_not_compared(sandbox: Sandbox, real: Sandbox) -> None:
    with spoiled(real, lambda path, value: [] if path.endswith("/expenses.json") else value) as url:
        found = beside(sandbox, real, url)
    assert found.differing == []
    left_out = [one for one in found.compared if one.why_not]
    assert "/accounts/{slug}/expenses/{id}.json" in {one.path for one in left_out}
    assert "## Not compared" in in_words(found)


def test_statuses_headers_and_media_types_are_compared() -> None:
    fine = Reply(200, "application/json", frozenset({"x-ratelimit"}), {"id": 1, "note": None})
    assert [*differences(fine, fine._replace(body={"id": 2.5, "note": "x"}), frozenset({"x-ratelimit"}))] == []
    assert [*differences(fine, fine._replace(headers=frozenset()), frozenset({"x-ratelimit"}))] == [
        "header `x-ratelimit`: only here"
    ]
    assert "404" in next(differences(fine, fine._replace(status=404), frozenset()))
    assert "text/html" in next(differences(fine, fine._replace(media="text/html"), frozenset()))


def test_a_dialect_that_is_not_there_is_told() -> None:
    with pytest.raises(Unreached, match="does not speak"):
        compare(Wanted("infakt", "", "http://127.0.0.1:1", 1, 0, write=False), {"api_key": ""}, {})
