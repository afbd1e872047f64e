"""faktura registry: how often registries were asked today, how they failed, and which are left alone."""

import os
from typing import TYPE_CHECKING

import typer

from faktura.commands.office import read

if TYPE_CHECKING:
    from faktura.core.books.office import Office
    from faktura.outside.registries.adapter import Adapter

registry = typer.Typer(help="Registries of firms and of payers of VAT.", no_args_is_help=True)


@registry.command("list")
def list_registries() -> None:
    """List each registry that may be asked: name, calls of today, calls allowed on a day, how many failed.

    Then whether it is asked, or until when it is left alone, and when and why it failed last.
    """
    from faktura.outside.registries.known import adapters
    from faktura.settings import read_settings

    settings = read_settings(os.environ)
    asked = list(adapters(settings.registry_sources, settings.gus_key))
    for line in read(lambda office: [_line(office, one) for one in asked]):
        typer.echo(line)


def _line(office: "Office", adapter: "Adapter") -> str:
    from faktura.core.registries.days import NO_LIMIT, RegistryDay, last_failure

    day = office.look_up(RegistryDay, registry=adapter.name, day=office.now.astimezone(adapter.zone).date())
    failure = last_failure(office, adapter.name)
    until = None if failure is None else failure.rests_until
    limit = "-" if adapter.day_limit == NO_LIMIT else adapter.day_limit
    calls = (day.calls, limit, day.failed) if day else (0, limit, 0)
    is_left = until is not None and until > office.now
    state = f"left alone until {until:%Y-%m-%dT%H:%M:%SZ}" if is_left else "asked"
    last = f"{failure.failed_at:%Y-%m-%dT%H:%M:%SZ} {failure.last_error}" if failure else "-"
    return "\t".join(map(str, (adapter.name, *calls, state, last)))
