"""A running sandbox, as commands name and ask it."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from faktura.outside.sandbox import Control

Sandbox = Annotated[
    str,
    typer.Option(metavar="URL", help="Address of a running sandbox, or of a world in it.", envvar="FAKTURA_SANDBOX"),
]
Authority = Annotated[str | None, typer.Option("--ca-file", metavar="FILE", help="Its authority, where it has --tls.")]

HERE = "http://127.0.0.1:8000"


@contextlib.contextmanager
def asking(sandbox: str, ca_file: str | None = None) -> "Iterator[Control]":
    """The control address; what it refuses, and that nobody answers there, is said in a sentence."""
    from faktura.outside.sandbox import Refused, Silent, control_of

    try:
        yield control_of(sandbox, ca_file)
    except (Refused, Silent) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None
