"""faktura application, consent, key: what programs get in by."""

from typing import TYPE_CHECKING, Annotated

import typer

from faktura.commands.office import Email, OfUser, Slug, day_of, every, read, user_named, users_named, write

if TYPE_CHECKING:
    from faktura.core.books.office import Office
    from faktura.core.people.applications import Application

application = typer.Typer(help="Programs that get tokens.", no_args_is_help=True)
consent = typer.Typer(help="Integrations that people let act for them.", no_args_is_help=True)
key = typer.Typer(help="API keys, each to one account.", no_args_is_help=True)

ClientId = Annotated[str, typer.Argument(help="The client id, see `faktura application list`.")]
Number = Annotated[int, typer.Argument(help="Number of the key, see `faktura key list`.")]


@application.command("add")
def add_application(
    email: Email,
    name: Annotated[str, typer.Option(help="What the program is called.")],
    redirect_uri: Annotated[
        list[str] | None, typer.Option(help="Where people are sent back after they consented; makes an integration.")
    ] = None,
) -> None:
    """Make client id and secret, which are told this once.

    Without --redirect-uri the program acts as the user by itself (client credentials); with it, as whoever consents
    (authorization code). Such an address begins with https, or with http where it is the machine's own (127.0.0.1,
    [::1], localhost; at any port), or with a scheme that an app has for its own, such as com.example.app.
    """
    from faktura.core.people import access
    from faktura.core.people.return_addresses import is_acceptable

    for address in redirect_uri or ():
        if not is_acceptable(address):
            raise typer.BadParameter(
                f"People cannot be sent to {address}: it must be https, http to the machine itself, or a scheme like "
                "com.example.app:/, without a fragment.",
                param_hint="--redirect-uri",
            )

    def work(office: "Office") -> "tuple[Application, str]":
        return access.add_application(office, user_named(office, email), name, tuple(redirect_uri or ()))

    added, secret = write(work)
    typer.echo(f"client_id={added.client_id}\nclient_secret={secret}")


@application.command("list")
def list_applications() -> None:
    """List client id, kind, name and user of every application."""
    from faktura.core.people.applications import Application
    from faktura.core.people.users import User

    def work(office: "Office") -> list[str]:
        emails = {found.id: found.email for found in every(office, User)}
        found = every(office, Application)
        return [f"{one.client_id}\t{one.kind}\t{one.name}\t{emails[one.user_id]}" for one in found]

    for line in read(work):
        typer.echo(line)


@application.command("secret")
def renew_secret(client_id: ClientId) -> None:
    """Make another secret, which is told this once.

    The old one and the access tokens got with it open nothing any more; consents and refresh tokens stay.
    """
    from faktura.core.people import access
    from faktura.core.people.applications import Application

    secret = write(lambda office: access.renew_secret(office, office.find(Application, client_id=client_id)))
    typer.echo(f"client_secret={secret}")


@application.command("end")
def end_application(client_id: ClientId) -> None:
    """Let a program act for nobody any more; its secret and all of its tokens open nothing."""
    from faktura.core.people import access
    from faktura.core.people.applications import Application

    write(lambda office: access.end_application(office, office.find(Application, client_id=client_id)))
    typer.echo(f"The application {client_id} is ended.")


@consent.command("list")
def list_consents(email: OfUser = None) -> None:
    """List user, client id, application, day and last use of every consent."""
    from faktura.core.people.access import consents_of

    def work(office: "Office") -> list[str]:
        return [
            f"{person.email}\t{found.application.client_id}\t{found.application.name}\t"
            f"{found.grants[0].created_at:%Y-%m-%d}\t{day_of(found.used_at)}"
            for person in users_named(office, email)
            for found in consents_of(office, person)
        ]

    for line in read(work):
        typer.echo(line)


@consent.command("end")
def end_consent(client_id: ClientId, email: Email) -> None:
    """Let an integration act for a person no longer."""
    from faktura.core.people import access
    from faktura.core.people.applications import Application

    def work(office: "Office") -> str:
        found = office.find(Application, client_id=client_id)
        return access.end_consent(office, user_named(office, email), found.id).name

    typer.echo(f"{write(work)} acts for {email} no longer.")


@key.command("add")
def add_key(
    slug: Slug,
    email: Email,
    name: Annotated[str, typer.Option(help="What the key is for.")],
    scope: Annotated[list[str] | None, typer.Option(help="What it may do, once for each; else everything.")] = None,
) -> None:
    """Make an API key to an account; it is told this once."""
    from faktura.core.people import access
    from faktura.dialects import installed

    known = [known for dialect in installed() for known in dialect.key_scopes]
    for wanted in scope or ():
        if wanted not in known:
            raise typer.BadParameter(f"There is no scope {wanted}, but {', '.join(known)}.", param_hint="--scope")

    def work(office: "Office") -> str:
        return access.add_key(office, user_named(office, email), slug, name, tuple(scope or known))[1]

    typer.echo(write(work))


@key.command("list")
def list_keys(email: OfUser = None) -> None:
    """List number, account, name, user and last use of every key."""
    from faktura.core.people.access import keys_of

    def work(office: "Office") -> list[str]:
        return [
            f"{found.api_key.id}\t{found.account.slug}\t{found.api_key.name}\t{person.email}\t{day_of(found.api_key.used_at)}"
            for person in users_named(office, email)
            for found in keys_of(office, person)
        ]

    for line in read(work):
        typer.echo(line)


@key.command("end")
def end_key(number: Number) -> None:
    """Let a key open nothing any more."""
    from faktura.core.people import access
    from faktura.core.people.api_keys import ApiKey

    write(lambda office: access.end_key(office, office.find(ApiKey, id=number)))
    typer.echo(f"The key {number} is ended.")
