"""The client of npm in the hands of a test; a call that the server refuses raises what the client raises."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

HERE = Path(__file__).parent


class Refused(Exception):  # noqa: N818 (says what the client says)
    """The error of the client."""

    def __init__(self, words: str, status: int, details: dict[str, Any]) -> None:
        super().__init__(words)
        self.status = status
        self.details = details


class Client:
    """Its own methods as they are called there, and those of its resources: `npm.invoices.get(1)`."""

    def __init__(self, package: Path, config: dict[str, Any]) -> None:
        entry = package / "dist" / "index.js"
        command = [str(shutil.which("node")), "--no-warnings", str(HERE / "drive.mjs"), str(entry), json.dumps(config)]
        self._node = subprocess.Popen(  # noqa: S603 (our own file)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=package
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._node as node:
            node.kill()

    def __getattr__(self, name: str) -> "Call":
        return Call(self, name)

    def do(self, name: str, *values: Any) -> Any:
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(json.dumps({"call": name, "with": values}) + "\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline())
        if "error" in answer:
            raise Refused(answer["error"], answer["status"], answer["details"])
        return answer["value"]


class Call:
    """A method of the client, or a resource of it."""

    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.name = name

    def __getattr__(self, name: str) -> "Call":
        return Call(self.client, f"{self.name}.{name}")

    def __call__(self, *values: Any) -> Any:
        return self.client.do(self.name, *values)
