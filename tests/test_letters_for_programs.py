"""What letters carry for programs: each switch, seen by whoever gets the letter from a real mail server."""

import io
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pikepdf
import pytest
from lxml import etree

from faktura.core.accounts.change import change_account
from faktura.core.contacts import change_contact
from faktura.core.documents.find import key_of
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.messages import LeftOut, Message, messages_about
from faktura.core.tests.conftest import Firm, a_firm
from faktura.jobs import Reach, handlers
from faktura.outputs.e_invoices.checking import faults_in
from faktura.outputs.mail.server import read_mail_server
from faktura.outputs.mail.wording import send_invoice
from faktura.outputs.printing.printer import Printer
from faktura.outputs.tests.stories import BUYER, SELLER, Story
from faktura.store.database import Database
from faktura.worker import Worker
from tests.mail_double import Mailroom, mail_server

PDF, ISDOC, UBL = "application/pdf", "application/xml", "application/xml"
NUMBER = "1-11-2026"
UBL_ROOT = "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice"

Parts = dict[str, bytes]


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mail_server() as room:
        yield room


class Post:
    """A firm that sends its invoices, and what arrives of them."""

    def __init__(self, firm: Firm, room: Mailroom, printer: Printer) -> None:
        self.story = Story(firm, SELLER, BUYER | {"email": "kun@odberatel.example"})
        self.firm, self.room = firm, room
        server = read_mail_server(f"smtp://127.0.0.1:{room.port}?from=posta@house.example")
        self.worker = Worker(firm.database, firm.clock, handlers(), Reach(mail_server=server, printer=printer))

    def agree(self, account: dict[str, Any], contact: dict[str, Any]) -> None:
        self.firm.account = self.firm.do(change_account, Given(account))
        self.firm.contact = self.firm.do(change_contact, self.firm.contact.id, Given(contact))

    def send(self, **values: Any) -> tuple[Invoice, Parts]:
        issued = self.story.issue(**{"number": "1/11/2026", "order_number": "OBJ-1"} | values)
        self.firm.do(send_invoice, issued.id, Given({}), "https://faktura.example")
        while self.worker.do_next():
            pass
        return issued, parts(self.room.emails[-1])

    def letter_about(self, issued: Invoice) -> Message:
        letters: list[Message] = self.firm.do(lambda books: books.all(Message, messages_about(issued)))
        return letters[0]


@pytest.fixture
def post(database: Database, room: Mailroom, printer: Printer) -> Post:
    return Post(a_firm(database), room, printer)


def parts(email: EmailMessage) -> Parts:
    found = {str(part.get_filename()): part.get_content() for part in email.iter_attachments()}
    return {name: file if isinstance(file, bytes) else str(file).encode() for name, file in found.items()}


def carried_by(pdf: bytes) -> Parts:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {name: spec.get_file().read_bytes() for name, spec in opened.attachments.items()}


@pytest.mark.parametrize(
    ("account", "contact", "beside", "inside"),
    [
        ({}, {}, [], ["invoice.isdoc"]),
        ({"embed_isdoc": False}, {}, [], []),
        ({"embed_isdoc": False}, {"embed_isdoc": "on"}, [], ["invoice.isdoc"]),
        ({}, {"embed_isdoc": "off"}, [], []),
        ({"attach_isdoc": True}, {}, [".isdoc"], ["invoice.isdoc"]),
        ({"attach_isdoc": True}, {"attach_isdoc": "off"}, [], ["invoice.isdoc"]),
        ({"attach_ubl": True, "embed_isdoc": False}, {}, [".ubl.xml"], []),
        ({}, {"attach_ubl": "on", "attach_isdoc": "on"}, [".isdoc", ".ubl.xml"], ["invoice.isdoc"]),
        ({"attach_ubl": True}, {"attach_ubl": "off"}, [], ["invoice.isdoc"]),
    ],
)
def test_a_letter_carries_what_the_switches_say(
    post: Post, account: dict[str, Any], contact: dict[str, Any], beside: list[str], inside: list[str]
) -> None:
    post.agree(account, contact)
    issued, files = post.send()

    assert list(files) == [f"{NUMBER}{ending}" for ending in (".pdf", *beside)]
    assert list(carried_by(files[f"{NUMBER}.pdf"])) == inside
    for isdoc in (*carried_by(files[f"{NUMBER}.pdf"]).values(), *(files[n] for n in files if n.endswith(".isdoc"))):
        assert faults_in(isdoc, "isdoc") == []
        assert issued.uuid.upper().encode() in isdoc
    for ubl in (files[name] for name in files if name.endswith(".ubl.xml")):
        assert etree.fromstring(ubl).tag == UBL_ROOT
        assert b"<cbc:BuyerReference>OBJ-1<" in ubl
    assert post.letter_about(issued).left_out == ()


def test_parts_are_named_as_what_they_are(post: Post) -> None:
    post.agree({"attach_isdoc": True, "attach_ubl": True}, {})
    post.send()
    types = [part.get_content_type() for part in post.room.emails[-1].iter_attachments()]

    assert types == [PDF, ISDOC, UBL]


def test_the_file_beside_is_the_one_inside(post: Post) -> None:
    post.agree({"attach_isdoc": True}, {})
    _, files = post.send()

    assert carried_by(files[f"{NUMBER}.pdf"]) == {"invoice.isdoc": files[f"{NUMBER}.isdoc"]}


def test_a_ubl_is_written_by_the_rules_of_the_contact(post: Post) -> None:
    post.agree({"attach_ubl": True}, {"e_invoice_profile": "xrechnung"})
    _, files = post.send()
    assert b"xeinkauf.de:kosit:xrechnung_3.0" in files[f"{NUMBER}.ubl.xml"]


def test_a_letter_goes_without_what_cannot_be_made_and_says_why(post: Post) -> None:
    post.agree({"attach_ubl": True, "attach_isdoc": True}, {})
    issued, files = post.send(order_number=None)

    assert list(files) == [f"{NUMBER}.pdf", f"{NUMBER}.isdoc"]
    letter = post.letter_about(issued)
    assert (letter.state, letter.left_out) == ("sent", (LeftOut("ubl", "without_buyer_reference"),))


def test_a_proforma_goes_as_isdoc_and_as_no_invoice(post: Post) -> None:
    post.agree({"attach_ubl": True}, {})
    issued, files = post.send(kind="proforma")

    assert list(carried_by(files[f"{NUMBER}.pdf"])) == ["invoice.isdoc"]
    assert post.letter_about(issued).left_out == (LeftOut("ubl", "not_an_invoice"),)


def test_who_wants_no_pdf_gets_the_files_alone(post: Post) -> None:
    post.agree({"attach_isdoc": True}, {"attach_invoice_pdf": "off"})
    _, files = post.send()
    assert list(files) == [f"{NUMBER}.isdoc"]


def test_a_letter_carries_what_was_agreed_when_it_was_written(post: Post) -> None:
    post.agree({"attach_isdoc": True}, {})
    issued = post.story.issue(number="1/11/2026")
    post.firm.do(send_invoice, issued.id, Given({}), "https://faktura.example")
    post.agree({"attach_isdoc": False}, {})
    assert post.worker.do_next()

    assert f"{NUMBER}.isdoc" in parts(post.room.emails[-1])
    assert key_of(issued) == post.letter_about(issued).about
