"""A document as a file for other programs, for members and for its customer."""

import io
import zipfile
from decimal import Decimal

import pikepdf

from faktura.core.accounts.change import change_account
from faktura.core.documents.attachments import GivenFile
from faktura.core.errors import Given
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.record import Invoice
from faktura.outputs.e_invoices.checking import faults_in
from faktura.web.tests.conftest import Browser, add, in_books, issue
from faktura.wire.service import Service
from tests import needs
from tests.firm import Firm, open_firm

pytestmark = needs.ONE_ENGINE


def page_of(invoice: Invoice) -> str:
    return f"/applecorp/invoices/{invoice.id}"


def test_a_member_downloads_it_in_three_ways(owner: Browser, service: Service, firm: Firm) -> None:
    file = GivenFile("plan.txt", "text/plain", b"x")
    invoice = issue(service, firm, number="1/11/2026", files=[file])
    page = owner.get(page_of(invoice)).text
    answers = [owner.get(f"{page_of(invoice)}/{name}") for name in FILES]

    assert [f'href="{page_of(invoice)}/{name}"' for name in FILES if f'"{page_of(invoice)}/{name}"' not in page] == []
    assert [answer.headers["Content-Disposition"] for answer in answers] == [
        f"attachment; filename=1-11-2026{ending}" for ending in (".isdoc", ".isdocx", "-isdoc.pdf")
    ]
    alone, packed, carried = (answer.data for answer in answers)
    assert faults_in(alone, "isdoc") == []
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["manifest.xml", "1-11-2026.isdoc", "1-11-2026.pdf", "plan.txt"]
        assert archive.read("1-11-2026.pdf").startswith(b"%PDF-")
    with pikepdf.open(io.BytesIO(carried)) as pdf:
        assert pdf.attachments["invoice.isdoc"].get_file().read_bytes() == alone


FILES = ("document.isdoc", "document.isdocx", "document-isdoc.pdf")


def test_a_member_downloads_it_in_terms_of_the_standard(owner: Browser, service: Service, firm: Firm) -> None:
    account = in_books(service, firm, lambda books: change_account(books, Given({"vat_no": "CZ12345679"})))
    firm = firm._replace(account=account)
    contact = add(service, firm, "Kupující a.s.", vat_no="CZ87654326", registration_no="87654326")
    invoice = issue(service, firm, contact, number="1/11/2026", order_number="OBJ-1")
    page = owner.get(page_of(invoice)).text
    answers = [owner.get(f"{page_of(invoice)}/{name}") for name in STANDARD]

    assert [name for name in STANDARD if f'href="{page_of(invoice)}/{name}"' not in page] == []
    assert [answer.headers["Content-Disposition"] for answer in answers] == [
        f"attachment; filename=1-11-2026{ending}" for ending in (".ubl.xml", ".cii.xml", "-facturx.pdf")
    ]
    with pikepdf.open(io.BytesIO(answers[2].data)) as pdf:
        assert pdf.attachments["factur-x.xml"].get_file().read_bytes() == answers[1].data


STANDARD = ("document.ubl.xml", "document.cii.xml", "document-facturx.pdf")


def test_what_the_standard_lacks_is_named_where_it_is_asked_for(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    page = owner.get(page_of(invoice)).text
    refused = owner.get(f"{page_of(invoice)}/document.ubl.xml")
    proforma = owner.get(page_of(issue(service, firm, kind="proforma"))).text

    for name in ("UBL", "CII, Factur-X"):
        assert f"{name}: The firm has no VAT number. Fill it in in the settings of the firm." in page
    assert [name for name in (*STANDARD, "document.fa3.xml") if name in page] == []
    assert refused.status_code == 409
    assert "The firm has no VAT number. Fill it in in the settings of the firm." in refused.text
    assert [name for name in STANDARD if name in proforma] == []


def test_what_has_none_says_why(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    gone = [Given({"id": line.id, "remove": True}) for line in invoice.lines]
    in_books(service, firm, lambda books: change_invoice(books, invoice.id, Given({"lines": gone})))
    page = owner.get(page_of(invoice)).text

    assert "The document has no lines." in page
    assert "document.isdoc" not in page
    for name in FILES:
        refused = owner.get(f"{page_of(invoice)}/{name}")
        assert (refused.status_code, "The document has no lines." in refused.text) == (409, True)
    assert ".isdoc" not in owner.get(f"/applecorp/p/{invoice.token}/{invoice.number}").text


def test_its_customer_downloads_it_beside_the_pdf(browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    path = f"/applecorp/p/{invoice.token}/{invoice.number}"
    answer = browser.get(f"{path}.isdoc")

    assert f'href="{path}.isdoc">ISDOC</a>' in browser.get(path).text
    assert faults_in(answer.data, "isdoc") == []
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert browser.get(f"/applecorp/p/{invoice.token}/9.isdoc").location == f"/applecorp/p/{invoice.token}"
    assert browser.get(f"/applecorp/p/aaaaaaaaaa/{invoice.number}.isdoc").status_code == 404


def test_customers_of_other_countries_are_not_offered_it(browser: Browser, service: Service) -> None:
    firm = open_firm(service.database, service.clock, "gruszka", country="PL", currency="PLN")
    invoice = issue(service, firm)
    assert "ISDOC" not in browser.get(f"/gruszka/p/{invoice.token}/{invoice.number}").text


POLISH = {"country": "PL", "currency": "PLN", "vat_no": "1234563218", "street": "Długa 1", "city": "Kraków"}
STEEL = Given({"name": "Stal", "unit_price": Decimal(100), "vat_rate": Decimal(23)})


def test_what_ksef_takes_is_downloaded_from_the_page_of_a_polish_document(
    owner: Browser, service: Service, firm: Firm
) -> None:
    polish = firm._replace(account=in_books(service, firm, lambda books: change_account(books, Given(POLISH))))
    invoice = issue(service, polish, lines=[STEEL], number="7/11/2026")
    answer = owner.get(f"{page_of(invoice)}/document.fa3.xml")

    assert f'href="{page_of(invoice)}/document.fa3.xml">FA(3)</a>' in owner.get(page_of(invoice)).text
    assert answer.headers["Content-Disposition"] == "attachment; filename=7-11-2026.fa3.xml"
    assert faults_in(answer.data, "fa3") == []

    wrong = issue(service, polish, lines=[STEEL], buyer_phone="1" * 17)
    refused = owner.get(f"{page_of(wrong)}/document.fa3.xml")
    assert refused.status_code == 409
    assert "KSeF would refuse it:" in refused.text
    assert "16" in refused.text
