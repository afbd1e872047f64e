"""faktura mcp and faktura proposal: the books in the hands of an agent, and what people decide about it."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from faktura.commands.office import Slug, opened, read_in, user_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from faktura.core.books.books import Books
    from faktura.core.proposals.record import Proposal

proposal = typer.Typer(help="What agents propose, for people to decide.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="Number of the proposal, see `faktura proposal list`.")]
Person = Annotated[str, typer.Option("--as", metavar="EMAIL", help="The member of the account who acts.")]


def mcp(
    slug: Annotated[str | None, typer.Option("--account", metavar="SLUG", help="The account to work in.")] = None,
    email: Annotated[str | None, typer.Option("--as", metavar="EMAIL", help="The member for whom it acts.")] = None,
    sandbox: Annotated[
        str | None, typer.Option(metavar="URL", help="A running sandbox, in which what is asked is done immediately.")
    ] = None,
) -> None:
    """Serve the books of an account to an agent (Model Context Protocol, over standard input and output).

    In real books, those of the settings' database, --as names the member whose permission holds: reading is free, and
    what would be written is proposed, for a person to confirm at /SLUG/proposals or by `faktura proposal confirm`.
    """
    if sandbox is not None:
        _serve_sandbox(sandbox, slug)
    elif slug is None or email is None:
        raise typer.BadParameter("Name an account and a member of it, or a sandbox.", param_hint="--account, --as")
    else:
        _serve_books(slug, email)


def _serve_sandbox(url: str, slug: str | None) -> None:
    from faktura.agents.desk import Refused
    from faktura.agents.remote import RemoteDesk
    from faktura.agents.server import serve

    try:
        desk = RemoteDesk(url, slug)
    except Refused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None
    serve(desk)


def _serve_books(slug: str, email: str) -> None:
    from faktura.agents.desk import Desk
    from faktura.agents.server import serve
    from faktura.core.clock import Clock
    from faktura.settings import read_settings
    from faktura.structs import know_structs

    settings = read_settings(os.environ)
    know_structs()
    with opened() as database:
        desk = Desk(database, Clock(), slug, email, settings.known_url)
        desk.seat()
        serve(desk)


@proposal.command("list")
def list_proposals(slug: Slug) -> None:
    """List number, state, deed and day of the last proposals."""
    from faktura.core.people.users import EVERY_SCOPE
    from faktura.core.proposals.record import Proposal
    from faktura.core.proposals.verbs import MOST_OPEN, proposals_seen

    def work(books: "Books") -> list[str]:
        found = books.some_in_order(Proposal, proposals_seen(EVERY_SCOPE), MOST_OPEN)
        return [f"{one.id}\t{one.state(books.now)}\t{one.deed}\t{one.created_at:%Y-%m-%d %H:%M}" for one in found]

    for line in read_in(slug, work):
        typer.echo(line)


@proposal.command("confirm")
def confirm_proposal(number: Number, slug: Slug, email: Person) -> None:
    """Do what was proposed, as the act of a member who may write."""
    from faktura.core.proposals.verbs import confirm

    done = _decide(slug, email, lambda books: confirm(books, number))
    typer.echo(f"Proposal {number} is confirmed: {done.deed} made or changed number {done.record_id} of {done.kind}.")


@proposal.command("refuse")
def refuse_proposal(number: Number, slug: Slug, email: Person) -> None:
    """Have a proposal never done."""
    from faktura.core.proposals.verbs import refuse

    _decide(slug, email, lambda books: refuse(books, number))
    typer.echo(f"Proposal {number} is refused.")


def _decide(slug: str, email: str, verb: "Callable[[Books], Proposal]") -> "Proposal":
    """In the hands of the member, who needs the permission to write what it is about."""
    from faktura.core.books.books import Books
    from faktura.core.books.office import Office
    from faktura.core.clock import Clock
    from faktura.core.people.roles import require
    from faktura.core.people.users import seat_in
    from faktura.core.proposals.verbs import scope_of

    with opened() as database:

        def work(office: Office) -> "Proposal":
            user = user_named(office, email)
            account, membership = seat_in(office, user, slug)
            require(membership, "write")
            decided = verb(Books(office.tx, account, user.id, office.now))
            require(membership, "write", scope_of(decided))
            return decided

        now = Clock().now()
        account_id = database.read(
            lambda tx: seat_in(Office(tx, now), user_named(Office(tx, now), email), slug)
        ).account.id
        return database.write(lambda tx: work(Office(tx, Clock().now())), turn=account_id)
