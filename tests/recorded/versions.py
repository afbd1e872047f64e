"""A version of the program: this tree, or a commit that is unpacked beside it; and its sandbox."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tests.proofs.full_house import Tenant
from tests.proofs.served import KEY
from tests.recorded.exchanges import Lines
from tests.recorded.furnish import BEGIN, furnish
from tests.running import Server, environment, running

ROOT = Path(__file__).parent.parent.parent
HOST = "127.0.0.1"

UNCOUNTED = 1_000_000
"""A limit that nobody meets, and that counts: what is left of it stands in each answer."""

WIDE_LIMITS = {
    "fakturoid": {"all": UNCOUNTED},
    "infakt": {"get": UNCOUNTED, "other": UNCOUNTED},
    "account": {"all": UNCOUNTED},
    "public": {"all": UNCOUNTED},
}


class Version(NamedTuple):
    """Its source is below `tree`, or here; tests and libraries are always those of this tree."""

    name: str
    tree: Path | None = None

    @property
    def settings(self) -> dict[str, str]:
        """Nothing happens in its sandbox but what is asked for; forms and cookies of one are good in another."""
        elsewhere = {} if self.tree is None else {"PYTHONPATH": str(self.tree / "src")}
        return {"FAKTURA_WORKER": "false", "FAKTURA_SECRET_KEY": KEY, **elsewhere}


class Standing(NamedTuple):
    """A sandbox that stands, with what sandbox.json says and the firms that trade in it."""

    server: Server
    lines: Lines
    told: dict[str, Any]
    tenants: list[Tenant]


HERE = Version("this tree")


def unpacked(commit: str, folder: Path) -> Version:
    """Raises CalledProcessError where there is no such commit."""
    archive = folder / "tree.tar"
    tree = folder / "tree"
    tree.mkdir()
    subprocess.run(["git", "archive", f"--output={archive}", commit], cwd=ROOT, check=True)  # noqa: S607
    subprocess.run(["tar", "-xf", str(archive), "-C", str(tree)], check=True)  # noqa: S607
    archive.unlink()
    return Version(commit, tree)


@contextlib.contextmanager
def sandbox_of(version: Version, folder: Path, port: int, seed: str) -> Iterator[Standing]:
    """Of two versions at the same port, one after the other, every address is the same."""
    data = folder / "data"
    data.mkdir(parents=True)
    tenants = _furnished(version, data, f"http://{HOST}:{port}", seed)
    begun = ("sandbox", "--data", str(data), "--clock", BEGIN.isoformat())
    with running(folder, *begun, port=port, settings=version.settings) as server:
        told = msgspec.json.decode((data / "sandbox.json").read_bytes())
        lines = Lines(HOST, port)
        try:
            yield Standing(server, lines, told, tenants)
        finally:
            lines.close()


def _furnished(version: Version, data: Path, url: str, seed: str) -> list[Tenant]:
    """Made by the version itself, whose tables may be others."""
    if version.tree is None:
        return [Tenant(**one) for one in furnish(data, url, seed)]
    command = [sys.executable, "-m", "tests.recorded.furnish", str(data), url, seed]
    made = subprocess.run(command, cwd=ROOT, env=environment(version.settings), check=True, stdout=subprocess.PIPE)
    return [Tenant(**one) for one in msgspec.json.decode(made.stdout)]
