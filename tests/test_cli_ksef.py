"""faktura ksef and faktura db rotate-secrets: what an operator types, and what it answers."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives import serialization

from faktura.commands.cli import main
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.ksef.connection import KsefConnection, connection_of, secret_of
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.serving import listening
from faktura.store.database import Database
from tests.firm import Firm, open_firm

TAX_NO = "1234563218"
KEY = "k" * 40


class Result(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


Faktura = Callable[..., Result]


@pytest.fixture
def double() -> Iterator[Double]:
    with listening(Clock()) as found:
        yield found


@pytest.fixture
def faktura(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database_url: str, double: Double
) -> Faktura:
    monkeypatch.setenv("FAKTURA_DATABASE_URL", database_url)
    monkeypatch.setenv("FAKTURA_SECRET_KEY", KEY)
    monkeypatch.setenv("FAKTURA_KSEF_URL", double.base)

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["faktura", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Result(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def firm(database: Database) -> Firm:
    return open_firm(database, Clock(), "sprzedawca", country="PL", vat_no=TAX_NO)


def connection(database: Database, firm: Firm) -> KsefConnection | None:
    return database.read(lambda tx: connection_of(Books(tx, firm.account, None, Clock().now())))


def locked(private_key: str, password: str) -> bytes:
    """A key as people have it."""
    key = serialization.load_pem_private_key(private_key.encode(), None)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(*form, serialization.BestAvailableEncryption(password.encode()))


def connect(faktura: Faktura) -> Result:
    return faktura("ksef", "connect", "--account", "sprzedawca", "--environment", "test")


def test_a_firm_is_connected_by_a_certificate_whose_password_stands_on_no_command_line(
    faktura: Faktura, firm: Firm, database: Database, double: Double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = (tmp_path / name for name in ("firm.crt", "firm.key"))
    pair = double.certificate(TAX_NO)
    certificate.write_text(pair[0])
    key.write_bytes(locked(pair[1], "a password"))
    monkeypatch.setenv("FAKTURA_KSEF_PASSWORD", "a password")
    files = ("--certificate", str(certificate), "--key", str(key))
    done = faktura("ksef", "connect", "--account", "sprzedawca", "--environment", "test", *files)

    assert (done.exit_code, done.stdout) == (0, "KSeF lets sprzedawca in: InvoiceRead, InvoiceWrite.\n"), done.stderr
    found = connection(database, firm)
    assert found is not None
    assert (found.active, found.tax_no, found.method) == (True, TAX_NO, "certificate")


@pytest.mark.usefixtures("firm")
def test_what_a_firm_wants_is_said_and_shown_without_secrets(
    faktura: Faktura, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = double.token(TAX_NO)
    monkeypatch.setenv("FAKTURA_KSEF_TOKEN", token)
    assert connect(faktura).exit_code == 0
    shown = faktura("ksef", "set", "--account", "sprzedawca", "send_mode=at_issue", "send_delay=300")
    assert "send_mode\tat_issue" in shown.stdout
    again = faktura("ksef", "show", "--account", "sprzedawca")

    assert again.stdout == shown.stdout
    assert token[-5:] not in again.stdout
    refused = faktura("ksef", "set", "--account", "sprzedawca", "receive_every=1")
    assert (refused.exit_code, refused.stdout) == (1, "")


@pytest.mark.usefixtures("firm")
def test_where_ksef_lets_nobody_in_the_command_says_so(faktura: Faktura, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "FAKTURA_KSEF_TOKEN" in connect(faktura).stderr
    monkeypatch.setenv("FAKTURA_KSEF_TOKEN", "20261130-EC-nobody|nip-1234563218|0")
    done = connect(faktura)

    assert (done.exit_code, done.stdout) == (1, "")
    assert "KSeF does not let sprzedawca in: 450" in done.stderr


def test_a_firm_is_disconnected(
    faktura: Faktura, firm: Firm, database: Database, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKTURA_KSEF_TOKEN", double.token(TAX_NO))
    connect(faktura)
    ordered = faktura("ksef", "enrol", "--account", "sprzedawca", "--for", "Offline")
    assert ordered.exit_code == 0
    assert faktura("ksef", "disconnect", "--account", "sprzedawca").exit_code == 0

    assert connection(database, firm) is None
    assert faktura("ksef", "show", "--account", "sprzedawca").stderr == "Refused: not_connected\n"


def test_secrets_are_sealed_by_the_new_key_of_a_server(
    faktura: Faktura, firm: Firm, database: Database, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = double.token(TAX_NO)
    monkeypatch.setenv("FAKTURA_KSEF_TOKEN", token)
    connect(faktura)
    monkeypatch.setenv("FAKTURA_SECRET_KEY", "n" * 40)
    lost = faktura("db", "rotate-secrets")
    assert lost.exit_code == 1
    assert "ksef_connections.token of account" in lost.stdout
    assert faktura("ksef", "check", "--account", "sprzedawca").stderr == "KSeF does not let sprzedawca in: key_lost\n"

    monkeypatch.setenv("FAKTURA_OLD_SECRET_KEYS", f"{'o' * 40},{KEY}")
    done = faktura("db", "rotate-secrets")
    assert (done.exit_code, done.stdout) == (0, "2 secrets are sealed anew, 0 were already.\n")
    found = connection(database, firm)
    assert found is not None
    assert secret_of(found, "token", "n" * 40) == token
    assert faktura("ksef", "check", "--account", "sprzedawca").exit_code == 0
