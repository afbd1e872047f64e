"""Files packed into one ZIP."""

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Iterable
from pathlib import PurePath
from typing import IO

import msgspec

MANIFEST = "MANIFEST.json"


def zipped(files: Iterable[tuple[str, bytes]], made_at: dt.datetime) -> bytes:
    """By their names; nothing is compressed."""
    out = io.BytesIO()
    write_zip(out, files, made_at)
    return out.getvalue()


def write_zip(
    out: IO[bytes],
    files: Iterable[tuple[str, bytes]],
    made_at: dt.datetime,
    *,
    squeezed: bool = False,
    manifest: bool = False,
) -> None:
    """One file after the other; where two are of one name, the later one has a number behind it.

    A manifest has the SHA-256 of each file.
    """
    digests: dict[str, str] = {}
    names = {MANIFEST.casefold()} if manifest else set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if squeezed else zipfile.ZIP_STORED) as archive:
        for wanted, content in files:
            name = _free(wanted, names)
            names.add(name.casefold())
            digests[name] = hashlib.sha256(content).hexdigest()
            archive.writestr(_entry(name, made_at), content, archive.compression)
        if manifest:
            listed = msgspec.json.format(msgspec.json.encode({"sha256": digests}))
            archive.writestr(_entry(MANIFEST, made_at), listed, archive.compression)


def _entry(name: str, made_at: dt.datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, made_at.timetuple()[:6])


def _free(wanted: str, taken: set[str]) -> str:
    name, path, number = wanted, PurePath(wanted), 1
    while name.casefold() in taken:
        number += 1
        name = f"{path.stem} ({number}){path.suffix}"
    return name
