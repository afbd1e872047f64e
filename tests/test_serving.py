"""The real server: how it starts and stops, what it takes for its address, what it writes into its log."""

import contextlib
import json
import os
import signal
import ssl
import stat
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

import pytest
import trustme

from faktura.core.clock import Clock
from faktura.core.people.tokens import Token
from faktura.store.database import open_database
from faktura.store.every import every
from tests import needs
from tests.firm import PASSWORD, Firm, open_firm
from tests.postgres import administrator, url_of
from tests.running import PATIENCE, PROGRAM, Server, end, environment, running, start

KEY = "a key for tests that has enough letters"


@pytest.fixture
def firm(database_url: str) -> Firm:
    with contextlib.closing(open_database(database_url)) as database:
        return open_firm(database, Clock())


@pytest.fixture
def on_sqlite(sqlite_url: str) -> dict[str, str]:
    return {"FAKTURA_DATABASE_URL": sqlite_url}


@pytest.fixture
def settings(database_url: str) -> dict[str, str]:
    return {"FAKTURA_DATABASE_URL": database_url, "FAKTURA_SECRET_KEY": KEY}


def subjects(server: Server, firm: Firm, host: str = "", **headers: str) -> list[dict[str, str]]:
    named = {name.replace("_", "-"): value for name, value in headers.items()} | ({"Host": host} if host else {})
    path = f"/fakturoid/api/v3/accounts/{firm.account.slug}/subjects.json"
    headers = {"Authorization": f"Bearer {firm.token}", "Content-Type": "application/json", **named}
    server.ask("POST", path, {"name": "Firma"}, headers)
    answer = server.ask("GET", path, headers=headers)
    assert answer.status == 200, answer.body
    return list(answer.json)


# Starting and stopping


def test_an_empty_database_gets_its_tables_when_several_processes_start_at_once(
    postgres_server: str, tmp_path: Path
) -> None:
    with administrator(postgres_server) as connection:
        connection.execute("CREATE DATABASE empty_one")
    url = url_of(postgres_server, "empty_one")
    settings = {"FAKTURA_DATABASE_URL": url, "FAKTURA_SECRET_KEY": KEY}
    with running(tmp_path, "serve", "--processes", "3", settings=settings) as server:
        assert {server.ask("GET", "/healthz").status for _ in range(30)} == {200}
        assert server.stop() == 0
    with administrator(postgres_server) as connection:
        connection.execute("DROP DATABASE empty_one")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@needs.FAKTUROID
def test_a_request_that_runs_is_answered_before_the_server_stops(
    firm: Firm, settings: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    unlimited = settings | {"FAKTURA_RATE_LIMITS": "false"}
    with running(tmp_path, "serve", settings=unlimited) as server:
        answered: list[int] = []

        def write() -> None:
            with contextlib.suppress(OSError):
                while True:
                    answered.append(len(subjects(server, firm)))

        writing = threading.Thread(target=write)
        writing.start()
        while not answered:
            time.sleep(0.01)
        assert server.stop(number) == 0
        writing.join()
    assert "Traceback" not in server.log.read_text()


def test_ctrl_c_in_the_terminal_stops_it_at_once(settings: dict[str, str], tmp_path: Path) -> None:
    with running(tmp_path, "serve", settings=settings) as server:
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(PATIENCE) == 0


def test_nothing_is_left_of_a_server_that_was_killed(settings: dict[str, str], tmp_path: Path) -> None:
    with running(tmp_path, "serve", settings=settings) as server:
        children = server.children
        assert children
        server.kill()
        deadline = time.monotonic() + PATIENCE
        while any(is_alive(child) for child in children):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def is_alive(process: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_port_that_is_taken_is_not_shared(settings: dict[str, str], tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    other = settings | {"FAKTURA_DATABASE_URL": f"sqlite:///{second / 'other.sqlite'}"}
    with running(tmp_path, "serve", settings=settings) as server:
        late = start(second, "serve", port=server.port, settings=other)
        try:
            assert late.process.wait(PATIENCE) == 1
        finally:
            end(late.process)
        assert f"Cannot listen at 127.0.0.1, port {server.port}" in late.log.read_text()


def test_an_sqlite_file_is_served_by_one_server(on_sqlite: dict[str, str], tmp_path: Path) -> None:
    with running(tmp_path, "serve", settings=on_sqlite):
        late = start(tmp_path, "serve", settings=on_sqlite)
        try:
            assert late.process.wait(PATIENCE) == 1
        finally:
            end(late.process)
        assert "Another faktura serves the same data" in late.log.read_text()


def test_on_sqlite_a_secret_key_is_made_once_for_nobody_else_to_read(
    sqlite_url: str, on_sqlite: dict[str, str], tmp_path: Path
) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///") + ".key")
    keys = []
    for _ in range(2):
        with running(tmp_path, "serve", settings=on_sqlite):
            keys.append(file.read_text())
    assert keys[0] == keys[1]
    assert len(keys[0]) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_on_postgresql_a_secret_key_must_be_set(postgres_url: str, tmp_path: Path) -> None:
    server = start(tmp_path, "serve", settings={"FAKTURA_DATABASE_URL": postgres_url})
    try:
        assert server.process.wait(PATIENCE) == 1
    finally:
        end(server.process)
    said = server.log.read_text()
    assert "FAKTURA_SECRET_KEY is not set" in said
    assert "Traceback" not in said


def test_https_is_served_with_the_certificate_that_is_set(on_sqlite: dict[str, str], tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    for pem in issued.cert_chain_pems:
        pem.write_to_path(tmp_path / "cert.pem", append=True)
    certificate = {"FAKTURA_TLS_CERT": str(tmp_path / "cert.pem"), "FAKTURA_TLS_KEY": str(tmp_path / "key.pem")}
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with (
        running(tmp_path, "serve", settings=on_sqlite | certificate) as server,
        urllib.request.urlopen(f"https://localhost:{server.port}/healthz", context=context) as answer,
    ):
        assert answer.read() == b'{"status":"ok"}'


# Its address


@pytest.fixture
def sqlite_firm(sqlite_url: str) -> Firm:
    with contextlib.closing(open_database(sqlite_url)) as database:
        return open_firm(database, Clock())


@needs.FAKTUROID
def test_links_begin_with_the_public_address_or_a_known_host_and_no_other(
    on_sqlite: dict[str, str], sqlite_firm: Firm, tmp_path: Path
) -> None:
    settings = {"FAKTURA_PUBLIC_URL": "https://faktury.example", "FAKTURA_KNOWN_HOSTS": "inside.example:8080, other"}
    with running(tmp_path, "serve", settings=on_sqlite | settings) as server:
        for host, base in {
            "": "https://faktury.example",
            "evil.example": "https://faktury.example",
            "inside.example": "https://faktury.example",
            "inside.example:8080": "http://inside.example:8080",
            "other": "http://other",
            "faktury.example": "http://faktury.example",
        }.items():
            links = [subject["url"] for subject in subjects(server, sqlite_firm, host)]
            assert all(link.startswith(f"{base}/fakturoid/api/v3/accounts/") for link in links)


@needs.FAKTUROID
def test_where_no_public_address_is_set_links_begin_with_the_one_that_is_listened_at(
    on_sqlite: dict[str, str], sqlite_firm: Firm, tmp_path: Path
) -> None:
    with running(tmp_path, "serve", settings=on_sqlite) as server:
        assert subjects(server, sqlite_firm, "evil.example")[0]["html_url"].startswith(f"{server.url}/applecorp/")


@needs.FAKTUROID
def test_forwarded_headers_are_believed_from_as_many_proxies_as_are_set(
    on_sqlite: dict[str, str], sqlite_firm: Firm, tmp_path: Path
) -> None:
    settings = on_sqlite | {"FAKTURA_PUBLIC_URL": "https://faktury.example"}
    forwarded = {"X_Forwarded_Host": "evil.example, app.fakturoid.cz", "X_Forwarded_Proto": "http, https"}
    with running(tmp_path, "serve", settings=settings | {"FAKTURA_PROXIES": "1"}) as server:
        [subject] = subjects(server, sqlite_firm, **forwarded)[:1]
        assert subject["html_url"].startswith("https://app.fakturoid.cz/")
        [subject] = subjects(
            server, sqlite_firm, **(forwarded | {"X_Forwarded_Host": "app.fakturoid.cz, evil.example"})
        )[:1]
        assert subject["html_url"].startswith("https://faktury.example/")
    with running(tmp_path, "serve", settings=settings) as server:
        [subject] = subjects(server, sqlite_firm, **forwarded)[:1]
        assert subject["html_url"].startswith("https://faktury.example/")


@needs.FAKTUROID
def test_behind_a_proxy_requests_are_counted_by_the_address_that_it_tells(
    on_sqlite: dict[str, str], sqlite_firm: Firm, tmp_path: Path
) -> None:
    def remaining(server: Server, addresses: list[str]) -> list[str]:
        headers = [{"Authorization": f"Bearer {sqlite_firm.token}", "X-Forwarded-For": a} for a in addresses]
        answers = [server.ask("GET", "/fakturoid/api/v3/user.json", headers=h) for h in headers]
        return [answer.headers["x-ratelimit"].split(";")[1] for answer in answers]

    addresses = ["10.0.0.1", "10.0.0.2", "10.0.0.2"]
    with running(tmp_path, "serve", settings=on_sqlite | {"FAKTURA_PROXIES": "1"}) as server:
        assert remaining(server, addresses) == ["r=199", "r=199", "r=198"]
    with running(tmp_path, "serve", settings=on_sqlite) as server:
        assert remaining(server, addresses) == ["r=199", "r=198", "r=197"]


@needs.FAKTUROID
def test_rate_limits_can_be_switched_off(on_sqlite: dict[str, str], sqlite_firm: Firm, tmp_path: Path) -> None:
    with running(tmp_path, "serve", settings=on_sqlite | {"FAKTURA_RATE_LIMITS": "false"}) as server:
        headers = {"Authorization": f"Bearer {sqlite_firm.token}"}
        assert "x-ratelimit" not in server.ask("GET", "/fakturoid/api/v3/user.json", headers=headers).headers


def test_a_real_server_has_no_control_address(on_sqlite: dict[str, str], tmp_path: Path) -> None:
    with running(tmp_path, "serve", settings=on_sqlite) as server:
        assert server.ask("PATCH", "/sandbox", {"read_only": True}).status in {400, 404, 405}
        assert server.ask("POST", "/sandbox/reset").status in {400, 404, 405}


# The log


@pytest.mark.parametrize("form", ["text", "json"])
@needs.FAKTUROID
def test_the_log_tells_requests_and_no_secret(
    on_sqlite: dict[str, str], sqlite_firm: Firm, tmp_path: Path, form: str
) -> None:
    settings = on_sqlite | {"FAKTURA_LOG_REQUESTS": "true", "FAKTURA_LOG_FORMAT": form}
    api, firm = "/fakturoid/api/v3", sqlite_firm
    with running(tmp_path, "serve", settings=settings) as server:
        body = {"grant_type": "client_credentials", "client_id": firm.client_id, "client_secret": firm.client_secret}
        token = server.ask("POST", f"{api}/oauth/token", body, {"Content-Type": "application/json"}).json[
            "access_token"
        ]
        bearer = {"Authorization": f"Bearer {token}"}
        assert server.ask("GET", f"{api}/user.json?secret=inthequery", headers=bearer).status == 200
        server.ask("GET", f"{api}/accounts/applecorp/subjects/search.json?query=inthequery", headers=bearer)
        server.ask("GET", f"{api}/user.json", headers={"Authorization": "Bearer wrongtoken"})
        server.ask("POST", f"{api}/oauth/revoke", {"token": "wrongtoken"}, {"Content-Type": "application/json"})
        server.ask("GET", "/infakt/v3/clients.json?api_key=inthequery", headers={"X-inFakt-ApiKey": "wrongkey"})
        server.ask("POST", "/sign-in", raw=f"email=a%40b.cz&password={PASSWORD}".encode())
        server.ask("GET", "/applecorp/subjects?q=inthequery", headers={"Cookie": "session=incookie"})
        assert server.stop() == 0
    log = server.log.read_text()
    for secret in (token, firm.client_secret, "inthequery", "wrongtoken", "wrongkey", PASSWORD, "incookie"):
        assert secret not in log
    requests = [line for line in log.splitlines() if "faktura.intake.asgi" in line]
    assert len(requests) == 8
    if form == "json":
        told = json.loads(requests[0])
        assert told["event"] == "request"
        assert (
            told.items() >= {"level": "info", "method": "POST", "path": f"{api}/oauth/token", "status": "200"}.items()
        )
        assert told.keys() >= {"milliseconds", "timestamp"}


# Jobs


@pytest.mark.usefixtures("firm")
def test_the_worker_does_what_is_due_and_stops_when_told(
    database_url: str, settings: dict[str, str], tmp_path: Path
) -> None:
    with contextlib.closing(open_database(database_url)) as database:
        past = Clock()
        past.stand_at(past.now().replace(year=2020, month=1, day=1))
        open_firm(database, past, "pearcorp")
        with running(tmp_path, "serve", "--no-worker", settings=settings):
            time.sleep(1.5)
            assert database.read(lambda tx: sum(len(rows) for rows in every(tx, Token))) == 2
        with (tmp_path / "worker.log").open("wb") as log:
            worker = subprocess.Popen([PROGRAM, "worker"], env=environment(settings), stderr=log)
        try:
            deadline = time.monotonic() + PATIENCE
            while database.read(lambda tx: sum(len(rows) for rows in every(tx, Token))) == 2:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            worker.terminate()
            assert worker.wait(PATIENCE) == 0
        finally:
            worker.kill()
            worker.wait()


@pytest.mark.usefixtures("firm")
def test_a_server_does_the_jobs_itself(database_url: str, settings: dict[str, str], tmp_path: Path) -> None:
    with contextlib.closing(open_database(database_url)) as database:
        past = Clock()
        past.stand_at(past.now().replace(year=2020, month=1, day=1))
        open_firm(database, past, "pearcorp")
        with running(tmp_path, "serve", settings=settings):
            deadline = time.monotonic() + PATIENCE
            while database.read(lambda tx: sum(len(rows) for rows in every(tx, Token))) == 2:
                assert time.monotonic() < deadline
                time.sleep(0.05)
