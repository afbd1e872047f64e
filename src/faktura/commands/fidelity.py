"""faktura check-usage and faktura parity: how well founded a project stands here, and where a real account differs."""

from pathlib import Path
from typing import Annotated

import typer


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
