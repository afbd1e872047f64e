"""A server on which nobody has an account says where the first person lets themselves in."""

import contextlib
import re
import time
from pathlib import Path

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.first_run import is_expected, open_house
from faktura.core.people.invitations import Newcomer
from faktura.store.database import open_database
from tests.running import PATIENCE, Server, running

PRINTED = re.compile(r"^http://127\.0\.0\.1:[0-9]+/setup\?secret=(\S+)$", re.MULTILINE)


def printed(server: Server) -> list[str]:
    """The secrets, once there is one."""
    deadline = time.monotonic() + PATIENCE
    while not (found := PRINTED.findall(server.output.read_text())) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def test_the_address_is_printed_once_by_all_processes_and_opens_until_somebody_is_there(
    database_url: str, tmp_path: Path
) -> None:
    several = {"FAKTURA_PROCESSES": "2"} if database_url.startswith("postgresql") else {}
    settings = {"FAKTURA_DATABASE_URL": database_url, "FAKTURA_SECRET_KEY": "k" * 32, **several}
    with running(tmp_path, "serve", settings=settings) as server:
        [secret] = printed(server)
        assert secret not in server.log.read_text()
        with contextlib.closing(open_database(database_url)) as database:
            now = Clock().now()
            assert database.read(lambda tx: is_expected(Office(tx, now), secret))
            jan = Newcomer("Jan", "hash", "cs")
            database.write(lambda tx: open_house(Office(tx, now), secret, "jan@firma.example", jan))
    again = tmp_path / "again"
    again.mkdir()
    with running(again, "serve", settings=settings) as server:
        assert server.ask("GET", "/healthz").status == 200
        assert "setup" not in server.output.read_text()
