"""A request of the ledger as a line for the shell, which reads its secrets from variables."""

import shlex
from collections.abc import Iterator

from faktura.sandbox.control.ledger import Exchange

OF_THE_LINE = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "expect"}
"""Headers that curl makes itself."""


def curl_of(one: Exchange) -> str:
    """Run again, it does the same again: `TOKEN` and others are to be set before."""
    return " \\\n  ".join(_parts(one)) + "\n"


def _parts(one: Exchange) -> Iterator[str]:
    head = "-I" if one.method == "HEAD" else f"-X {one.method}"
    trusting = ' --cacert "$CA_FILE"' if one.address.startswith("https:") else ""
    yield f"curl {head}{trusting} {shlex.quote(one.address)}"
    for name, value in one.request.headers:
        if name not in OF_THE_LINE:
            yield f"-H {_quoted(f'{name}: {value}')}"
    if not one.request.size:
        return
    text = one.request.text
    # A body that is not there whole, or is no text, is to be put into a file.
    whole = text is not None and "\0" not in text and not one.request.is_cut
    yield f"--data-raw {shlex.quote(text or '')}" if whole else "--data-binary @body"


def _quoted(header: str) -> str:
    """As a word of the shell; where a variable stands for a secret, the shell is to put it in."""
    if not header.rpartition(" ")[2].startswith("$"):
        return shlex.quote(header)
    return f'"{header}"'
