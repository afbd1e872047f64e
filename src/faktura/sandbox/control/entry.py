"""What a program needs to get in: sandbox.json, and the certificate of the authority that it has to trust."""

from pathlib import Path

import falcon


class File:
    """A file of the sandbox's folder, for who may ask the control address; it is there or it is not."""

    def __init__(self, file: Path, content_type: str) -> None:
        self._file = file
        self._content_type = content_type

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        if not self._file.exists():
            raise falcon.HTTPNotFound(description=f"There is no {self._file.name}; with --tls there is a ca.pem")
        resp.content_type = self._content_type
        resp.data = self._file.read_bytes()
