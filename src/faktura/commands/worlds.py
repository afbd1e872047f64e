"""faktura world: throw-away worlds of a running sandbox, listed, made, dropped and kept."""

from typing import Annotated, Any

import typer

world = typer.Typer(help="Throw-away worlds of a running sandbox.", no_args_is_help=True)

Sandbox = Annotated[str, typer.Option("--sandbox", metavar="URL", help="The sandbox, on this machine.")]
Name = Annotated[str, typer.Argument(help="The world, by its name.")]
HERE = "http://127.0.0.1:8000"


@world.command("list")
def show(sandbox: Sandbox = HERE) -> None:
    """List the worlds with their addresses, and until when they are there."""
    for one in _ask("GET", sandbox)["worlds"]:
        typer.echo(f"{one['name']}\t{one['base_url']}\t{one['expires_at'] or 'stays'}")


@world.command()
def make(
    name: Annotated[str, typer.Argument(help="Letters a to z, digits and hyphens; else one is made up.")] = "",
    seed: Annotated[str, typer.Option(help="What credentials, ids and tokens follow from; else a random one.")] = "",
    clock: Annotated[str | None, typer.Option(help="Where its clock stands, as 2026-11-28T09:00:00Z.")] = None,
    hours: Annotated[int, typer.Option(help="How long it stays.")] = 24,
    sandbox: Sandbox = HERE,
    *,
    empty: Annotated[bool, typer.Option("--empty", help="The firms and their people, without documents.")] = False,
) -> None:
    """Make a world, and print what sandbox.json has for it."""
    import msgspec

    order = {"name": name, "seed": seed, "clock": clock, "hours": hours, "empty": empty}
    made = _ask("POST", sandbox, sent=order)
    typer.echo(msgspec.json.format(msgspec.json.encode(made), indent=2))


@world.command()
def drop(name: Name, sandbox: Sandbox = HERE) -> None:
    """Remove a world with all that is in it."""
    _ask("DELETE", sandbox, f"/{name}")
    typer.echo(f"The world {name} is gone.")


@world.command()
def keep(
    name: Name,
    email: Annotated[str, typer.Option(help="E-mail address of the owner, who gets an invitation.")],
    account: Annotated[str, typer.Option(metavar="SLUG", help="The account to keep; else the first one.")] = "",
    sandbox: Sandbox = HERE,
) -> None:
    """Keep a world as a real firm: write a database that `faktura serve` opens, without what is of the sandbox."""
    kept = _ask("POST", sandbox, f"/{name}/keep", {"email": email, "account": account})
    typer.echo(f"The account {kept['account']} is in {kept['database']}. Serve it:")
    typer.echo(f"  FAKTURA_DATABASE_URL={kept['database_url']} faktura serve")
    typer.echo(f"and open {kept['invitation']} there within fourteen days to choose a password.")


def _ask(method: str, sandbox: str, path: str = "", sent: Any = None) -> Any:
    """What the control address answers; the command ends with what it refuses."""
    import urllib.error
    import urllib.request

    import msgspec

    url = f"{sandbox.rstrip('/')}/sandbox/worlds{path}"
    body = None if sent is None else msgspec.json.encode(sent)
    asked = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method=method)  # noqa: S310 (named by who types)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 (as above)
            read = answer.read()
    except urllib.error.HTTPError as refusal:
        told = msgspec.json.decode(refusal.read() or b"{}")
        raise typer.BadParameter(told.get("error_description", str(refusal))) from None
    except urllib.error.URLError as error:
        message = f"No sandbox answers at {sandbox}: {error.reason}. Start one by `faktura sandbox`."
        raise typer.BadParameter(message) from None
    return msgspec.json.decode(read) if read else None
