"""faktura check-usage and faktura parity: how well founded a project stands here, and where a real account differs."""

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def check_usage(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A HAR file, or a log of requests.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Answer JSON, for programs.")] = False,
) -> None:
    """Say which endpoints and attributes of the services a recording uses, and how well founded each is here.

    FILE is a HAR file (1.2), as browsers and proxies save it, or lines: of a server's log, or METHOD and URL. No value
    of it is shown. A file that is none of those ends with code 2.
    """
    import msgspec

    from faktura.fidelity.usage.recordings import Unreadable, read_calls
    from faktura.fidelity.usage.report import report
    from faktura.fidelity.usage.usage import usage_of

    try:
        calls = read_calls(file)
    except Unreadable as unreadable:
        typer.echo(str(unreadable), err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        typer.echo(f"{file}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    usage = usage_of(calls)
    typer.echo(msgspec.json.format(msgspec.json.encode(usage)).decode() if as_json else report(usage))


def parity(
    slug: Annotated[
        str | None, typer.Option("--fakturoid", metavar="SLUG", help="The account at Fakturoid; asks for its client.")
    ] = None,
    *,
    infakt: Annotated[bool, typer.Option("--infakt", help="An account at inFakt; asks for its key.")] = False,
    double: Annotated[
        str | None, typer.Option(metavar="URL", help="A sandbox that runs; else one is started for the walk.")
    ] = None,
    real_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Where the real contract begins; else the service's own address.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides which records are looked at.")] = 1,
    pause: Annotated[float, typer.Option(min=0, help="Seconds between two requests to the real account.")] = 0.4,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the report is written.")] = Path(),
    write: Annotated[
        bool, typer.Option("--write", help="Add, change and remove a contact on both sides, too.")
    ] = False,
) -> None:
    """Compare the double with a real account: statuses, headers, attributes and their types, paging.

    Only reads, unless --write is said. Credentials of the real account are asked for, or read from standard input where
    that is no terminal; they are neither kept nor shown. The report, parity-*.md and parity-*.json, holds no value of
    either side. Ends with code 1 where something differs.
    """
    from faktura.fidelity.parity.compare import Wanted, compare
    from faktura.fidelity.parity.report import write_report
    from faktura.fidelity.parity.services import SERVICES
    from faktura.fidelity.parity.sides import Unreached

    if infakt == (slug is not None):
        raise typer.BadParameter("Name one account: --fakturoid SLUG or --infakt.", param_hint="--fakturoid, --infakt")
    name = "infakt" if infakt else "fakturoid"
    secrets = {what: _secret(what) for what in SERVICES[name].asks}
    wanted = Wanted(name, slug or "", real_url or SERVICES[name].real_url, seed, pause, write=write)
    try:
        with _double(double) as told:
            found = compare(wanted, secrets, told)
        files = write_report(found, out, name)
    except Unreached as unreached:
        typer.echo(str(unreached), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{len(found.compared)} requests, {len(found.differing)} differ: {files[0]} and {files[1]}")
    if found.differing:
        raise typer.Exit(1)


def _secret(what: str) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(what.replace("_", " ").capitalize(), hide_input=True))
    return sys.stdin.readline().strip()


@contextlib.contextmanager
def _double(url: str | None) -> "Iterator[Mapping[str, Any]]":
    """What sandbox.json says of the double, which is started where none is named."""
    from faktura.fidelity.parity.sides import Unreached
    from faktura.testing import Refused, attached, started

    try:
        found = contextlib.nullcontext(attached(url)) if url else started()
    except (OSError, Refused) as error:
        raise Unreached(str(error)) from None
    with found as sandbox:
        yield sandbox.told
