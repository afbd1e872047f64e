"""Every sentence of the sandbox's contract: how it starts, what it tells, where the dialects are, how it is driven."""

import base64
import contextlib
import http.client
import json
import re
import shlex
import signal
import socket
import ssl
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from faktura.dialects import installed
from tests import needs
from tests.running import PATIENCE, Answer, Server, end, is_open, running, start
from tests.sandboxes import API, SUBJECTS, Sandbox

# How it starts


def test_the_port_is_closed_until_requests_are_taken(tmp_path: Path) -> None:
    server = start(tmp_path, "sandbox", by_itself=True)
    try:
        deadline = time.monotonic() + PATIENCE
        while not is_open(server.host, server.port):
            assert server.process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.001)
        answer = server.ask("GET", "/healthz")
        assert (answer.status, answer.body) == (200, b'{"status":"ok"}')
    finally:
        end(server.process)


@needs.FAKTUROID
@needs.INFAKT
def test_sandbox_json_is_told_before_the_port_opens_and_is_for_nobody_else(sandbox: Sandbox) -> None:
    told, url = sandbox.told, sandbox.server.url
    assert told == {
        "base_url": url,
        "web": {"email": "owner@applecorp.example", "password": told["web"]["password"]},
        "fakturoid": {
            "base_url": f"{url}/fakturoid/api/v3",
            "client_id": told["fakturoid"]["client_id"],
            "client_secret": told["fakturoid"]["client_secret"],
            "slug": "applecorp",
            "foreign_slug": "pearcorp",
            "integration": told["fakturoid"]["integration"],
        },
        "infakt": {
            "base_url": f"{url}/infakt/v3",
            "api_key": told["infakt"]["api_key"],
            "read_only_api_key": told["infakt"]["read_only_api_key"],
            "foreign_api_key": told["infakt"]["foreign_api_key"],
        },
        "control_url": f"{url}/sandbox",
        "seed": told["seed"],
    }
    assert told["fakturoid"]["integration"].keys() == {"client_id", "client_secret", "redirect_uri"}
    assert stat.S_IMODE((sandbox.data / "sandbox.json").stat().st_mode) == 0o600


@needs.FAKTUROID
@needs.INFAKT
def test_it_prints_addresses_login_and_two_curl_lines_that_work_when_pasted(sandbox: Sandbox) -> None:
    printed = wait_for_announcement(sandbox.server)
    told = sandbox.told
    for promised in (
        told["base_url"],
        told["fakturoid"]["base_url"],
        told["infakt"]["base_url"],
        told["control_url"],
        told["web"]["email"],
        told["web"]["password"],
        str(sandbox.data / "sandbox.json"),
    ):
        assert promised in printed
    lines = [line for line in printed.splitlines() if line.startswith("curl ")]
    assert len(lines) == 2
    token, clients = (as_curl(line) for line in lines)
    assert token.json["token_type"] == "Bearer"
    assert clients.json["metainfo"]["count"] > 0


@needs.FAKTUROID
@needs.INFAKT
def test_secrets_are_random_and_the_database_holds_none_of_them(sandbox: Sandbox, tmp_path: Path) -> None:
    with running(tmp_path, "sandbox", "--data", str(tmp_path / "data")) as server:
        other = Sandbox(server, tmp_path / "data")
        mine, others = secrets_in(sandbox.told), secrets_in(other.told)
    assert len(mine) == len(others) == 8
    assert not mine & others
    ids = {part["client_id"] for part in (other.told["fakturoid"], other.told["fakturoid"]["integration"])}
    assert files_holding(tmp_path / "data", others - ids) == {"sandbox.json"}


@needs.FAKTUROID
@needs.INFAKT
def test_data_and_credentials_survive_a_restart(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(tmp_path, "sandbox", "--data", str(data)) as server:
        first = Sandbox(server, data)
        created = first.call("POST", SUBJECTS, {"name": "Zůstane s.r.o."})
        assert server.stop() == 0
    with running(tmp_path, "sandbox", "--data", str(data)) as server:
        second = Sandbox(server, data)
        assert secrets_in(second.told) == secrets_in(first.told)
        assert second.told["base_url"] == server.url
        second.token = first.token
        again = second.call("GET", f"{API}/accounts/applecorp/subjects/{created.json['id']}.json")
        assert again.json["name"] == "Zůstane s.r.o."


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_without_a_folder_the_temporary_one_is_gone_at_the_end(number: signal.Signals, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with running(tmp_path, "sandbox", settings={"TMPDIR": str(temporary)}) as server:
        assert [path.name for path in temporary.glob("faktura-*/sandbox.json")] == ["sandbox.json"]
        assert server.stop(number) == 0
    assert list(temporary.iterdir()) == []


def test_what_sandbox_json_says_is_handed_out_to_this_machine_alone(sandbox: Sandbox) -> None:
    handed_out = sandbox.server.ask("GET", "/sandbox/sandbox.json")
    elsewhere = sandbox.server.ask("GET", "/sandbox/sandbox.json", headers={"Host": "evil.example"})
    without_tls = sandbox.server.ask("GET", "/sandbox/ca.pem")

    assert handed_out.json == sandbox.told
    assert elsewhere.status == 403
    assert (without_tls.status, without_tls.json["error"]) == (404, "not_found")


def test_a_folder_is_served_once_at_a_time(sandbox: Sandbox, tmp_path: Path) -> None:
    server = start(tmp_path, "sandbox", "--data", str(sandbox.data))
    assert server.process.wait(PATIENCE) == 1
    assert "Another faktura serves the same data" in server.log.read_text()


# What the credentials open


@needs.FAKTUROID
def test_the_credentials_are_the_owners_who_has_no_access_to_the_foreign_account(sandbox: Sandbox) -> None:
    user = sandbox.call("GET", f"{API}/user.json").json
    assert user["email"] == "owner@applecorp.example"
    assert [(a["slug"], a["permission"]) for a in user["accounts"]] == [("applecorp", "owner")]
    assert sandbox.call("GET", f"{API}/accounts/pearcorp/subjects.json").status in {403, 404}


@needs.FAKTUROID
def test_the_integration_sends_people_back_to_its_address(sandbox: Sandbox) -> None:
    integration = sandbox.told["fakturoid"]["integration"]
    query = f"client_id={integration['client_id']}&redirect_uri={integration['redirect_uri']}&response_type=code"
    answer = sandbox.server.ask("GET", f"{API}/oauth?{query}")
    assert answer.status in {200, 302, 303}
    other = sandbox.server.ask("GET", f"{API}/oauth?{query.replace('callback', 'elsewhere')}")
    assert other.status == 400


@needs.INFAKT
def test_the_api_keys_open_two_polish_accounts_and_the_second_one_only_reads(sandbox: Sandbox) -> None:
    clients = "/infakt/v3/clients.json"
    own, reading, foreign = (
        sandbox.with_key(key, "GET", clients).json["entities"]
        for key in ("api_key", "read_only_api_key", "foreign_api_key")
    )
    assert "PL" in {client["country"] for client in own}
    assert [client["id"] for client in reading] == [client["id"] for client in own]
    assert not {client["id"] for client in foreign} & {client["id"] for client in own}
    body = {"client": {"company_name": "Nowa firma", "nip": "1234563218"}}
    assert sandbox.with_key("api_key", "POST", clients, body).status == 201
    assert sandbox.with_key("read_only_api_key", "POST", clients, body).status in {401, 403}


@needs.FAKTUROID
def test_the_example_firm_has_contacts_for_two_pages_people_accounts_and_number_formats(sandbox: Sandbox) -> None:
    pages = [sandbox.call("GET", f"{SUBJECTS}?page={page}").json for page in (1, 2, 3)]
    assert [len(page) for page in pages][0::2] == [40, 0]
    assert len(pages[1]) >= 5
    assert len({subject["country"] for page in pages for subject in page}) >= 5
    account = f"{API}/accounts/applecorp"
    people = sandbox.call("GET", f"{account}/users.json").json
    assert {person["permission"] for person in people} == {"owner", "write", "read"}
    assert len(sandbox.call("GET", f"{account}/bank_accounts.json").json) == 2
    assert sandbox.call("GET", f"{account}/number_formats/invoices.json").json
    first = pages[0][0]
    refused = sandbox.call("DELETE", f"{account}/subjects/{first['id']}.json")
    assert refused.status == 422


@needs.FAKTUROID
def test_no_proforma_of_the_example_firm_shares_its_symbol_with_an_invoice_of_another_order(sandbox: Sandbox) -> None:
    invoices = sandbox.call("GET", f"{API}/accounts/applecorp/invoices.json").json
    of_proformas = {found["variable_symbol"] for found in invoices if found["document_type"] == "proforma"}
    of_invoices = {found["variable_symbol"] for found in invoices if found["document_type"] == "invoice"}

    assert of_proformas
    assert of_invoices
    assert of_proformas.isdisjoint(of_invoices)


# TLS


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("secure")
    with running(folder, "sandbox", "--tls", "--data", str(folder / "data")) as server:
        yield server, json.loads((folder / "data" / "sandbox.json").read_bytes())


@needs.FAKTUROID
def test_with_tls_every_address_begins_with_https_and_the_authority_is_named(
    secure: tuple[Server, dict[str, Any]],
) -> None:
    server, told = secure
    addresses = re.findall(r'"(https?:[^"]*)"', json.dumps(told))
    theirs = told["fakturoid"]["integration"]["redirect_uri"]
    assert all(address.startswith("https://") for address in addresses if address != theirs)
    assert Path(told["ca_file"]).is_file()
    printed = wait_for_announcement(server)
    assert printed.count(f"--cacert '{told['ca_file']}'") == 2
    assert f"{told['ca_file']}  (also: {told['control_url']}/ca.pem)" in printed


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize(
    "name",
    [
        "127.0.0.1",
        "localhost",
        pytest.param("app.fakturoid.cz", marks=needs.FAKTUROID),
        pytest.param("api.infakt.pl", marks=needs.INFAKT),
        pytest.param("api.sandbox-infakt.pl", marks=needs.INFAKT),
    ],
)
def test_tls_1_2_and_1_3_are_served_with_a_certificate_of_the_authority(
    secure: tuple[Server, dict[str, Any]], version: ssl.TLSVersion, name: str
) -> None:
    server, told = secure
    context = ssl.create_default_context(cafile=told["ca_file"])
    context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection((server.host, server.port)) as plain,
        context.wrap_socket(plain, server_hostname=name) as connection,
    ):
        connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        assert connection.version() == version.name.replace("_", ".").replace("TLSv1.2", "TLSv1.2")


@pytest.mark.filterwarnings("ignore:.*TLSv1_1 is deprecated:DeprecationWarning")
def test_tls_1_1_is_refused(secure: tuple[Server, dict[str, Any]]) -> None:
    server, told = secure
    context = ssl.create_default_context(cafile=told["ca_file"])
    # The own library would not even ask.
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection((server.host, server.port)) as plain,
        pytest.raises(ssl.SSLError, match=r"(?i)alert|version"),
    ):
        context.wrap_socket(plain, server_hostname="localhost")


def test_the_authority_stays_when_the_sandbox_is_started_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    authorities = []
    for _ in range(2):
        with running(tmp_path, "sandbox", "--tls", "--data", str(data)):
            authorities.append((data / "ca.pem").read_bytes())
    assert authorities[0] == authorities[1]
    assert all(stat.S_IMODE((data / name).stat().st_mode) == 0o600 for name in ("ca.key", "server.key"))


# Where the dialects are


@pytest.mark.parametrize(
    ("host", "path"),
    [
        (None, "/fakturoid/api/v3/user.json"),
        ("app.fakturoid.cz", "/api/v3/user.json"),
        ("app.fakturoid.cz", "/fakturoid/api/v3/user.json"),
        (None, "/infakt/v3/clients.json"),
        (None, "/infakt/api/v3/clients.json"),
        ("api.infakt.pl", "/v3/clients.json"),
        ("api.infakt.pl", "/api/v3/clients.json"),
        ("api.infakt.pl:443", "/api/v3//clients.json"),
        ("api.sandbox-infakt.pl", "/v3/clients.json"),
        ("api.sandbox-infakt.pl:443", "/api/v3/clients.json"),
    ],
)
@needs.FAKTUROID
@needs.INFAKT
def test_a_dialect_answers_by_path_everywhere_and_at_its_clients_own_paths_by_host(
    sandbox: Sandbox, host: str | None, path: str
) -> None:
    by_host = {"Host": host} if host else {}
    answer = sandbox.call("GET", path, X_inFakt_ApiKey=sandbox.told["infakt"]["api_key"], **by_host)
    assert answer.status == 200


@pytest.mark.parametrize(
    ("host", "path"),
    [(None, "/api/v3/user.json"), ("api.infakt.pl", "/api/v3/user.json"), ("app.fakturoid.cz", "/v3/clients.json")],
)
@needs.FAKTUROID
@needs.INFAKT
def test_nobody_else_has_those_paths(sandbox: Sandbox, host: str | None, path: str) -> None:
    by_host = {"Host": host} if host else {}
    answer = sandbox.call("GET", path, X_inFakt_ApiKey=sandbox.told["infakt"]["api_key"], **by_host)
    assert answer.status in {302, 303, 404, 406}


@pytest.mark.parametrize(
    ("host", "mount"),
    [
        ("127.0.0.1:{port}", "/fakturoid/api/v3"),
        ("localhost:{port}", "/fakturoid/api/v3"),
        ("app.fakturoid.cz", "/api/v3"),
        ("app.fakturoid.cz:{port}", "/api/v3"),
    ],
)
@needs.FAKTUROID
def test_links_are_built_from_the_address_that_the_request_came_in_on(sandbox: Sandbox, host: str, mount: str) -> None:
    host = host.format(port=sandbox.server.port)
    for subject in sandbox.call("GET", f"{mount}/accounts/applecorp/subjects.json", Host=host).json:
        assert subject["url"] == f"http://{host}{mount}/accounts/applecorp/subjects/{subject['id']}.json"
        assert subject["html_url"] == f"http://{host}/applecorp/subjects/{subject['id']}"


@needs.FAKTUROID
def test_links_name_no_host_that_nobody_knows(sandbox: Sandbox) -> None:
    subject = sandbox.call("GET", SUBJECTS, Host="evil.example").json[0]
    assert subject["url"].startswith(sandbox.server.url)
    subject = sandbox.call(
        "GET",
        SUBJECTS,
        X_Forwarded_Host="app.fakturoid.cz",
        X_Forwarded_Proto="https",
        Forwarded="host=app.fakturoid.cz",
    ).json[0]
    assert subject["url"].startswith(sandbox.server.url)


@needs.FAKTUROID
def test_the_html_url_of_a_subject_opens_for_whoever_signs_in_with_the_login(sandbox: Sandbox) -> None:
    path = urlsplit(sandbox.call("GET", SUBJECTS).json[0]["html_url"]).path
    signed_in = sandbox.sign_in_at(path, sandbox.told["web"]["password"])
    assert urlsplit(signed_in.headers["location"]).path == path
    page = sandbox.server.ask("GET", path, headers={"Cookie": signed_in.headers["set-cookie"].partition(";")[0]})
    assert page.status == 200
    assert "Truhlářství Dub" in page.body.decode()


@pytest.mark.parametrize("dialect", [dialect.name for dialect in installed()])
def test_the_document_of_a_dialect_and_a_page_to_read_it_are_served(sandbox: Sandbox, dialect: str) -> None:
    document = sandbox.server.ask("GET", f"/{dialect}/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert document["servers"][0]["url"] == sandbox.told[dialect]["base_url"]
    page = sandbox.server.ask("GET", f"/{dialect}/docs")
    assert page.headers["content-type"].startswith("text/html")
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.body.decode()):
        assert sandbox.server.ask("GET", f"/{dialect}/{address}").status == 200


def wait_for_announcement(server: Server) -> str:
    deadline = time.monotonic() + PATIENCE
    while (printed := server.output.read_text()).count("\ncurl ") < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return printed


def as_curl(line: str) -> Answer:
    """What curl would do with the options that our lines use."""
    program, *words = shlex.split(line)
    assert program == "curl"
    method, headers, body, address = "GET", {}, b"", ""
    while words:
        match words.pop(0):
            case "-s":
                pass
            case "-A":
                headers["User-Agent"] = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-u":
                headers["Authorization"] = f"Basic {base64.b64encode(words.pop(0).encode()).decode()}"
            case "-d":
                method, body = "POST", words.pop(0).encode()
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            case word:
                address = word
    parts = urlsplit(address)
    with contextlib.closing(http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)) as connection:
        connection.request(method, parts.path, body or None, headers)
        answer = connection.getresponse()
        assert answer.status == 200
        return Answer(answer.status, dict(answer.getheaders()), answer.read())


def secrets_in(told: dict[str, Any]) -> set[str]:
    owner, integration, keys = told["fakturoid"], told["fakturoid"]["integration"], told["infakt"]
    return {
        told["web"]["password"],
        *(part[name] for part in (owner, integration) for name in ("client_id", "client_secret")),
        *(keys[name] for name in ("api_key", "read_only_api_key", "foreign_api_key")),
    }


def files_holding(folder: Path, secrets: set[str]) -> set[str]:
    """The files in which a secret stands as it is."""
    return {file.name for file in folder.iterdir() if any(secret.encode() in file.read_bytes() for secret in secrets)}
