"""faktura ksef: how a firm reaches KSeF, the Polish register of invoices."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from faktura.commands.office import PROGRAM, Slug, day_of, given, opened, read_in, write_in

if TYPE_CHECKING:
    from faktura.core.books.books import Books
    from faktura.core.ksef.connection import KsefConnection
    from faktura.jobs import Errand

ksef = typer.Typer(help="Connections of firms to KSeF.", no_args_is_help=True)

Environment = Literal["production", "demo", "test"]
Purpose = Literal["Authentication", "Offline"]

CertificateFile = Annotated[
    Path | None, typer.Option("--certificate", help="PEM or DER file, or a .p12 with the key inside.", dir_okay=False)
]
KeyFile = Annotated[Path | None, typer.Option("--key", help="File with the key of the certificate.", dir_okay=False)]

PASSWORD = "FAKTURA_KSEF_PASSWORD"  # noqa: S105 (the name of a variable)
"""Where the password of a key is: not on the command line, which others on the machine can read."""

TOKEN = "FAKTURA_KSEF_TOKEN"  # noqa: S105 (the same)


@ksef.command("connect")
def connect_firm(
    slug: Slug,
    environment: Annotated[Environment, typer.Option(help="Which KSeF: only in `production` invoices count.")],
    certificate: CertificateFile = None,
    private_key: KeyFile = None,
    tax_no: Annotated[str, typer.Option("--nip", help="NIP; else that of the firm.")] = "",
) -> None:
    """Connect a firm by a certificate, or by the token in FAKTURA_KSEF_TOKEN where none is named.

    The password of its key is read from FAKTURA_KSEF_PASSWORD. KSeF is asked at once whether it lets the firm in.
    """
    from faktura.core.errors import Given
    from faktura.core.ksef.connecting import connect

    said = {"environment": environment, "tax_no": tax_no} | _opener(certificate, private_key)
    with _server() as (key, double):
        if double is None:
            raise typer.BadParameter("KSeF is switched off here, by FAKTURA_KSEF_URL.")
        write_in(slug, lambda books: connect(books, Given(said), key, double=double))
    check_firm(slug)


@ksef.command("show")
def show_firm(slug: Slug) -> None:
    """Show how a firm is connected: never a secret."""
    from faktura.core.ksef.connection import required_connection

    for line in read_in(slug, lambda books: _lines(required_connection(books))):
        typer.echo(line)


@ksef.command("set")
def set_firm(
    slug: Slug,
    values: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME=VALUE...",
            help="send_mode (by_hand, at_issue, at_printing), send_delay (seconds), offline_allowed, receive (true or "
            "false), receive_every (minutes).",
        ),
    ],
) -> None:
    """Say what a firm wants of KSeF."""
    from faktura.core.ksef.connection import WISHES, KsefConnection, change_connection

    said = given(KsefConnection, values, WISHES)
    for line in write_in(slug, lambda books: _lines(change_connection(books, said))):
        typer.echo(line)


@ksef.command("check")
def check_firm(slug: Slug) -> None:
    """Sign in at KSeF now, and say with which rights; exit 1 where it does not let the firm in."""
    from faktura.outside.ksef.failures import NoRight

    with _errand(slug) as errand:
        if errand.reach.ksef is None:
            raise typer.BadParameter("KSeF is switched off here, by FAKTURA_KSEF_URL.")
        try:
            rights = errand.reach.ksef.line(errand).check()
        except NoRight as refused:
            typer.echo(f"KSeF does not let {slug} in: {refused.text}", err=True)
            raise typer.Exit(1) from None
    typer.echo(f"KSeF lets {slug} in: {', '.join(rights) if rights else 'it does not say with which rights'}.")


@ksef.command("enrol")
def enrol_firm(
    slug: Slug,
    purpose: Annotated[Purpose, typer.Option("--for", help="Signing in, or signing what is issued offline.")],
) -> None:
    """Have KSeF give another certificate; the worker asks for it, and uses it from then on."""
    from faktura.core.ksef.enrolment import order_certificate

    write_in(slug, lambda books: order_certificate(books, purpose))
    typer.echo("The certificate is ordered; `faktura ksef show` says when it is there.")


@ksef.command("offline")
def keep_offline(slug: Slug, certificate: CertificateFile, private_key: KeyFile = None) -> None:
    """Sign what is issued offline by this certificate; the password of its key is read from FAKTURA_KSEF_PASSWORD."""
    from faktura.core.ksef.connection import keep_offline_pair

    pair = _opener(certificate, private_key)
    with _server() as (key, _):
        write_in(slug, lambda books: keep_offline_pair(books, pair["certificate"], pair["private_key"], key))
    typer.echo("The certificate is kept.")


@ksef.command("disconnect")
def disconnect_firm(slug: Slug) -> None:
    """Forget how a firm reaches KSeF, with certificate and token; what was sent and fetched stays."""
    from faktura.core.ksef.connection import disconnect

    write_in(slug, disconnect)
    typer.echo(f"{slug} is not connected to KSeF any more.")


def _opener(certificate: Path | None, private_key: Path | None) -> dict[str, str]:
    """What lets the firm in, in words of the core."""
    from faktura.core.ksef.certificates import read_key_pair

    if certificate is None:
        token = os.environ.get(TOKEN, "")
        if not token:
            raise typer.BadParameter(f"name a file, or let {TOKEN} hold a token.", param_hint="--certificate")
        return {"method": "token", "token": token}
    key = b"" if private_key is None else private_key.read_bytes()
    pair = read_key_pair(certificate.read_bytes(), key, os.environ.get(PASSWORD, ""))
    return {"method": "certificate"} | pair._asdict()


def _lines(connection: "KsefConnection") -> list[str]:
    shown = ("environment", "tax_no", "method", "active", "last_error", "send_mode", "send_delay", "offline_allowed")
    lines = [f"{name}\t{_text(getattr(connection, name))}" for name in (*shown, "receive", "receive_every")]
    lines.append(f"rights\t{' '.join(connection.rights)}")
    days = ("certificate_until", "offline_until", "checked_at")
    return [*lines, *(f"{name}\t{day_of(getattr(connection, name))}" for name in days)]


def _text(value: object) -> str:
    return "-" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@contextlib.contextmanager
def _server() -> "Iterator[tuple[str, str | None]]":
    """The key of the server, and the double in place of KSeF."""
    from faktura.assembly.parts import secret_key
    from faktura.settings import read_settings

    settings = read_settings(os.environ)
    with opened() as database:
        yield secret_key(settings, database), settings.ksef_double


@contextlib.contextmanager
def _errand(slug: str) -> "Iterator[Errand]":
    """As a job of the firm would have it."""
    from faktura.assembly.house import ksef_of
    from faktura.assembly.parts import secret_key
    from faktura.core.clock import Clock
    from faktura.jobs import Errand, Reach
    from faktura.settings import read_settings

    settings = read_settings(os.environ)
    account_id = read_in(slug, _account_id)
    with opened() as database:
        key = secret_key(settings, database)
        found = ksef_of(settings, key)
        try:
            yield Errand(database, Clock(), account_id, Reach(ksef=found, secret_key=key), PROGRAM)
        finally:
            if found is not None:
                found.close()


def _account_id(books: "Books") -> int:
    return books.account.id
