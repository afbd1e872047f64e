"""An owner sends a letter to themselves, and reads what the mail server said to it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from faktura.outputs.mail import trial
from faktura.outputs.mail.box import MailBox
from faktura.outputs.mail.server import read_mail_server
from faktura.outputs.mail.trial import Step, steps_of
from faktura.web.tests.conftest import Browser
from faktura.web.tests.test_setup import founder, jan, newcomer  # noqa: F401 (fixtures)
from faktura.wire.service import Service
from tests.firm import Firm
from tests.mail_double import PASSWORD, USER, Mailroom, ca_file_of, mail_server

MAIL = "/applecorp/settings/mail"
README = Path(__file__).parents[4] / "README.md"


@pytest.fixture
def room(service: Service) -> Iterator[Mailroom]:
    with mail_server() as room:
        service.mail_server = read_mail_server(f"smtp://127.0.0.1:{room.port}?from=a@house.example")
        yield room


def send(browser: Browser) -> str:
    browser.get(MAIL)
    return browser.post(MAIL).text


def test_the_letter_goes_to_oneself_and_to_nobody_else(owner: Browser, firm: Firm, room: Mailroom) -> None:
    owner.get(MAIL)
    page = owner.post(MAIL, to="somebody@else.example", email="somebody@else.example").text

    assert [received.recipients for received in room.received] == [[firm.user.email]]
    assert "The letter was taken." in page
    told = [page.index(words) for words in ("the server greets: 220", "The recipient is told: 250", "handed over: 250")]
    assert told == sorted(told)


def test_encryption_and_sign_in_are_steps_and_the_password_is_not_shown(
    owner: Browser, service: Service, tmp_path: Path
) -> None:
    authority = trustme.CA()
    with mail_server(authority.issue_cert("127.0.0.1"), login=True) as room:
        user, password = USER.replace("@", "%40"), "a%2Fhorse%3Ab%40ttery%2050%25"
        ca_file = ca_file_of(authority, tmp_path)
        url = f"smtp://{user}:{password}@127.0.0.1:{room.port}?from=a@house.example&ca_file={ca_file}"
        service.mail_server = read_mail_server(url)
        page = send(owner)
        assert room.received[0].encrypted

    assert "Encrypted from here on: 220" in page
    assert "Signed in: 235" in page
    assert PASSWORD not in page


def test_a_refusal_is_shown_with_the_sentence_of_the_server(owner: Browser, firm: Firm, room: Mailroom) -> None:
    room.refusals[f"RCPT {firm.user.email}"] = "550 5.1.1 Nobody <b>here</b>"
    page = send(owner)

    assert "The letter was not taken." in page
    assert "The recipient is told: 550 5.1.1 Nobody &lt;b&gt;here&lt;/b&gt;" in page


def test_a_server_that_hangs_is_left_and_said_to_be_silent(
    owner: Browser, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial.try_out, "__defaults__", (0.3,))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        service.mail_server = read_mail_server(f"smtp://127.0.0.1:{silent.getsockname()[1]}?from=a@house.example")
        assert "timed out" in send(owner)


def test_a_few_letters_go_out_in_a_minute_and_no_more(owner: Browser, room: Mailroom) -> None:
    for _ in range(3):
        assert "The letter was taken." in send(owner)
    assert "Too many test letters" in send(owner)
    assert len(room.received) == 3


def test_where_no_mail_server_is_set_the_page_says_how_it_is(owner: Browser, service: Service) -> None:
    service.mail_server = None
    page = owner.get(MAIL).text

    assert "FAKTURA_SMTP_URL" in page
    assert "README.md says how under “E-mail”" in page
    assert "### E-mail\n" in README.read_text()
    assert "Send a test letter" not in page
    assert "No mail server is set." in owner.post(MAIL).text


def test_a_form_of_another_site_sends_nothing(owner: Browser, room: Mailroom) -> None:
    owner.get(MAIL)
    assert owner.post_bare(MAIL).status_code == 400
    assert room.received == []


def test_the_last_step_of_the_set_up_sends_one_and_keeps_what_was_typed(founder: Browser, service: Service) -> None:  # noqa: F811 (a fixture)
    service.mail_server = box = MailBox()
    founder.get("/setup/look")
    page = founder.post("/setup/look", colour="#123456", pattern="FV#ddd#", test="yes").text

    assert "The letter was taken." in page
    assert 'value="#123456"' in page
    assert 'value="FV#ddd#"' in page
    assert len(box.letters) == 1
    service.mail_server = None
    assert "FAKTURA_SMTP_URL" in founder.get("/setup/look").text


def test_a_form_of_the_set_up_that_expired_sends_nothing(founder: Browser, service: Service) -> None:  # noqa: F811 (a fixture)
    service.mail_server = box = MailBox()
    founder.get("/setup/look")
    answer = founder.post("/setup/look", colour="#123456", pattern="FV#ddd#", test="yes", csrf_token="none")

    assert answer.status_code == 400
    assert 'value="#123456"' in answer.text
    assert box.letters == []


def test_answers_belong_to_the_verbs_before_them() -> None:
    said = ["< 220 hi", "> EHLO me", "< 250 a", "< 250 b", "> AUTH LOGIN ***", "< 334 x", "> ***", "< 535 no", "> QUIT"]
    assert steps_of(said) == (Step("", "220 hi"), Step("EHLO", "250 b"), Step("AUTH", "535 no"), Step("QUIT", ""))
