"""Nothing that lets a firm into KSeF stands in the clear in database, backup, log or page, however it is spelled.

A firm is given every secret that there is, and uses it; then all of it is looked for.
"""

import base64
import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args
from urllib.parse import quote

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.ksef.connecting import connect
from faktura.core.ksef.connection import Secret, keep_offline_pair, order_check, required_connection, secret_of
from faktura.core.ksef.enrolment import order_certificate
from faktura.jobs import Errand, Reach, handlers
from faktura.logs import write_logs
from faktura.outside.ksef.line import Ksef
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.serving import listening
from faktura.sandbox.outside.ksef.standing import Standing
from faktura.store.backup import back_up
from faktura.store.database import Database
from faktura.store.every import every, snapshot
from faktura.store.records import RECORDS
from faktura.web import application
from faktura.web.tests.conftest import Browser
from faktura.wire.service import Service
from faktura.worker import Worker
from tests.firm import Firm, open_firm

T = TypeVar("T")

TAX_NO = "1234563218"
KEY = "k" * 40

PIECE = 24
"""Characters of a secret that are looked for: a line of a key is longer, a number of a token is not secret."""


class House:
    """A firm, the double that it reaches, and all that was secret so far."""

    def __init__(self, database: Database, firm: Firm, double: Double) -> None:
        self.database, self.firm, self.double = database, firm, double
        self.clock, self.ksef = Clock(), Ksef(KEY)
        self.secrets: set[str] = {KEY}

    def do(self, verb: Callable[..., T], *arguments: Any, **named: Any) -> T:
        account, now = self.firm.account, self.clock.now()
        return self.database.write(lambda tx: verb(Books(tx, account, self.firm.user.id, now), *arguments, **named))

    def connect(self, **given: str) -> None:
        self.secrets |= {text for name, text in given.items() if name in {"token", "private_key"}}
        said = Given({"environment": "test"} | given)
        self.do(connect, said, KEY, double=self.double.base)
        self.work()

    def work(self) -> None:
        """Do the jobs that are due, whatever comes of them, and use what lets the firm in."""
        reach = Reach(ksef=self.ksef, secret_key=KEY)
        Worker(self.database, self.clock, handlers(), reach).do_due(20)
        connection = self.do(required_connection)
        found = {secret_of(connection, name, KEY) for name in get_args(Secret)}
        self.secrets |= {text for text in found if text}
        self.secrets |= {held.opens.token for held in self.ksef._passes.values()}  # noqa: SLF001 (secret as well)

    @property
    def errand(self) -> Errand:
        return Errand(self.database, self.clock, self.firm.account.id, Reach(ksef=self.ksef, secret_key=KEY), "test")

    def live(self) -> None:
        """Be let in and put out, by a token and by a certificate; renew, be refused and get other certificates."""
        self.connect(method="token", token=self.double.token(TAX_NO))
        self.double.standing = Standing(refuse_next=(401, 500, 429))
        self.do(order_check)
        self.work()
        self.double.standing = Standing()
        certificate, key = self.double.certificate(TAX_NO)
        self.connect(certificate=certificate, private_key=key)
        offline = self.double.certificate(TAX_NO, "Offline")
        self.secrets.add(offline[1])
        self.do(keep_offline_pair, *offline, KEY)
        for purpose in ("Offline", "Authentication"):
            self.do(order_certificate, purpose)
            self.work()
        self.connect(method="token", token="20261130-EC-0000000000-0000000000-00|nip-1234563218|" + "5ec4e7" * 10)
        self.connect(certificate=certificate, private_key=key)


@pytest.fixture
def house(database: Database) -> Iterator[House]:
    firm = open_firm(database, Clock(), language="en", country="PL", vat_no=TAX_NO)
    with listening(Clock()) as double:
        found = House(database, firm, double)
        yield found
        found.ksef.close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All lines that there are, of libraries too, as JSON writes them."""
    before, level = logging.root.handlers[:], logging.root.level
    write_logs("json", "debug")
    written = io.StringIO()
    for handler in logging.root.handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
    yield written
    logging.root.handlers[:] = before
    logging.root.setLevel(level)


def test_no_secret_is_anywhere_in_the_clear(house: House, log: io.StringIO, tmp_path: Path) -> None:
    house.live()
    places = {
        "log": log.getvalue().encode(),
        "database": dump_of(house.database),
        "backup": backup_of(house.database, tmp_path),
        "pages": pages_of(house),
    }

    assert len(house.secrets) > 8
    assert all(any(piece in secret.encode() for piece in pieces_of(secret)) for secret in house.secrets)
    assert b"HTTP" in places["log"]
    for place, content in places.items():
        assert TAX_NO.encode() in content or place == "log"
        found = [secret[:12] for secret in house.secrets if any(piece in content for piece in pieces_of(secret))]
        assert found == [], place


def pieces_of(secret: str) -> set[bytes]:
    """The secret as it may be spelled: whole or in lines, as it is, escaped for an address, or in base64."""
    lines = [line for line in secret.splitlines() if len(line) >= PIECE and "-----" not in line] or [secret]
    lines += [part for line in lines for part in line.split("|") if len(part) >= PIECE and "nip" not in part]
    spelled = {line.encode() for line in lines} | {quote(line, safe="").encode() for line in lines}
    aligned = {base64.b64encode(line.encode()[start:])[4:-4] for line in lines for start in range(3)}
    der = {base64.b64decode(line) for line in lines if "-----BEGIN" in secret}
    return spelled | aligned | {raw for raw in der if len(raw) >= PIECE}


def dump_of(database: Database) -> bytes:
    """Every value of every row."""
    with snapshot(database) as tx:
        rows = [row for cls in RECORDS.values() for batch in every(tx, cls) for row in batch]
    return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row)


def backup_of(database: Database, folder: Path) -> bytes:
    file = folder / "backup.sqlite"
    back_up(database, file, lambda _: None)
    return file.read_bytes()


def pages_of(house: House) -> bytes:
    """What the owner is shown."""
    service = Service(house.database, house.clock, "http://faktura.example", secret_key=KEY, ksef_double="")
    owner = Browser(application(service))
    assert owner.sign_in(house.firm.user.email).status_code == 303
    settings = ["", "/certificate", "/token", "/offline", "/disconnect"]
    paths = [*(f"settings/ksef{path}" for path in settings), "history", "todos", ""]
    return b"\n".join(owner.get(f"/applecorp/{path}").data for path in paths)
