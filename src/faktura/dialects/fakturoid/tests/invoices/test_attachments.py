"""Section 2.0.3: files beside an invoice."""

import base64
from typing import Any

import pytest

from faktura.dialects.fakturoid.tests.conftest import MOUNT, Desk

PDF = b"%PDF-1.7\x00\xff\nfaktura"


def data_url(content: bytes = PDF, mime: str = "application/pdf") -> str:
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def fetch(desk: Desk, attachment: Any, **options: Any) -> Any:
    path = attachment["download_url"].removeprefix(f"http://faktura.example{MOUNT}")
    return desk.client.get(path, whole=True, **options)


def test_a_file_is_attached_and_fetched_as_what_it_is(desk: Desk) -> None:
    issued = desk.issue(attachments=[{"filename": "dodací list.pdf", "data_url": data_url()}])

    attached = issued["attachments"][0]
    assert list(attached) == ["id", "filename", "content_type", "download_url"]
    assert (attached["filename"], attached["content_type"]) == ("dodací list.pdf", "application/pdf")
    path = f"/invoices/{issued['id']}/attachments/{attached['id']}/download"
    assert attached["download_url"] == f"http://faktura.example{MOUNT}/accounts/applecorp{path}"
    fetched = fetch(desk, attached)
    assert (fetched.status_code, fetched.content) == (200, PDF)
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.headers["content-transfer-encoding"] == "binary"
    assert fetched.headers["content-disposition"] == (
        "attachment; filename=\"dodac_ list.pdf\"; filename*=UTF-8''dodac%C3%AD%20list.pdf"
    )


@pytest.mark.parametrize("accept", ["application/pdf", "application/json", "image/png", "*/*"])
def test_a_file_is_sent_whatever_is_accepted(desk: Desk, accept: str) -> None:
    issued = desk.issue(attachments=[{"data_url": data_url()}])

    assert fetch(desk, issued["attachments"][0], headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    ("mime", "name"),
    [
        ("application/pdf", "attachment.pdf"),
        ("image/png", "attachment.png"),
        ("application/x-unheard", "attachment.bin"),
    ],
)
def test_a_file_without_a_name_is_called_by_its_type(desk: Desk, mime: str, name: str) -> None:
    issued = desk.issue(attachments=[{"data_url": data_url(mime=mime)}])

    assert (issued["attachments"][0]["filename"], issued["attachments"][0]["content_type"]) == (name, mime)


def test_older_clients_send_texts_or_one_text(desk: Desk) -> None:
    assert [
        a["filename"] for a in desk.issue(attachments=[data_url(), data_url(mime="text/plain")])["attachments"]
    ] == [
        *("attachment.pdf", "attachment.txt"),
    ]
    assert [a["filename"] for a in desk.issue(attachment=data_url())["attachments"]] == ["attachment.pdf"]


def test_the_data_may_contain_line_breaks(desk: Desk) -> None:
    long = bytes(range(256)) * 3
    broken = "data:application/octet-stream;base64," + base64.encodebytes(long).decode().replace("\n", "\r\n")

    issued = desk.issue(attachments=[{"filename": "x.bin", "data_url": broken}])

    assert fetch(desk, issued["attachments"][0]).content == long


def test_new_files_are_added_to_those_there(desk: Desk) -> None:
    issued = desk.issue(attachments=[{"filename": "a.pdf", "data_url": data_url()}])

    changed = desk.change(issued, attachments=[{"filename": "b.pdf", "data_url": data_url(b"b")}])

    assert [a["filename"] for a in changed["attachments"]] == ["a.pdf", "b.pdf"]
    assert desk.change(issued, attachments=changed["attachments"]) == changed
    assert fetch(desk, changed["attachments"][1]).content == b"b"


def test_without_files_there_is_an_empty_list(desk: Desk) -> None:
    assert desk.issue()["attachments"] == []
    assert desk.issue(attachments=[], attachment="")["attachments"] == []
    assert desk.issue(attachments=None)["attachments"] == []


@pytest.mark.parametrize(
    "files",
    [
        ["nonsense"],
        [{"filename": "x"}],
        [{"data_url": "data:application/pdf;base64,%%%"}],
        [{"data_url": "http://evil.example/x.pdf"}],
        [{"data_url": "data:text/html\r\nX-Evil: 1;base64,AA=="}],
        [7],
        {"data_url": data_url()},
        "x",
    ],
)
def test_what_is_no_file_is_refused_by_its_attribute(desk: Desk, files: Any) -> None:
    assert desk.refusal(attachments=files) == {"attachments": ["je neplatná hodnota"]}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\faktury\\x.pdf", "x.pdf"),
        ('a"b\r\nX-Evil: 1.pdf', 'a"bX-Evil: 1.pdf'),
        ("   ", "attachment.pdf"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_name_is_one_that_can_stand_in_a_header(desk: Desk, sent: str, kept: str) -> None:
    attached = desk.issue(attachments=[{"filename": sent, "data_url": data_url()}])["attachments"][0]

    assert attached["filename"] == kept
    fetched = fetch(desk, attached)
    assert fetched.status_code == 200
    assert "x-evil" not in fetched.headers


def test_a_file_is_found_only_beside_its_own_invoice(desk: Desk) -> None:
    issued, other = desk.issue(attachments=[data_url()]), desk.issue()
    attachment_id = issued["attachments"][0]["id"]

    for path in (f"{other['id']}/attachments/{attachment_id}", f"{issued['id']}/attachments/999", "999/attachments/1"):
        missing = desk.client.get(f"/invoices/{path}/download")
        assert (missing.status_code, missing.json["error"]) == (404, "resource_not_found")


def test_a_file_of_megabytes_is_taken(desk: Desk) -> None:
    content = b"x" * 3_000_000

    issued = desk.issue(attachments=[{"filename": "big.bin", "data_url": data_url(content)}])

    assert fetch(desk, issued["attachments"][0]).content == content


def test_a_file_name_shows_the_ending_that_it_has(desk: Desk) -> None:
    issued = desk.issue(attachments=[{"filename": "faktura\u202efdp.exe", "data_url": data_url()}])

    assert issued["attachments"][0]["filename"] == "fakturafdp.exe"


MANY = {"cs": "je příliš mnoho souborů (max. 50)", "en": "has too many files (maximum is 50)"}
LARGE = "jsou příliš velké (max. 20 MB dohromady)"


def files(count: int, size: int = 1) -> list[dict[str, str]]:
    return [{"data_url": data_url(b"x" * size)}] * count


@pytest.mark.parametrize("count", [51, 200_000])
def test_a_document_has_at_most_fifty_files(desk: Desk, count: int) -> None:
    assert desk.refusal(attachments=[""] * count) == {"attachments": [MANY["cs"]]}
    assert len(desk.issue(attachments=files(50))["attachments"]) == 50


def test_files_that_come_later_count_with_those_that_are_there(desk: Desk) -> None:
    issued = desk.issue(attachments=files(49))

    assert desk.change_refusal(issued, attachments=files(2)) == {"attachments": [MANY["cs"]]}
    full = desk.change(issued, attachments=files(1))
    assert len(full["attachments"]) == 50
    assert len(desk.change(full, attachments=full["attachments"], note="Text")["attachments"]) == 50
    assert desk.change_refusal(desk.read(issued), attachments=files(1)) == {"attachments": [MANY["cs"]]}


def test_the_files_of_a_document_have_at_most_20_mb_together(desk: Desk) -> None:
    issued = desk.issue(attachments=files(2, 5_000_000))
    larger = desk.change(issued, attachments=files(1, 9_999_999))

    assert desk.change_refusal(larger, attachments=files(1, 2)) == {"attachments": [LARGE]}
    assert len(desk.change(larger, attachments=files(1, 1))["attachments"]) == 4


def test_an_empty_file_keeps_its_type(desk: Desk) -> None:
    issued = desk.issue(attachments=[{"filename": "nic.pdf", "data_url": data_url(b"")}])

    fetched = fetch(desk, issued["attachments"][0])
    assert (fetched.status_code, fetched.content) == (200, b"")
    assert (fetched.headers["content-type"], fetched.headers["content-length"]) == ("application/pdf", "0")
