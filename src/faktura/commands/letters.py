"""faktura invite, mail test: what goes out by e-mail to people who work here, and whether it can."""

import os
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from faktura.commands.office import Slug, write_in

if TYPE_CHECKING:
    from faktura.core.books.books import Books

mail = typer.Typer(help="The mail server that letters go out through.", no_args_is_help=True)

Permission = Literal["owner", "write", "accountant", "read"]
Language = Literal["cs", "en", "pl"]


def invite(
    slug: Slug,
    email: Annotated[str, typer.Option(help="E-mail address of whoever is to join.")],
    permission: Annotated[Permission, typer.Option(help="What the person may do there.")] = "write",
    language: Annotated[Language, typer.Option(help="Language of the letter.")] = "cs",
) -> None:
    """Invite somebody into an account.

    Prints the link, which is told this once, works once, and ends after fourteen days. Where FAKTURA_SMTP_URL is set it
    is sent by e-mail, too.
    """
    from faktura.core.people.invitations import invite as invite_into
    from faktura.settings import read_settings

    settings = read_settings(os.environ)
    page = f"{settings.known_url}/invite/"

    def work(books: "Books") -> str:
        by_mail = page if settings.smtp_url else ""
        return invite_into(books, email, permission, language=language, by_mail=by_mail)

    typer.echo(page + write_in(slug, work))


@mail.command("test")
def test_mail(to: Annotated[str, typer.Option(help="E-mail address that gets the letter, such as your own.")]) -> None:
    """Send a letter through FAKTURA_SMTP_URL, and show what was said to the mail server and by it.

    Passwords are not shown. Ends with 1 where the letter was not taken.
    """
    from faktura.core.clock import Clock
    from faktura.core.contacts import is_email
    from faktura.outputs.mail.letters import send
    from faktura.outputs.mail.personal import test_letter
    from faktura.outputs.mail.server import read_mail_server
    from faktura.settings import Misset, read_settings
    from faktura.store.chance import SYSTEM

    if not is_email(to):
        raise typer.BadParameter(f"{to} is no e-mail address.", param_hint="--to")
    server = read_mail_server(read_settings(os.environ).smtp_url)
    if server is None:
        raise Misset("FAKTURA_SMTP_URL is not set, so e-mail is switched off. README.md says how it reads.")
    send(server, test_letter(to, SYSTEM.uuid("letters"), Clock().now()), typer.echo)
    typer.echo(f"The letter to {to} was taken.")
