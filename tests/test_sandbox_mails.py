"""The box in which a sandbox keeps its letters instead of sending them."""

from email import message_from_bytes, policy

import pytest

from faktura.outputs.mail.box import MOST, MailBox
from tests import needs
from tests.running import wait_until
from tests.sandboxes import API, Sandbox, mails, send

pytestmark = needs.FAKTUROID


def test_a_letter_that_was_sent_lies_in_the_box_whole(sandbox: Sandbox) -> None:
    mail = send(sandbox, subject="Faktura č. 1", text="Dobrý den")

    assert (mail["to"], mail["subject"], mail["text"]) == ("buyer@example.com", "Faktura č. 1", "Dobrý den\n")
    assert (mail["accepted"], mail["answer"]) == (True, "250 2.0.0 Kept in the box of the sandbox")
    (file,) = mail["attachments"]
    assert file["content_type"] == "application/pdf"
    answer = sandbox.server.ask("GET", file["url"].removeprefix(sandbox.server.url))
    assert answer.body.startswith(b"%PDF")
    assert len(answer.body) == file["bytes"]
    whole = sandbox.server.ask("GET", f"/sandbox/mails/{mail['id']}")
    assert message_from_bytes(whole.body, policy=policy.default)["Subject"] == "Faktura č. 1"
    for download in (answer, whole):
        assert download.headers["content-disposition"].startswith("attachment;")
        assert download.headers["x-content-type-options"] == "nosniff"


def test_a_document_that_was_sent_says_so(sandbox: Sandbox) -> None:
    invoice = sandbox.call("POST", f"{API}/accounts/applecorp/invoices.json", INVOICE).json
    path = f"{API}/accounts/applecorp/invoices/{invoice['id']}"
    assert sandbox.call("POST", f"{path}/message.json", {"email": "buyer@example.com"}).status in {201, 204}
    wait_until(lambda: sandbox.call("GET", f"{path}.json").json["status"] == "sent")


def test_the_next_letter_fails_with_the_sentence_that_was_set(sandbox: Sandbox) -> None:
    assert (
        sandbox.control({"fail_next_mail": "550 5.1.1 Nobody here"}).json["fail_next_mail"] == "550 5.1.1 Nobody here"
    )

    refused = send(sandbox)
    assert (refused["accepted"], refused["answer"]) == (False, "550 5.1.1 Nobody here")
    assert sandbox.state()["fail_next_mail"] is None
    assert send(sandbox)["accepted"] is True
    sandbox.control({"fail_next_mail": "451 Later"})
    assert sandbox.control({"fail_next_mail": None}).json["fail_next_mail"] is None
    assert send(sandbox)["accepted"] is True


def test_a_letter_that_is_put_off_is_sent_again(sandbox: Sandbox) -> None:
    sandbox.control({"fail_next_mail": "451 4.7.1 Come again"})
    assert send(sandbox, subject="Znovu")["accepted"] is False
    sandbox.control({"clock": "2040-01-01T00:00:00Z"})
    wait_until(lambda: [m["accepted"] for m in mails(sandbox) if m["subject"] == "Znovu"] == [True, False])


def test_a_reset_empties_the_box(sandbox: Sandbox) -> None:
    send(sandbox)
    sandbox.control({"fail_next_mail": "550 No"})
    sandbox.reset()

    assert mails(sandbox) == []
    assert sandbox.state()["fail_next_mail"] is None


@pytest.mark.parametrize("path", ["/sandbox/mails/0", "/sandbox/mails/999999", "/sandbox/mails/999999/attachments/1"])
def test_what_is_not_in_the_box_is_not_found(sandbox: Sandbox, path: str) -> None:
    answer = sandbox.server.ask("GET", path)
    assert (answer.status, answer.json["error"]) == (404, "not_found")


def test_letters_are_for_this_machine_alone(sandbox: Sandbox) -> None:
    mail = send(sandbox)
    for path in ("", f"/{mail['id']}", f"/{mail['id']}/attachments/1"):
        headers = {"Host": "other.example"}
        assert sandbox.server.ask("GET", f"/sandbox/mails{path}", headers=headers).status == 403


def test_the_box_keeps_the_last_letters_and_no_more() -> None:
    box = MailBox()
    for number in range(MOST + 5):
        box.take(str(number).encode())
    assert len(box.letters) == MOST
    assert box.letters[0].content == str(MOST + 4).encode()
    box.take(b"x" * 20_000_000)
    box.take(b"y" * 20_000_000)
    assert [kept.content[:1] for kept in box.letters] == [b"y"]


INVOICE = {"subject_id": 1, "lines": [{"name": "Jablka", "quantity": "1", "unit_price": "100", "vat_rate": 12}]}
