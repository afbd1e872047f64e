"""What the sandbox prints when it takes requests."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from faktura.announcement import print_when_open
from faktura.dialects import installed
from faktura.sandbox.files import CA, MANIFEST
from faktura.sandbox.folder import Manifest


def announce(manifest: Manifest, folder: Path, host: str, port: int) -> None:
    """Print addresses, login and first requests as soon as the port is open."""
    print_when_open("\n".join([*_lines(manifest, folder), ""]), host, port)


def _lines(manifest: Manifest, folder: Path) -> Iterator[str]:
    base_url = manifest["base_url"]
    yield f"The sandbox is ready at {base_url}"
    yield ""
    yield f"  sign in      {manifest['web']['email']}  {manifest['web']['password']}"
    for dialect in installed():
        yield f"  {dialect.title:<17}{manifest[dialect.name]['base_url']}  (documents: {base_url}/{dialect.name}/docs)"
    yield f"  control      {manifest['control_url']}"
    yield f"  credentials  {folder.resolve() / MANIFEST}"
    if "ca_file" in manifest:
        yield f"  authority    {manifest['ca_file']}  (also: {manifest['control_url']}/{CA})"
    years = f" --years {manifest['years']}" if "years" in manifest else ""
    yield f"  the same     faktura sandbox --seed {shlex.quote(manifest['seed'])}{years}"
    yield ""
    yield "Try:"
    yield ""
    for arguments in _first_requests(manifest):
        yield f"curl -s {_trusting(manifest)}{arguments}"
    yield ""


def _first_requests(manifest: Manifest) -> list[str]:
    """Two of them, whichever dialects are installed."""
    of_dialects = [dialect.curl(manifest[dialect.name]) for dialect in installed() if dialect.curl is not None]
    return [*of_dialects, manifest["control_url"], f"{manifest['base_url']}/healthz"][: max(2, len(of_dialects))]


def _trusting(manifest: Manifest) -> str:
    return f"--cacert '{manifest['ca_file']}' " if "ca_file" in manifest else ""
