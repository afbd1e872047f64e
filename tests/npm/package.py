"""A package of npm: fetched by npm itself, compared with its sum, and unpacked."""

import hashlib
import shutil
import subprocess
import tarfile
import tomllib
from base64 import b64encode
from pathlib import Path

import pytest

PACKAGES = tomllib.loads((Path(__file__).parent / "packages.toml").read_text())


UNANSWERED = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ENETUNREACH", "ETIMEDOUT")
"""What npm says where nobody answers it."""


def unpacked(key: str, folder: Path) -> Path:
    """The folder of the package; where npm reaches nobody, its tests are expected to fail."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("npm is not installed")
    wanted = PACKAGES[key]
    named = f"{wanted['name']}@{wanted['version']}"
    packed = subprocess.run(  # noqa: S603 (a package that is named here)
        [npm, "pack", named, "--loglevel=error", "--pack-destination", str(folder)],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if packed.returncode and any(word in packed.stderr for word in UNANSWERED):
        pytest.xfail("nobody answers npm")
    assert packed.returncode == 0, packed.stderr
    archive = folder / packed.stdout.split()[-1]
    assert b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() == wanted["sha512"], named
    with tarfile.open(archive) as files:
        files.extractall(folder, filter="data")
    return folder / "package"
