"""A file is looked through: what it is, what it says, what is wrong with it, and that nothing of it is kept."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from faktura.core.books.jobs_to_do import Job
from faktura.core.received.file_checks import KEPT_FOR, MOST_WAITING, FileCheck
from faktura.core.received.record import Expense
from faktura.jobs import Reach, handlers
from faktura.outputs.e_invoices.official_rules import Absence, OfficialRules
from faktura.web.tests.conftest import Browser, in_books, without_wholes
from faktura.wire.service import Service
from faktura.worker import Worker
from tests.firm import Firm

FORM = "/applecorp/inbox/check"

pytestmark = [pytest.mark.timeout(300), pytest.mark.usefixtures("firm")]


@pytest.fixture(scope="module")
def rules(shared_folder: Path) -> Iterator[OfficialRules]:
    with contextlib.closing(OfficialRules(shared_folder / "schemas" / "en16931", 60)) as found:
        yield found


@pytest.fixture
def samples(shared_folder: Path) -> Path:
    return shared_folder / "schemas"


def send(owner: Browser, content: bytes, filename: str = "invoice.xml") -> str:
    """The address of what is found."""
    owner.get(FORM)
    answer = owner.send_file(FORM, content=content, filename=filename, under="content")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def looked_through(
    owner: Browser, service: Service, content: bytes, rules: OfficialRules | Absence = "not_set", name: str = "a.xml"
) -> str:
    address = send(owner, content, name)
    worker = Worker(service.database, service.clock, handlers(), Reach(rules=rules))
    while worker.do_next("reading"):
        pass
    page = owner.get(address)
    assert (page.status_code, page.headers.get("Refresh")) == (200, None)
    return without_wholes(page.text)


def test_the_page_waits_until_the_file_is_looked_through(owner: Browser) -> None:
    page = owner.get(send(owner, b"<Invoice/>"))
    assert "The file is being looked through." in page.text
    assert page.headers["Refresh"] == "2"


def test_a_good_file_is_shown_with_what_it_says(
    owner: Browser, service: Service, samples: Path, rules: OfficialRules
) -> None:
    page = looked_through(owner, service, (samples / "samples-en16931" / "ubl-cz-two-rates.xml").read_bytes(), rules)
    for words in ("UBL", "2026-0001", "Prodávající s.r.o.", "Kupující a.s.", "Valid", "Nothing is broken", "Vývoj"):
        assert words in page
    assert "12,324.00" in page


def test_rules_that_are_broken_are_shown_in_their_own_words(
    owner: Browser, service: Service, samples: Path, rules: OfficialRules
) -> None:
    text = (samples / "samples-en16931" / "ubl-cz-two-rates.xml").read_text()
    page = looked_through(owner, service, text.replace(">CZ12345679<", ">QQ12345679<").encode(), rules)
    assert "BR-CO-09: The Seller VAT identifier" in page


@pytest.mark.parametrize(
    ("absence", "words"),
    [
        ("not_set", "FAKTURA_RULES_DIR is not set"),
        ("no_files", "not in the folder of FAKTURA_RULES_DIR"),
        ("no_library", "what runs them is not installed"),
    ],
)
def test_without_rules_the_page_says_so(
    owner: Browser, service: Service, samples: Path, absence: Absence, words: str
) -> None:
    page = looked_through(owner, service, (samples / "samples-en16931" / "ubl-cz-two-rates.xml").read_bytes(), absence)
    assert words in page
    assert "Valid" in page


def test_what_the_schema_says_has_its_line(owner: Browser, service: Service, samples: Path) -> None:
    text = (samples / "samples-en16931" / "ubl-cz-two-rates.xml").read_text()
    page = looked_through(
        owner,
        service,
        text.replace("<cbc:IssueDate>", "<cbc:IssueDay>").replace("</cbc:IssueDate>", "</cbc:IssueDay>").encode(),
    )
    assert "IssueDay" in page
    assert "Each begins with its line in the file." in page


def test_rules_of_isdoc_that_no_schema_says_are_shown(owner: Browser, service: Service, samples: Path) -> None:
    file = next((samples / "samples-isdoc").glob("*credit*"))
    text = file.read_text()
    begin, end = text.index("<OriginalDocumentReferences>"), text.index("</OriginalDocumentReferences>")
    page = looked_through(owner, service, (text[:begin] + text[end + len("</OriginalDocumentReferences>") :]).encode())
    assert "4.1.1: a correction refers to a document" in page


def test_rules_of_ksef_that_no_schema_says_are_shown(owner: Browser, service: Service, samples: Path) -> None:
    text = (samples / "samples-fa3" / "vat-split-payment.xml").read_text(encoding="utf-8")
    good = looked_through(owner, service, text.encode())
    assert "Valid" in good

    wrong = looked_through(owner, service, text.replace("1111111111", "1111111112").encode())
    assert "the check digit of the NIP 1111111112 fits" in wrong


def test_a_file_of_peppol_without_a_reference_breaks_its_rule(owner: Browser, service: Service, samples: Path) -> None:
    text = (samples / "samples-en16931" / "ubl-cz-sk-peppol.xml").read_text()
    begin, end = text.index("<cbc:BuyerReference>"), text.index("</cbc:BuyerReference>")
    page = looked_through(owner, service, (text[:begin] + text[end + len("</cbc:BuyerReference>") :]).encode())
    assert "PEPPOL-EN16931-R003" in page


def test_a_pdf_is_looked_into(owner: Browser, service: Service, samples: Path) -> None:
    pdf = next((samples / "samples-pdf").glob("*.pdf"))
    assert "ISDOC" in looked_through(owner, service, pdf.read_bytes(), name="invoice.pdf")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<order xmlns='urn:some:shop'/>", "This is no e-invoice: order urn:some:shop"),
        (b"no XML at all", "This is no e-invoice"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><Invoice>&b;</Invoice>', "declares a document type"),
        (b"<a>" + b"b" * (5 << 20) + b"</a>", "The file is too large to be read."),
    ],
)
def test_what_is_no_e_invoice_is_refused_with_the_reason(
    owner: Browser, service: Service, content: bytes, words: str
) -> None:
    assert words in looked_through(owner, service, content)


def test_nothing_of_the_file_is_kept(owner: Browser, service: Service, firm: Firm, samples: Path) -> None:
    content = (samples / "samples-en16931" / "ubl-cz-two-rates.xml").read_bytes()
    looked_through(owner, service, content)
    [check] = in_books(service, firm, lambda books: books.all(FileCheck))
    assert (check.content, check.expires_at - check.created_at) == (b"", KEPT_FOR)
    assert in_books(service, firm, lambda books: books.all(Expense)) == []


def test_an_empty_form_is_shown_again(owner: Browser) -> None:
    owner.get(FORM)
    answer = owner.post(FORM)
    assert answer.status_code == 422
    assert "Fill this in." in answer.text


def test_nobody_has_more_than_some_files_looked_through(owner: Browser, service: Service, firm: Firm) -> None:
    for _ in range(MOST_WAITING):
        send(owner, b"<Invoice/>")
    owner.get(FORM)
    assert owner.send_file(FORM, content=b"<a/>", filename="a.xml", under="content").status_code == 409
    jobs = in_books(service, firm, lambda books: books.all(Job))
    assert len([job for job in jobs if job.name == "check_file"]) == MOST_WAITING
