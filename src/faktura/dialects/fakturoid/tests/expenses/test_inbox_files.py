"""Section 2.11: inbox files."""

import base64
import datetime as dt
from typing import Any

import pytest

from faktura.core.books.history import Happening
from faktura.core.clock import Clock
from faktura.core.documents.attachments import Attachment
from faktura.core.received import scans
from faktura.core.received.reading import begin_to_read
from faktura.core.received.record import Expense
from faktura.dialects.fakturoid.tests.conftest import MOUNT, Client, ExpenseDesk
from faktura.dialects.fakturoid.tests.test_permissions import allow
from faktura.jobs import handlers
from faktura.outputs.printing.pdf import compose
from faktura.outputs.tests.documents import document
from faktura.worker import Worker
from tests.lying_files import LIES, Sent

NOON = dt.datetime(2026, 11, 20, 11, 15, 2, 481_000, dt.UTC)
NOW = "2026-11-20T12:15:02.481+01:00"
PDF = b"%PDF-1.7\x00\xff\nfaktura"
PNG = b"\x89PNG\r\n\x1a\n\x00"
SAID = compose(document())
NO_PAPER = "není podporovaný typ souboru"


def data_url(content: bytes = PDF, mime: str = "application/pdf") -> str:
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


class Inbox:
    """The firm's inbox, and the worker that reads what is in it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def put(self, content: bytes = PDF, **values: Any) -> Any:
        answer = self.client.post(
            "/inbox_files.json", {"attachment": data_url(content, "application/octet-stream")} | values
        )
        assert answer.status_code == 201, answer.text
        return answer.json

    def refusal(self, **values: Any) -> Any:
        """The errors of a create that must be refused and leave nothing behind."""
        answer = self.client.post("/inbox_files.json", values)
        assert answer.status_code == 422, answer.text
        assert self.listed() == []
        assert self.kept() == (0, 0, 0)
        return answer.json["errors"]

    def kept(self) -> tuple[int, ...]:
        kinds = Expense, Attachment, Happening
        return self.client.write(lambda books: tuple(books.count(kind) for kind in kinds))

    def listed(self, query: str = "") -> Any:
        answer = self.client.get("/inbox_files.json", query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def send(self, file: Any) -> Any:
        return self.client.post(f"/inbox_files/{file['id']}/send_to_ocr.json")

    def read(self) -> Any:
        worker = Worker(self.client.service.database, self.client.service.clock, handlers())
        while worker.do_next("reading"):
            pass
        return self.listed()[0]


@pytest.fixture
def inbox(client: Client, clock: Clock) -> Inbox:
    clock.stand_at(NOON)
    client.service.modes.rate_limits.clear()
    return Inbox(client)


def test_a_file_is_put_into_the_inbox_and_has_every_attribute(inbox: Inbox) -> None:
    answer = inbox.client.post("/inbox_files.json", {"attachment": data_url(), "filename": "účtenka.pdf"})

    file = answer.json
    address = f"http://faktura.example{MOUNT}/accounts/applecorp/inbox_files/{file['id']}"
    assert list(file.items()) == [
        ("id", file["id"]),
        ("filename", "účtenka.pdf"),
        ("bytesize", len(PDF)),
        ("send_to_ocr", False),
        ("sent_to_ocr_at", None),
        ("ocr_status", None),
        ("ocr_completed_at", None),
        ("download_url", f"{address}/download"),
        ("created_at", NOW),
        ("updated_at", NOW),
    ]
    assert (answer.status_code, answer.headers["location"]) == (201, f"{address}.json")
    assert inbox.listed() == [file]


@pytest.mark.parametrize(
    ("content", "mime", "name"),
    [
        (PDF, "application/pdf", "attachment.pdf"),
        (PNG, "image/png", "attachment.png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg", "attachment.jpg"),
        (b"<?xml version='1.0'?><Invoice/>", "application/xml", "attachment.xml"),
    ],
)
def test_the_filename_follows_from_the_type_of_the_content_which_is_looked_at(
    inbox: Inbox, content: bytes, mime: str, name: str
) -> None:
    file = inbox.put(attachment=data_url(content, "application/octet-stream"))

    fetched = inbox.client.get(f"/inbox_files/{file['id']}/download")
    assert (file["filename"], fetched.headers["content-type"].split(";")[0]) == (name, mime)


def test_a_file_is_downloaded_and_never_shown(inbox: Inbox) -> None:
    file = inbox.put(filename="účtenka.pdf")

    fetched = inbox.client.get(f"/inbox_files/{file['id']}/download")

    assert (fetched.status_code, fetched.content) == (200, PDF)
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.headers["content-length"] == str(len(PDF))
    assert fetched.headers["content-transfer-encoding"] == "binary"
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert fetched.headers["content-disposition"] == (
        "attachment; filename=\"__tenka.pdf\"; filename*=UTF-8''%C3%BA%C4%8Dtenka.pdf"
    )


@pytest.mark.parametrize("values", [{}, {"attachment": None}, {"attachment": ""}, {"filename": "a.pdf"}])
def test_a_missing_attachment_is_said_of_the_document(inbox: Inbox, values: Any) -> None:
    assert inbox.refusal(**values) == {"document": ["je povinná položka"]}


@pytest.mark.parametrize(
    "attachment",
    [7, ["x"], {"data_url": "x"}, "nonsense", "data:application/pdf;base64,%%%", data_url()[:-3], data_url(b"")],
)
def test_a_truncated_or_empty_data_url_is_refused(inbox: Inbox, attachment: Any) -> None:
    assert inbox.refusal(attachment=attachment) == {"attachment": ["je neplatná hodnota"]}


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"<html><script>", b"PK\x03\x04", b"x", b"<svg/>"])
def test_what_is_no_paper_is_refused_whatever_type_it_is_said_to_be(inbox: Inbox, content: bytes) -> None:
    assert inbox.refusal(attachment=data_url(content)) == {"attachment": [NO_PAPER]}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_file_that_is_not_what_it_says_is_refused(inbox: Inbox, lie: Sent) -> None:
    told = inbox.refusal(attachment=data_url(lie.content, lie.declared), filename=lie.filename)

    if not lie.content:
        assert told == {"attachment": ["je neplatná hodnota"]}
    elif len(lie.content) > 15_000_000:
        assert told == {"attachment": ["jsou příliš velké (max. 15 MB dohromady)"]}
    else:
        assert told == {"attachment": [NO_PAPER]}


@pytest.mark.parametrize(("declared", "filename"), [("text/html", None), ("application/pdf", "x.html")])
def test_a_name_or_a_type_alone_may_lie(inbox: Inbox, declared: str, filename: str | None) -> None:
    assert inbox.refusal(attachment=data_url(PDF, declared), filename=filename) == {"attachment": [NO_PAPER]}


@pytest.mark.parametrize("name", ["../a.pdf", "C:\\a.pdf", "a\n.pdf", "a\x7f.pdf", "a\u202efdp.exe", "   ", "a" * 256])
def test_a_name_with_a_path_or_control_characters_is_refused(inbox: Inbox, name: str) -> None:
    assert inbox.refusal(attachment=data_url(), filename=name) == {"filename": ["je neplatná hodnota"]}


def test_several_things_are_said_together(inbox: Inbox) -> None:
    told = inbox.refusal(attachment=data_url(b"x"), filename="a/b", send_to_ocr="maybe")

    assert set(told) == {"attachment", "filename", "send_to_ocr"}


def test_a_file_that_is_too_large_is_refused(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MOST_MEGABYTES", 1)
    large = data_url(PDF + b"x" * 1_000_000)

    assert inbox.refusal(attachment=large) == {"attachment": ["jsou příliš velké (max. 1 MB dohromady)"]}


def test_a_body_that_is_larger_than_any_file_is_not_read(inbox: Inbox) -> None:
    refused = inbox.client.post("/inbox_files.json", raw=b'{"attachment":"' + b"x" * 24_000_000 + b'"}')

    assert (refused.status_code, refused.json["error"]) == (413, "payload_too_large")
    assert inbox.kept() == (0, 0, 0)


def test_files_are_listed_by_forty_the_newest_first(inbox: Inbox) -> None:
    ids = [inbox.put()["id"] for _ in range(41)]

    assert [file["id"] for file in inbox.listed()] == ids[:0:-1]
    assert [file["id"] for file in inbox.listed("page=2")] == ids[:1]
    assert inbox.listed("page=3") == []


def test_a_file_sent_to_ocr_on_create_has_the_status_created(inbox: Inbox) -> None:
    file = inbox.put(send_to_ocr=True)

    assert (file["send_to_ocr"], file["ocr_status"], file["sent_to_ocr_at"]) == (True, "created", NOW)


def test_send_to_ocr_sets_it_and_the_status_created(inbox: Inbox) -> None:
    file = inbox.put()

    sent = inbox.send(file)

    assert (sent.status_code, sent.content) == (204, b"")
    shown = inbox.listed()[0]
    assert (shown["send_to_ocr"], shown["ocr_status"], shown["sent_to_ocr_at"]) == (True, "created", NOW)


def test_what_is_being_read_is_processing_and_cannot_be_deleted(inbox: Inbox) -> None:
    file = inbox.put(send_to_ocr=True)
    inbox.client.write(lambda books: begin_to_read(books, file["id"]))

    assert inbox.listed()[0]["ocr_status"] == "processing"
    kept = inbox.client.delete(f"/inbox_files/{file['id']}.json")
    assert (kept.status_code, kept.json) == (422, {"errors": {"inbox_file": ["Inbox file cannot be deleted"]}})
    assert inbox.send(file).status_code == 204
    assert inbox.listed()[0]["ocr_status"] == "processing"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (SAID, "processed"),
        (PDF, "processing_failed"),
        (SAID[:20_000], "processing_failed"),
        (PNG, "processing_rejected"),
    ],
)
def test_the_status_says_what_became_of_the_reading(inbox: Inbox, content: bytes, status: str) -> None:
    inbox.put(content, send_to_ocr=True)

    read = inbox.read()

    assert (read["send_to_ocr"], read["ocr_status"], read["ocr_completed_at"]) == (True, status, NOW)


def test_a_file_that_was_read_is_read_again_where_that_is_asked(inbox: Inbox) -> None:
    file = inbox.put(PNG, send_to_ocr=True)
    inbox.read()

    inbox.send(file)

    shown = inbox.listed()[0]
    assert (shown["ocr_status"], shown["ocr_completed_at"]) == ("created", None)
    assert inbox.read()["ocr_status"] == "processing_rejected"


def test_the_number_of_extractions_may_be_exhausted(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MOST_WAITING", 1)
    told = {"error": "quota_exhausted", "error_description": "Number of available extractions exhausted"}
    other = inbox.put()
    waits = inbox.put(send_to_ocr=True)

    refused = inbox.send(other), inbox.client.post("/inbox_files.json", {"attachment": data_url(), "send_to_ocr": True})

    assert [(answer.status_code, answer.json) for answer in refused] == [(403, told)] * 2
    assert inbox.send(waits).status_code == 204
    assert len(inbox.listed()) == 2
    inbox.read()
    assert inbox.send(other).status_code == 204


def test_a_deleted_file_is_gone_with_its_content(inbox: Inbox) -> None:
    file = inbox.put(send_to_ocr=True)

    gone = inbox.client.delete(f"/inbox_files/{file['id']}.json")

    assert (gone.status_code, gone.content) == (204, b"")
    assert inbox.listed() == []
    assert inbox.kept()[:2] == (0, 0)
    for answer in (
        inbox.client.delete(f"/inbox_files/{file['id']}.json"),
        inbox.client.get(f"/inbox_files/{file['id']}/download"),
        inbox.send(file),
    ):
        assert (answer.status_code, answer.json["error"]) == (404, "resource_not_found")


def test_a_file_that_nobody_entered_is_no_expense(inbox: Inbox, expenses: ExpenseDesk) -> None:
    file, expense = inbox.put(), expenses.issue()
    path = f"/expenses/{file['id']}"

    assert expenses.listed() == [expense]
    for answer in (
        inbox.client.get(f"{path}.json"),
        inbox.client.patch(f"{path}.json", {"description": "x"}),
        inbox.client.delete(f"{path}.json"),
        inbox.client.post(f"{path}/payments.json", {}),
        inbox.client.post(f"{path}/fire.json", {"event": "lock"}),
        inbox.client.get(f"/inbox_files/{expense['id']}/download"),
        inbox.client.delete(f"/inbox_files/{expense['id']}.json"),
        inbox.client.post(f"/inbox_files/{expense['id']}/send_to_ocr.json"),
    ):
        assert (answer.status_code, answer.json["error"]) == (404, "resource_not_found")
    assert expenses.listed() == [expense]
    assert len(inbox.listed()) == 1


def test_a_file_sent_again_with_its_key_is_kept_once(inbox: Inbox) -> None:
    headers = {"Idempotency-Key": "k1"}
    first, again = (
        inbox.client.post("/inbox_files.json", {"attachment": data_url()}, headers=headers) for _ in range(2)
    )

    assert first.json == again.json
    assert len(inbox.listed()) == 1


def test_who_may_only_read_lists_and_downloads_and_no_more(inbox: Inbox) -> None:
    file = inbox.put()
    allow(inbox.client, "read")

    assert inbox.listed() == [file]
    assert inbox.client.get(f"/inbox_files/{file['id']}/download").content == PDF
    for refused in (
        inbox.client.post("/inbox_files.json", {"attachment": data_url()}),
        inbox.send(file),
        inbox.client.delete(f"/inbox_files/{file['id']}.json"),
    ):
        assert (refused.status_code, refused.json["error"]) == (403, "forbidden")


def test_who_was_not_let_into_expenses_sees_no_inbox(inbox: Inbox) -> None:
    file = inbox.put()
    allow(inbox.client, "owner", ("invoices",))

    for refused in (
        inbox.client.get("/inbox_files.json"),
        inbox.client.get(f"/inbox_files/{file['id']}/download"),
        inbox.client.post("/inbox_files.json", {"attachment": data_url()}),
        inbox.send(file),
        inbox.client.delete(f"/inbox_files/{file['id']}.json"),
    ):
        assert (refused.status_code, refused.json["error"]) == (403, "forbidden")


def test_the_feed_says_that_a_file_was_added(inbox: Inbox) -> None:
    inbox.put(filename="účtenka.pdf")

    [event] = inbox.client.get("/events.json").json

    assert (event["name"], event["params"], event["related_objects"]) == (
        "inbox_file_added",
        {"filename": "účtenka.pdf"},
        [],
    )
    assert event["text"] == "Soubor přidán do došlých"
