"""A message goes out once its transaction is committed; what came of it stands beside it, and it is tried no more."""

import datetime as dt
from collections.abc import Iterator

import pypdfium2
import pytest

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.change import delete_invoice
from faktura.core.invoices.issue import issue_invoice
from faktura.core.messages import PATIENCE, Message, Outgoing, write_message
from faktura.jobs import Reach, handlers
from faktura.jobs.send_message import DELAYS, LONGEST_DELAY
from faktura.outputs.mail.server import read_mail_server
from faktura.outputs.mail.wording import send_invoice
from faktura.outputs.printing.printer import Printer
from faktura.store.database import Database
from faktura.store.every import every
from faktura.store.transaction import Transaction
from faktura.worker import Worker
from tests.firm import Firm, issue_any, open_firm
from tests.mail_double import Mailroom, mail_server
from tests.running import run

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
RECIPIENT = "odberatel@firma.example"


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(NOON)
    return clock


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    return open_firm(database, clock, invoice_email="faktury@applecorp.example")


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mail_server() as room:
        yield room


def address_of(room: Mailroom) -> str:
    return f"smtp://127.0.0.1:{room.port}?from=posta@house.example"


def worker(database: Database, clock: Clock, room: Mailroom) -> Worker:
    return Worker(database, clock, handlers(), Reach(mail_server=read_mail_server(address_of(room))))


def write(
    database: Database, firm: Firm, clock: Clock, subject: str = "Faktura č. 1", recipient: str = RECIPIENT
) -> None:
    def work(books: Books) -> None:
        write_message(books, issue_any(books), Outgoing(recipient, subject, "Dobrý den", copy="ucetni@firma.example"))

    database.write(lambda tx: work(Books(tx, firm.account, None, clock.now())))


def message_in(database: Database) -> Message:
    [message] = database.read(lambda tx: [Message(*row) for rows in every(tx, Message) for row in rows])
    return message


def jobs_in(database: Database) -> list[Job]:
    return database.read(lambda tx: [Job(*row) for rows in every(tx, Job) for row in rows])


def test_a_message_goes_out_in_the_name_of_the_firm_and_is_written_down_as_sent(
    database: Database, firm: Firm, clock: Clock, room: Mailroom
) -> None:
    write(database, firm, clock)

    assert worker(database, clock, room).do_next()

    [email] = room.emails
    message = message_in(database)
    assert (email["To"], email["Cc"], email["Subject"]) == (RECIPIENT, "ucetni@firma.example", "Faktura č. 1")
    assert str(email["From"]) == '"Applecorp s.r.o." <posta@house.example>'
    assert email["Reply-To"].addresses[0].addr_spec == "faktury@applecorp.example"
    assert email["Message-ID"] == f"<{message.reference}@house.example>"
    assert (message.state, message.attempts, message.answer) == ("sent", 1, "250 2.0.0 Taken")
    assert message.sent_at == NOON
    assert jobs_in(database) == []


def test_of_a_transaction_that_failed_no_message_goes_out(
    database: Database, firm: Firm, clock: Clock, room: Mailroom
) -> None:
    with pytest.raises(Invalid):
        database.write(lambda tx: _write_two(Books(tx, firm.account, None, clock.now())))

    assert not worker(database, clock, room).do_next()
    assert room.received == []


def _write_two(books: Books) -> None:
    invoice = issue_any(books)
    write_message(books, invoice, Outgoing(RECIPIENT, "Faktura", "Dobrý den"))
    write_message(books, invoice, Outgoing("nobody", "Faktura", "Dobrý den"))


def test_a_letter_whose_document_was_deleted_is_not_sent(
    database: Database, firm: Firm, clock: Clock, room: Mailroom
) -> None:
    def work(tx: Transaction) -> None:
        books = Books(tx, firm.account, None, clock.now())
        invoice = issue_any(books)
        write_message(books, invoice, Outgoing(RECIPIENT, "Faktura", "Dobrý den"))
        delete_invoice(books, invoice.id)

    database.write(work)
    assert worker(database, clock, room).do_next()

    assert room.received == []
    assert (message_in(database).state, message_in(database).answer) == ("failed", "The document was deleted")


def test_what_a_server_refuses_for_good_has_failed_and_is_not_tried_again(
    database: Database, firm: Firm, clock: Clock, room: Mailroom
) -> None:
    room.refusals[f"RCPT {RECIPIENT}"] = "550 5.1.1 No such box"
    write(database, firm, clock)

    assert worker(database, clock, room).do_next()

    message = message_in(database)
    assert (message.state, message.attempts, message.answer) == ("failed", 1, "550 5.1.1 No such box")
    assert message.sent_at is None
    assert jobs_in(database) == []


def test_what_a_server_refuses_for_now_is_tried_again_after_a_while(
    database: Database, firm: Firm, clock: Clock, room: Mailroom
) -> None:
    room.refusals["DATA"] = "451 4.3.0 Come later"
    write(database, firm, clock)
    mailer = worker(database, clock, room)

    assert mailer.do_next()
    message = message_in(database)
    assert (message.state, message.attempts, message.answer) == ("waiting", 1, "451 4.3.0 Come later")
    assert not mailer.do_next()
    room.refusals.clear()
    clock.stand_at(NOON + DELAYS[0])
    assert mailer.do_next()

    message = message_in(database)
    assert (message.state, message.attempts, message.answer) == ("sent", 2, "250 2.0.0 Taken")
    assert message.sent_at == NOON + DELAYS[0]


def test_a_message_that_cannot_be_sent_for_days_is_given_up(
    database: Database, firm: Firm, clock: Clock, room: Mailroom
) -> None:
    room.refusals["MAIL"] = "451 4.3.0 Come later"
    write(database, firm, clock)
    mailer = worker(database, clock, room)
    while jobs_in(database):
        clock.stand_at(jobs_in(database)[0].waits_until or NOON)
        assert mailer.do_next()

    message = message_in(database)
    assert (message.state, message.answer) == ("failed", "451 4.3.0 Come later")
    assert PATIENCE <= message.updated_at - NOON <= PATIENCE + LONGEST_DELAY


def test_where_email_is_switched_off_a_message_says_so(database: Database, firm: Firm, clock: Clock) -> None:
    write(database, firm, clock)

    assert Worker(database, clock, handlers()).do_next()

    message = message_in(database)
    assert (message.state, message.attempts) == ("failed", 0)
    assert "FAKTURA_SMTP_URL" in str(message.answer)


def test_a_job_that_comes_twice_sends_once(database: Database, firm: Firm, clock: Clock, room: Mailroom) -> None:
    write(database, firm, clock)
    again = message_in(database).id
    database.write(lambda tx: Books(tx, firm.account, None, clock.now()).later("send_message", again))
    mailer = worker(database, clock, room)

    assert mailer.do_next()
    assert mailer.do_next()

    assert len(room.received) == 1
    assert jobs_in(database) == []


def test_a_subject_stays_one_line_of_the_head(database: Database, firm: Firm, clock: Clock, room: Mailroom) -> None:
    write(database, firm, clock, subject="Faktura\r\nBcc: thief@evil.example\x00\u2028!")

    assert worker(database, clock, room).do_next()

    assert room.emails[0]["Subject"] == "Faktura Bcc: thief@evil.example !"
    assert "Bcc" not in room.emails[0]


@pytest.mark.parametrize("recipient", ["", "nobody", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example"])
def test_what_is_no_address_is_refused(database: Database, firm: Firm, clock: Clock, recipient: str) -> None:
    with pytest.raises(Invalid) as refused:
        write(database, firm, clock, recipient=recipient)

    assert refused.value.problems["recipient"][0].code == ("malformed_email" if recipient else "blank")


def test_the_document_goes_with_its_letter_as_pdf(
    database: Database, firm: Firm, clock: Clock, room: Mailroom, printer: Printer
) -> None:
    number = send_an_invoice(database, firm, clock)
    reach = Reach(mail_server=read_mail_server(address_of(room)), printer=printer)

    assert Worker(database, clock, handlers(), reach).do_next()

    [attached] = room.emails[0].iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == (f"{number}.pdf", "application/pdf")
    assert number in pypdfium2.PdfDocument(attached.get_content())[0].get_textpage().get_text_range()


def test_a_letter_without_print_or_printer_goes_alone(
    database: Database, firm: Firm, clock: Clock, room: Mailroom, printer: Printer
) -> None:
    reach = Reach(mail_server=read_mail_server(address_of(room)), printer=printer)
    send_an_invoice(database, firm, clock, attach_invoice_pdf="off")
    assert Worker(database, clock, handlers(), reach).do_next()
    send_an_invoice(database, firm, clock)
    assert worker(database, clock, room).do_next()

    assert [list(email.iter_attachments()) for email in room.emails] == [[], []]


def send_an_invoice(database: Database, firm: Firm, clock: Clock, **contact: str) -> str:
    """Issue an invoice and write its letter; the number."""

    def work(tx: Transaction) -> str:
        books = Books(tx, firm.account, None, clock.now())
        buyer = add_contact(books, Given({"name": "Odběratel", "email": "kun@odberatel.example"} | contact))
        invoice = issue_invoice(books, Given({"contact_id": buyer.id}))
        send_invoice(books, invoice.id, Given({}), "https://faktura.example")
        return invoice.number

    return database.write(work)


def test_no_log_tells_the_password(
    database: Database, firm: Firm, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with mail_server() as room:
        url = f"smtp://user:geheim@127.0.0.1:{room.port}?from=posta@house.example"
        write(database, firm, clock)
        assert Worker(database, clock, handlers(), Reach(mail_server=read_mail_server(url))).do_next()

    assert "job failed" in caplog.text
    assert "geheim" not in caplog.text + str(message_in(database)) + str(jobs_in(database))


def test_an_address_that_cannot_be_read_is_told_before_anything_starts() -> None:
    ended = run("worker", settings={"FAKTURA_SMTP_URL": "smtp://user:geheim@mail.example"})

    assert ended.returncode == 1
    assert ended.stderr.strip() == "FAKTURA_SMTP_URL must tell after ?from= the address that messages come from"


def test_above_the_quota_of_an_hour_a_message_waits_for_the_next_and_its_log_says_so(
    database: Database, firm: Firm, clock: Clock, room: Mailroom
) -> None:
    other = open_firm(database, clock, "othercorp")
    for number in range(3):
        write(database, firm, clock, f"Faktura č. {number}")
    reach = Reach(mail_server=read_mail_server(address_of(room)), mails_per_hour=2)
    mailer = Worker(database, clock, handlers(), reach)
    for minutes in (0, 10, 20):
        clock.stand_at(NOON + dt.timedelta(minutes=minutes))
        assert mailer.do_next()
    write(database, other, clock, "Faktura jiné firmy")
    while mailer.do_next():
        pass

    assert [str(email["Subject"]) for email in room.emails] == [
        "Faktura č. 0",
        "Faktura č. 1",
        "Faktura jiné firmy",
    ]
    [waiting] = [message for message in messages_in(database) if message.state == "waiting"]
    assert (waiting.answer, waiting.attempts) == ("Waits: 2 messages were sent within an hour", 0)
    [job] = jobs_in(database)
    assert (job.attempts, job.waits_until) == (0, NOON + dt.timedelta(hours=1))
    clock.stand_at(job.waits_until)
    assert mailer.do_next()
    assert str(room.emails[-1]["Subject"]) == "Faktura č. 2"


def test_an_account_may_have_a_quota_of_its_own(database: Database, firm: Firm, clock: Clock, room: Mailroom) -> None:
    database.write(lambda tx: Office(tx, clock.now()).change(firm.account, mails_per_hour=3))
    for number in range(4):
        write(database, firm, clock, f"Faktura č. {number}")
    reach = Reach(mail_server=read_mail_server(address_of(room)), mails_per_hour=1)
    mailer = Worker(database, clock, handlers(), reach)
    while mailer.do_next():
        pass

    assert len(room.emails) == 3


def messages_in(database: Database) -> list[Message]:
    return database.read(lambda tx: [Message(*row) for rows in every(tx, Message) for row in rows])
