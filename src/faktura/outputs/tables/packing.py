"""Files packed into one ZIP."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from pathlib import PurePath


def zipped(files: Iterable[tuple[str, bytes]], made_at: dt.datetime) -> bytes:
    """By their names; where two are of one name, the later one has a number behind it. Nothing is compressed."""
    out = io.BytesIO()
    names: set[str] = set()
    with zipfile.ZipFile(out, "w") as archive:
        for wanted, content in files:
            name = _free(wanted, names)
            names.add(name.casefold())
            archive.writestr(zipfile.ZipInfo(name, made_at.timetuple()[:6]), content)
    return out.getvalue()


def _free(wanted: str, taken: set[str]) -> str:
    name, path, number = wanted, PurePath(wanted), 1
    while name.casefold() in taken:
        number += 1
        name = f"{path.stem} ({number}){path.suffix}"
    return name
