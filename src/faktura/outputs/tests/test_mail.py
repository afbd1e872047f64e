"""Letters reach a mail server as they were written, encrypted where they should be, or it is told why not."""

import datetime as dt
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme

from faktura.outputs.mail.letters import Attached, Letter, NotNow, RefusedForGood, as_email, send
from faktura.outputs.mail.server import MailServer, read_mail_server
from faktura.settings import Misset
from tests.mail_double import PASSWORD, USER, Mailroom, ca_file_of, mail_server
from tests.running import free_port

LETTER = Letter(
    reference="5b0e7a36-6c1a-4a0e-8f0a-3f7a3d0a4f11",
    written_at=dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC),
    recipient="odberatel@firma.example",
    subject="Faktura č. 2026-0001 – žluťoučký kůň úpěl ďábelské ódy a ještě něco navíc, aby to bylo dlouhé",
    body="Dobrý den,\n\nzasíláme Vám fakturu.\n.\nZażółć gęślą jaźń " + "ž" * 2000 + "\n",
    language="cs",
    sender_name="Applecorp, s.r.o. “Jablko”",
    reply_to="faktury@applecorp.example",
)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ca_file_of(authority, tmp_path_factory.mktemp("ca"))


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mail_server() as room:
        yield room


def server_at(url: str) -> MailServer:
    server = read_mail_server(url)
    assert server is not None
    return server


def plain(room: Mailroom) -> MailServer:
    return server_at(f"smtp://127.0.0.1:{room.port}?from=Fakturace <faktury+x@house.example>")


def changed(**values: object) -> Letter:
    return Letter(**{name: getattr(LETTER, name) for name in LETTER.__struct_fields__} | values)


def test_a_letter_arrives_word_for_word_with_its_head(room: Mailroom) -> None:
    assert send(plain(room), changed(copy="ucetni@firma.example")) == "250 2.0.0 Taken"

    [received] = room.received
    assert received.sender == "faktury+x@house.example"
    assert received.recipients == ["odberatel@firma.example", "ucetni@firma.example"]
    email = received.email
    assert email["Subject"] == LETTER.subject
    assert email["From"].addresses[0].display_name == LETTER.sender_name
    assert email["From"].addresses[0].addr_spec == "faktury+x@house.example"
    assert email["To"] == "odberatel@firma.example"
    assert email["Cc"] == "ucetni@firma.example"
    assert email["Reply-To"].addresses[0].addr_spec == "faktury@applecorp.example"
    assert email["Date"].datetime == LETTER.written_at
    assert email["Content-Language"] == "cs"
    assert email.get_content().splitlines() == LETTER.body.splitlines()
    assert received.content.isascii()
    assert max(map(len, received.content.splitlines())) <= 998


def test_the_name_of_the_house_stands_where_the_letter_has_none(room: Mailroom) -> None:
    send(plain(room), changed(sender_name=""))

    assert room.emails[0]["From"].addresses[0].display_name == "Fakturace"


def test_a_repeat_has_the_same_message_id_and_date(room: Mailroom) -> None:
    send(plain(room), LETTER)
    send(plain(room), LETTER)

    first, second = room.emails
    assert first["Message-ID"] == second["Message-ID"] == f"<{LETTER.reference}@house.example>"
    assert first["Date"] == second["Date"]


def test_files_go_with_the_letter_byte_for_byte(room: Mailroom) -> None:
    content = bytes(range(256)) * 100
    send(plain(room), changed(attached=(Attached("Faktura č. 1.pdf", "application/pdf", content),)))

    [attached] = room.emails[0].iter_attachments()
    assert attached.get_content() == content
    assert (attached.get_content_type(), attached.get_filename()) == ("application/pdf", "Faktura č. 1.pdf")


def test_a_domain_with_other_letters_is_written_as_the_dns_has_it(room: Mailroom) -> None:
    send(plain(room), changed(recipient="info@žlutý.example"))

    assert room.received[0].recipients == ["info@xn--lut-noa55d.example"]


@pytest.mark.parametrize("name", ["subject", "recipient", "copy", "reply_to", "sender_name"])
def test_nobody_gets_a_line_of_their_own_into_the_head(room: Mailroom, name: str) -> None:
    with pytest.raises(RefusedForGood):
        send(plain(room), changed(**{name: "a@b.example\r\nBcc: thief@evil.example"}))

    assert room.received == []


def test_starttls_is_used_where_it_is_offered_and_the_login_after_it(authority: trustme.CA, ca_file: Path) -> None:
    with mail_server(authority.issue_cert("127.0.0.1"), login=True) as room:
        who = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}"
        send(server_at(f"smtp://{who}@127.0.0.1:{room.port}?from=a@house.example&ca_file={ca_file}"), LETTER)

    [received] = room.received
    assert (received.encrypted, received.user) == (True, USER)


def test_smtps_encrypts_from_the_start(authority: trustme.CA, ca_file: Path) -> None:
    with mail_server(authority.issue_cert("127.0.0.1"), smtps=True) as room:
        send(server_at(f"smtps://127.0.0.1:{room.port}?from=a@house.example&ca_file={ca_file}"), LETTER)

    assert room.received[0].encrypted


@pytest.mark.parametrize("smtps", [False, True])
def test_a_certificate_that_nobody_trusts_is_not_talked_to(authority: trustme.CA, *, smtps: bool) -> None:
    with mail_server(authority.issue_cert("127.0.0.1"), smtps=smtps) as room:
        scheme = "smtps" if smtps else "smtp"
        with pytest.raises(NotNow, match="CERTIFICATE_VERIFY_FAILED"):
            send(server_at(f"{scheme}://127.0.0.1:{room.port}?from=a@house.example"), LETTER)

    assert room.received == []


def test_a_certificate_of_another_host_is_not_talked_to(authority: trustme.CA, ca_file: Path) -> None:
    with mail_server(authority.issue_cert("other.example")) as room, pytest.raises(NotNow, match="IP address mismatch"):
        send(server_at(f"smtp://127.0.0.1:{room.port}?from=a@house.example&ca_file={ca_file}"), LETTER)


def test_required_encryption_that_is_not_offered_keeps_the_letter_here(room: Mailroom) -> None:
    with pytest.raises(NotNow, match="STARTTLS"):
        send(server_at(f"smtp://127.0.0.1:{room.port}?from=a@house.example&tls=required"), LETTER)

    assert room.received == []


def test_a_wrong_password_is_for_the_operator_and_told_without_it(authority: trustme.CA, ca_file: Path) -> None:
    with mail_server(authority.issue_cert("127.0.0.1"), login=True) as room:
        server = server_at(f"smtp://someone:guessed@127.0.0.1:{room.port}?from=a@house.example&ca_file={ca_file}")
        with pytest.raises(NotNow, match="535") as told:
            send(server, LETTER)

    assert "guessed" not in f"{told.value}{server!r}"


@pytest.mark.parametrize("command", ["MAIL", "RCPT odberatel@firma.example", "DATA"])
@pytest.mark.parametrize(
    ("answer", "error"), [("550 5.1.1 No such box", RefusedForGood), ("451 4.3.0 Come later", NotNow)]
)
def test_a_refusal_with_5xx_is_for_good_and_one_with_4xx_for_now(
    room: Mailroom, command: str, answer: str, error: type[Exception]
) -> None:
    room.refusals[command] = answer

    with pytest.raises(error, match=answer):
        send(plain(room), LETTER)


def test_where_the_copy_is_refused_the_letter_goes_without_it_and_that_is_told(room: Mailroom) -> None:
    room.refusals["RCPT ucetni@firma.example"] = "550 5.1.1 No such box"

    answer = send(plain(room), changed(copy="ucetni@firma.example"))

    assert answer == "250 2.0.0 Taken; without the copy: 550 5.1.1 No such box"
    assert room.received[0].recipients == ["odberatel@firma.example"]


def test_a_server_that_is_not_there_is_asked_again_later() -> None:
    with pytest.raises(NotNow, match="ConnectionRefusedError"):
        send(server_at(f"smtp://127.0.0.1:{free_port()}?from=a@house.example"), LETTER)


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    # The kernel accepts; nobody here ever does.
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NotNow, match="timed out"):
        send(server_at(f"smtp://127.0.0.1:{silent.getsockname()[1]}?from=a@house.example"), LETTER, deadline=0.2)


def test_a_server_that_is_slow_at_every_step_is_left_at_the_deadline(room: Mailroom) -> None:
    with pytest.raises(NotNow, match=r"too slow|timed out"):
        send(plain(room), LETTER, deadline=0.0001)


def test_the_address_tells_everything_about_the_server() -> None:
    server = server_at("smtp://me%40house.example:p%2Fss@mail.example?from=Faktury <faktury+a@house.example>")

    assert (server.host, server.port, server.encryption) == ("mail.example", 587, "offered")
    assert (server.user, server.password) == ("me@house.example", "p/ss")
    assert (server.sender, server.sender_name) == ("faktury+a@house.example", "Faktury")
    assert server_at("smtps://mail.example?from=a@house.example").port == 465
    assert server_at("smtp://mail.example:25?from=a@house.example&tls=required").encryption == "required"
    assert read_mail_server("") is None


@pytest.mark.parametrize(
    "rest",
    [
        "mail.example",
        "mail.example?from=nobody",
        "mail.example?from=a@house.example&tsl=required",
        "mail.example?from=a@house.example&tls=no",
        "mail.example?from=a@house.example&ca_file=/nowhere.pem",
        "mail.example:abc?from=a@house.example",
        "/path?from=a@house.example",
        "mail.example?from=a@house.example@",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_telling_the_password(rest: str) -> None:
    with pytest.raises(Misset, match="FAKTURA_SMTP_URL") as told:
        read_mail_server(f"smtp://user:geheim@{rest}")

    assert "geheim" not in str(told.value)


def test_a_password_that_the_protocol_has_no_letters_for_is_refused_at_once() -> None:
    with pytest.raises(Misset, match="ASCII"):
        read_mail_server("smtp://user:k%C5%AF%C5%88@mail.example?from=a@house.example")


def test_a_password_is_not_told_to_the_network_in_the_clear(room: Mailroom) -> None:
    # A name for this machine that does not look like one.
    elsewhere = server_at(f"smtp://u:p@127.1:{room.port}?from=a@house.example")

    with pytest.raises(NotNow, match="STARTTLS"):
        send(elsewhere, LETTER)
    assert room.received == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_mail_server_on_the_same_machine_may_have_it_so() -> None:
    with mail_server(login=True) as room:
        who = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}"
        send(server_at(f"smtp://{who}@127.0.0.1:{room.port}?from=a@house.example"), LETTER)

    assert room.received[0].user == USER


def test_an_email_without_a_copy_or_an_answer_address_has_no_line_for_them() -> None:
    email = as_email(server_at("smtp://mail.example?from=a@house.example"), changed(reply_to=None))

    assert "Cc" not in email
    assert "Reply-To" not in email
