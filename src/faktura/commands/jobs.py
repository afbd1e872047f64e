"""faktura job: what waits to be done and failed, and what was given up."""

from typing import TYPE_CHECKING, Annotated

import typer

from faktura.commands.office import read, write

if TYPE_CHECKING:
    from faktura.core.books.office import Office

job = typer.Typer(help="Background jobs.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="Number of the job, see `faktura job list`.")]


@job.command("list")
def list_jobs() -> None:
    """List number, name, account, tries, next try and error of every job that failed, or was given up."""
    from faktura.core.books import jobs_to_do

    for one in read(lambda office: jobs_to_do.failing(office.tx)):
        until = one.waits_until.isoformat(timespec="seconds") if one.waits_until else "given up"
        typer.echo(f"{one.id}\t{one.name}\t{one.account_id}\t{one.attempts}\t{until}\t{one.last_error}")


@job.command("again")
def do_again(number: Number) -> None:
    """Have a job done again now, as if it had not been tried."""
    from faktura.core.books import jobs_to_do
    from faktura.core.books.jobs_to_do import Job
    from faktura.core.errors import NotFound

    def work(office: "Office") -> None:
        found = [one for one in jobs_to_do.failing(office.tx) if one.id == number]
        if not found:
            raise NotFound(Job.table_name)
        jobs_to_do.do_again(office.tx, found[0], office.now)

    write(work)
