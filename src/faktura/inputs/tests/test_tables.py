"""Tables that people bring: what spreadsheets write is read, anything else is refused."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest

from faktura.inputs.tables import MOST_ROWS, Unreadable, read_table, write_table

ROWS = [{"Název": "Žlutý kůň", "IČO": "27082440"}, {"Název": "Karel; syn", "IČO": ""}]


def xlsx(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        write_table(ROWS).encode(),
        'Název;IČO\r\nŽlutý kůň;27082440\r\n"Karel; syn";\r\n;\r\n'.encode("cp1250"),
        "\ufeffNázev\tIČO\nŽlutý kůň\t27082440\n\nKarel; syn\t\n".encode(),
        xlsx(["Název", "IČO", None], ["Žlutý kůň", 27082440.0, "no head"], ["Karel; syn", None], [None, None]),
    ],
    ids=["comma", "semicolon", "tab", "xlsx"],
)
def test_a_table_is_read_however_it_was_written(content: bytes) -> None:
    assert read_table(content) == ROWS


def test_days_of_a_spreadsheet_are_days() -> None:
    assert read_table(xlsx(["Den"], [dt.datetime(2026, 11, 28)])) == [{"Den": "2026-11-28"}]  # noqa: DTZ001


def test_what_is_no_table_or_too_long_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a", b"0" * 50_000_001)
    long = write_table([{"a": str(n)} for n in range(MOST_ROWS + 1)]).encode()
    for content, reason in (
        (b"\x89PNG\0\0", "not_a_table"),
        (b"PK\x03\x04 no zip", "not_a_table"),
        (b'a\n"b', "not_a_table"),
        (packed.getvalue(), "too_many_rows"),
        (long, "too_many_rows"),
        (xlsx(["a"], *[[n] for n in range(MOST_ROWS + 1)]), "too_many_rows"),
    ):
        with pytest.raises(Unreadable) as refused:
            read_table(content)
        assert refused.value.reason == reason
    assert read_table(b"") == []
