"""faktura reminders: when the customers of a firm are reminded."""

from typing import TYPE_CHECKING, Annotated

import typer

from faktura.commands.office import Slug, read_in, write_in

if TYPE_CHECKING:
    from faktura.core.people.accounts import ReminderStep

reminders = typer.Typer(help="The steps by which customers are reminded.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="The number that `faktura reminders list` begins its line with.")]
Days = Annotated[int, typer.Option(help="Days after the due date; below zero before it, such as --days=-3.")]


@reminders.command("list")
def list_steps(slug: Slug) -> None:
    """List number, days after the due date and whether it is on, of every step."""
    for step in read_in(slug, lambda books: books.account.reminders):
        _show(step)


@reminders.command("add")
def add(slug: Slug, days: Days) -> None:
    """Remind customers so many days after the due date, or before it, from today on; each document once."""
    from faktura.core.accounts.reminders import add_step
    from faktura.core.errors import Given

    _show(write_in(slug, lambda books: add_step(books, Given({"days": days, "on": True}))))


@reminders.command("on")
def switch_on(number: Number, slug: Slug) -> None:
    """Remind by a step from today on."""
    _switch(number, slug, on=True)


@reminders.command("off")
def switch_off(number: Number, slug: Slug) -> None:
    """Remind by a step only those whose contact says so."""
    _switch(number, slug, on=False)


@reminders.command("remove")
def remove(number: Number, slug: Slug) -> None:
    """Remove a step, and what it says."""
    from faktura.core.accounts.reminders import remove_step

    write_in(slug, lambda books: remove_step(books, number))
    typer.echo(f"The step {number} is removed.")


@reminders.command("due")
def due(slug: Slug) -> None:
    """List what is to be reminded of today: number of the document, days of the step, customer, e-mail address."""
    from faktura.core.books.books import Books
    from faktura.core.contacts import Contact
    from faktura.core.invoices.record import Invoice
    from faktura.core.invoices.reminders import reminders_due

    def work(books: Books) -> list[str]:
        found = reminders_due(books, books.today)
        invoices = {one.id: one for one in books.some(Invoice, [one.invoice_id for one in found])}
        contacts = {one.id: one for one in books.some(Contact, list({one.contact_id for one in found}))}
        named = ((invoices[one.invoice_id], one.step, contacts[one.contact_id]) for one in found)
        return [
            f"{invoice.number}\t{step.days}\t{who.name}\t{who.email or ''}".rstrip() for invoice, step, who in named
        ]

    for line in read_in(slug, work):
        typer.echo(line)


def _switch(number: int, slug: str, *, on: bool) -> None:
    from faktura.core.accounts.reminders import change_step
    from faktura.core.errors import Given

    _show(write_in(slug, lambda books: change_step(books, number, Given({"on": on}))))


def _show(step: "ReminderStep") -> None:
    typer.echo(f"{step.id}\t{step.days}\t{'on' if step.on else 'off'}")
