"""faktura world: throw-away worlds of a running sandbox, listed, made, dropped and kept."""

from typing import Annotated

import typer

from faktura.commands.sandboxes import HERE, Authority, Sandbox, asking

world = typer.Typer(help="Throw-away worlds of a running sandbox.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The world, by its name.")]


@world.command("list")
def show(sandbox: Sandbox = HERE, ca_file: Authority = None) -> None:
    """List the worlds with their addresses, and until when they are there."""
    with asking(sandbox, ca_file) as control:
        worlds = control.get("/worlds")["worlds"]
    for one in worlds:
        typer.echo(f"{one['name']}\t{one['base_url']}\t{one['expires_at'] or 'stays'}")


@world.command()
def make(
    name: Annotated[str, typer.Argument(help="Letters a to z, digits and hyphens; else one is made up.")] = "",
    seed: Annotated[str, typer.Option(help="What credentials, ids and tokens follow from; else a random one.")] = "",
    clock: Annotated[str | None, typer.Option(help="Where its clock stands, as 2026-11-28T09:00:00Z.")] = None,
    hours: Annotated[int, typer.Option(help="How long it stays.")] = 24,
    sandbox: Sandbox = HERE,
    ca_file: Authority = None,
    *,
    empty: Annotated[bool, typer.Option("--empty", help="The firms and their people, without documents.")] = False,
) -> None:
    """Make a world, and print what sandbox.json has for it."""
    import msgspec

    order = {"name": name, "seed": seed, "clock": clock, "hours": hours, "empty": empty}
    with asking(sandbox, ca_file) as control:
        made = control.post("/worlds", order)
    typer.echo(msgspec.json.format(msgspec.json.encode(made), indent=2))


@world.command()
def drop(name: Name, sandbox: Sandbox = HERE, ca_file: Authority = None) -> None:
    """Remove a world with all that is in it."""
    with asking(sandbox, ca_file) as control:
        control.delete(f"/worlds/{name}")
    typer.echo(f"The world {name} is gone.")


@world.command()
def keep(
    name: Name,
    email: Annotated[str, typer.Option(help="E-mail address of the owner, who gets an invitation.")],
    account: Annotated[str, typer.Option(metavar="SLUG", help="The account to keep; else the first one.")] = "",
    sandbox: Sandbox = HERE,
    ca_file: Authority = None,
) -> None:
    """Keep a world as a real firm: write a database that `faktura serve` opens, without what is of the sandbox."""
    with asking(sandbox, ca_file) as control:
        kept = control.post(f"/worlds/{name}/keep", {"email": email, "account": account})
    typer.echo(f"The account {kept['account']} is in {kept['database']}. Serve it:")
    typer.echo(f"  FAKTURA_DATABASE_URL={kept['database_url']} faktura serve")
    typer.echo(f"and open {kept['invitation']} there within fourteen days to choose a password.")
