"""What a project uses, out of a recording: endpoints and attributes with how well founded they are, and no value."""

import base64
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from faktura.dialects import installed
from faktura.fidelity.manifest import FOLDERS, Contract
from faktura.fidelity.usage import recordings
from faktura.fidelity.usage.recordings import Call, Unreadable, read_calls
from faktura.fidelity.usage.usage import HIDDEN, Usage, usage_of
from tests import needs
from tests.running import run

pytestmark = needs.FAKTUROID

API = "https://app.fakturoid.cz/api/v3"
SECRET = "s3cr3t-T0KEN-of-somebody"


def entry(method: str, url: str, sent: Any = None, answered: Any = None, status: int = 200) -> dict[str, Any]:
    headers = [{"name": "Authorization", "value": f"Bearer {SECRET}"}]
    request: dict[str, Any] = {"method": method, "url": url, "headers": headers, "httpVersion": "HTTP/1.1"}
    if sent is not None:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(sent)}
    content = {"mimeType": "application/json", "text": "" if answered is None else json.dumps(answered)}
    return {"request": request, "response": {"status": status, "content": content}, "time": 3}


def har(folder: Path, *entries: dict[str, Any]) -> Path:
    file = folder / "project.har"
    file.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "tests"}, "entries": entries}}))
    return file


def lines(folder: Path, text: str) -> Path:
    file = folder / "access.log"
    file.write_text(text)
    return file


def used(usage: Usage) -> list[tuple[str, str, str, int]]:
    return [(one.method, one.path, one.state, one.requests) for one in usage.endpoints]


def test_a_har_says_what_is_asked_sent_and_read(tmp_path: Path) -> None:
    sent = {"name": SECRET, "favourite_colour": "red", "lines": [{"name": "Práce", "vat_rate": 21}]}
    answer = [{"id": 1, "name": "Karel", "from_the_future": True}]
    file = har(
        tmp_path,
        entry("GET", f"{API}/accounts/applecorp/subjects.json?page=2&token={SECRET}", answered=answer),
        entry("GET", f"{API}/accounts/pearcorp/subjects.json"),
        entry("POST", f"{API}/accounts/applecorp/invoices.json", sent, {"id": 1}, 201),
        entry("GET", "https://elsewhere.example/api/v3/nothing"),
    )
    usage = usage_of(read_calls(file))

    assert (usage.requests, usage.left_out) == (4, 1)
    assert used(usage) == [
        ("GET", "/accounts/{slug}/subjects.json", "built", 2),
        ("POST", "/accounts/{slug}/invoices.json", "built", 1),
    ]
    subjects, invoices = usage.endpoints
    assert [(one.name, one.known) for one in subjects.asked] == [("page", True), ("token", False)]
    assert [(one.name, one.known) for one in subjects.read] == [
        ("from_the_future", False),
        ("id", True),
        ("name", True),
    ]
    assert [one.name for one in invoices.sent if one.known] == ["lines", "lines.name", "lines.vat_rate"]
    assert [one.name for one in invoices.sent if not one.known] == ["favourite_colour", "name"]


def test_facts_about_an_attribute_are_counted_by_where_they_come_from() -> None:
    fakturoid = next(Contract(dialect) for dialect in installed() if dialect.name == "fakturoid")
    about = [fact for fact in fakturoid.facts_of("2.5") if "ares_update" in fact.names]
    assert about
    body = {"ares_update": True}
    [endpoint] = usage_of([Call("POST", f"{API}/accounts/a/subjects.json", 201, body)]).endpoints
    [attribute] = endpoint.sent
    assert sum(attribute.facts.values()) == len(about)
    assert attribute.facts.keys() == {fact.origin for fact in about}


@pytest.mark.parametrize(
    "url",
    [
        "https://app.fakturoid.cz/api/v3/accounts/a/subjects/7.json",
        "http://localhost:8000/fakturoid/api/v3/accounts/a/subjects/7.json",
        "http://localhost:8000/worlds/mine/fakturoid/api/v3/accounts/a/subjects/7.json",
        "/api/v3/accounts/a/subjects/7.json",
        "https://proxy.example/api/v3/accounts/a/subjects/7.json",
    ],
)
def test_a_service_is_known_by_its_host_by_our_addresses_and_by_its_paths(url: str) -> None:
    assert used(usage_of([Call("GET", url)])) == [("GET", "/accounts/{slug}/subjects/{id}.json", "built", 1)]


@needs.INFAKT
def test_both_services_are_told_apart(tmp_path: Path) -> None:
    file = lines(
        tmp_path,
        """192.0.2.1 - jan [28/Nov/2026:10:00:00 +0100] "GET /api/v3/clients.json?limit=5 HTTP/1.1" 200 17 "-" "x"
192.0.2.1 - - [28/Nov/2026:10:00:01 +0100] "POST /api/v3/accounts/a/subjects.json HTTP/1.1" 201 17
POST https://api.infakt.pl/v3/saf_v7_files/17/paid.json
something else
""",
    )
    assert [(one.dialect, one.path, one.state) for one in usage_of(read_calls(file)).endpoints] == [
        ("Fakturoid API v3", "/accounts/{slug}/subjects.json", "built"),
        ("inFakt API v3", "/clients.json", "built"),
        ("inFakt API v3", "/saf_v7_files/{id}/paid.json", "to come"),
    ]


def test_what_no_contract_has_is_listed_without_what_may_be_somebodys() -> None:
    [unknown] = usage_of([Call("GET", f"{API}/accounts/applecorp/{SECRET}/dreams.json")]).endpoints
    assert (unknown.state, unknown.path) == ("unknown", "/accounts/{…}/{…}/dreams.json")
    [odd] = usage_of([Call("POST", f"{API}/accounts/a/subjects.json", None, {SECRET: 1})]).endpoints
    assert [one.name for one in odd.sent] == [HIDDEN]


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_no_value_of_the_file_is_shown(tmp_path: Path, options: tuple[str, ...]) -> None:
    encoded = {"mimeType": "application/json", "encoding": "base64"}
    private = entry("POST", f"{API}/accounts/applecorp/subjects.json?key={SECRET}", {"name": SECRET, SECRET: SECRET})
    private["response"]["content"] = encoded | {"text": base64.b64encode(json.dumps({"id": SECRET}).encode()).decode()}
    file = har(tmp_path, private, entry("GET", f"https://jan:{SECRET}@app.fakturoid.cz/api/v3/{SECRET}?{SECRET}"))
    said = run("check-usage", str(file), *options)
    assert (said.returncode, said.stderr) == (0, "")
    assert "/accounts/{slug}/subjects.json" in said.stdout
    assert not any(private in said.stdout for private in (SECRET, "applecorp", "jan"))
    if options:
        assert {one["state"] for one in json.loads(said.stdout)["endpoints"]} == {"built", "unknown"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04\0\0", "is a binary file"),
        (b'{"log": {"entries": [', "cut or broken"),
        (b'{"name": "Karel"}', "no HAR file"),
        (b'{"log": {"version": "1.2", "entries": [{"request": {}}]}}', "no HAR file"),
        (b"[" * 100_000, "no HAR file"),
        (b'{"log": {"version": "\xff"}}', "cut or broken|no HAR file"),
        (b"nothing of interest\n", "neither a HAR file nor a log"),
        (b'{"log": {"version": "2.0", "entries": []}}', "another version"),
    ],
)
def test_a_file_that_is_no_recording_is_refused_in_a_sentence(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(Unreadable, match=why):
        read_calls(file)


def test_a_file_that_cannot_be_read_ends_with_code_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in (tmp_path, tmp_path / "missing"):
        said = run("check-usage", str(file))
        assert (said.returncode, len(said.stderr.splitlines()), said.stdout) == (2, 1, "")
    monkeypatch.setattr(recordings, "MOST_BYTES", 10)
    with pytest.raises(Unreadable, match="has more than"):
        read_calls(lines(tmp_path, "GET /api/v3/user.json\n"))


def test_a_recording_of_nobody_we_know_says_so(tmp_path: Path) -> None:
    said = run("check-usage", str(lines(tmp_path, "GET https://elsewhere.example/\n")))
    assert said.stdout.strip() == "0 of 1 requests go to 0 endpoints of the services."


def test_an_installed_package_has_the_facts(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=Path(__file__).parent.parent, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        facts = packed.read("faktura/fidelity/facts/fakturoid.jsonl")
    assert facts == (FOLDERS[1] / "fakturoid.jsonl").read_bytes()
