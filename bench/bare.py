"""The limit of HTTP: a bare WSGI function that answers a constant, on the server that faktura runs on."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
from granian.constants import Interfaces

from faktura.serving import serve
from faktura.settings import read_settings

_ANSWERS = {
    path: (status, [("Content-Type", "application/json"), ("Content-Length", str(size))], [b"x" * size])
    for path, (status, size) in msgspec.json.decode(
        Path(os.environ["BENCH_CONSTANTS"]).read_bytes(), type=dict[str, tuple[str, int]]
    ).items()
}
"""By path: status line and length are those of faktura's answer."""


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    status, headers, body = _ANSWERS[environ["PATH_INFO"]]
    start_response(status, headers)
    return body


if __name__ == "__main__":
    serve(read_settings(os.environ), lambda: application, Interfaces.WSGI)
