"""The command line: what an operator and a developer type."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from faktura.dialects import WsgiApplication
    from faktura.settings import Settings

app = typer.Typer(
    name="faktura",
    help="An invoicing server that speaks the Fakturoid and the inFakt API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Host = Annotated[str | None, typer.Option(help="Address to listen at (FAKTURA_HOST, 127.0.0.1)", show_default=False)]
Port = Annotated[int | None, typer.Option(help="Port to listen at (FAKTURA_PORT, 8000)", show_default=False)]


@app.command()
def sandbox(
    host: Host = None,
    port: Port = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder to keep data and credentials in; a temporary one if not given")
    ] = None,
    tls: Annotated[bool, typer.Option("--tls", help="Serve HTTPS with a certificate of a private authority")] = False,  # noqa: FBT002 (typer's way to declare a flag)
) -> None:
    """Serve the whole program on example data, until stopped: to try it out, and as a test double of both services."""
    from faktura.serving import serve
    from faktura.settings import read_settings

    settings = read_settings(os.environ, host=host, port=port)
    temporary = data is None
    folder = Path(tempfile.mkdtemp(prefix="faktura-")) if data is None else data
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ca_file = None
        if tls:
            settings, ca_file = _certified(settings, folder)

        def make() -> "WsgiApplication":
            from faktura import assembly

            return assembly.sandbox(settings, folder, ca_file)

        serve(settings, make)
    finally:
        if temporary:
            shutil.rmtree(folder, ignore_errors=True)


def _certified(settings: "Settings", folder: Path) -> "tuple[Settings, Path]":
    """Certificates are made in a process of its own, because this one stays as long as the server."""
    import multiprocessing

    import msgspec

    from faktura.sandbox.paths import certificates_in, make_certificates

    making = multiprocessing.get_context("fork").Process(target=make_certificates, args=(folder, settings.host))
    making.start()
    making.join()
    files = certificates_in(folder)
    return msgspec.structs.replace(settings, tls_cert=str(files.chain), tls_key=str(files.key)), files.ca


@app.command()
def serve(host: Host = None, port: Port = None) -> None:
    """Serve for real use, until stopped."""
    from faktura.serving import serve
    from faktura.settings import read_settings

    settings = read_settings(os.environ, host=host, port=port)

    def make() -> "WsgiApplication":
        from faktura import assembly

        return assembly.house(settings)

    serve(settings, make)


def main() -> None:
    app()
