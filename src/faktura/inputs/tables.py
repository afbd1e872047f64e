"""Rows of a table that somebody brings: CSV as spreadsheets write it in any country, and XLSX."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, Literal

MOST_ROWS = 1000
MOST_COLUMNS = 200
MOST_UNPACKED = 50_000_000
"""Bytes: a spreadsheet is a packed file, and a small one may be unpacked to any size."""

XLSX_BEGINS = b"PK\x03\x04"

Reason = Literal["not_a_table", "too_many_rows"]


class Unreadable(Exception):  # noqa: N818 (says what the file is)
    """The file is no such table; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def read_table(content: bytes) -> list[dict[str, str]]:
    """Each row by the names in the first one; rows without any value are left out.

    Raises:
        Unreadable: it is neither, or has too many rows.

    """
    rows = _xlsx(content) if content.startswith(XLSX_BEGINS) else _csv(content)
    found: list[dict[str, str]] = []
    heads: list[str] | None = None
    for row in rows:
        values = [value.strip() for value in row[:MOST_COLUMNS]]
        if heads is None:
            heads = values
        elif any(values):
            found.append({head: value for head, value in zip(heads, values, strict=False) if head})
        if len(found) > MOST_ROWS:
            raise Unreadable("too_many_rows")
    return found


def write_table(rows: Iterable[dict[str, str]]) -> str:
    """The same rows as text, which `read_table` reads."""
    rows = list(rows)
    heads = list(dict.fromkeys(head for row in rows for head in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, heads, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error:
        raise Unreadable("not_a_table") from None


def _decoded(content: bytes) -> str:
    """UTF-8, or what spreadsheets of Central Europe write."""
    if b"\0" in content:
        raise Unreadable("not_a_table")
    for encoding in ("utf-8-sig", "cp1250"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("not_a_table")


def _xlsx(content: bytes) -> list[list[str]]:
    import openpyxl  # noqa: PLC0415 (takes longer to load than all pages, and few bring contacts in)

    if _unpacked(content) > MOST_UNPACKED:
        raise Unreadable("too_many_rows")
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)
        return [[_text(value) for value in row] for row in rows]
    except Exception:  # noqa: BLE001 (a foreign file breaks its reader in any way)
        raise Unreadable("not_a_table") from None


def _unpacked(content: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile:
        raise Unreadable("not_a_table") from None


def _text(value: Any) -> str:
    """A cell as it would be typed: a number without the point that a spreadsheet gives to all."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.date().isoformat() if isinstance(value, dt.datetime) else str(value)
